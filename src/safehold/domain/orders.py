"""Orders that protect somebody, from `rules/orders.toml`: what each is, and what a breach is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from safehold import rules
from safehold.domain.force import NOT_EVERYWHERE

RULES: Final = rules.load("orders")
CRIME: Final = "crime"
PLACES: Final = ("place", "home")  # conditions about somewhere, which may have words for the card
_WARNING: Final[int] = RULES.tables["warning"]["days"]
LONGEST_WORDS: Final[int] = RULES.tables["limits"]["words"]
LONGEST_ZONE: Final[int] = RULES.tables["limits"]["zone"]
LONGEST_VALUE: Final[int] = RULES.tables["limits"]["value"]


@dataclass(frozen=True, slots=True)
class Order:
    """One sort of order or notice. `days` is the most that it lasts as a rule, 0 for no rule.

    The clocks that it starts are keys of `rules/deadlines.toml`, empty for none.
    """

    key: str
    label: str
    made_by: str
    breach: str
    says: str
    card: str
    days: int
    least_days: int
    arrest_may_attach: bool
    hearing: str = ""
    notify: str = ""
    notify_from: str = ""
    change: str = ""
    ends: str = ""
    court: str = ""
    needs_knowledge: bool = False
    warn_days: int = _WARNING
    incident: str = "not_classified"
    acquainted: str = "not_asked"

    @property
    def breach_is_a_crime(self) -> bool:
        """Tell whether breaking it is a crime; if not, it is for the court alone."""
        return self.breach == CRIME

    @property
    def is_a_notice(self) -> bool:
        """Tell whether it holds only until a court has heard what it asks for."""
        return bool(self.hearing)

    def odd_length(self, days: int) -> str:
        """Say that so many days are not what the rule allows; empty where they are."""
        if self.days and days > self.days:
            return f"{days} days are more than the {self.days} that it lasts at most."
        if self.least_days and days < self.least_days:
            return f"{days} days are fewer than the {self.least_days} that it lasts at least."
        return ""


def offered(live_here: Collection[str]) -> list[Order]:
    """Return the sorts that may be recorded at a force, in the order of the file."""
    return [sort for key, sort in ORDERS.items() if key not in NOT_EVERYWHERE or key in live_here]


def _order(row: Mapping[str, Any]) -> Order:
    return Order(**row)


def _labels(name: str) -> Mapping[str, str]:
    return {row["key"]: row["label"] for row in RULES.tables[name]}


ORDERS: Final[Mapping[str, Order]] = {row["key"]: _order(row) for row in RULES.tables["orders"]}
CONDITIONS: Final = _labels("conditions")
METHODS: Final = _labels("methods")
EXEMPTIONS: Final = _labels("exemptions")
