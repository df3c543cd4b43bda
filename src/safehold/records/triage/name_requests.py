"""Asking a keeper for a hidden name that nothing released, and what the keeper answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.errors import CryptoError
from safehold.crypto.recipients import load_recipients
from safehold.domain.access import Permission, Refused, Role
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.conflicts import recusals
from safehold.records.staff.models import StaffMember
from safehold.records.triage import queries
from safehold.records.triage.arrivals import locked
from safehold.records.triage.identities import (
    IdentitySealed,
    is_hidden,
    must_be_a_keeper,
    payload_again,
)
from safehold.records.triage.models import IdentityOpening, NameRequest, TriageSlip
from safehold.records.triage.openings import about, must
from safehold.records.triage.reasons import meaningful
from safehold.records.triage.releases import passed_on_to, released_by
from safehold.rules import load

_TABLES = load("hidden_names").tables
SOON: dict[str, str] = {row["key"]: row["label"] for row in _TABLES["soon"]["options"]}
_WITHIN = {row["key"]: timedelta(hours=row["hours"]) for row in _TABLES["soon"]["options"]}
SHOWN_FOR = timedelta(days=_TABLES["shown"]["days"])

Answer = NameRequest.Answer


class NothingToAskFor(Exception):
    """No keeper has to be asked for this name; the message says why."""


class AskedBefore(Exception):
    """A request for this name waits already."""


class NotOnTheList(ValueError):
    """A time that the rules do not know."""


class RequestNotFound(LookupError):
    """No request of this id is there for the member."""


class AnsweredBefore(Exception):
    """Somebody has answered this request, or it was taken back: `request` says which."""

    def __init__(self, request: NameRequest) -> None:
        super().__init__("This request was answered meanwhile, or taken back.")
        self.request = request


class NotOpenedYet(Exception):
    """A keeper passes on only a name that they opened for this request."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One request as it stands now. `late` is one that waits beyond the time it was needed by."""

    request: NameRequest
    late: bool
    opened: bool


@transaction.atomic
def ask(*, report_id: UUID, reason: str, soon: str, by: StaffMember, at: datetime) -> NameRequest:
    """Ask the keepers for a hidden name, and say how soon it is needed.

    Raises ReasonTooThin, Refused, ReportNotFound, NotOnTheList, NothingToAskFor, or AskedBefore.
    """
    stated = meaningful(reason)
    must(Permission.OPEN_ACCOUNT, report_id=report_id, by=by)
    must(Permission.OPEN_RELEASED_NAME, report_id=report_id, by=by)
    if soon not in SOON:
        raise NotOnTheList("Choose one from the list.")
    slip = locked(report_id)
    if not works_on(slip, by=by):
        raise NothingToAskFor("Take the report, or open what was told, before you ask for a name.")
    if slip.police_party or not is_hidden(report_id):
        raise NothingToAskFor("No name is hidden here that a keeper could pass on.")
    if released_by(slip) or passed_on_to(slip, by=by) is not None:
        raise NothingToAskFor("You may open this name: nobody has to be asked.")
    if slip.name_requests.filter(answer=Answer.WAITING).exists():
        raise AskedBefore("Somebody has asked for this name already, and waits for an answer.")
    request = NameRequest.objects.create(
        slip=slip, asked_by=by, asked_at=at, reason=stated, soon=soon, needed_by=at + _WITHIN[soon]
    )
    _record(Action.NAME_ASKED_FOR, request, stated, by=by, at=at)
    return request


def works_on(slip: TriageSlip, *, by: StaffMember) -> bool:
    """Tell whether a member owns a report or has read it: nobody else needs its name."""
    read = queries.last_opening(report_id=slip.pk, by=by)
    return slip.owner_id == by.pk or read is not None


@transaction.atomic
def withdraw(*, request_id: UUID, by: StaffMember, at: datetime) -> NameRequest:
    """Take a request back that is no longer needed. Raises RequestNotFound, or AnsweredBefore."""
    request = _waiting(request_id)
    if request.asked_by_id != by.pk:
        raise RequestNotFound("There is no such request of yours.")
    return _answered(request, Answer.WITHDRAWN, "", by=by, at=at, action=Action.NAME_NOT_ASKED_FOR)


def pass_on(*, request_id: UUID, by: StaffMember, at: datetime) -> NameRequest:
    """Seal a name that a keeper opened for a request to the unit's key, for whoever asked alone.

    The keeper's reason to open it is the reason to pass it on. Raises Refused, RequestNotFound,
    AnsweredBefore, NotOpenedYet, or IdentitySealed, which is recorded too.
    """
    request = _to_answer(request_id, by=by)
    opening = request.openings.filter(member=by).order_by("-at", "-pk").first()
    if opening is None:
        raise NotOpenedYet("Open the name with a reason first: then you can pass it on.")
    try:
        sealed = _sealed_again(request, opening, by=by, at=at)
    except IdentitySealed as error:
        with transaction.atomic():
            _record(Action.IDENTITY_SEALED, request, str(error), by=by, at=at)
        raise
    with transaction.atomic():
        waiting = _waiting(request_id)
        waiting.sealed = sealed
        return _answered(
            waiting, Answer.PASSED_ON, opening.reason, by=by, at=at, action=Action.NAME_PASSED_ON
        )


