"""Handing a report on to another team, or to a member of the unit: new, or worked on already.

One that is accepted takes with it whatever hangs on it: incident, clocks, times to reach somebody,
messages. Only whoever owns it, or who watches over the work of others, may hand that on.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import answering
from safehold.domain.access import Permission, Refused, Subject
from safehold.domain.answering import STANDARDS, Waits
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.clocks import queries as clock_queries
from safehold.records.conflicts import recusals
from safehold.records.incidents import queries as incidents
from safehold.records.staff import queries as staff
from safehold.records.staff.models import StaffMember
from safehold.records.triage import queries, watching
from safehold.records.triage.arrivals import locked
from safehold.records.triage.models import State, TriageSlip
from safehold.records.triage.openings import about
from safehold.records.triage.reasons import meaningful

NOT_YOURS = "Somebody works on this report: they hand it on, or a supervisor does."
_COLLEAGUE = Subject(police_party=True)


class NotATeam(ValueError):
    """A report can be handed on to no such team."""


class CannotTakeIt(ValueError):
    """The member that a report is to be handed to may not own it."""


class NothingToHandOn(Exception):
    """The report was set aside, or the work on it is over; the message says which."""


def teams_for(row: TriageSlip) -> list[answering.Team]:
    """Return the teams that a report can be handed on to, its own among them.

    One about a colleague stays with professional standards, and no other gets there by this way.
    """
    return [team for team in answering.teams() if (team.key == STANDARDS) == row.police_party]


def who_may_own(row: TriageSlip) -> list[StaffMember]:
    """Return the members that a report can be given to, by name: of the side that has it now.

    Professional standards may see a report of the unit, and are not handed the unit's work. Whoever
    is kept from another report of the same incident could not see that, and is not among them.
    """
    subject = with_its_incident(row)
    return [
        each
        for each in staff.active()
        if each.may(Permission.TAKE_REPORT, subject)
        and each.may(Permission.TAKE_REPORT, _COLLEAGUE) == row.police_party
    ]


def may_hand_on(row: TriageSlip, *, by: StaffMember) -> bool:
    """Tell whether a member may hand a report on that waits or is worked on."""
    subject = queries.subject_of(row)
    if _over(row) or not by.may(Permission.HAND_ON_REPORT, subject):
        return False
    theirs = row.state == State.NEW or row.owner_id == by.pk
    return theirs or by.may(Permission.HAND_ON_OTHERS, subject)


def free_to_take(row: TriageSlip) -> bool:
    """Tell whether an accepted report may be taken as it is, nobody having handed it to a member.

    One that nobody has, or only whoever has left, while the work on it goes on.
    """
    return row.ended_at is None and (row.owner is None or not row.owner.is_active)


@transaction.atomic
def hand_on(
    *,
    report_id: UUID,
    team: str,
    member: str,
    reason: str,
    shown_owner: str | None = None,
    by: StaffMember,
    at: datetime,
) -> TriageSlip:
    """Hand a report on to a team, and to a member where one is named by key.

    `shown_owner` is the key of whoever owned it as the member saw it, empty for nobody, None where
    nobody was shown any: where it is somebody else's by now, NothingToHandOn says so.

    Without a member nobody owns it: the clock for an owner runs again from now, the audit keeps
    by when it was due before, and it stands on every supervisor's first page. Raises
    ReasonTooThin, Refused, ReportNotFound, NothingToHandOn, NotATeam, or CannotTakeIt.
    """
    stated = meaningful(reason)
    row = locked(report_id)
    by.must(Permission.HAND_ON_REPORT, queries.subject_of(row))
    if over := _over(row):
        raise NothingToHandOn(over)
    if not may_hand_on(row, by=by):
        raise Refused(NOT_YOURS)
    if shown_owner is not None and shown_owner != str(row.owner_id or ""):
        whose = f"It is {row.owner.name}’s now" if row.owner else "Nobody owns it now"
        raise NothingToHandOn(f"Somebody handed it on since you opened this page. {whose}.")
    owner = _receiver(row, team, member)
    earlier = _as_it_was(row)
    row.team, row.owner, row.taken_at, row.piled = team, owner, at if owner else None, False
    row.handed_by, row.handed_at, row.handed_reason = by, at, stated
    row.save(
        update_fields=[
            "team",
            "owner",
            "taken_at",
            "piled",
            "handed_by",
            "handed_at",
            "handed_reason",
        ]
    )
    if owner is None:
        watching.let_go(row, at=at)
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


def _over(row: TriageSlip) -> str:
    """Say why there is nothing to hand on, empty where there is."""
    if row.ended_at is not None:
        return "The work on this report is over. Begin again first."
    if row.state not in {State.NEW, State.ACCEPTED}:
        return "Only a new report, or one that is accepted, is handed on."
    return ""


def _receiver(row: TriageSlip, team: str, member: str) -> StaffMember | None:
    if team not in {each.key for each in teams_for(row)}:
        raise NotATeam("Choose a team of the list.")
    owner = next((each for each in who_may_own(row) if str(each.pk) == member), None)
    if member and owner is None:
        raise CannotTakeIt("This member cannot own this report.")
    return owner


def _as_it_was(row: TriageSlip) -> dict[str, str]:
    due = clock_queries.due_of(row.report_id, Waits.OWNER)
    return {
        "team": row.team,
        "owner": str(row.owner_id or ""),
        "owner due": due.isoformat() if due else "",
    }


def with_its_incident(row: TriageSlip) -> Subject:
    """Return a report as the access table sees it, with whoever is kept from its incident."""
    incident = incidents.of_report(row.report_id)
    others = incidents.reports_in(incident) if incident else []
    kept = recusals.kept_from_any([row.report_id, *others])
    return Subject(police_party=row.police_party, recused=kept)
