"""Changes to an order: completed, varied, extended, heard by a court, ended; all of it stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from safehold.design.words import day
from safehold.domain import orders
from safehold.domain.deadlines import LONDON
from safehold.records.audit.actions import Action
from safehold.records.orders import clocks, keeping
from safehold.records.orders.clocks import Follows
from safehold.records.orders.keeping import Meanwhile, NotAnOrder
from safehold.records.orders.models import Condition, Order
from safehold.records.orders.models_of_history import What
from safehold.records.orders.recording import Said, add_condition_to, must_be_days
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

FIELDS: Final = {
    "made_on": "Made on",
    "begins": "Begins",
    "expires": "Ends",
    "authority": "Made by",
    "power_of_arrest": "Power of arrest",
    "reference": "Reference",
}
HEARD: Final = {
    "made": "The court made the order that was asked for",
    "refused": "The court did not make it",
    "adjourned": "Adjourned: the notice holds until it is heard",
}


@transaction.atomic
def amend(
    *, order_id: UUID, said: Mapping[str, Any], why: str, by: StaffMember, at: datetime
) -> None:
    """Complete what is known of an order, or put it right.

    Raises ReasonTooThin, Refused, OrderNotFound, or NotAnOrder, also where nothing changes.
    """
    stated = meaningful(why)
    order = keeping.locked(order_id, by)
    changes = []
    for field, label in FIELDS.items():
        before, after = getattr(order, field), said[field]
        if before != after:
            setattr(order, field, after)
            changes.append((label, _words(before), _words(after)))
    if not changes:
        raise NotAnOrder("Nothing of this is new.")
    must_be_days(order.made_on, order.begins, order.expires, at=at)
    order.save(update_fields=list(FIELDS))
    keeping.note(order, What.AMENDED, by=by, at=at, why=stated, changes=changes)
    _follow(order, stated, by=by, at=at)
    _tell(Action.ORDER_CHANGED, order, What.AMENDED, stated, by=by, at=at)


@transaction.atomic
def vary(*, order_id: UUID, said: Said, why: str, by: StaffMember, at: datetime) -> Condition:
    """Add a condition. Raises ReasonTooThin, Refused, OrderNotFound, or NotAnOrder."""
    stated = meaningful(why)
    order = keeping.locked(order_id, by)
    made = add_condition_to(order, said, by=by, at=at)
    keeping.note(order, What.VARIED, by=by, at=at, why=stated)
    _tell(Action.ORDER_CHANGED, order, What.VARIED, stated, by=by, at=at)
    return made


@transaction.atomic
def end_condition(
    *, order_id: UUID, condition_id: UUID, why: str, by: StaffMember, at: datetime
) -> None:
    """End a condition; it stays with the reason.

    Raises ReasonTooThin, Refused, OrderNotFound, NotAnOrder, or Meanwhile where it is.
    """
    stated = meaningful(why)
    order = keeping.locked(order_id, by)
    rows = Condition.objects.select_related("ended_by")
    row = rows.filter(pk=condition_id, order=order).first()
    if row is None:
        raise NotAnOrder("There is no such condition.")
    if row.ended_by is not None:
        raise Meanwhile(f"{row.ended_by.name} has ended this already: “{row.ended_why}”.")
    row.ended_at, row.ended_by, row.ended_why = at, by, stated
    row.save(update_fields=["ended_at", "ended_by", "ended_why"])
    keeping.tell(
        Action.ORDER_CHANGED,
        order,
        by=by,
        at=at,
        reason=stated,
        detail={"what": "condition ended", "condition": str(row.pk)},
    )


@transaction.atomic
def extend(
    *, order_id: UUID, expires: date | None, why: str, by: StaffMember, at: datetime
) -> None:
    """Let an order hold longer: to another day, or with None until further order.

    Raises ReasonTooThin, Refused, OrderNotFound, or NotAnOrder.
    """
    stated = meaningful(why)
    order = keeping.locked(order_id, by)
    if order.ended_on is not None:
        raise NotAnOrder("It was ended. Take that back first, if it was wrong.")
    if order.expires is None:
        raise NotAnOrder("It holds until further order already.", field="expires")
    if expires is not None and expires <= order.expires:
        raise NotAnOrder(f"It ends on {day(order.expires)}: write a later day.", field="expires")
    change = (FIELDS["expires"], _words(order.expires), _words(expires) or "Until further order")
    order.expires = expires
    order.save(update_fields=["expires"])
    keeping.note(order, What.EXTENDED, by=by, at=at, why=stated, changes=[change])
    _follow(order, stated, by=by, at=at)
    _tell(Action.ORDER_CHANGED, order, What.EXTENDED, stated, by=by, at=at)


@transaction.atomic
def hear(*, order_id: UUID, came: str, on: date, why: str, by: StaffMember, at: datetime) -> None:
    """Record what a court made of a notice. Adjourned, it holds; else it ends on that day.

    Raises ReasonTooThin, Refused, OrderNotFound, NotAnOrder, or Meanwhile.
    """
    stated = meaningful(why)
    order = keeping.locked(order_id, by)
    if not orders.ORDERS[order.kind].is_a_notice:
        raise NotAnOrder("Only a notice waits for a court.")
    if came not in HEARD:
        raise NotAnOrder("Choose what the court did.", field="came")
    _must_have_been(order, on, at)
    if order.ended_on is not None:
        raise Meanwhile(f"It ended on {day(order.ended_on)}: {order.ended_why}")
    lapsed = order.lapses_at
    if came == "adjourned" and lapsed and on > lapsed.astimezone(LONDON).date():
        raise NotAnOrder(f"It had lapsed on {day(lapsed)}: nothing is adjourned.", field="on")
    keeping.note(
        order,
        What.HEARD,
        by=by,
        at=at,
        on=on,
        why=stated,
        changes=[("The court", "", HEARD[came])],
    )
    if came != "adjourned":
        order.ended_on, order.ended_why = on, HEARD[came]
    order.lapses_from = order.lapses_at = None
    order.save(update_fields=["ended_on", "ended_why", "lapses_from", "lapses_at"])
    _follow(order, stated, by=by, at=at, proof="court")
    _tell(Action.ORDER_CHANGED, order, What.HEARD, stated, by=by, at=at)


@transaction.atomic
def end(*, order_id: UUID, on: date, why: str, by: StaffMember, at: datetime) -> None:
    """Record that an order was discharged, or ended otherwise, and why.

    Raises ReasonTooThin, Refused, OrderNotFound, NotAnOrder, or Meanwhile.
    """
    stated = meaningful(why)
    order = keeping.locked(order_id, by)
    _must_have_been(order, on, at)
    if order.ended_on is not None:
        raise Meanwhile(f"It was ended already, on {day(order.ended_on)}: {order.ended_why}")
    order.ended_on, order.ended_why = on, stated[:200]
    order.save(update_fields=["ended_on", "ended_why"])
    keeping.note(order, What.ENDED, by=by, at=at, on=on, why=stated)
    _follow(order, stated, by=by, at=at, proof="court")
    _tell(Action.ORDER_ENDED, order, What.ENDED, stated, by=by, at=at)


@transaction.atomic
def take_end_back(*, order_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """Say that an order was not ended; its deadlines run again.

    Raises ReasonTooThin, Refused, OrderNotFound, or Meanwhile where it is not ended.
    """
    stated = meaningful(why)
    order = keeping.locked(order_id, by)
    if order.ended_on is None:
        raise Meanwhile("It is not ended any more: somebody took that back.")
    change = ("Ended", day(order.ended_on), "")
    order.ended_on, order.ended_why = None, ""
    keeping.note(order, What.HOLDS_AGAIN, by=by, at=at, why=stated, changes=[change])
    keeping.set_lapse(order)
    order.save(update_fields=["ended_on", "ended_why", "lapses_from", "lapses_at"])
    clocks.follow(order, Follows(by, at, stated), again=True)
    _tell(Action.ORDER_CHANGED, order, What.HOLDS_AGAIN, stated, by=by, at=at)


def heard(order: Order) -> bool:
    """Tell whether a court has heard what a notice asks for."""
    return keeping.was_heard(order)


def _must_have_been(order: Order, on: date, at: datetime) -> None:
    if on > at.astimezone(LONDON).date():
        raise NotAnOrder("That is still to come: record it when it has happened.", field="on")
    if order.made_on is not None and on < order.made_on:
        raise NotAnOrder("That is before it was made.", field="on")


def _follow(order: Order, why: str, *, by: StaffMember, at: datetime, proof: str = "none") -> None:
    clocks.follow(order, Follows(by, at, why, proof=proof))


def _tell(
    action: Action, order: Order, what: What, reason: str, *, by: StaffMember, at: datetime
) -> None:
    keeping.tell(action, order, by=by, at=at, reason=reason, detail={"what": str(what)})


def _words(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if value is None:
        return ""
    return {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)
