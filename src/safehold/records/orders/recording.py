"""Recording an order, taking one into a case, and saying whom it protects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from safehold.domain import orders
from safehold.domain.access import Permission
from safehold.domain.deadlines import LONDON
from safehold.records.audit.actions import Action
from safehold.records.cases.models import Case
from safehold.records.cases.operations import Closed as Closed
from safehold.records.cases.operations import NotForThem as NotForThem
from safehold.records.orders import clocks, keeping, queries
from safehold.records.orders.clocks import Follows
from safehold.records.orders.keeping import NotAnOrder
from safehold.records.orders.models import (
    Breach,
    Condition,
    Order,
    OrderCase,
    OrderProtects,
)
from safehold.records.orders.models_of_history import What
from safehold.records.people import operations as people
from safehold.records.people.models import Person
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

EARLIEST = 1990
_SOURCE = "seen"
_RECORDED = "An order was recorded"


@dataclass(frozen=True, slots=True)
class Said:
    """A condition as it is written, and what a card says of the place, if it is one."""

    sort: str
    words: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of an order. `key` is the form's own, so that one sent twice is one order."""

    kind: str
    respondent: UUID
    protects: tuple[UUID, ...] = ()
    made_on: date | None = None
    begins: date | None = None
    expires: date | None = None
    authority: str = ""
    power_of_arrest: bool | None = None
    reference: str = ""
    conditions: tuple[Said, ...] = ()
    case_id: UUID | None = None
    key: UUID | None = None


@transaction.atomic
def record_order(*, draft: Draft, by: StaffMember, at: datetime) -> Order:
    """Record an order, and start its deadlines in the case that is named.

    One whose length is not what the rule allows is recorded: its page says so. Raises Refused,
    NotAnOrder, PersonNotFound, CaseNotFound, Closed, or NotForThem.
    """
    by.must(Permission.KEEP_ORDERS)
    case = keeping.locked_case(draft.case_id, by) if draft.case_id else None
    known = queries.seen_by(by).filter(pk=draft.key).first() if draft.key else None
    if known is not None:
        return known
    respondent, protects = _people(draft, by)
    must_be_days(draft.made_on, draft.begins, draft.expires, at=at)
    if draft.kind not in {each.key for each in orders.offered(settings.FORCE.orders_live_here)}:
        raise NotAnOrder("Choose an order that is used here.", field="kind")
    made = Order.objects.create(
        pk=draft.key or uuid4(),
        kind=draft.kind,
        reference=draft.reference.strip(),
        respondent=respondent,
        made_on=draft.made_on,
        begins=draft.begins,
        expires=draft.expires,
        authority=draft.authority.strip(),
        power_of_arrest=draft.power_of_arrest,
        source=_SOURCE,
        recorded_at=at,
        recorded_by=by,
    )
    for person in protects:
        OrderProtects.objects.create(order=made, person=person)
    for said in draft.conditions:
        add_condition_to(made, said, by=by, at=at)
    if case is not None:
        _link(made, case, [respondent, *protects], by=by, at=at)
    keeping.note(made, What.RECORDED, by=by, at=at)
    clocks.follow(made, Follows(by, at, _RECORDED))
    keeping.tell(Action.ORDER_RECORDED, made, by=by, at=at)
    return made


@transaction.atomic
def take_into_case(*, order_id: UUID, case_id: UUID, by: StaffMember, at: datetime) -> bool:
    """Let the deadlines of an order run in a case; tell whether they did not there already.

    Raises Refused, OrderNotFound, CaseNotFound, Closed, or NotForThem.
    """
    by.must(Permission.KEEP_ORDERS)
    case = keeping.locked_case(case_id, by)
    order = keeping.locked(order_id, by)
    if OrderCase.objects.filter(order=order, case=case).exists():
        return False
    inside = Person.objects.filter(orders_for__order=order)
    _link(order, case, [order.respondent, *inside], by=by, at=at)
    act = Follows(by, at, "The order was taken into a case")
    clocks.follow(order, act)
    for key in Breach.objects.filter(order=order, decided="").values_list("incident_id", flat=True):
        clocks.breach_opened(order, key, act)
    detail = {"case": str(case.pk)}
    keeping.tell(Action.ORDER_CHANGED, order, by=by, at=at, detail=detail)
    return True


