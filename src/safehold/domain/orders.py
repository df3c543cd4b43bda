"""Orders that protect somebody, from `rules/orders.toml`: what each is, and what a breach is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from safehold import rules

RULES: Final = rules.load("orders")
POLICE: Final = "police"
CRIME: Final = "crime"


@dataclass(frozen=True, slots=True)
class Order:
    """One sort of order or notice. `days` is the most that it lasts as a rule, 0 for no rule."""

    key: str
    label: str
    made_by: str
    breach: str
    says: str
    days: int
    least_days: int
    arrest_may_attach: bool

    @property
    def breach_is_a_crime(self) -> bool:
        """Tell whether breaking it is a crime; if not, it is for the court alone."""
        return self.breach == CRIME


def _order(row: Mapping[str, Any]) -> Order:
    return Order(**row)


def _labels(name: str) -> Mapping[str, str]:
    return {row["key"]: row["label"] for row in RULES.tables[name]}


ORDERS: Final[Mapping[str, Order]] = {row["key"]: _order(row) for row in RULES.tables["orders"]}
CONDITIONS: Final = _labels("conditions")
METHODS: Final = _labels("methods")
