"""Ending the work on a report: once it is decided, and not before; and beginning again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission
from safehold.domain.answering import Waits
from safehold.domain.journey.ask import KIND as DVDS
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.clocks import operations as clocks
from safehold.records.contacts import queries as contacts
from safehold.records.conversations import unread
from safehold.records.duty import operations as duty
from safehold.records.incidents import queries as incidents
from safehold.records.incidents import reading
from safehold.records.incidents.models import CrimeDecision, Incident
from safehold.records.incidents.reading import Unread as Unread
from safehold.records.nudges import operations as nudges
from safehold.records.shares import queries as shares
from safehold.records.staff.models import StaffMember
from safehold.records.triage import name_requests, queries, watching
from safehold.records.triage.arrivals import locked
from safehold.records.triage.models import State, TriageSlip
from safehold.records.triage.openings import about
from safehold.records.triage.reasons import meaningful


class NotOver(Exception):
    """Something is still to be done about the report; the message says what."""


class NotEnded(Exception):
    """The work on this report goes on: there is nothing to begin again."""


def still_to_do(row: TriageSlip) -> str:
    """Say what stands in the way of ending the work on a report, empty where nothing does."""
    return still_to_do_of([row]).get(row.report_id, "")


def still_to_do_of(rows: Sequence[TriageSlip]) -> dict[UUID, str]:
    """Say of each report on which the work cannot be ended what stands in the way."""
    ids = [row.report_id for row in rows]
    recorded, waits = incidents.by_report(ids), _still_waits(ids)
    found = {
        row.report_id: _undecided(row, recorded.get(row.report_id)) or waits.get(row.report_id, "")
        for row in rows
    }
    return {report_id: says for report_id, says in found.items() if says}


def _undecided(row: TriageSlip, incident: Incident | None) -> str:
    if row.state not in {State.ACCEPTED, State.SET_ASIDE}:
        return "It is neither accepted nor set aside."
    if row.state == State.SET_ASIDE and row.danger and row.confirmed_at is None:
        return "It has a danger prompt, and nobody else has confirmed that it may stay set aside."
    if row.kind == DVDS:
        return ""
    if incident is None or incident.crime_decision == CrimeDecision.NOT_YET:
        return "Nobody has decided whether it is a crime."
    return ""


def still_to_open(row: TriageSlip, *, by: StaffMember) -> bool:
    """Tell whether a member has to open the account before they end the work on a report."""
    return bool(reading.still_to_open([row.report_id], by=by))


def _still_waits(report_ids: list[UUID]) -> dict[UUID, str]:
    """Say what waits of these reports; of more than one thing, the first that is to be done."""
    asked = (
        "Its hidden name was asked for and no keeper has answered: whoever asked can take it "
        "back on the report's page."
    )
    due = "There is still a time by which somebody has to be reached."
    found = dict.fromkeys(name_requests.asked_and_unanswered(report_ids), asked)
    for report_id, waiting in shares.open_of(report_ids).items():
        found[report_id] = f"Under Shares, {'; '.join(waiting)}."
    found |= unread.open_of(report_ids)
    return found | dict.fromkeys(contacts.with_open_due(report_ids), due)


@transaction.atomic
def end_report(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> TriageSlip:
    """End the work on a report, once; where to send nudges is destroyed with it.

    An application under Clare's Law is ended by `records.dvds`, which knows whether it was
    answered. Raises ReasonTooThin, Refused, ReportNotFound, Unread, or NotOver.
    """
    row = locked(report_id)
    if row.kind == DVDS and row.state == State.ACCEPTED:
        raise NotOver("An application under Clare’s Law ends on its own page.")
    return end_decided(row, reason=reason, by=by, at=at)


def end_decided(row: TriageSlip, *, reason: str, by: StaffMember, at: datetime) -> TriageSlip:
    """End the work on a report whose row is locked, inside the caller's transaction.

    Only whoever has read it does. Raises ReasonTooThin, Refused, Unread, or NotOver.
    """
    stated = meaningful(reason)
    by.must(Permission.END_REPORT, queries.subject_of(row))
    if row.ended_at is not None:
        return row
    reading.must_have_read([row.report_id], to="ends the work on a report", by=by)
    if missing := still_to_do(row):
        raise NotOver(missing)
    row.ended_at, row.ended_by, row.ended_reason = at, by, stated
    row.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    how = Action.REPORT_ENDED
    clocks.stop(report_id=row.report_id, waits=tuple(Waits), how=how, by=by, at=at)
    duty.settle(report_id=row.report_id, owned=True, by=by, at=at)
    nudges.forget(report_id=row.report_id)
    audit.append(
        action=Action.REPORT_ENDED, by=by, subject=about(row.report_id), at=at, reason=stated
    )
    return row


def end_together(rows: Sequence[TriageSlip], *, reason: str, by: StaffMember, at: datetime) -> None:
    """End the work on reports of a pile that are locked, inside the caller's act and audit rows.

    The caller has left out each with something still to do (`still_to_do_of`).
    """
    ids = [row.report_id for row in rows]
    slips = TriageSlip.objects.filter(pk__in=ids)
    slips.update(ended_at=at, ended_by=by, ended_reason=reason)
    how = Action.PILE_ENDED
    clocks.stop_together(report_ids=ids, waits=tuple(Waits), how=how, by=by, at=at)
    duty.settle_together(report_ids=ids, by=by, at=at)
    nudges.forget_any(report_ids=ids)


@transaction.atomic
def begin_again(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> TriageSlip:
    """Take the end of the work on a report back. The audit keeps that it had ended.

    What only the end had stopped waits again from now, and one that nobody owns for an owner.
    Raises ReasonTooThin, Refused, ReportNotFound, or NotEnded.
    """
    stated = meaningful(reason)
    row = locked(report_id)
    by.must(Permission.END_REPORT, queries.subject_of(row))
    if row.ended_at is None:
        raise NotEnded("The work on this report has not ended.")
    row.ended_at, row.ended_by, row.ended_reason = None, None, ""
    row.piled = False  # it is somebody's own work now, whatever becomes of its pile
    row.save(update_fields=["ended_at", "ended_by", "ended_reason", "piled"])
    watching.begun_again(row, at=at)
    audit.append(
        action=Action.REPORT_BEGUN_AGAIN, by=by, subject=about(report_id), at=at, reason=stated
    )
    return row
