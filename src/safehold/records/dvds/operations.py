"""What an application begins and ends with, and both checks; deciding and telling stand beside.

Nothing is sent: no operation here writes to anybody. Each act is one transaction with its audit
row, and is done once; what was done cannot be undone by another form.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission
from safehold.domain.case_access import Act, Part
from safehold.domain.journey.ask import KIND
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases import queries as cases
from safehold.records.cases.models import Case, CaseParty
from safehold.records.dvds import acting, clocks, queries
from safehold.records.dvds.acting import DoneBefore, NotSecond, TooEarly, about, record, saved
from safehold.records.dvds.models import Abuser, Application, Link, Route
from safehold.records.incidents.models import Part as InIncident
from safehold.records.people import finding
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
    "DoneBefore",
    "NotAnApplication",
    "NotReadYet",
    "NotSecond",
    "Route",
    "TooEarly",
    "about",
    "check_abuser",
    "check_identity",
    "end",
    "look_at",
    "open_from_report",
    "start_right_to_know",
]


class NotAnApplication(ValueError):
    """The report is of another kind."""


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
        _begun(made, at=at)
        record(Action.APPLICATION_OPENED, made, by=by, at=at, detail={"report": str(report_id)})
    return made


@transaction.atomic
def start_right_to_know(
    *,
    basis: str,
    by: StaffMember,
    at: datetime,
    trigger: str = "police",
    case_id: UUID | None = None,
) -> Application:
    """Open an application that nobody asked for: the police or an agency know of a danger.

    `basis` says why, without a name. From a case it is linked to that, and to the victims and
    suspects of it whom the member may know of. One of a case that is sealed is for its role alone.
    Raises ReasonTooThin, CaseNotFound, or Refused.
    """
    stated = meaningful(basis)
    by.must(Permission.HANDLE_DVDS)
    if case_id is not None:
        cases.must(case_id, Part.TELLING, Act.CHANGE, by=by)
    case = None if case_id is None else cases.get(case_id=case_id, by=by)
    made = Application.objects.create(
        route=Route.KNOW,
        asked_at=at,
        basis=stated,
        trigger=trigger,
        police_party=case is not None and bool(case.sealed_to),
        opened_by=by,
        opened_at=at,
    )
    _begun(made, at=at)
    if case is not None:
        _linked(made, case, by=by, at=at)
    record(Action.APPLICATION_OPENED, made, by=by, at=at, reason=stated)
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
    row = acting.locked(application_id, by)
    if row.identity_at is not None:
        raise DoneBefore("The identity was checked already.")
    row.identity_by, row.identity_at, row.identity_how = by, at, stated
    return saved(row, Action.APPLICATION_IDENTITY, by=by, at=at, reason=stated)


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
    row = acting.locked(application_id, by)
    if row.abuser_at is not None:
        raise DoneBefore("This was checked already.")
    row.abuser, row.abuser_by, row.abuser_at, row.abuser_why = finding, by, at, stated
    detail = {"found": finding.value}
    return saved(row, Action.APPLICATION_ABUSER, by=by, at=at, reason=stated, detail=detail)


@transaction.atomic
def end(*, application_id: UUID, reason: str, by: StaffMember, at: datetime) -> Application:
    """End the work on the report that an application came from, once it is dealt with.

    Raises ReasonTooThin, Refused, ApplicationNotFound, TooEarly, or NotOver.
    """
    found = queries.one(application_id=application_id, by=by)
    slip = None if found.report_id is None else locked(found.report_id)
    row = acting.locked(application_id, by)
    if row.answered_at is None:
        raise TooEarly("It is not decided yet, or nobody has been told in person.")
    if slip is not None:
        end_decided(slip, reason=reason, by=by, at=at)
    return row


def _begun(row: Application, *, at: datetime) -> None:
    must_not_receive(matter=row.pk, who=Who.SUBJECT, at=at)
    clocks.start(row)


def _linked(row: Application, case: Case, *, by: StaffMember, at: datetime) -> None:
    Link.objects.create(application=row, case=case, at=at, by=by)
    parts = {InIncident.VICTIM: "at_risk", InIncident.SUSPECT: "subject"}
    parties = CaseParty.objects.filter(
        case=case, part__in=parts, person__in=finding.visible_to(by)
    ).order_by("added_at", "pk")
    for party in parties.select_related("person"):
        part = parts[InIncident(party.part)]
        if not Link.objects.filter(application=row, person=party.person, part=part).exists():
            Link.objects.create(application=row, person=party.person, part=part, at=at, by=by)
