"""From a sealed report to a decision: the slip, the account, and what the unit does about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import feedback as feedback_words
from safehold.domain.access import Permission, Refused
from safehold.domain.journey.ask import KIND as DVDS
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.incidents import operations as incidents
from safehold.records.incidents import queries as incident_queries
from safehold.records.incidents import set_aside
from safehold.records.incidents.models import Incident
from safehold.records.nudges import operations as nudges
from safehold.records.places import operations as places
from safehold.records.places import queries as place_queries
from safehold.records.places.models import Place
from safehold.records.staff.models import StaffMember
from safehold.records.triage import handing_on, queries, watching
from safehold.records.triage.accounts import PLACE_REPORT, Account
from safehold.records.triage.arrivals import SlipSealed as SlipSealed
from safehold.records.triage.arrivals import locked as locked
from safehold.records.triage.arrivals import open_new_slips as open_new_slips
from safehold.records.triage.arrivals import try_slip_again as try_slip_again
from safehold.records.triage.models import State
from safehold.records.triage.models import TriageSlip as Row
from safehold.records.triage.openings import AccountSealed as AccountSealed
from safehold.records.triage.openings import NotReadYet as NotReadYet
from safehold.records.triage.openings import about, must, open_to_accept, read_by
from safehold.records.triage.openings import count_files as count_files
from safehold.records.triage.openings import open_account as open_account
from safehold.records.triage.reasons import meaningful


class NotKnown(ValueError):
    """A kind of report that this version can make no incident of."""


class PlaceNeedsName(ValueError):
    """A new place without the name that an officer gives it."""


class AlreadyAccepted(Exception):
    """The report is an incident already: by whom and when, `incident` says."""

    def __init__(self, incident: Incident) -> None:
        super().__init__("This report is an incident already.")
        self.incident = incident


class TakenMeanwhile(Exception):
    """Somebody else took the report since it was shown: who and when, `slip` says."""

    def __init__(self, slip: Row) -> None:
        super().__init__("Somebody else has taken this report.")
        self.slip = slip


class NotSetAside(Exception):
    """There is nothing to confirm about this report."""


class SamePerson(Exception):
    """A second person has to confirm, and this is the first."""


class NotOpenedYet(Exception):
    """The slip of this report cannot be opened, so nothing can be decided about it."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the officer decided. Without `place_id` the place is new and needs a name."""

    place_id: UUID | None
    place_name: str
    place_kind: str
    classification: str
    note: str = ""


def look_at_slip(*, report_id: UUID, by: StaffMember, at: datetime) -> Row:
    """Record the look, then return the slip. Raises Refused, or ReportNotFound."""
    queries.slip(report_id=report_id, by=by)  # a look that is refused is not a look
    reason = f"{by.role_label}: triage of what has arrived"
    audit.record_look(by=by, reason=reason, subject=about(report_id), at=at)
    return queries.slip(report_id=report_id, by=by)


@transaction.atomic
def take_report(*, report_id: UUID, by: StaffMember, at: datetime, owner: str = "") -> Row:
    """Make a member the owner of a report; whoever owned it before is kept in the audit.

    Also of one whose slip does not open: somebody has to see to it. `owner` is the key of whoever
    it is knowingly taken over from. One that somebody has accepted is handed on instead, unless
    they have left. Raises Refused, ReportNotFound, or TakenMeanwhile where it is
    somebody else's.
    """
    row = locked(report_id)
    by.must(Permission.TAKE_REPORT, handing_on.with_its_incident(row))
    earlier = str(row.owner_id or "")
    if row.owner_id != by.pk:
        if row.state == State.ACCEPTED and not handing_on.free_to_take(row):
            raise Refused(handing_on.NOT_YOURS)
        if earlier not in {"", owner}:
            raise TakenMeanwhile(row)
        row.owner, row.taken_at, row.piled = by, at, False
        row.save(update_fields=["owner", "taken_at", "piled"])
        watching.owned(row, how=Action.REPORT_TAKEN, by=by, at=at)
        audit.append(
            action=Action.REPORT_TAKEN,
            by=by,
            subject=about(report_id),
            at=at,
            detail={"from": earlier},
        )
    return row


def accept_report(
    *, report_id: UUID, decisions: Decisions, by: StaffMember, at: datetime
) -> Incident:
    """Make a report into an incident, once: the same act, the same incident.

    One about a place becomes an incident there; one about what was done to somebody has no place.

    Only whoever opened the account may; it is opened again in memory for it, which is a look like
    any other. Whether it is a crime stays not yet decided. Raises Refused, ReportNotFound,
    NotOpenedYet, NotReadYet, AccountSealed, NotKnown, PlaceNotFound, PlaceNeedsName,
    AlreadyAccepted where it was another act, or ValueError for a kind or classification that is
    not one.
    """
    must(Permission.ACCEPT_REPORT, report_id=report_id, by=by)
    accepted = incident_queries.of_report(report_id)
    if accepted is not None:
        return _same_act(accepted, decisions, by)
    account = open_to_accept(report_id=report_id, by=by, at=at)
    if not account.about_somebody and account.kind not in {PLACE_REPORT, feedback_words.KIND}:
        raise NotKnown("This version does not know this kind of report.")
    return _accept(account, decisions, by=by, at=at)


