"""What an application goes through: opened, both checks, a decision, and telling in person.

Nothing is sent: no operation here writes to anybody. Each act is one transaction with its audit
row, and is done once; what was done cannot be undone by another form.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission
from safehold.domain.journey.ask import KIND
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.conflicts import recusals
from safehold.records.dvds import queries
from safehold.records.dvds.models import Abuser, Application, Decision, Route, Told
from safehold.records.shares.operations import Who, must_not_receive
from safehold.records.staff.models import StaffMember
from safehold.records.triage import operations as triage
from safehold.records.triage.arrivals import locked
from safehold.records.triage.endings import end_decided
from safehold.records.triage.openings import AccountSealed, NotReadYet, open_to_accept
from safehold.records.triage.reasons import meaningful

__all__ = [
    "Abuser",
    "AccountSealed",
    "Decision",
    "DoneBefore",
    "NotAnApplication",
    "NotReadYet",
    "Route",
    "Told",
    "TooEarly",
    "about",
    "check_abuser",
    "check_identity",
    "decide",
    "end",
    "look_at",
    "open_from_report",
    "start_right_to_know",
    "tell",
]


class NotAnApplication(ValueError):
    """The report is of another kind."""


class DoneBefore(Exception):
    """This act was done: by whom and when stands on the page."""


class TooEarly(Exception):
    """Something has to be done before; the message says what."""


def about(application_id: UUID) -> About:
    """Name an application as the audit does: by a key that says nothing."""
    return About("application", str(application_id))


def open_from_report(*, report_id: UUID, by: StaffMember, at: datetime) -> Application:
    """Open an application out of a report that the member has read; a second time gives the first.

    Raises Refused, ReportNotFound, NotReadYet, NotOpenedYet, AccountSealed, or NotAnApplication.
    """
    by.must(Permission.HANDLE_DVDS)
    account = open_to_accept(report_id=report_id, by=by, at=at)
    if account.kind != KIND:
        raise NotAnApplication("This report is no application under Clare’s Law.")
    with transaction.atomic():
        slip = triage.close_as_application(report_id=report_id, by=by, at=at)
        known = queries.of_report(report_id)
        if known is not None:
            return known
        made = Application.objects.create(
            report_id=report_id,
            route=Route(account.route or Route.ASK),
            asked_at=slip.received_at,
            police_party=slip.police_party,
            opened_by=by,
            opened_at=at,
        )
        _listed(made, at=at)
        _record(Action.APPLICATION_OPENED, made, by=by, at=at, detail={"report": str(report_id)})
    return made


@transaction.atomic
def start_right_to_know(*, basis: str, by: StaffMember, at: datetime) -> Application:
    """Open an application that nobody asked for: the police or an agency know of a danger.

    `basis` says why, without a name. Raises ReasonTooThin, or Refused.
    """
    stated = meaningful(basis)
    by.must(Permission.HANDLE_DVDS)
    made = Application.objects.create(
        route=Route.KNOW, asked_at=at, basis=stated, opened_by=by, opened_at=at
    )
    _listed(made, at=at)
    _record(Action.APPLICATION_OPENED, made, by=by, at=at, reason=stated)
    return made


def look_at(*, application_id: UUID, by: StaffMember, at: datetime) -> Application:
    """Record the look, then return an application. Raises Refused, or ApplicationNotFound."""
    queries.one(application_id=application_id, by=by)  # a look that is refused is not a look
    reason = f"{by.role_label}: work on an application under Clare’s Law"
    audit.record_look(by=by, reason=reason, subject=about(application_id), at=at)
    return queries.one(application_id=application_id, by=by)


@transaction.atomic
def check_identity(*, application_id: UUID, how: str, by: StaffMember, at: datetime) -> Application:
    """Record that the identity of whoever would be told was checked, and how.

    Raises ReasonTooThin, Refused, ApplicationNotFound, or DoneBefore.
    """
    stated = meaningful(how)
    row = _locked(application_id, by)
    if row.identity_at is not None:
        raise DoneBefore("The identity was checked already.")
    row.identity_by, row.identity_at, row.identity_how = by, at, stated
    return _saved(row, Action.APPLICATION_IDENTITY, stated, by=by, at=at)


@transaction.atomic
def check_abuser(
    *, application_id: UUID, found: str, why: str, by: StaffMember, at: datetime
) -> Application:
    """Record whether whoever asks may be the one who abuses, after what was searched.

    Raises ReasonTooThin, ValueError for no finding, Refused, ApplicationNotFound, or DoneBefore.
    """
    stated = meaningful(why)
    finding = Abuser(found)
    if finding is Abuser.NOT_CHECKED:
        raise ValueError("Say what was found.")
    row = _locked(application_id, by)
    if row.abuser_at is not None:
        raise DoneBefore("This was checked already.")
    row.abuser, row.abuser_by, row.abuser_at, row.abuser_why = finding, by, at, stated
    return _saved(row, Action.APPLICATION_ABUSER, stated, by=by, at=at, found=finding.value)


@transaction.atomic
def decide(
    *, application_id: UUID, decision: str, why: str, by: StaffMember, at: datetime
) -> Application:
    """Record whether anything is told. Both checks come first.

    Raises ReasonTooThin, ValueError for no decision, Refused, ApplicationNotFound, TooEarly, or
    DoneBefore.
    """
    stated = meaningful(why)
    decided = Decision(decision)
    if decided is Decision.NOT_YET:
        raise ValueError("Say what is decided.")
    row = _locked(application_id, by)
    if row.decision:
        raise DoneBefore("This was decided already.")
    if row.identity_at is None or row.abuser_at is None:
        raise TooEarly("Check the identity, and whether whoever asks may be the one who abuses.")
    row.decision, row.decided_by, row.decided_at, row.decided_why = decided, by, at, stated
    return _saved(row, Action.APPLICATION_DECIDED, stated, by=by, at=at, decision=decided.value)


@transaction.atomic
def tell(
    *, application_id: UUID, whom: str, why: str, by: StaffMember, at: datetime
) -> Application:
    """Record that it was told in person, to whom, and why that one can best protect.

    Whoever may be the one who abuses is never told. Raises ReasonTooThin, ValueError for nobody,
    Refused, ApplicationNotFound, TooEarly, or DoneBefore.
    """
    stated = meaningful(why)
    told = Told(whom)
    if told is Told.NOBODY:
        raise ValueError("Say who was told.")
    row = _locked(application_id, by)
    if row.told:
        raise DoneBefore("It was told already.")
    if row.decision != Decision.TELL:
        raise TooEarly("Nothing is told before that is decided.")
    if told is Told.APPLICANT and row.abuser == Abuser.MAY_BE:
        raise TooEarly("Whoever asked may be the one who abuses, and is not told.")
    row.told, row.told_by, row.told_at, row.told_why = told, by, at, stated
    return _saved(row, Action.APPLICATION_TOLD, stated, by=by, at=at, told=told.value)


@transaction.atomic
def end(*, application_id: UUID, reason: str, by: StaffMember, at: datetime) -> Application:
    """End the work on the report that an application came from, once it is dealt with.

    Raises ReasonTooThin, Refused, ApplicationNotFound, TooEarly, or NotOver.
    """
    found = queries.one(application_id=application_id, by=by)
    slip = None if found.report_id is None else locked(found.report_id)
    row = _locked(application_id, by)
    if not row.decision or (row.decision == Decision.TELL and row.told_at is None):
        raise TooEarly("It is not decided yet, or nobody has been told what is to be told.")
    if slip is not None:
        end_decided(slip, reason=reason, by=by, at=at)
    return row


def _listed(row: Application, *, at: datetime) -> None:
    must_not_receive(matter=row.pk, who=Who.SUBJECT, at=at)


def _locked(application_id: UUID, by: StaffMember) -> Application:
    rows = Application.objects.select_for_update(no_key=True).filter(pk=application_id)
    row = rows.first()
    if row is None:
        raise queries.ApplicationNotFound("There is no such application.")
    by.must(Permission.HANDLE_DVDS, recusals.subject_of(row))
    return row


def _saved(
    row: Application, action: Action, reason: str, *, by: StaffMember, at: datetime, **detail: str
) -> Application:
    row.save()
    _record(action, row, by=by, at=at, reason=reason, detail=dict(detail))
    return row


def _record(
    action: Action,
    row: Application,
    *,
    by: StaffMember,
    at: datetime,
    reason: str = "",
    detail: dict[str, str] | None = None,
) -> None:
    audit.append(
        action=action, by=by, subject=about(row.pk), at=at, reason=reason, detail=detail or {}
    )
