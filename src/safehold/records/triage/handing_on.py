"""Handing a report on to another team, or to a member of the unit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import answering
from safehold.domain.access import Permission, Subject
from safehold.domain.answering import STANDARDS, Waits
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.clocks import operations as clocks
from safehold.records.clocks import queries as clock_queries
from safehold.records.staff import queries as staff
from safehold.records.staff.models import StaffMember
from safehold.records.triage import queries, watching
from safehold.records.triage.arrivals import locked
from safehold.records.triage.models import State, TriageSlip
from safehold.records.triage.openings import about
from safehold.records.triage.reasons import meaningful

_COLLEAGUE = Subject(police_party=True)


class NotATeam(ValueError):
    """A report can be handed on to no such team."""


class CannotTakeIt(ValueError):
    """The member that a report is to be handed to may not own it."""


class NoLongerNew(Exception):
    """The report is decided about: there is nothing to hand on."""


def teams_for(row: TriageSlip) -> list[answering.Team]:
    """Return the teams that a report can be handed on to, its own among them.

    One about a colleague stays with professional standards, and no other gets there by this way.
    """
    return [team for team in answering.teams() if (team.key == STANDARDS) == row.police_party]


def who_may_own(row: TriageSlip) -> list[StaffMember]:
    """Return the members that a report can be given to, by name: of the side that has it now.

    Professional standards may see a report of the unit, and are not handed the unit's work.
    """
    subject = queries.subject_of(row)
    return [
        each
        for each in staff.active()
        if each.may(Permission.TAKE_REPORT, subject)
        and each.may(Permission.TAKE_REPORT, _COLLEAGUE) == row.police_party
    ]


@transaction.atomic
def hand_on(
    *,
    report_id: UUID,
    team: str,
    member: str,
    reason: str,
    by: StaffMember,
    at: datetime,
) -> TriageSlip:
    """Hand a report on to a team, and to a member where one is named by key.

    Without a member nobody owns it: the clock for an owner runs again from now, the audit keeps
    by when it was due before, and it stands on every supervisor's first page. Raises
    ReasonTooThin, Refused, ReportNotFound, NoLongerNew, NotATeam, or CannotTakeIt.
    """
    stated = meaningful(reason)
    row = locked(report_id)
    by.must(Permission.HAND_ON_REPORT, queries.subject_of(row))
    if row.state != State.NEW:
        raise NoLongerNew("This report is decided about already.")
    if team not in {each.key for each in teams_for(row)}:
        raise NotATeam("Choose a team of the list.")
    owner = next((each for each in who_may_own(row) if str(each.pk) == member), None)
    if member and owner is None:
        raise CannotTakeIt("This member cannot own this report.")
    due = clock_queries.due_of(report_id, Waits.OWNER)
    earlier = {
        "team": row.team,
        "owner": str(row.owner_id or ""),
        "owner due": due.isoformat() if due else "",
    }
    row.team, row.owner, row.taken_at, row.piled = team, owner, at if owner else None, False
    row.save(update_fields=["team", "owner", "taken_at", "piled"])
    if owner is None:
        arrived = watching.arrived(row)
        clocks.start_again(report_id=report_id, arrived=arrived, waits=(Waits.OWNER,), at=at)
        watching.nobody_has(row, at=at)
    else:
        watching.owned(row, how=Action.REPORT_HANDED_ON, by=by, at=at)
    audit.append(
        action=Action.REPORT_HANDED_ON,
        by=by,
        subject=about(report_id),
        at=at,
        reason=stated,
        detail={"from": earlier, "team": team, "owner": member},
    )
    return row
