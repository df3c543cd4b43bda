"""What was written in another tab after the report was sent: shown, to be copied, in no report.

It waits beside the receipt as what is to mend waits in a draft: locked, half of the key on the
device, gone with the receipt. A page that answered the POST itself would be kept by the browser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_noop

from safehold.design.languages import said
from safehold.domain.journey.checking import DATE_PARTS
from safehold.domain.journey.specification import Field, Kind, Question
from safehold.public.report import addresses, attempts, forms, in_words
from safehold.public.report.addresses import see_other
from safehold.public.report.drafts import LATE, Held
from safehold.public.report.forms import Form
from safehold.public.report.posted import Posted
from safehold.records.intake import operations
from safehold.records.intake.tickets import DraftGone

COPIED = "copied"
MOST = 6  # pages; the newest stay
UNREAD = gettext_noop("It was more than this page can take, so it cannot be shown again.")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was written or chosen: under which words, and whether she typed it herself."""

    label: str
    text: str
    typed: bool
    name: str


def keep(held: Held, form: Form, asked: Question, given: Posted | None) -> HttpResponse:
    """Keep beside the receipt what a page sent too late, and lead there."""
    if given is None:
        return keep_unread(held)
    values = dict(attempts.waiting(asked, given).values)
    return _kept(held, {"token": form.token(asked), "values": values, "too_much": False})


def keep_unread(held: Held) -> HttpResponse:
    """Keep that more came too late than could be read, and lead to the receipt."""
    return _kept(held, {"token": "", "values": {}, "too_much": True})


def _kept(held: Held, new: dict[str, Any]) -> HttpResponse:

    def put(left: Mapping[str, Any]) -> Mapping[str, Any]:
        before = [each for each in left.get(LATE, ()) if each != new]
        return {**left, LATE: [*before, new][-MOST:]}

    return _changed(held, put)


def copied(held: Held) -> HttpResponse:
    """Drop what came too late, now that she has it."""
    return _changed(held, lambda left: {key: value for key, value in left.items() if key != LATE})


def shown(held: Held) -> dict[str, Any]:
    """Give what the receipt shows of it: that it came too late, and her words."""
    return {
        "late": bool(held.late),
        "late_lines": list(_lines(held)),
        "late_unread": said(UNREAD) if any(each["too_much"] for each in held.late) else "",
        "late_files": any(each["token"].endswith(".files") for each in held.late),
        "copied": COPIED,
    }


def _changed(held: Held, change: Any) -> HttpResponse:
    response = see_other(addresses.sent())
    if held.ticket is None:
        return response
    try:
        operations.keep_with_receipt(ticket=held.ticket, change=change, at=now())
    except DraftGone:  # left in another tab: nothing of hers is to come back
        return response
    return response


def _lines(held: Held) -> Iterator[Line]:
    for number, each in enumerate(held.late, 1):
        named = forms.asked_by(each["token"])
        if named is None:
            continue
        question = in_words.question(named[1])
        for field in question.fields:
            for text in _texts(field, each["values"]):
                label = field.label or question.heading
                typed = field.kind in {Kind.LINE, Kind.TEXT}
                yield Line(label, text, typed, f"late-{number}-{field.name}")


def _texts(field: Field, values: Mapping[str, list[str]]) -> Iterator[str]:
    if field.kind is Kind.DATE:
        parts = [given for part in DATE_PARTS for given in values.get(f"{field.name}_{part}", ())]
        if parts:
            yield " ".join(parts)
        return
    given = values.get(field.name, ())
    if field.kind in {Kind.LINE, Kind.TEXT}:
        yield from given[-1:]
    offered = {option.key: option.label for option in field.options}
    yield from (offered[each] for each in given if each in offered)
