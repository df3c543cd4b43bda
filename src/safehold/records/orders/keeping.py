"""What every act on an order has in common: the look, the lock, the row of its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from safehold.design.words import moment
from safehold.domain import order_states, orders
from safehold.domain.access import Permission
from safehold.domain.case_access import Act, Part
from safehold.records import row_security
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases import queries as cases
from safehold.records.cases.models import Case
from safehold.records.cases.operations import Closed
from safehold.records.orders import queries
from safehold.records.orders.models import Order, OrderAct, Service
from safehold.records.orders.models_of_history import What
from safehold.records.orders.queries import OrderNotFound, about
from safehold.records.staff.models import StaffMember

Change = tuple[str, str, str]  # what, before, after: in words


class NotAnOrder(ValueError):
    """What was typed of an order cannot be; the message says why, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Meanwhile(Exception):
    """Somebody acted since the page was drawn; the message says what stands now."""


def look_at_order(*, order_id: UUID, reason: str, by: StaffMember, at: datetime) -> queries.Whole:
    """Record the look with its reason, then return the order.

    Raises Refused, ReasonNeeded, or OrderNotFound.
    """
    queries.get(order_id, by=by)  # a look that is refused is not a look
    audit.record_look(by=by, reason=reason, subject=about(order_id), at=at)
    return queries.whole(order_id, by=by)


def locked(order_id: UUID, by: StaffMember) -> Order:
    """Lock an order that a member may keep, after the cases in which its deadlines run.

    Raises Refused, or OrderNotFound.
    """
    by.must(Permission.KEEP_ORDERS)
    with row_security.as_system():  # its deadlines follow also where the member may not see them
        held = Case.objects.select_for_update(no_key=True).filter(orders__order=order_id)
        list(held.order_by("pk").values_list("pk", flat=True))
    seen = queries.seen_by(by).filter(pk=order_id).values("pk")
    row = Order.objects.select_for_update(no_key=True).filter(pk__in=seen).first()
    if row is None:
        raise OrderNotFound("There is no such order.")
    return row


def locked_case(case_id: UUID, by: StaffMember) -> Case:
    """Lock an open case of which a member may change the orders.

    Raises CaseNotFound, Refused, or Closed.
    """
    cases.must(case_id, Part.ORDERS, Act.CHANGE, by=by)
    row = Case.objects.select_for_update(no_key=True).filter(pk=case_id).first()
    if row is None:
        raise cases.CaseNotFound("There is no such case.")
    if row.closed_at is not None:
        raise Closed(f"This case was closed {moment(row.closed_at)}. Open it again first.")
    return row


def standing_services(order: Order) -> list[Service]:
    """Return what was recorded of serving an order and holds."""
    return list(Service.objects.filter(order=order, ended_at=None).order_by("recorded_at", "pk"))


def note(
    order: Order,
    what: What,
    *,
    by: StaffMember,
    at: datetime,
    why: str = "",
    on: date | None = None,
    changes: Sequence[Change] = (),
) -> OrderAct:
    """Write down what was done to an order, inside that act."""
    return OrderAct.objects.create(
        order=order, what=what, at=at, by=by, why=why, on=on, changes=[list(c) for c in changes]
    )


def tell(
    action: Action,
    order: Order,
    *,
    by: StaffMember,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Append the audit row of an act, last in its transaction."""
    told = {"kind": order.kind, **(detail or {})}
    audit.append(action=action, by=by, subject=about(order.pk), at=at, reason=reason, detail=told)


def was_heard(order: Order) -> bool:
    """Tell whether a court has heard what a notice asks for, and nobody took that back."""
    rows = OrderAct.objects.filter(order=order, what__in=[What.HEARD, What.HOLDS_AGAIN])
    last = rows.order_by("-at", "-pk").values_list("what", flat=True).first()
    return last == What.HEARD


def set_lapse(order: Order) -> None:
    """Reckon anew when a notice lapses that no court has heard; nothing is saved."""
    sort = orders.ORDERS[order.kind]
    served = queries.served_of(standing_services(order))
    lapses = None if was_heard(order) else order_states.lapse(sort, served)
    order.lapses_from, order.lapses_at = lapses or (None, None)
