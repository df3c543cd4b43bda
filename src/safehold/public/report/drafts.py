"""The draft whose two halves a browser holds: read, kept, sent and forgotten."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import get_default_timezone

from safehold import rules
from safehold.crypto import codes
from safehold.crypto.errors import KeyFileRefused
from safehold.domain.journey import merging, walk
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.specification import Question
from safehold.public.report import attempts, device, forms
from safehold.public.report.attempts import Attempt
from safehold.public.report.forms import Form
from safehold.records.intake import operations, queries, saved, uploads
from safehold.records.intake.calls import Call
from safehold.records.intake.tickets import DraftGone, DraftState, DraftTicket, used_at

log = logging.getLogger(__name__)

# What a report that its code opened is held as: no form, and none of ours to go on with.
RETURN = "return"
ENTRIES, LOST, ATTEMPT, CODE, CALL = "entries", "lost", "attempt", "code", "call"
LATE = "late"


class Standing(StrEnum):
    """What a browser's cookies lead to."""

    NONE = "nothing was begun here"
    LEFT = "what was begun here was left: half of its key is gone"
    GONE = "what was begun here is destroyed"
    OPEN = "a draft"
    SENT = "a report that was sent"


@dataclass(frozen=True, slots=True)
class KeptCode:
    """The code under which a draft was saved too; it is in the draft, so only here and with her.

    `kept` says that she was shown it and went on: it is never shown again.
    """

    text: str = field(repr=False)
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A draft as the browser holds it, of the form that was begun.

    `lost` says that earlier answers were destroyed; `attempt` is what was sent last and could not
    be taken. It is no part of the answers, and so of no report.
    """

    standing: Standing
    begun: Form | None = None
    ticket: DraftTicket | None = None
    answers: Answers = field(default_factory=Answers)
    lost: bool = False
    reference: str = ""
    attempt: Attempt | None = None
    used_at: datetime | None = None
    code: KeptCode | None = None
    # Of a report that was sent: whether a code can lead to it, and the one that was just given.
    may_return: bool = False
    return_code: str = field(default="", repr=False)
    # Whether a member types it for a caller, and by which call.
    call: Call | None = None
    typed: bool = False
    # What was written in another tab after it was sent, and is in no report.
    late: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    # The draft as it was read, so that a step saves only what it changed itself.
    read: DraftState | None = field(default=None, repr=False)

    @property
    def as_read(self) -> Mapping[str, Any]:
        """Give what the draft held when it was read, answers and what stands beside them."""
        return self.read.answers if self.read else {}

    @property
    def saves(self) -> bool:
        """Tell whether it can be kept under a code: never what is typed for somebody else."""
        return self.begun is not None and self.begun.saves and self.call is None

    @property
    def form(self) -> Form:
        """Give the form that was begun. Raises LookupError where none was."""
        if self.begun is None:
            raise LookupError("No form was begun here.")
        return self.begun


def idle_minutes() -> int:
    """Give the minutes after which an untouched draft is destroyed."""
    minutes: int = rules.load("drafts").tables["idle"]["minutes"]
    return minutes


def held(request: HttpRequest, *, at: datetime) -> Held:
    """Read what the browser's two halves lead to."""
    ticket = device.ticket(request)
    if ticket is None:
        return Held(Standing.LEFT if device.holds_something(request) else Standing.NONE)
    try:
        state = queries.draft_state(ticket, at)
    except DraftGone:
        return Held(Standing.GONE)
    if state.journey == RETURN:
        return Held(Standing.NONE)
    form = forms.of(state.journey)
    if form is None:
        return Held(Standing.GONE)
    if state.reference:
        return Held(
            Standing.SENT,
            form,
            ticket,
            reference=state.reference,
            may_return=form.returns and "sent" in state.answers,
            typed=state.answers.get("typed") is True,
            return_code=state.answers.get("code", ""),
            late=state.answers.get(LATE, ()),
        )
    return Held(
        Standing.OPEN,
        form,
        ticket,
        _answers(form, state.answers),
        lost=bool(state.answers.get(LOST)),
        attempt=attempts.from_plain(state.answers.get(ATTEMPT)),
        used_at=state.used_at,
        code=KeptCode(**state.answers[CODE]) if state.answers.get(CODE) else None,
        call=Call(**state.answers[CALL]) if state.answers.get(CALL) else None,
        read=state,
    )


def looked_at(held: Held, *, at: datetime) -> None:
    """Count the reading of a page as use, so that the warning on it is right to the minute."""
    if held.ticket is None or held.standing is not Standing.OPEN:
        return
    # Counted to the minute: within one there is nothing to write.
    if held.used_at is None or held.used_at < used_at(at):
        operations.use_draft(ticket=held.ticket, at=at)


def resumed(held: Held, form: Form, asked: Question) -> Held:
    """Give the draft to put an answer into: the one held, or a new and empty one.

    Someone whose answers were destroyed half way is told, and what she has just sent waits for her.
    Nothing is supposed of the answers before it: who may read a report follows from some of them.
    """
    if held.standing is Standing.OPEN:
        return replace(held, lost=False)
    half_way = held.standing is Standing.GONE or asked != form.journey.questions[0]
    return Held(Standing.NONE, form, lost=half_way)


