"""That an order was served, that somebody tried, and that what was recorded of it is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import order_states, orders
from safehold.domain.deadlines import LONDON
from safehold.domain.order_states import Served
from safehold.records.audit.actions import Action
from safehold.records.orders import clocks, keeping, queries
from safehold.records.orders.clocks import Follows
from safehold.records.orders.keeping import Meanwhile, NotAnOrder
from safehold.records.orders.models import Order, Service
from safehold.records.orders.models_of_history import Came, Timed
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


@dataclass(frozen=True, slots=True)
class Told:
    """How an order was served, or that it was tried: `at` is None where nobody knows when."""

    came: str
    at: datetime | None = None
    precision: str = Timed.NOT_KNOWN
    how: str = ""
    by_whom: str = ""
    proof: str = ""


@transaction.atomic
def record_service(*, order_id: UUID, told: Told, by: StaffMember, at: datetime) -> Service:
    """Record that an order was served, or that it was tried.

    What was served after it was over is recorded and proves nothing. Raises Refused,
    OrderNotFound, or NotAnOrder.
    """
    order = keeping.locked(order_id, by)
    _must_be_told(told, order, at)
    row = Service.objects.create(
        order=order,
        came=Came(told.came),
        at=told.at,
        precision=Timed(told.precision),
        how=told.how,
        by_whom=told.by_whom.strip(),
        proof=told.proof.strip(),
        recorded_at=at,
        recorded_by=by,
    )
    _brought_up(order, Follows(by, at, "It was recorded how the order was served"))
    detail = {"came": row.came, "service": str(row.pk)}
    keeping.tell(Action.ORDER_SERVED, order, by=by, at=at, detail=detail)
    return row


@transaction.atomic
def end_service(
    *, order_id: UUID, service_id: UUID, why: str, by: StaffMember, at: datetime
) -> None:
    """Say that what was recorded of serving an order is wrong; the row stays, with the reason.

    Raises ReasonTooThin, Refused, OrderNotFound, NotAnOrder, or Meanwhile where that was said.
    """
    stated = meaningful(why)
    order = keeping.locked(order_id, by)
    row = Service.objects.select_related("ended_by").filter(pk=service_id, order=order).first()
    if row is None:
        raise NotAnOrder("There is no such entry.")
    if row.ended_by is not None:
        raise Meanwhile(f"{row.ended_by.name} has said that already: “{row.ended_why}”.")
    row.ended_at, row.ended_by, row.ended_why = at, by, stated
    row.save(update_fields=["ended_at", "ended_by", "ended_why"])
    _brought_up(order, Follows(by, at, f"What was recorded of serving it was wrong: {stated}"))
    detail = {"came": row.came, "service": str(row.pk)}
    keeping.tell(Action.ORDER_SERVED, order, by=by, at=at, reason=stated, detail=detail)


def came_too_late(order: Order, service: Service) -> bool:
    """Tell whether an order was served when it was over already, which proves nothing."""
    if service.came != Came.SERVED or service.at is None:
        return False
    served = [Served(service.at, service.precision == Timed.DAY)]
    return not order_states.knew(queries.terms_of(order), served)


def _brought_up(order: Order, act: Follows) -> None:
    keeping.set_lapse(order)
    order.save(update_fields=["lapses_from", "lapses_at"])
    clocks.follow(order, act)


def _must_be_told(told: Told, order: Order, at: datetime) -> None:
    if told.came not in Came.values:
        raise NotAnOrder("Say whether it was served.", field="came")
    if told.precision not in Timed.values or (told.at is None) != (
        told.precision == Timed.NOT_KNOWN
    ):
        raise NotAnOrder("Say how exactly it is known when that was.", field="precision")
    if told.how and told.how not in orders.METHODS:
        raise NotAnOrder("Choose how from the list.", field="how")
    if told.at is not None and told.at > at:
        raise NotAnOrder("That is still to come.", field="on")
    on = told.at.astimezone(LONDON).date() if told.at is not None else None
    if on is not None and order.made_on is not None and on < order.made_on:
        raise NotAnOrder("That is before it was made.", field="on")
