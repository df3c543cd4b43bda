"""Lists of cases, page by page from where the last one ended, without a name of a party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from safehold.domain import retention
from safehold.domain.access import Permission
from safehold.records.cases import queries
from safehold.records.cases.models import Case, CaseMember
from safehold.records.staff.models import StaffMember

PER_PAGE = 25


class State(StrEnum):
    """Which cases are listed."""

    MINE = "mine"
    TEAM = "team"
    OPEN = "open"
    UNOWNED = "unowned"
    CLOSED = "closed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Listed:
    """One page: the cases with the names of their owners, and where the next begins."""

    rows: Sequence[tuple[Case, str]]
    after: UUID | None


def states_of(member: StaffMember) -> list[State]:
    """Return the lists that a member has: what is over is for whoever decides about it."""
    reviews = member.may(Permission.REVIEW_RETENTION)
    return [state for state in State if reviews or state is not State.OVER]


def page(
    *, state: State, after: UUID | None, by: StaffMember, today: date, limit: int = PER_PAGE
) -> Listed:
    """Return one page of a list, the newest first; `after` is the last case of the page before.

    A key that is none of the list's begins it anew, whether there is such a case or not.
    """
    found, column = _rows(state, by, today)
    if after is not None:
        last = found.filter(pk=after).values_list(column, flat=True).first()
        if last is not None:
            found = found.filter(
                Q(**{f"{column}__lt": last}) | Q(**{column: last, "pk__gt": after})
            )
    rows = list(found.order_by(f"-{column}", "pk")[: limit + 1])
    shown = rows[:limit]
    owners = queries.owners_of(shown)
    more = shown[-1].pk if len(rows) > limit else None
    return Listed([(case, owners.get(case.pk, "")) for case in shown], more)


def over(*, by: StaffMember, today: date) -> QuerySet[Case]:
    """Return the closed cases whose time is over, for a person to look at."""
    # No month is shorter than 28 days: this leaves none out, and the rule itself decides.
    before = today - timedelta(days=28 * retention.table().case.months)
    closed = queries.seen_by(by).filter(closed_at__date__lte=before)
    ours = [row.pk for row in closed if until_of(row) <= today]
    return queries.seen_by(by).filter(pk__in=ours)


def until_of(case: Case) -> date:
    """Return until when a closed case is kept. Raises ValueError for an open one."""
    if case.closed_at is None:
        raise ValueError("No time is counted of an open case.")
    return retention.case_until(timezone.localdate(case.closed_at), kept_until=case.kept_until)


def _rows(state: State, by: StaffMember, today: date) -> tuple[QuerySet[Case], str]:
    if state is State.OVER and state in states_of(by):
        return over(by=by, today=today), "closed_at"
    seen = queries.seen_by(by)
    if state in {State.CLOSED, State.OVER}:
        return seen.filter(closed_at__isnull=False), "closed_at"
    if state is State.UNOWNED:
        return queries.without_owner(by=by), "opened_at"
    if state is State.MINE:
        theirs = CaseMember.objects.filter(member=by, until=None).values("case_id")
        seen = seen.filter(pk__in=theirs)
    elif state is State.TEAM:
        seen = seen.filter(team=by.team)
    return seen.filter(closed_at=None), "opened_at"
