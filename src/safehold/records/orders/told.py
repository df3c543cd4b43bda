"""What was done with the orders of a case, for its timeline."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from safehold.domain import orders
from safehold.domain.access import Permission
from safehold.records.audit.actors import About
from safehold.records.cases.models import Case
from safehold.records.cases.timeline import Moment
from safehold.records.orders import queries
from safehold.records.orders.models import Breach, Order, OrderAct, Service
from safehold.records.staff.models import StaffMember


def in_case(case: Case, member: StaffMember) -> Iterator[Moment]:
    """Tell what was done with the orders that a case is work on, of those the member may see."""
    if not member.may(Permission.SEE_ORDERS):
        return
    rows = queries.seen_by(member).filter(cases__case=case)
    known: dict[UUID, Order] = {row.pk: row for row in rows}
    if not known:
        return
    for act in OrderAct.objects.filter(order__in=list(known)).select_related("by"):
        label = orders.ORDERS[known[act.order_id].kind].label
        what = f"{label}: {act.get_what_display().lower()}"
        # Why stands on the order's page, where whatever names an address is masked.
        yield Moment(act.at, what, act.by.name, about=queries.about(act.order_id))
    for one in Breach.objects.filter(order__in=list(known)).select_related("recorded_by"):
        label = orders.ORDERS[known[one.order_id].kind].label
        what = f"{label}: an incident on a breach"
        about = About("incident", str(one.incident_id))
        yield Moment(one.recorded_at, what, one.recorded_by.name, about=about)
    for row in Service.objects.filter(order__in=list(known)).select_related("recorded_by"):
        label = orders.ORDERS[known[row.order_id].kind].label
        what = f"{label}: {row.get_came_display().lower()}"
        more = "Found to be wrong since" if row.ended_at else ""
        yield Moment(
            row.recorded_at, what, row.recorded_by.name, "", more, queries.about(row.order_id)
        )
