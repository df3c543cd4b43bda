"""A hidden name in words: whether the unit may see it, why, and what came of asking for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from safehold.design.words import counted, moment
from safehold.domain.access import Permission
from safehold.domain.triage_slip import Said
from safehold.protection.presenters import prompt_words
from safehold.records.staff.queries import StaffMember
from safehold.records.triage import identities, name_requests, releases
from safehold.records.triage.name_requests import SOON, Standing

_A_CHILD = {Said.YES: "A child is there", Said.NOT_SURE: "A child may be there"}


@dataclass(frozen=True, slots=True)
class RequestWords:
    """One request for a hidden name, in words."""

    request_id: str
    report_id: str
    reference: str
    asked_by: str
    asked: str
    age: str
    soon: str
    needed_by: str
    reason: str
    late: bool
    answer: str
    answer_reason: str
    says: str
    mine: bool


@dataclass(frozen=True, slots=True)
class NamePanel:
    """What the page of a report says of a hidden name, for one member."""

    hidden: bool
    released: str
    prompts: tuple[str, ...]
    request: RequestWords | None
    may_open: bool
    may_ask: bool
    keeper: bool
    keeps_out: bool


def panel(slip: Any, *, by: StaffMember, at: datetime) -> NamePanel:
    """Say what a member may do about the hidden name of a report."""
    hidden = identities.is_hidden(slip.pk)
    released = releases.released_by(slip) if hidden else ()
    of_the_unit = by.may(Permission.OPEN_RELEASED_NAME)
    found = name_requests.last_of(slip, at=at) if hidden and not released else None
    passed_on = of_the_unit and releases.passed_on_to(slip, by=by) is not None
    waits = found is not None and found.request.answer == name_requests.Answer.WAITING
    may_open = of_the_unit and (bool(released) or passed_on)
    asks = of_the_unit and name_requests.works_on(slip, by=by)
    return NamePanel(
        hidden=hidden,
        released=releases.words_of(released),
        prompts=prompts_of(slip),
        request=_shown(found, by=by, at=at),
        may_open=may_open,
        may_ask=hidden and asks and not (may_open or waits or slip.police_party),
        keeper=by.may(Permission.OPEN_IDENTITY),
        keeps_out=of_the_unit and not asks,
    )


def prompts_of(slip: Any) -> tuple[str, ...]:
    """Say the prompts of danger and of a child that a slip holds."""
    child = _A_CHILD.get(slip.child_present)
    return (*prompt_words(slip.prompts), *([child] if child else []))


def waiting(*, by: StaffMember, at: datetime) -> list[RequestWords]:
    """Say what waits for the keepers; nothing for whoever is not one."""
    return [words_of(each, by=by, at=at) for each in name_requests.waiting(by=by, at=at)]


def mine(*, by: StaffMember, at: datetime) -> list[RequestWords]:
    """Say a member's own requests that wait or were answered lately."""
    return [words_of(each, by=by, at=at) for each in name_requests.mine(by=by, at=at)]


def words_of(standing: Standing, *, by: StaffMember, at: datetime) -> RequestWords:
    """Say one request."""
    request = standing.request
    return RequestWords(
        request_id=str(request.pk),
        report_id=str(request.slip_id),
        reference=request.slip.reference,
        asked_by=request.asked_by.name,
        asked=moment(request.asked_at),
        age=age(request.asked_at, at=at),
        soon=SOON.get(request.soon, request.soon),
        needed_by=moment(request.needed_by),
        reason=request.reason,
        late=standing.late,
        answer=request.answer,
        answer_reason=request.answer_reason,
        says=_says(standing, by=by, at=at),
        mine=request.asked_by_id == by.pk,
    )


def age(since: datetime, *, at: datetime) -> str:
    """Say how long ago a member asked: of that the minute is known."""
    minutes = (at - since) // timedelta(minutes=1)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{counted(minutes, 'minute')} ago"
    hours = minutes // 60
    return f"{counted(hours, 'hour')} ago" if hours < 48 else f"{counted(hours // 24, 'day')} ago"


def _shown(found: Standing | None, *, by: StaffMember, at: datetime) -> RequestWords | None:
    if found is None or found.request.answer == name_requests.Answer.WITHDRAWN:
        return None
    return words_of(found, by=by, at=at)


def _says(standing: Standing, *, by: StaffMember, at: datetime) -> str:
    request, answers = standing.request, name_requests.Answer
    if request.answer == answers.WAITING:
        late = " It was needed before now: ring a keeper." if standing.late else ""
        return f"A keeper was asked for the name {age(request.asked_at, at=at)}.{late}"
    if request.answered_by is None or request.answered_at is None:
        return "Nobody has answered."
    who, when = request.answered_by.name, moment(request.answered_at)
    if request.answer == answers.PASSED_ON:
        to = "you" if request.asked_by_id == by.pk else request.asked_by.name
        return f"{who} passed the name on to {to}, {when}."
    if request.answer == answers.REFUSED:
        return f"{who} did not pass the name on, {when}."
    return f"{who} needs the name no longer, {when}."
