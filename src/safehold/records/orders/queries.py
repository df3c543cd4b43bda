"""Questions about orders: seen by whoever may know of everybody in them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from safehold.domain import orders
from safehold.records.orders.models import Condition, Order, OrderProtects
from safehold.records.people import finding
from safehold.records.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class Standing:
    """An order with what it is, whom it binds and whom it protects, by name."""

    order: Order
    sort: orders.Order
    respondent: tuple[UUID, str]
    protects: tuple[tuple[UUID, str], ...]
    conditions: tuple[Condition, ...]


def seen_by(member: StaffMember) -> QuerySet[Order]:
    """Return the orders that a member may know of: of none that names somebody hidden from them."""
    protected = OrderProtects.objects.filter(order=OuterRef("pk"))
    hidden = protected.exclude(finding.known_to(member, "person_id"))
    return Order.objects.filter(~Exists(hidden), finding.known_to(member, "respondent_id"))


def of_person(identity: UUID, *, by: StaffMember) -> list[Standing]:
    """Return the orders that bind or protect a person, the newest first."""
    protecting = OrderProtects.objects.filter(person__identity=identity).values("order_id")
    found = seen_by(by).filter(Q(respondent__identity=identity) | Q(pk__in=protecting))
    rows = list(
        found.select_related("respondent", "recorded_by")
        .prefetch_related(
            Prefetch("protects", OrderProtects.objects.select_related("person").order_by("pk")),
            Prefetch("conditions", Condition.objects.filter(ended_at=None).order_by("sort", "pk")),
        )
        .order_by("-made_on", "-recorded_at", "pk")
    )
    people = {row.respondent.identity for row in rows}
    people |= {each.person.identity for row in rows for each in row.protects.all()}
    names = finding.names_of(people)

    def named(key: UUID) -> tuple[UUID, str]:
        return key, names.get(key, [""])[0]

    return [
        Standing(
            order=row,
            sort=orders.ORDERS[row.kind],
            respondent=named(row.respondent.identity),
            protects=tuple(named(each.person.identity) for each in row.protects.all()),
            conditions=tuple(row.conditions.all()),
        )
        for row in rows
    ]
