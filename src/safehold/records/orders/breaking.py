"""A breach: an incident with everybody in it by one press, and what becomes of it by a person.

Nothing here calls it a crime, and nothing calls it none: that is decided of the incident, by the
clock of every incident. What an officer decides of a breach that is for the court is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from safehold.domain import births, orders
from safehold.domain.access import Permission
from safehold.domain.deadlines import LONDON
from safehold.records import row_security
from safehold.records.audit.actions import Action
from safehold.records.cases import operations as cases
from safehold.records.cases.models import Case, CaseIncident, CaseParty
from safehold.records.incidents import operations as incidents
from safehold.records.incidents import queries as incident_queries
from safehold.records.incidents import recording, ties
from safehold.records.incidents.models import (
    Acquainted,
    Classification,
    Incident,
    Part,
    Setting,
    TimePrecision,
)
from safehold.records.orders import clocks, keeping, queries
from safehold.records.orders.clocks import Follows
from safehold.records.orders.keeping import Meanwhile, NotAnOrder
from safehold.records.orders.models import Breach, Order
from safehold.records.orders.models_of_history import Becomes
from safehold.records.people.models import BirthDate, Person, PersonFlag
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

_ADULT = 18


@dataclass(frozen=True, slots=True)
class Happened:
    """What is known of a breach at once: nothing has to be. `key` is the form's own."""

    key: UUID | None = None
    starts_at: datetime | None = None
    words: str = ""


class BreachNotFound(LookupError):
    """There is no such breach, or none that the member may know of."""


@transaction.atomic
def open_breach(*, order_id: UUID, said: Happened, by: StaffMember, at: datetime) -> Breach:
    """Open an incident on a breach, with everybody in it; the same press twice opens one.

    Raises Refused, OrderNotFound, or NotAnOrder.
    """
    by.must(Permission.RECORD_INCIDENTS)
    by.must(Permission.RECORD_PEOPLE)
    order = keeping.locked(order_id, by)
    known = Breach.objects.filter(pk=said.key, order=order).first() if said.key else None
    if known is not None:
        return known
    protected = _protected(order)
    incident = _incident(order, [order.respondent, *protected], said, by=by, at=at)
    _tie(incident, Part.SUSPECT, order.respondent, "suspect", by=by, at=at)
    for person in protected:
        part = Part.CHILD if _may_be_a_child(person, at) else Part.VICTIM
        _tie(incident, part, person, "victim", by=by, at=at)
    made = Breach.objects.create(
        pk=said.key or uuid4(), order=order, incident=incident, recorded_at=at, recorded_by=by
    )
    _into_its_cases(order, incident, by=by, at=at)
    clocks.breach_opened(order, incident.pk, Follows(by, at, "An incident was opened"))
    detail = {"incident": str(incident.pk)}
    keeping.tell(Action.ORDER_BREACHED, order, by=by, at=at, detail=detail)
    return made


def order_of(breach_id: UUID, *, by: StaffMember) -> UUID:
    """Return the order of a breach. Raises BreachNotFound."""
    seen = incident_queries.seen_by(by).values("pk")
    rows = Breach.objects.filter(pk=breach_id, order__in=queries.seen_by(by), incident__in=seen)
    found = rows.values_list("order_id", flat=True).first()
    if found is None:
        raise BreachNotFound("There is no such breach.")
    return found


@transaction.atomic
def decide_breach(
    *, breach_id: UUID, becomes: str, why: str, by: StaffMember, at: datetime
) -> Breach:
    """Record what becomes of a breach that is for the court.

    Raises ReasonTooThin, Refused, BreachNotFound, NotAnOrder, or Meanwhile where it was decided.
    """
    stated = meaningful(why)
    by.must(Permission.KEEP_ORDERS)
    order = keeping.locked(order_of(breach_id, by=by), by)
    row = Breach.objects.select_related("decided_by").get(pk=breach_id)
    if orders.ORDERS[order.kind].breach_is_a_crime:
        raise NotAnOrder("Whether this is a crime is decided of the incident.")
    if becomes not in {Becomes.COURT, Becomes.NOT_TAKEN, Becomes.NO_BREACH}:
        raise NotAnOrder("Choose what becomes of it.", field="becomes")
    if row.decided_by is not None:
        said = Becomes(row.decided).label
        raise Meanwhile(f"{row.decided_by.name} decided already. {said}: “{row.decided_why}”.")
    row.decided, row.decided_at = Becomes(becomes), at
    row.decided_by, row.decided_why = by, stated
    row.save(update_fields=["decided", "decided_at", "decided_by", "decided_why"])
    proof = "court" if becomes == Becomes.COURT else "none"
    clocks.breach_decided(order, row.incident_id, Follows(by, at, stated, proof=proof))
    detail = {"incident": str(row.incident_id), "becomes": becomes}
    keeping.tell(Action.ORDER_BREACH_DECIDED, order, by=by, at=at, reason=stated, detail=detail)
    return row


def _incident(
    order: Order, inside: Iterable[Person], said: Happened, *, by: StaffMember, at: datetime
) -> Incident:
    sort = orders.ORDERS[order.kind]
    if said.starts_at is not None and said.starts_at > at:
        raise NotAnOrder("That is still to come.", field="starts_at")
    told = recording.Recorded(
        classification=Classification(sort.incident),
        setting=Setting.NOT_ASKED,
        acquainted=Acquainted(sort.acquainted),
        starts_at=said.starts_at,
        time_precision=TimePrecision.HOURS if said.starts_at else TimePrecision.NOT_SAID,
        note=said.words.strip(),
    )
    made = recording.record_by_officer(said=told, by=by, at=at)
    if any(person.sealed_to for person in inside):
        incidents.pass_whole([made.pk], for_standards=True)
        made.refresh_from_db()
    return made


def _into_its_cases(order: Order, incident: Incident, *, by: StaffMember, at: datetime) -> None:
    """Take an incident into the open cases of an order, also those that are not the member's.

    Somebody who works on each took the order into it; whoever meets him breaking it does not.
    """
    roles = incident.roles.exclude(person=None)
    with row_security.as_system():
        for case in Case.objects.filter(orders__order=order, closed_at=None).order_by("pk"):
            if incident.police_party and not case.sealed_to:
                continue
            given = {"added_at": at, "added_by": by}
            CaseIncident.objects.create(case=case, incident=incident, **given)
            for role in roles.select_related("person"):
                CaseParty.objects.get_or_create(
                    case=case, person=role.person, part=role.part, defaults=given
                )
            cases.tell(case, {"incident": str(incident.pk)}, by=by, at=at)


def _tie(
    incident: Incident, part: Part, person: Person, category: str, *, by: StaffMember, at: datetime
) -> None:
    role = recording.add_part_to(incident, part)
    ties.tie(
        incident_id=incident.pk,
        role_id=role.pk,
        identity=person.identity,
        category=category,
        by=by,
        at=at,
    )


def _protected(order: Order) -> list[Person]:
    rows = Person.objects.filter(orders_for__order=order).order_by("recorded_at", "pk")
    return list({row.identity: row for row in rows}.values())


def _may_be_a_child(person: Person, at: datetime) -> bool:
    of = {"person__identity": person.identity, "ended_at": None}
    if PersonFlag.objects.filter(kind="child", **of).exists():
        return True
    born = BirthDate.objects.filter(**of).values_list("earliest", "latest")
    on = at.astimezone(LONDON).date()
    return any(births.ages(each, on=on)[0] < _ADULT for each in born)