@transaction.atomic
def protect(*, order_id: UUID, identity: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """Say that an order protects somebody as well.

    Raises ReasonTooThin, Refused, OrderNotFound, PersonNotFound, or NotAnOrder.
    """
    stated = meaningful(why)
    order = keeping.locked(order_id, by)
    person = people.standing(identity, by=by)
    if order.respondent.identity == person.identity:
        raise NotAnOrder("Nobody is protected from themselves.", field="reference")
    if order.protects.filter(person__identity=person.identity).exists():
        raise NotAnOrder("It protects them already.", field="reference")
    OrderProtects.objects.create(order=order, person=person)
    change = ("Protects", "", person.reference)
    keeping.note(order, What.AMENDED, by=by, at=at, why=stated, changes=[change])
    keeping.tell(Action.ORDER_CHANGED, order, by=by, at=at, reason=stated)


@transaction.atomic
def protect_no_more(
    *, order_id: UUID, identity: UUID, why: str, by: StaffMember, at: datetime
) -> None:
    """Say that an order does not protect somebody; the history keeps that it was said.

    Raises ReasonTooThin, Refused, OrderNotFound, or NotAnOrder where it is not said of them.
    """
    stated = meaningful(why)
    order = keeping.locked(order_id, by)
    rows = order.protects.filter(person__identity=identity).select_related("person")
    references = [row.person.reference for row in rows]
    if not references:
        raise NotAnOrder("It is not said to protect them any more.", field="person")
    rows.delete()
    change = ("Protects", "; ".join(references), "")
    keeping.note(order, What.AMENDED, by=by, at=at, why=stated, changes=[change])
    keeping.tell(Action.ORDER_CHANGED, order, by=by, at=at, reason=stated)


def add_condition_to(order: Order, said: Said, *, by: StaffMember, at: datetime) -> Condition:
    """Add a condition, inside the caller's act. Raises NotAnOrder."""
    words, zone = said.words.strip(), said.zone.strip()
    if said.sort not in orders.CONDITIONS:
        raise NotAnOrder("Choose what sort of condition it is.", field="sort")
    if not words:
        raise NotAnOrder("Write the condition.", field="words")
    if zone and said.sort not in orders.PLACES:
        raise NotAnOrder("Only a place has words for the card.", field="zone")
    return Condition.objects.create(
        order=order, sort=said.sort, words=words, zone=zone, recorded_at=at, recorded_by=by
    )


def must_be_days(
    made_on: date | None, begins: date | None, expires: date | None, *, at: datetime
) -> None:
    """Raise NotAnOrder where the days of an order cannot be."""
    today = at.astimezone(LONDON).date()
    for field, day in (("made_on", made_on), ("begins", begins), ("expires", expires)):
        if day is not None and day.year < EARLIEST:
            raise NotAnOrder("That is too long ago.", field=field)
    if made_on is not None and made_on > today:
        raise NotAnOrder("It cannot be made on a day that is still to come.", field="made_on")
    if begins is not None and expires is not None and expires < begins:
        raise NotAnOrder("It cannot end before it begins.", field="expires")
    if made_on is not None and expires is not None and expires < made_on:
        raise NotAnOrder("It cannot end before it was made.", field="expires")


def _people(draft: Draft, by: StaffMember) -> tuple[Person, list[Person]]:
    respondent = people.standing(draft.respondent, by=by)
    protects = {}
    for key in draft.protects:
        person = people.standing(key, by=by)
        protects[person.identity] = person
    if respondent.identity in protects:
        raise NotAnOrder("Whom it binds is not whom it protects.", field="protects")
    return respondent, list(protects.values())


def _link(
    order: Order, case: Case, inside: Iterable[Person], *, by: StaffMember, at: datetime
) -> None:
    if not case.sealed_to and any(person.sealed_to for person in inside):
        raise NotForThem("This order cannot be taken into this case.")
    OrderCase.objects.create(order=order, case=case, added_at=at, added_by=by)