def begin(
    response: HttpResponse, form: Form, *, call: Call | None = None, at: datetime
) -> HttpResponse:
    """Make an empty draft of a form and give the browser its halves."""
    return keep(response, Held(Standing.NONE, form, call=call), Answers(), at=at)


def keep(
    response: HttpResponse,
    held: Held,
    answers: Answers,
    *,
    files: Sequence[Mapping[str, Any]] = (),
    at: datetime,
) -> HttpResponse:
    """Keep the answers and what is still to mend, and give the browser the halves of a new draft.

    What another tab saved since the draft was read stays. `files` are those that were saved under a
    code, which the draft takes up.

    Raises AlreadySent where another tab sent them in the meantime.
    """
    try:
        ticket = held.ticket or operations.start_draft(journey=held.form.journey.key, at=at)
        change = _putting(held, answers)
        operations.change_answers(ticket=ticket, change=change, at=at, read=held.read)
        if files:
            uploads.take_up(files, ticket=ticket, at=at)
    except DraftGone:
        new = replace(held, ticket=None, read=None)
        return keep(response, new, answers, files=files, at=at)
    if ticket != held.ticket:
        device.give(response, ticket)
    return response


def keep_attempt(held: Held, *, at: datetime) -> None:
    """Keep what is still to mend in the draft that is held; never begin another.

    Raises DraftGone where there is none any more, sent ones among them.
    """
    if held.ticket is None:
        raise DraftGone
    try:
        change = _putting(held, held.answers)
        operations.change_answers(ticket=held.ticket, change=change, at=at, read=held.read)
    except operations.AlreadySent as error:
        raise DraftGone from error


def _putting(held: Held, answers: Answers) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Give what puts a step's own changes on top of whatever the draft holds by then."""
    changed = _plain(held, answers)

    def put(now: Mapping[str, Any]) -> Mapping[str, Any]:
        if now == held.as_read:
            return changed
        put_together = {
            key: _of_three(key, held.as_read, changed, now)
            for key in (*_plain_keys(changed), *_plain_keys(now))
        }
        entries = merging.merged(
            held.form.journey,
            read=_answers(held.form, held.as_read),
            changed=answers,
            now=_answers(held.form, now),
        )
        return {**put_together, ENTRIES: entries.to_plain()}

    return put


def _plain_keys(plain: Mapping[str, Any]) -> list[str]:
    return [key for key in plain if key != ENTRIES]


def _of_three(
    key: str, read: Mapping[str, Any], changed: Mapping[str, Any], now: Mapping[str, Any]
) -> Any:
    # A code that another tab gave meanwhile may have been written down already: it stays.
    first_stays = key == CODE and now.get(key) != read.get(key)
    unchanged = changed.get(key) == read.get(key)
    return now.get(key) if unchanged or first_stays else changed.get(key)


def _answers(form: Form, plain: Mapping[str, Any]) -> Answers:
    return walk.cleared(form.journey, Answers.from_plain(plain.get(ENTRIES, {})))


def _plain(held: Held, answers: Answers) -> dict[str, Any]:
    kept: dict[str, Any] = {ENTRIES: answers.to_plain(), LOST: held.lost}
    if held.attempt is not None:
        kept[ATTEMPT] = held.attempt.to_plain()
    if held.code is not None:
        kept[CODE] = asdict(held.code)
    if held.call is not None:
        kept[CALL] = asdict(held.call)
    return kept


def send(held: Held, *, at: datetime) -> None:
    """Seal and record the report, once however often it is asked.

    Raises DraftGone, and DraftChanged where another tab saved something since it was read.
    """
    if held.ticket is None:
        raise DraftGone
    report = held.form.make(held.answers, at=at, zone=get_default_timezone())
    operations.submit(
        ticket=held.ticket,
        slip=report.slip,
        account=report.account,
        identity=report.identity,
        typed=None if held.call is None else asdict(held.call),
        made_of=held.as_read,
        at=at,
    )
    if held.code is not None:
        _forget_what_was_saved(held.code, at=at)


def _forget_what_was_saved(code: KeptCode, *, at: datetime) -> None:
    # The report is in the store by now. If this fails, the last day of what was saved ends it.
    try:
        saved.forget_saved(codes.read(code.text), at)
    except (KeyFileRefused, OperationalError):
        log.exception("What was sent is still kept under its code, until its last day")


def destroy(request: HttpRequest, *, at: datetime) -> None:
    """Destroy what the browser holds, if it holds anything; half of it is enough."""
    known = device.draft_id(request)
    if known is not None:
        operations.discard_draft(draft_id=known, at=at)


def clean(
    request: HttpRequest, response: HttpResponse, held: Held, *, at: datetime
) -> HttpResponse:
    """Have the browser drop what leads to nothing any more.

    Whoever left offline took half of the key along and the other cookie stayed. Nothing is said of
    it, since whoever comes next may be somebody else, and what nobody can open is destroyed.
    """
    if held.standing is Standing.LEFT:
        destroy(request, at=at)
    return forget(response) if held.standing in {Standing.LEFT, Standing.GONE} else response


def forget(response: HttpResponse) -> HttpResponse:
    """Have the browser drop what it holds of a draft."""
    device.take_back(response)
    return response
