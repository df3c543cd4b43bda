"""A place report, ready to be sealed: the slip that a worker reads, and the account for a person.

Pure: answers and the time in, plain values out, so that whoever fills a practice store sends what
a visitor would have sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Any

import h3

from safehold.domain.journey.answers import Answers, Entry
from safehold.domain.journey.made import MadeReport, NotWhole
from safehold.domain.journey.place_questions import PLACE, RULES
from safehold.domain.journey.specification import Field, Kind, Question
from safehold.domain.journey.summary import values_of
from safehold.domain.journey.times import when_it_was
from safehold.domain.journey.walk import cleared, reachable, still_needed
from safehold.domain.journey.whereabouts import Whereabouts, whereabouts
from safehold.domain.triage_slip import FINEST_CELL, DangerPrompt, Said, TriageSlip

KIND = "place"
AN_HOUR = timedelta(hours=1)
# A point further off than this would put a report in a cell where nothing happened.
CELL_WITHIN_METRES = RULES.tables["precision"]["cell_within"]


class PlaceMissing(NotWhole):
    """A report without the one answer that it needs."""

    def __init__(self) -> None:
        super().__init__("A place report needs a place.")


def place_report(answers: Answers, *, at: datetime, zone: tzinfo) -> MadeReport:
    """Build a report of answers sent at an aware moment; `zone` is where the force is.

    There is no identity: none is asked for. Raises PlaceMissing. Times in the account go no finer
    than the hour in which it was sent.
    """
    kept = cleared(PLACE, answers)
    if still_needed(PLACE, kept):
        raise PlaceMissing
    place = whereabouts(kept)
    hour = at.replace(minute=0, second=0, microsecond=0)
    slip = TriageSlip(
        kind=KIND,
        danger=tuple(_danger(kept)),
        cell=_cell(place),
        child_present=_child(kept),
        party_is_police=_party_is_police(kept),
        wants_reply=Said.NO,
    )
    account = {
        "kind": KIND,
        "journey": {"key": PLACE.key, "version": PLACE.version},
        "sent_in_hour": hour.isoformat(),
        "place": place.to_plain(),
        "when": when_it_was(kept, at=hour + AN_HOUR, zone=zone).to_plain(),
        "answers": [_answered(question, kept) for question in reachable(PLACE, kept)],
    }
    return MadeReport(slip.as_mapping(), account)


def _danger(answers: Answers) -> Iterator[DangerPrompt]:
    danger = answers.one("now", "danger")
    if danger == "yes":
        yield DangerPrompt("danger-now", "Asked if anyone is in danger right now: yes.")
    if danger == "not_sure":
        yield DangerPrompt("danger-unsure", "Asked if anyone is in danger right now: not sure.")
    if answers.one("still", "following") == "now":
        yield DangerPrompt("followed-now", "Said that someone is following the person now.")
    if answers.one("happened", "to_you") == "yes":
        yield DangerPrompt("done-to-them", "Said that someone did something to them there.")


def _party_is_police(answers: Answers) -> Said:
    if not answers.has("works"):
        return Said.NOT_ASKED
    plain = {"yes": Said.YES, "no": Said.NO}
    return plain.get(answers.one("works", "party"), Said.NOT_SAID)


def _child(answers: Answers) -> Said:
    # An adult who reports says nothing of children near by, and was not asked.
    age = answers.one("you_age", "answer")
    if age == "under_18":
        return Said.YES
    asked = answers.has("you_age") and age in {"", "rather_not"}
    return Said.NOT_SAID if asked else Said.NOT_ASKED


def _cell(place: Whereabouts) -> str:
    if place.lon is None or place.lat is None or place.metres is None:
        return ""
    if place.metres > CELL_WITHIN_METRES:
        return ""
    return str(h3.latlng_to_cell(place.lat, place.lon, FINEST_CELL))


def _answered(question: Question, answers: Answers) -> dict[str, Any]:
    entry = answers.entry(question.key)
    chosen = {
        field.name: list(answers.chosen(question.key, field.name))
        for field in question.fields
        if field.name in entry and _was_asked(field)
    }
    return {
        "key": question.key,
        "question": question.heading,
        "fields": chosen,
        "said": list(values_of(question, answers)),
        "notice": question.notice,
        "skipped": not question.notice and not _has_answer(question, entry),
    }


def _has_answer(question: Question, entry: Entry) -> bool:
    return any(
        entry.get(field.name) for field in question.fields if field.kind is not Kind.ASKED_ON
    )


def _was_asked(field: Field) -> bool:
    # What the screen worked out of a place is under `place`, once.
    return field.kind is not Kind.WORKED_OUT