@transaction.atomic
def refuse(*, request_id: UUID, reason: str, by: StaffMember, at: datetime) -> NameRequest:
    """Say to whoever asked why a name is not passed on; it need not have been opened.

    Raises ReasonTooThin, Refused, RequestNotFound, or AnsweredBefore.
    """
    stated = meaningful(reason)
    _to_answer(request_id, by=by)
    request = _waiting(request_id)
    return _answered(request, Answer.REFUSED, stated, by=by, at=at, action=Action.NAME_REFUSED)


def waiting(*, by: StaffMember, at: datetime) -> list[Standing]:
    """Return what waits for the keepers, the soonest needed first; none for whoever is not one."""
    if not by.may(Permission.OPEN_IDENTITY) or by.role == Role.PROFESSIONAL_STANDARDS:
        return []
    asked = NameRequest.objects.filter(answer=Answer.WAITING)
    rows = _with_names(asked.exclude(slip_id__in=recusals.kept_from(by)))
    return [standing_of(row, at=at) for row in rows.order_by("needed_by", "asked_at", "pk")]


def mine(*, by: StaffMember, at: datetime) -> list[Standing]:
    """Return a member's own requests that still say something to them, the soonest needed first.

    Those are the ones that wait, those passed on and not yet opened, and refusals of these days.
    """
    if not by.may(Permission.OPEN_RELEASED_NAME):
        return []
    asked = NameRequest.objects.filter(asked_by=by).exclude(answer=Answer.WITHDRAWN)
    rows = _with_names(asked.exclude(slip_id__in=recusals.kept_from(by)))
    found = [standing_of(row, at=at) for row in rows.order_by("needed_by", "asked_at", "pk")]
    return [each for each in found if _says_something(each, at=at)]


def last_of(slip: TriageSlip, *, at: datetime) -> Standing | None:
    """Return the request that waits for the name of a report, else the last one answered."""
    rows = _with_names(NameRequest.objects.filter(slip=slip))
    found = rows.order_by("-asked_at", "pk").first()
    return None if found is None else standing_of(found, at=at)


def of_report(*, request_id: UUID, by: StaffMember) -> UUID:
    """Return the report that a request is about. Raises RequestNotFound or Refused."""
    found = NameRequest.objects.filter(pk=request_id).first()
    if found is None:
        raise RequestNotFound("There is no such request.")
    return queries.slip(report_id=found.slip_id, by=by).pk


def asked_and_unanswered(report_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these reports whose name somebody asked a keeper for and waits for."""
    rows = NameRequest.objects.filter(slip_id__in=list(report_ids), answer=Answer.WAITING)
    return set(rows.values_list("slip_id", flat=True))


def was_opened(request: NameRequest, *, by: StaffMember) -> bool:
    """Tell whether a member opened the name for this request."""
    return any(each.member_id == by.pk for each in request.openings.all())


def standing_of(request: NameRequest, *, at: datetime) -> Standing:
    """Say how a request stands at a moment."""
    waits = request.answer == Answer.WAITING
    opened = was_opened(request, by=request.asked_by)
    return Standing(request, late=waits and at > request.needed_by, opened=opened)


def _says_something(standing: Standing, *, at: datetime) -> bool:
    request = standing.request
    if request.answer == Answer.REFUSED and request.answered_at is not None:
        return at < request.answered_at + SHOWN_FOR
    return not standing.opened


def _with_names(rows: QuerySet[NameRequest]) -> QuerySet[NameRequest]:
    related = rows.select_related("slip", "asked_by", "answered_by").prefetch_related("openings")
    return related.defer("sealed")


def _to_answer(request_id: UUID, *, by: StaffMember) -> NameRequest:
    request = NameRequest.objects.select_related("slip").filter(pk=request_id).first()
    if request is None:
        raise RequestNotFound("There is no such request.")
    must(Permission.OPEN_IDENTITY, report_id=request.slip_id, by=by)
    must_be_a_keeper(request.slip, by=by)
    if request.asked_by_id == by.pk:
        raise Refused("You asked for it yourself: another keeper decides.")
    if request.answer != Answer.WAITING:
        raise AnsweredBefore(request)
    return request


def _waiting(request_id: UUID) -> NameRequest:
    request = NameRequest.objects.select_for_update(no_key=True).filter(pk=request_id).first()
    if request is None:
        raise RequestNotFound("There is no such request.")
    if request.answer != Answer.WAITING:
        raise AnsweredBefore(request)
    return request


def _answered(
    request: NameRequest,
    answer: NameRequest.Answer,
    reason: str,
    *,
    by: StaffMember,
    at: datetime,
    action: Action,
) -> NameRequest:
    request.answer, request.answer_reason = answer, reason
    request.answered_by, request.answered_at = by, at
    request.save()
    _record(action, request, reason, by=by, at=at)
    return request


def _sealed_again(
    request: NameRequest, opening: IdentityOpening, *, by: StaffMember, at: datetime
) -> bytes:
    payload = payload_again(report_id=request.slip_id, earlier=opening, by=by, at=at)
    try:
        return seal(
            payload,
            kind=Kind.RELEASE,
            subject=str(request.pk),
            recipients=load_recipients(settings.KEYS_FOLDER).for_purpose(Kind.RELEASE.purpose),
        )
    except CryptoError as error:
        raise IdentitySealed(str(error)) from error


def _record(
    action: Action, request: NameRequest, reason: str, *, by: StaffMember, at: datetime
) -> None:
    audit.append(
        action=action,
        by=by,
        subject=about(request.slip_id),
        at=at,
        reason=reason,
        detail={"request": str(request.pk)},
    )