@transaction.atomic
def _accept(account: Account, decisions: Decisions, *, by: StaffMember, at: datetime) -> Incident:
    # The lock on the slip makes the second of two officers wait, and then find the first's.
    row = _decidable(account.report_id, by, Permission.ACCEPT_REPORT)
    accepted = incident_queries.of_report(row.report_id)
    if accepted is not None:
        return _same_act(accepted, decisions, by)
    place = None if account.about_somebody else _place(account, decisions, by=by, at=at)
    incident = incidents.record_incident(
        report_id=row.report_id,
        place=place,
        happening=account.happening,
        classification=decisions.classification,
        note=decisions.note,
        police_party=row.police_party,
        roles=account.roles,
        basis=account.basis,
        by=by,
        at=at,
    )
    if row.state == State.SET_ASIDE:
        watching.decide_again(row, at=at)
    _accepted(row, by=by, at=at)
    audit.append(
        action=Action.REPORT_ACCEPTED,
        by=by,
        subject=about(row.report_id),
        at=at,
        detail={
            "incident": str(incident.pk),
            **_of_place(place, decisions),
            "classification": str(incident.classification),
        },
    )
    return incident


def _of_place(place: Place | None, decisions: Decisions) -> dict[str, object]:
    if place is None:
        return {}
    return {"place": str(place.pk), "new place": decisions.place_id is None}


def _same_act(accepted: Incident, decisions: Decisions, by: StaffMember) -> Incident:
    # A form sent twice is one act; another officer, or another note, would be lost in silence.
    kept = (accepted.recorded_by_id, accepted.classification, accepted.note)
    if kept != (by.pk, decisions.classification, decisions.note):
        raise AlreadyAccepted(accepted)
    return accepted


def _place(account: Account, decisions: Decisions, *, by: StaffMember, at: datetime) -> Place:
    if decisions.place_id is not None:
        return place_queries.get(decisions.place_id, by=by)
    if not decisions.place_name:
        raise PlaceNeedsName("Give the new place a name.")
    return places.add_place(
        name=decisions.place_name,
        kind=decisions.place_kind,
        spot=account.spot,
        by=by,
        at=at,
    )


@transaction.atomic
def close_as_application(*, report_id: UUID, by: StaffMember, at: datetime) -> Row:
    """Close a slip whose report became an application, inside the caller's act; once.

    Raises Refused, ReportNotFound, or NotOpenedYet.
    """
    row = _decidable(report_id, by, Permission.HANDLE_DVDS)
    if row.state != State.ACCEPTED:
        _accepted(row, by=by, at=at)
    return row


@transaction.atomic
def close_into_incident(*, report_id: UUID, by: StaffMember, at: datetime) -> Row:
    """Close a slip whose report goes into an incident that is there, inside the caller's act.

    Raises Refused, ReportNotFound, NotOpenedYet, or AlreadyAccepted.
    """
    row = _decidable(report_id, by, Permission.ACCEPT_REPORT)
    if row.state == State.ACCEPTED:
        raise AlreadyAccepted(incident_queries.accepted(report_id))
    if row.state == State.SET_ASIDE:
        watching.decide_again(row, at=at)
    _accepted(row, by=by, at=at)
    return row


@transaction.atomic
def set_aside_report(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> Row:
    """Set a report aside with a reason; it stays, and can be accepted later.

    Only whoever opened the account may. Raises ReasonTooThin, Refused, ReportNotFound,
    NotOpenedYet, NotReadYet, or AlreadyAccepted.
    """
    stated = meaningful(reason)
    row = _decidable(report_id, by, Permission.SET_ASIDE_REPORT)
    read_by(report_id=report_id, by=by)
    if row.state == State.ACCEPTED:
        raise AlreadyAccepted(incident_queries.accepted(report_id))
    row.set_aside_reason = stated
    _close(row, State.SET_ASIDE, by=by, at=at)
    if row.kind != DVDS:
        set_aside.record_one(
            report_id=report_id, reason=stated, police_party=row.police_party, by=by, at=at
        )
    nudges.forget(report_id=report_id)
    audit.append(
        action=Action.REPORT_SET_ASIDE, by=by, subject=about(report_id), at=at, reason=stated
    )
    return row


@transaction.atomic
def confirm_set_aside(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> Row:
    """Confirm that a report with a danger prompt stays set aside, as someone who has read it too.

    Nobody confirms what they set aside themselves. Once confirmed it stays as it is. Raises
    ReasonTooThin, Refused, ReportNotFound, NotSetAside, NotReadYet, or SamePerson.
    """
    stated = meaningful(reason)
    row = _decidable(report_id, by, Permission.CONFIRM_SET_ASIDE)
    if row.state != State.SET_ASIDE or not row.danger:
        raise NotSetAside("This is not a report with a danger prompt that was set aside.")
    if row.closed_by_id == by.pk:
        raise SamePerson("You set this aside yourself: another person confirms it.")
    read_by(report_id=report_id, by=by)
    if row.confirmed_at is None:
        row.confirmed_by, row.confirmed_at, row.confirmed_reason = by, at, stated
        row.save(update_fields=["confirmed_by", "confirmed_at", "confirmed_reason"])
        audit.append(
            action=Action.SET_ASIDE_CONFIRMED,
            by=by,
            subject=about(report_id),
            at=at,
            reason=stated,
        )
    return row


def _accepted(row: Row, *, by: StaffMember, at: datetime) -> None:
    if row.owner is None:
        row.owner, row.taken_at = by, at
    row.set_aside_reason = ""
    _close(row, State.ACCEPTED, by=by, at=at)


def _close(row: Row, state: State, *, by: StaffMember, at: datetime) -> None:
    row.state, row.closed_by, row.closed_at, row.piled = state, by, at, False
    row.confirmed_by, row.confirmed_at, row.confirmed_reason = None, None, ""
    row.ended_by, row.ended_at, row.ended_reason = None, None, ""
    row.save()
    watching.decided(row, by=by, at=at)


def _decidable(report_id: UUID, by: StaffMember, permission: Permission) -> Row:
    row = locked(report_id)
    by.must(permission, queries.subject_of(row))
    if row.state == State.SEALED:
        raise NotOpenedYet("The slip of this report cannot be opened yet.")
    return row
