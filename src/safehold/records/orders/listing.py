"""Lists of orders by how they stand, page by page, and what of them ends soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q

from safehold.domain import order_states, orders
from safehold.domain.access import Permission
from safehold.domain.deadlines import LONDON
from safehold.records.cases.models import CaseMember
from safehold.records.orders import queries
from safehold.records.orders.models import Order, OrderCase, Service
from safehold.records.orders.models_of_history import Came
from safehold.records.orders.queries import Standing
from safehold.records.staff.models import StaffMember

PER_PAGE = 25


class Which(StrEnum):
    """Which orders are listed."""

    HOLDING = "holding"
    SOON = "soon"
    UNSERVED = "unserved"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Listed:
    """One page, each order with whom it binds, and where the next page begins."""

    rows: Sequence[Standing]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class Soon:
    """How many orders end soon, and how many are not shown to be served."""

    own: int = 0
    own_unserved: int = 0
    all_of_them: int = 0


def page(
    *, which: Which, after: UUID | None, by: StaffMember, at: datetime, limit: int = PER_PAGE
) -> Listed:
    """Return one page of a list; `after` is the last order of the page before.

    What ends soon comes by its end, the others the newest first. A key that is none of the list's
    begins it anew, whether there is such an order or not. Raises Refused.
    """
    by.must(Permission.SEE_ORDERS)
    found = queries.seen_by(by).filter(_is(which, at))
    last = found.filter(pk=after).first() if after is not None else None
    if last is not None:
        found = found.filter(_later(which, last))
    first = F("expires").asc(nulls_first=True) if which is Which.SOON else "-recorded_at"
    ordered = found.order_by(first, "pk")
    rows = list(ordered.select_related("respondent", "recorded_by")[: limit + 1])
    more = rows[limit - 1].pk if len(rows) > limit else None
    return Listed(queries.standing_of(rows[:limit], by=by), more)


def soon(*, by: StaffMember, at: datetime) -> Soon:
    """Count in one question what ends soon or is not shown to be served.

    Of a member's own cases; for whoever watches over the unit also of all.
    """
    if not by.may(Permission.SEE_ORDERS):
        return Soon()
    works = CaseMember.objects.filter(member=by, until=None).values("case_id")
    mine = Q(Exists(OrderCase.objects.filter(order=OuterRef("pk"), case__in=works)))
    watches = by.may(Permission.DECIDE_DEADLINES)
    rows = queries.seen_by(by).filter(_is(Which.SOON, at) | _is(Which.UNSERVED, at))
    rows = rows if watches else rows.filter(mine)
    found = rows.aggregate(
        own=Count("pk", filter=mine & _is(Which.SOON, at)),
        own_unserved=Count("pk", filter=mine & _is(Which.UNSERVED, at)),
        all_of_them=Count("pk", filter=_is(Which.SOON, at)),
    )
    return Soon(found["own"], found["own_unserved"], found["all_of_them"] if watches else 0)


def holding(at: datetime) -> Q:
    """Return what an order is that holds at a moment, as `domain/order_states` says of one."""
    today = _today(at)
    begun = Q(begins=None) | Q(begins__lte=today)
    return begun & ~over(at)


def over(at: datetime) -> Q:
    """Return what an order is that is over at a moment."""
    today = _today(at)
    return (
        Q(ended_on__isnull=False, ended_on__lte=today)
        | Q(expires__isnull=False, expires__lt=today)
        | Q(lapses_at__isnull=False, lapses_at__lte=at)
    )


def _is(which: Which, at: datetime) -> Q:
    if which is Which.OVER:
        return over(at)
    if which is Which.SOON:
        return holding(at) & _ends_soon(_today(at))
    if which is Which.UNSERVED:
        served = Service.objects.filter(order=OuterRef("pk"), came=Came.SERVED, ended_at=None)
        return ~over(at) & Q(~Exists(served))
    return holding(at)


def _ends_soon(today: date) -> Q:
    found = Q(lapses_at__isnull=False)  # a notice has hours
    days: dict[int, list[str]] = {}
    for key, sort in orders.ORDERS.items():
        days.setdefault(sort.warn_days, []).append(key)
    for number, kinds in days.items():
        found |= Q(kind__in=kinds, expires__lte=today + timedelta(days=number))
    return found


def _later(which: Which, last: Order) -> Q:
    if which is not Which.SOON:
        return Q(recorded_at__lt=last.recorded_at) | Q(recorded_at=last.recorded_at, pk__gt=last.pk)
    if last.expires is None:
        return Q(expires=None, pk__gt=last.pk) | Q(expires__isnull=False)
    return Q(expires__gt=last.expires) | Q(expires=last.expires, pk__gt=last.pk)


def _today(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def ends_soon(each: Standing, *, at: datetime) -> bool:
    """Tell whether an order that holds is among those that end soon."""
    if each.state(at) not in order_states.HOLDING:
        return False
    last, today = each.order.expires, _today(at)
    if each.order.lapses_at is not None:
        return True
    return last is not None and last <= today + timedelta(days=each.sort.warn_days)
