"""Questions about what waits for whom: per team, without an owner, late, without a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from safehold.domain import answering
from safehold.domain.access import Permission, Subject
from safehold.domain.answering import Waits
from safehold.domain.triage_slip import FOR_STANDARDS
from safehold.records.clocks import queries as clocks
from safehold.records.clocks.models import Clock
from safehold.records.conflicts import recusals
from safehold.records.incidents.models import CrimeDecision, Incident
from safehold.records.staff.models import StaffMember
from safehold.records.triage.listed import Listed
from safehold.records.triage.models import Opening, Passing, State, TriageSlip
from safehold.records.triage.piles import (
    ABOUT_A_PLACE,
    LISTED,
    PER_PAGE,
    URGENCY,
    URGENCY_OF_ANY,
    Listing,
    Pile,
)
from safehold.records.triage.queries import NOBODY_HAS, SAID_OF_STANDARDS_AFTER, seen_by

__all__ = ["Clock", "Figure", "TeamQueue", "Waits"]
_LOOKED_BACK = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class TeamQueue:
    """What waits with one team: new reports, those without an owner, and those that are late."""

    key: str
    label: str
    waiting: int
    unowned: int
    late: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Late:
    """How many reports are late: all that a member may see, their own, and new ones by team."""

    count: int
    own: int
    new_of: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """Of how many decisions since a day how many were made in time."""

    decided: int
    in_time: int
    since: datetime


def by_team(*, by: StaffMember, late: Late) -> list[TeamQueue]:
    """Return what waits with each team that the member may see, in the order of the rules."""
    new = seen_by(by).filter(state=State.NEW, **LISTED)
    counted = {
        row["team"]: row
        for row in new.values("team").annotate(
            waiting=Count("*"),
            unowned=Count("arrival", filter=NOBODY_HAS),
            oldest=Min("received_at"),
        )
    }
    known = [team.key for team in answering.teams()]
    keys = [*known, *sorted(set(counted) - set(known))]
    return [
        TeamQueue(
            key=key,
            label=answering.team_label(key) or "No team",
            waiting=counted[key]["waiting"],
            unowned=counted[key]["unowned"],
            late=late.new_of.get(key, 0),
            oldest=counted[key]["oldest"],
        )
        for key in keys
        if key in counted
    ]


def unowned(*, by: StaffMember, limit: int) -> list[TriageSlip]:
    """Return the reports that nobody owns, the most urgent first: new ones, and those passed on."""
    return Listed(_unowned(by).order_by(*URGENCY))[:limit]


def all_unowned(*, by: StaffMember) -> QuerySet[TriageSlip]:
    """Return every report that nobody owns, in no order."""
    return _unowned(by)


def handed_to(*, by: StaffMember) -> list[TriageSlip]:
    """Return the accepted reports that were handed to a member who has not opened them since."""
    since = Opening.objects.filter(slip=OuterRef("pk"), member=by, at__gte=OuterRef("handed_at"))
    theirs = seen_by(by).filter(state=State.ACCEPTED, owner=by, ended_at=None, destroyed_at=None)
    handed = theirs.filter(~Exists(since), taken_at=F("handed_at"))
    return list(handed.select_related("owner", "handed_by").order_by(*URGENCY))


def late(*, by: StaffMember, at: datetime, own: bool = False, limit: int = 8) -> list[TriageSlip]:
    """Return the reports of which a clock is over, ordered as `late_page` is; `own` for theirs."""
    found = _late_first(by, at=at)
    return Listed(found.filter(owner=by) if own else found)[:limit]


def late_page(*, by: StaffMember, at: datetime, team: str = "", page: int = 1) -> Page[Any]:
    """Return one page of the reports of which a clock is over: danger, people, then places."""
    found = _late_first(by, at=at)
    return Paginator(Listed(found.filter(team=team) if team else found), PER_PAGE).get_page(page)


def count_late(*, by: StaffMember, at: datetime) -> int:
    """Count the reports of which a clock is over that nothing has stopped."""
    return _late_reports(by, at=at).count()


def late_counts(*, by: StaffMember, at: datetime) -> Late:
    """Count the reports of which a clock is over: all, those the member owns, new ones by team."""
    found = list(
        _late_reports(by, at=at)
        .values("state", "team")
        .annotate(count=Count("*"), own=Count("owner", filter=Q(owner=by)))
    )
    return Late(
        count=sum(row["count"] for row in found),
        own=sum(row["own"] for row in found),
        new_of={row["team"]: row["count"] for row in found if row["state"] == State.NEW},
    )


def alarmed(report_ids: QuerySet[Any, Any], *, piles: Sequence[Pile], by: StaffMember) -> Listing:
    """Return those of some reports that the member may see, and of `piles`, the most urgent first.

    Whatever became of them: one whose slip cannot be opened is as urgent as danger now.
    """
    found = seen_by(by).filter(pk__in=report_ids).order_by(*URGENCY_OF_ANY)
    return Listing(Listed(found), piles)


def running(report_ids: Iterable[UUID]) -> dict[UUID, list[Clock]]:
    """Return the running clocks of reports that were given out, the soonest due first."""
    return clocks.running(report_ids)


def clocks_of(report_id: UUID) -> list[Clock]:
    """Return the clocks of a report that was given out."""
    return clocks.of_report(report_id)


def undecided_crime(
    *,
    by: StaffMember,
    late_at: datetime | None = None,
    aside_only: bool = False,
    page: int = 1,
) -> Page[TriageSlip]:
    """Return one page of the reports that nobody has decided to be a crime or none.

    The soonest due first; of those late at `late_at` alone, where it is given, or those that were
    set aside. Each has `crime_due`. Raises Refused.
    """
    found = _undecided(by)
    if late_at is not None:
        over = clocks.late(at=late_at, waits=[Waits.CRIME]).order_by()
        found = found.filter(pk__in=over.values("report_id"))
    if aside_only:
        found = found.filter(state=State.SET_ASIDE)
    return Paginator(found, PER_PAGE).get_page(page)


def decided_crime(*, by: StaffMember, page: int = 1) -> Page[Any]:
    """Return one page of the incidents that are decided to be a crime or none, the last first.

    Each has `crime_due`, None where it is from before there were reports. Raises Refused.
    """
    by.must(Permission.SEE_CRIME_DECISIONS)
    found = Incident.objects.exclude(crime_decision=CrimeDecision.NOT_YET)
    found = found.filter(police_party=False).select_related("crime_decided_by")
    # Not by `exclude` alone: one from before there were reports has none to be kept from.
    found = found.filter(Q(report_id=None) | ~Q(report_id__in=recusals.kept_from(by)))
    due = Coalesce(_due("report_id"), _due("pk"))  # its own key where it came by no report
    ordered = found.annotate(crime_due=due).order_by("-crime_decided_at", "pk")
    return Paginator(ordered, PER_PAGE).get_page(page)


def count_undecided_crime(*, by: StaffMember, at: datetime) -> tuple[int, int]:
    """Count the reports without a decision on crime, and those of them that are late.

    None for whoever may not see them.
    """
    if not by.may(Permission.SEE_CRIME_DECISIONS):
        return 0, 0
    running = Clock.objects.filter(waits=Waits.CRIME, of_incident=False, stopped_at=None)
    # What they may not see is the little, and its keys stand in an index.
    if not by.may(Permission.SEE_CRIME_DECISIONS, Subject(police_party=True)):
        hidden = TriageSlip.objects.filter(party_is_police__in=FOR_STANDARDS)
        running = running.exclude(report_id__in=hidden.values("pk"))
    seen = running.exclude(report_id__in=recusals.kept_from(by))
    found = seen.aggregate(all=Count("*"), late=Count("due_at", filter=Q(due_at__lte=at)))
    return found["all"], found["late"]


def colleagues_undecided(*, by: StaffMember, at: datetime) -> bool:
    """Tell the registrar whether any report about a colleague is days late for a decision on crime.

    That it is so and nothing else: a number that moves would tell when one came, or was passed on.
    """
    if not by.may(Permission.SETTLE_CRIME):
        return False
    before = at - SAID_OF_STANDARDS_AFTER
    lately = Passing.objects.filter(at__gt=before).values("report_id")
    about_colleagues = TriageSlip.objects.filter(party_is_police__in=FOR_STANDARDS)
    return Clock.objects.filter(
        waits=Waits.CRIME,
        stopped_at=None,
        due_at__lte=before,
        report_id__in=about_colleagues.exclude(pk__in=lately).values("pk"),
    ).exists()


def decided_in_time(*, by: StaffMember, at: datetime) -> Figure:
    """Say of the decisions on crime of the last 28 days how many were in time. Raises Refused.

    Of each report the decision that stopped its clock counts: the first, unless the clock ran again
    since. Those about colleagues are left out.
    """
    by.must(Permission.SEE_CRIME_DECISIONS)
    since = at - _LOOKED_BACK
    slips = TriageSlip.objects.exclude(party_is_police__in=FOR_STANDARDS).values("pk")
    recorded = Incident.objects.filter(report_id=None, police_party=False).values("pk")
    stopped = Clock.objects.filter(waits=Waits.CRIME, stopped_at__gte=since).filter(
        Q(report_id__in=slips) | Q(of_incident=True, report_id__in=recorded)
    )
    in_time = stopped.filter(stopped_at__lte=F("due_at")).count()
    return Figure(stopped.count(), in_time, since)


def _unowned(member: StaffMember) -> QuerySet[TriageSlip]:
    # A new one has not ended and is not destroyed.
    going_on = {"ended_at": None, "destroyed_at": None, "state__in": [State.NEW, State.ACCEPTED]}
    return seen_by(member).filter(NOBODY_HAS, **going_on, **LISTED)


def _late_reports(member: StaffMember, *, at: datetime) -> QuerySet[TriageSlip]:
    # What was piled is late with its pile, but for a message: that is of one report.
    written = clocks.late(at=at).filter(waits=Waits.MESSAGE).order_by().values("report_id")
    found = seen_by(member).filter(pk__in=clocks.late_reports(at=at))
    return found.filter(Q(**LISTED) | Q(pk__in=written))


def _late_first(member: StaffMember, *, at: datetime) -> QuerySet[TriageSlip]:
    found = _late_reports(member, at=at).annotate(over_since=clocks.first_due())
    return found.order_by("-danger", "-danger_now", ABOUT_A_PLACE, "over_since", "arrival")


def _undecided(member: StaffMember) -> QuerySet[TriageSlip]:
    member.must(Permission.SEE_CRIME_DECISIONS)
    slips = TriageSlip.objects.all()
    if not member.may(Permission.SEE_CRIME_DECISIONS, Subject(police_party=True)):
        slips = slips.exclude(party_is_police__in=FOR_STANDARDS)
    running = Clock.objects.filter(waits=Waits.CRIME, stopped_at=None)
    found = slips.filter(pk__in=running.values("report_id"))
    found = found.exclude(pk__in=recusals.kept_from(member))
    return found.annotate(crime_due=_due("pk")).order_by("crime_due", "arrival")


def _due(report: str) -> Subquery:
    rows = Clock.objects.filter(report_id=OuterRef(report), waits=Waits.CRIME)
    return Subquery(rows.values("due_at")[:1])
