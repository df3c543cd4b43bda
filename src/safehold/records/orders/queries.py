"""Questions about orders: seen by whoever may know of everybody in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from safehold.domain import order_states, order_zones, orders
from safehold.domain.access import Permission
from safehold.domain.order_states import Served, State, Terms
from safehold.records import row_security
from safehold.records.audit import queries as looks
from safehold.records.audit.actors import About
from safehold.records.cases import queries as cases
from safehold.records.cases.models import Case, CaseParty
from safehold.records.deadlines import queries as deadlines
from safehold.records.deadlines.models import About as DeadlineAbout
from safehold.records.deadlines.models import Deadline
from safehold.records.incidents import queries as incidents
from safehold.records.orders.models import (
    Breach,
    Condition,
    Exemption,
    Notified,
    Order,
    OrderAct,
    OrderCase,
    OrderProtects,
    Service,
)
from safehold.records.orders.models_of_history import Becomes, Came, Sort, Timed, What
from safehold.records.people import finding
from safehold.records.people.models import AddressReader, Home, Person
from safehold.records.staff.models import StaffMember

__all__ = ["Becomes", "Came", "Sort", "Timed", "What"]
KIND = "order"


class OrderNotFound(LookupError):
    """There is no such order, or none that the member may know of."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An order with what it is, whom it binds and whom it protects, by name.

    `services` are those that hold, also the attempts. `secret` gives away where somebody lives whom
    it protects (`domain/order_zones`).
    """

    order: Order
    sort: orders.Order
    respondent: tuple[UUID, str]
    protects: tuple[tuple[UUID, str], ...]
    conditions: tuple[Condition, ...]
    services: tuple[Service, ...]
    secret: frozenset[str]

    @property
    def terms(self) -> Terms:
        """Return from when to when it holds."""
        return terms_of(self.order)

    @property
    def served(self) -> list[Served]:
        """Return when it was served, as far as that holds."""
        return served_of(self.services)

    @property
    def knew(self) -> bool:
        """Tell whether it is shown that he knew of it before it was over."""
        return order_states.knew(self.terms, self.served)

    def state(self, at: datetime) -> State:
        """Return what it is at a moment."""
        return order_states.state(self.terms, at=at)


@dataclass(frozen=True, slots=True)
class Whole:
    """All that is told of one order."""

    standing: Standing
    ended_conditions: Sequence[Condition]
    services: Sequence[Service]
    acts: Sequence[OrderAct]
    notified: Sequence[Notified]
    exemptions: Sequence[Exemption]
    breaches: Sequence[Breach]
    cases: Sequence[Case]
    deadlines: Sequence[Deadline]


def seen_by(member: StaffMember) -> QuerySet[Order]:
    """Return the orders that a member may know of: of none that names somebody hidden from them."""
    protected = OrderProtects.objects.filter(order=OuterRef("pk"))
    hidden = protected.exclude(finding.known_to(member, "person_id"))
    return Order.objects.filter(~Exists(hidden), finding.known_to(member, "respondent_id"))


def get(order_id: UUID, *, by: StaffMember) -> Order:
    """Return one order. Raises Refused, or OrderNotFound."""
    by.must(Permission.SEE_ORDERS)
    found = seen_by(by).select_related("respondent", "recorded_by").filter(pk=order_id).first()
    if found is None:
        raise OrderNotFound("There is no such order.")
    return found


def knows_of(order_id: UUID, *, by: StaffMember) -> bool:
    """Tell whether a member may know of an order, and may see orders at all."""
    return by.may(Permission.SEE_ORDERS) and seen_by(by).filter(pk=order_id).exists()


def of_person(identity: UUID, *, by: StaffMember) -> list[Standing]:
    """Return the orders that bind or protect a person, the newest first."""
    return _of_people([identity], by)


def of_case(case: Case, *, by: StaffMember) -> list[Standing]:
    """Return the orders that bind or protect somebody whom a case is about, the newest first."""
    about = CaseParty.objects.filter(case=case).values_list("person__identity", flat=True)
    return _of_people(set(about), by, also=OrderCase.objects.filter(case=case).values("order_id"))


def whole(order_id: UUID, *, by: StaffMember) -> Whole:
    """Return all that is told of an order that was looked at. Raises Refused, or OrderNotFound."""
    row = get(order_id, by=by)
    known = incidents.seen_by(by).filter(breach__order=row).values("pk")
    linked = cases.seen_by(by).filter(orders__order=row).order_by("opened_at", "pk")
    newest = ("-recorded_at", "pk")
    broken = Breach.objects.filter(order=row, incident__in=known)
    due = _deadlines(row, broken, by)
    return Whole(
        standing=standing_of([row], by=by)[0],
        ended_conditions=list(
            row.conditions.exclude(ended_at=None).select_related("ended_by").order_by("ended_at")
        ),
        services=list(row.services.select_related("recorded_by", "ended_by").order_by(*newest)),
        acts=list(row.acts.select_related("by").order_by("-pk")),
        notified=list(row.notified.select_related("recorded_by").order_by(*newest)),
        exemptions=list(row.exemptions.select_related("recorded_by", "ended_by").order_by(*newest)),
        breaches=list(
            broken.select_related("incident", "recorded_by", "decided_by").order_by(*newest)
        ),
        cases=list(linked),
        deadlines=due,
    )


def standing_of(rows: Sequence[Order], *, by: StaffMember) -> list[Standing]:
    """Return orders that were given out with whoever is in them, in a few questions for all."""
    if not rows:
        return []
    keys = [row.pk for row in rows]
    protects = _by_order(
        OrderProtects.objects.filter(order__in=keys).select_related("person").order_by("pk")
    )
    conditions = _by_order(
        Condition.objects.filter(order__in=keys, ended_at=None)
        .select_related("recorded_by")
        .order_by("sort", "recorded_at", "pk")
    )
    services = _by_order(
        Service.objects.filter(order__in=keys, ended_at=None)
        .select_related("recorded_by")
        .order_by("recorded_at", "pk")
    )
    protected = {each.person.identity for found in protects.values() for each in found}
    people = protected | {row.respondent.identity for row in rows}
    names, secret = finding.names_of(people), _secrets(protected)

    def named(key: UUID) -> tuple[UUID, str]:
        return key, names.get(key, [""])[0]

    return [
        Standing(
            order=row,
            sort=orders.ORDERS[row.kind],
            respondent=named(row.respondent.identity),
            protects=tuple(named(each.person.identity) for each in protects.get(row.pk, ())),
            conditions=tuple(conditions.get(row.pk, ())),
            services=tuple(services.get(row.pk, ())),
            secret=frozenset().union(
                *(secret.get(each.person.identity, ()) for each in protects.get(row.pk, ()))
            ),
        )
        for row in rows
    ]


def secret_from(standing: Standing, *, by: StaffMember) -> frozenset[str]:
    """Return what of the protected addresses of an order a member may not read."""
    named = AddressReader.objects.filter(member=by).values("address_id")
    identities = [key for key, _ in standing.protects]
    homes = Home.objects.filter(person__identity__in=identities, address__protected=True)
    found = homes.exclude(address__in=named).values_list("address__line", "address__postcode")
    with row_security.as_system():  # what the store hides could not be masked
        return frozenset().union(*(order_zones.needles(*each) for each in found))


def terms_of(order: Order) -> Terms:
    """Return from when to when an order holds."""
    lapses = None
    if order.lapses_from is not None and order.lapses_at is not None:
        lapses = (order.lapses_from, order.lapses_at)
    return Terms(order.begins, order.expires, order.ended_on, lapses)


def served_of(services: Iterable[Service]) -> list[Served]:
    """Return when an order was served, of what was recorded of that and holds."""
    return [
        Served(each.at, each.precision == Timed.DAY)
        for each in services
        if each.came == Came.SERVED and each.ended_at is None
    ]


def breaches_among(
    incident_ids: Collection[UUID], *, by: StaffMember
) -> dict[UUID, tuple[UUID, str]]:
    """Return which incidents may be a breach, each with the key and the sort of the order.

    Of an order that the member may not know of there is none.
    """
    if not by.may(Permission.SEE_ORDERS):
        return {}
    rows = Breach.objects.filter(incident__in=list(incident_ids), order__in=seen_by(by))
    found = rows.values_list("incident_id", "order_id", "order__kind")
    return {key: (order, orders.ORDERS[kind].label) for key, order, kind in found}


def breach_of(incident_id: UUID, *, by: StaffMember) -> tuple[Breach, Standing] | None:
    """Return the breach that an incident may be, with the order; None where they know none."""
    if not by.may(Permission.SEE_ORDERS):
        return None
    rows = Breach.objects.filter(incident=incident_id, order__in=seen_by(by))
    found = rows.select_related("order__respondent", "decided_by").first()
    return (found, standing_of([found.order], by=by)[0]) if found is not None else None


def opened_for(order: Order, *, by: StaffMember, since: datetime) -> str:
    """Return why a member opened an order, somebody in it or a case of it, since a moment.

    Whoever goes on from what they opened says why once. Empty where they opened nothing of it.
    """
    inside = Q(orders_against=order) | Q(orders_for__order=order)
    identities = Person.objects.filter(inside).values("identity")
    opened: dict[str, Iterable[UUID]] = {
        KIND: [order.pk],
        "person": Person.objects.filter(identity__in=identities).values_list("pk", flat=True),
        "case": OrderCase.objects.filter(order=order).values_list("case_id", flat=True),
    }
    for kind, keys in opened.items():
        subjects = [About(kind, str(key)) for key in keys]
        if subjects and (found := looks.last_look_at_any(subjects, by=by, since=since)):
            return found[1]
    return ""


def about(order_id: UUID) -> About:
    """Name an order as the audit does: by a key that says nothing."""
    return About(KIND, str(order_id))


def about_colleagues() -> list[str]:
    """Return the keys of orders that name somebody sealed to a role, as the audit has them."""
    sealed = Q(respondent__in=Person.objects.exclude(sealed_to=""))
    sealed |= Q(protects__person__in=Person.objects.exclude(sealed_to=""))
    return [str(key) for key in Order.objects.filter(sealed).values_list("pk", flat=True)]


def kept_from(member: StaffMember) -> list[str]:
    """Return the keys of orders that a member may not know of, as the audit has them."""
    hidden = Person.objects.exclude(pk__in=finding.visible_to(member).values("pk"))
    found = Q(respondent__in=hidden) | Q(protects__person__in=hidden)
    return [str(key) for key in Order.objects.filter(found).values_list("pk", flat=True)]


def _of_people(
    identities: Collection[UUID], by: StaffMember, *, also: Any = None
) -> list[Standing]:
    people = list(identities)
    protecting = OrderProtects.objects.filter(person__identity__in=people).values("order_id")
    wanted = Q(respondent__identity__in=people) | Q(pk__in=protecting)
    if also is not None:
        wanted |= Q(pk__in=also)
    found = seen_by(by).filter(wanted).select_related("respondent", "recorded_by")
    return standing_of(list(found.order_by("-made_on", "-recorded_at", "pk")), by=by)


def _deadlines(row: Order, broken: QuerySet[Breach], by: StaffMember) -> list[Deadline]:
    if not by.may(Permission.SEE_DEADLINES):
        return []
    of_order = Q(about=DeadlineAbout.ORDER, about_id=row.pk)
    of_breach = Q(about=DeadlineAbout.INCIDENT, about_id__in=broken.values("incident_id"))
    own = of_order | of_breach & Q(rule__key=orders.ORDERS[row.kind].court or "none")
    found = deadlines.running(by).filter(own).select_related("case", "rule")
    return list(found.order_by("due_at", "pk"))


def _secrets(identities: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Return what gives an address away where people live, or that is protected, by person."""
    today = localdate()
    lives = Q(ended_at=None) & (Q(until=None) | Q(until__gte=today))
    homes = Home.objects.filter(
        lives | Q(address__protected=True), person__identity__in=list(identities)
    )
    found: dict[UUID, frozenset[str]] = {}
    columns = ("person__identity", "address__line", "address__postcode")
    with row_security.as_system():  # what the store hides could not be masked
        rows = list(homes.values_list(*columns))
    for identity, line, postcode in rows:
        more = order_zones.needles(line, postcode)
        found[identity] = found.get(identity, frozenset()) | more
    return found


def _by_order(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row)
    return found
