"""Importing orders: whom each binds and protects, what it says, and whether he knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from safehold.domain import order_states, orders
from safehold.domain.extract_rows import Row, When
from safehold.domain.order_states import Served
from safehold.records.imports.columns import CORRECTED, Group, bring_up, kept
from safehold.records.imports.models import Imported
from safehold.records.imports.report import Weight
from safehold.records.imports.working import SAYS_OTHERWISE, SOURCE, Kept, Work
from safehold.records.orders.models import (
    Condition,
    Order,
    OrderAct,
    OrderProtects,
    Precision,
    Service,
)
from safehold.records.orders.models_of_history import Came, What

_GROUPS = (
    Group(("kind",), ("kind",)),
    Group(("reference",), ("reference",)),
    Group(("respondent_id",), ("respondent",)),
    Group(("made_on",), ("made_on",)),
    Group(("begins", "expires"), ("begins", "expires")),
    Group(("authority",), ("authority",)),
    Group(("power_of_arrest",), ("power_of_arrest",)),
    Group(("served_at", "served_precision", "served_how"), ("served", "served_how")),
    Group(("served_by", "proof"), ("served_by", "proof")),
    Group(("ended_on", "ended_why"), ("ended", "ended_why")),
)


@dataclass
class Orders:
    """Rows that are orders."""

    _stored: dict[Any, Order] = field(default_factory=dict)

    def load(self, rows: Sequence[Row], work: Work) -> None:
        """Read the orders that may change."""
        self._stored = Order.objects.in_bulk([each.target for each in work.known.values()])

    def new(self, row: Row, work: Work) -> Kept | None:
        """Record an order."""
        values = _values(row, work)
        order = Order(**values, source=SOURCE, batch=work.batch.pk, **work.written)
        order.lapses_from, order.lapses_at = _lapse(order)
        work.insert(order)
        protected, lacks = work.refer(row, "protected")
        for _, person in protected:
            work.insert(OrderProtects(order=order, person_id=person))
        conditions = [self._condition(order, each, work) for each in _conditions(row)]
        made = {
            "columns": kept(values, _GROUPS),
            "protected": sorted(str(person) for _, person in protected),
            "conditions": conditions,
            "service": self._service(order, work),
        }
        return Kept(order.pk, made, lacks)

    def change(self, row: Row, imported: Imported, work: Work) -> Kept | None:
        """Bring an order up to what the source says."""
        order, before = self._stored[imported.target], imported.made
        was = _served(order)
        columns, changed = bring_up(
            order, _values(row, work), row, imported, work=work, groups=_GROUPS
        )
        protected, lacks = work.refer(row, "protected")
        says, had = {str(person) for _, person in protected}, set(before["protected"])
        for person in sorted(says - had):
            OrderProtects.objects.get_or_create(order=order, person_id=person)
            changed = True
        if had - says and not (lacks or work.doubtful(row, "protected")):
            # Whom an order protected is never lost by an import: an officer decides.
            text = "protects one fewer than before; here it stays"
            work.tell(row, Weight.CONFLICT, "protected", text)
        conditions, replaced = self._conditions(order, row, before["conditions"], work)
        made = {
            "columns": columns,
            "protected": sorted(says | had),
            "conditions": conditions,
            "service": before.get("service", ""),
        }
        if _served(order) != was:
            made["service"] = self._served_otherwise(order, before.get("service", ""), work)
        return Kept(order.pk, made, lacks, changed=changed or replaced)

    def _served_otherwise(self, order: Order, before: str, work: Work) -> str:
        """Bring up how it was served: what the source said before is ended, and stays."""
        if before:
            rows = Service.objects.filter(pk=before, ended_at=None)
            rows.update(ended_at=work.at, ended_by=work.by, ended_why=SAYS_OTHERWISE)
        if not OrderAct.objects.filter(order=order, what=What.HEARD).exists():
            order.lapses_from, order.lapses_at = _lapse(order)
            order.save(update_fields=["lapses_from", "lapses_at"])
        return self._service(order, work)

    def _service(self, order: Order, work: Work) -> str:
        """Write down how an order was served, as the source says it; tell its key."""
        if not _served(order):
            return ""
        made = Service(
            order=order,
            came=Came.SERVED,
            at=order.served_at,
            precision=order.served_precision,
            how=order.served_how,
            by_whom=order.served_by,
            proof=order.proof,
            batch=work.batch.pk,
            **work.written,
        )
        work.insert(made)
        return str(made.pk)

    def _conditions(
        self, order: Order, row: Row, before: list[str], work: Work
    ) -> tuple[list[str], bool]:
        if work.doubtful(row, "condition"):
            return before, False
        wanted, stays, ended = _conditions(row), dict[tuple[str, str], str](), 0
        for each in Condition.objects.filter(pk__in=before).order_by("pk"):
            if (each.sort, each.words) in wanted:
                stays[each.sort, each.words] = str(each.pk)
                continue
            rows = Condition.objects.filter(pk=each.pk, ended_at=None)
            over = rows.update(ended_at=work.at, ended_by=work.by, ended_why=SAYS_OTHERWISE)
            if not over:
                work.tell(row, Weight.CONFLICT, "condition", CORRECTED)
            ended += over
        fresh = [self._condition(order, each, work) for each in wanted if each not in stays]
        return [*stays.values(), *fresh], bool(ended or fresh)

    def _condition(self, order: Order, each: tuple[str, str], work: Work) -> str:
        sort, words = each
        made = Condition(order=order, sort=sort, words=words, batch=work.batch.pk, **work.written)
        work.insert(made)
        return str(made.pk)


def _served(order: Order) -> tuple[Any, ...]:
    """Return what a source says of how an order was served; empty where it says nothing."""
    if order.served_at is None and not order.served_how:
        return ()
    when = (order.served_at, order.served_precision)
    return (*when, order.served_how, order.served_by, order.proof)


def _lapse(order: Order) -> tuple[Any, Any]:
    if order.served_at is None:
        return None, None
    served = Served(order.served_at, order.served_precision == Precision.DAY)
    return order_states.lapse(orders.ORDERS[order.kind], [served]) or (None, None)


def _conditions(row: Row) -> list[tuple[str, str]]:
    return list(dict.fromkeys(row.each("condition")))


def _values(row: Row, work: Work) -> dict[str, Any]:
    (_, respondent), *_ = work.refer(row, "respondent")[0]
    begins, expires = row.one("begins"), row.one("expires")
    if begins and expires and expires < begins:
        work.tell(row, Weight.FIELD, "expires", "an end that lies before the start")
        expires = None
    served: When | None = row.one("served")
    precision = Precision.NOT_KNOWN
    if served is not None:
        precision = Precision.DAY if served.whole_day else Precision.MOMENT
    return {
        "kind": row.one("kind"),
        "reference": row.one("reference", ""),
        "respondent_id": respondent,
        "made_on": row.one("made_on"),
        "begins": begins,
        "expires": expires,
        "authority": row.one("authority", ""),
        "power_of_arrest": row.one("power_of_arrest"),
        "served_at": served.at if served else None,
        "served_precision": precision.value,
        "served_how": row.one("served_how", ""),
        "served_by": row.one("served_by", ""),
        "proof": row.one("proof", ""),
        "ended_on": row.one("ended"),
        "ended_why": row.one("ended_why", ""),
    }
