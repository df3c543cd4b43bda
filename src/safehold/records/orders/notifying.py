"""What he has to tell the police under an order: told, changed, or not asked of him for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from safehold.domain import orders
from safehold.domain.deadlines import LONDON
from safehold.records.audit.actions import Action
from safehold.records.orders import clocks, keeping
from safehold.records.orders.clocks import Follows
from safehold.records.orders.keeping import Meanwhile, NotAnOrder
from safehold.records.orders.models import Exemption, Notified, Order
from safehold.records.orders.models_of_history import Sort
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Telling:
    """What he told and when; of a change also when it was. `no_home` is told as well."""

    sort: str
    told_on: date | None = None
    changed_on: date | None = None
    names: str = ""
    home: str = ""
    no_home: bool = False
    words: str = ""


@transaction.atomic
def record_notified(*, order_id: UUID, told: Telling, by: StaffMember, at: datetime) -> Notified:
    """Record what he told the police, or that he did not tell of a change.

    Raises Refused, OrderNotFound, or NotAnOrder.
    """
    order = _with_a_duty(order_id, by)
    _must_be_told(told, at)
    row = Notified.objects.create(
        order=order,
        sort=Sort(told.sort),
        names=told.names.strip(),
        home=told.home.strip(),
        no_home=told.no_home,
        changed_on=told.changed_on,
        told_on=told.told_on,
        words=told.words.strip(),
        recorded_at=at,
        recorded_by=by,
    )
    if row.sort == Sort.NOT_TOLD:
        clocks.change_not_told(order, told.changed_on, Follows(by, at, "He has changed something"))
    else:
        done = datetime.combine(told.told_on or at.date(), _NOON, tzinfo=LONDON)
        act = Follows(by, at, "He told the police", proof="in_person", done_at=done)
        if row.sort == Sort.FIRST:
            clocks.follow(order, act)
        else:
            clocks.change_told(order, act)
    keeping.tell(Action.ORDER_NOTIFIED, order, by=by, at=at, detail={"sort": row.sort})
    return row


@transaction.atomic
def exempt(*, order_id: UUID, basis: str, why: str, by: StaffMember, at: datetime) -> Exemption:
    """Record that he tells the police by another law already: this order asks nothing for now.

    Raises ReasonTooThin, Refused, OrderNotFound, NotAnOrder, or Meanwhile where that is so.
    """
    stated = meaningful(why)
    order = _with_a_duty(order_id, by)
    if basis not in orders.EXEMPTIONS:
        raise NotAnOrder("Choose which law.", field="basis")
    if order.exemptions.filter(ended_at=None).exists():
        raise Meanwhile("That is recorded already.")
    row = Exemption.objects.create(
        order=order, basis=basis, why=stated, recorded_at=at, recorded_by=by
    )
    clocks.follow(order, Follows(by, at, f"Not asked of him: {orders.EXEMPTIONS[basis]}"))
    detail = {"exempt": basis}
    keeping.tell(Action.ORDER_NOTIFIED, order, by=by, at=at, reason=stated, detail=detail)
    return row


@transaction.atomic
def end_exemption(*, order_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """Record that the other law asks nothing of him any more: this order does again.

    Raises ReasonTooThin, Refused, OrderNotFound, NotAnOrder, or Meanwhile.
    """
    stated = meaningful(why)
    order = _with_a_duty(order_id, by)
    row = order.exemptions.filter(ended_at=None).first()
    if row is None:
        raise Meanwhile("That is ended already.")
    row.ended_at, row.ended_by, row.ended_why = at, by, stated
    row.save(update_fields=["ended_at", "ended_by", "ended_why"])
    clocks.follow(order, Follows(by, at, stated))
    detail = {"exempt": f"{row.basis} ended"}
    keeping.tell(Action.ORDER_NOTIFIED, order, by=by, at=at, reason=stated, detail=detail)


def _with_a_duty(order_id: UUID, by: StaffMember) -> Order:
    order = keeping.locked(order_id, by)
    if not orders.ORDERS[order.kind].notify:
        raise NotAnOrder("An order of this sort asks nothing of that kind.")
    return order


def _must_be_told(told: Telling, at: datetime) -> None:
    today = at.astimezone(LONDON).date()
    if told.sort not in Sort.values:
        raise NotAnOrder("Choose what he did.", field="sort")
    if told.sort == Sort.NOT_TOLD and told.told_on is not None:
        raise NotAnOrder("Leave this empty: he has not told us.", field="told_on")
    if told.sort != Sort.NOT_TOLD:
        _must_say_what(told)
    if told.home.strip() and told.no_home:
        raise NotAnOrder("Write a home, or that he has none: not both.", field="no_home")
    for field, day in (("told_on", told.told_on), ("changed_on", told.changed_on)):
        if day is not None and day > today:
            raise NotAnOrder("That is still to come.", field=field)


def _must_say_what(told: Telling) -> None:
    if told.told_on is None:
        raise NotAnOrder("Write the day on which he told us.", field="told_on")
    if not (told.names.strip() or told.home.strip() or told.no_home):
        raise NotAnOrder("Write what he told: names, a home, or that he has none.", field="names")
