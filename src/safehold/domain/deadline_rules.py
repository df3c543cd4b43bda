"""The clocks of a case, from `rules/deadlines.toml`: what each starts with, and how long it is.

A clock that runs keeps its rule as it was when it started, as plain data; `digest` tells whether
the length of time of a rule is another one now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from safehold import rules
from safehold.domain.deadlines import Arithmetic, Calendar, Length

SUPERVISOR, WATCH = "supervisor", "watch"
NOT_LIVE = "{order} is not live here: this force cannot use it yet, so its clocks do not start."
_ORDERS = {"dvpn": "A DVPN or DVPO", "dapn": "A DAPN", "dapo": "A DAPO"}
# Those that every force has; the others are live where a force's profile says so.
_EVERYWHERE = frozenset({"", "dvpn"})


class NotThatLong(ValueError):
    """The length that was given is not one that the rule allows."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: how long in all, and by whose authority."""

    number: int
    may: tuple[str, ...]

    @property
    def words(self) -> str:
        """Say whose authority it needs: the lowest rank."""
        return ranks()[self.may[0]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One clock. `least` and `ladder` exclude each other."""

    key: str
    version: str
    family: str
    label: str
    starts_with: str
    counts: str
    number: int
    owner: str
    escalates_to: str
    escalates_hours: int
    stops: str
    proof: str
    source: str
    url: str
    confirmed: bool
    enhanced: int | None = None
    least: int | None = None
    length_words: str = ""
    next_day: bool = False
    ladder: tuple[Rung, ...] = ()
    views: bool = False
    order: str = ""

    @property
    def digest(self) -> str:
        """Return what changes when the time that it gives does, and not when its words do."""
        counted = [self.counts, self.number, self.enhanced, self.least, self.next_day]
        said = json.dumps([*counted, [(rung.number, rung.may) for rung in self.ladder]])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def arithmetic(self) -> Arithmetic:
        """Return how it is counted."""
        return Arithmetic(self.counts)

    def plain(self) -> dict[str, Any]:
        """Return it as data that a store keeps."""
        return asdict(self)

    def length(self, *, enhanced: bool, number: int | None = None, rung: int = 0) -> Length:
        """Return how long a clock of it is.

        Raises NotThatLong where its length has to be given and is not between its bounds.
        """
        if self.least is not None:
            if number is None or not self.least <= number <= self.number:
                raise NotThatLong(f"Give a number from {self.least} to {self.number}.")
            return Length(self.arithmetic, number, self.next_day)
        if self.ladder:
            return Length(self.arithmetic, self.ladder[rung].number, self.next_day)
        fast = self.enhanced if enhanced else None
        return Length(self.arithmetic, fast or self.number, self.next_day)

    def next_rung(self, rung: int) -> Rung | None:
        """Return the step after one, None where it is the last or there are none."""
        return self.ladder[rung + 1] if rung + 1 < len(self.ladder) else None


def of_plain(data: Mapping[str, Any]) -> Rule:
    """Read a rule back from the data that a store kept; what it does not know is left out."""
    known = {name: data[name] for name in Rule.__dataclass_fields__ if name in data}
    steps = known.get("ladder", ())
    known["ladder"] = tuple(Rung(step["number"], tuple(step["may"])) for step in steps)
    return Rule(**known)


@cache
def every() -> Mapping[str, Rule]:
    """Return every rule by its key, in the order of the file."""
    loaded = rules.load("deadlines")
    families = loaded.tables["families"]
    unsure = {path.partition(".")[2] for path in loaded.to_be_confirmed if "clocks." in path}
    return {
        key: _rule(key, families[table["family"]] | table, confirmed=key not in unsure)
        for key, table in loaded.tables["clocks"].items()
    }


def families() -> Mapping[str, str]:
    """Return how each family is called, in the order of the file."""
    return {key: str(table["label"]) for key, table in _tables()["families"].items()}


def ranks() -> Mapping[str, str]:
    """Return who may give an authority, the lowest first."""
    return dict(_tables()["ranks"])


def proofs() -> Mapping[str, str]:
    """Return how something may be proved."""
    return dict(_tables()["proofs"])


def calendar() -> Calendar:
    """Return the holidays that are loaded."""
    known = _tables()["holidays"]
    return Calendar(known["first_year"], known["last_year"])


def longest_words() -> int:
    """Return how long what is written about a clock may be."""
    return int(_tables()["limits"]["words"])


def longest_name() -> int:
    """Return how long the name of whoever gave an authority may be."""
    return int(_tables()["limits"]["name_characters"])


def unknown_hours() -> int:
    """Return after how many hours without a start somebody else is told."""
    return int(_tables()["limits"]["unknown_hours"])


def refusal(rule: Rule, *, live_here: Collection[str]) -> str:
    """Say why a force's clocks of a rule do not start; empty where they do."""
    if rule.order in _EVERYWHERE or rule.order in live_here:
        return ""
    return NOT_LIVE.format(order=_ORDERS[rule.order])


def _rule(key: str, table: Mapping[str, Any], *, confirmed: bool) -> Rule:
    escalates = table["escalates"]
    own = {
        name: table[name]
        for name in ("enhanced", "least", "length_words", "next_day", "views", "order")
        if name in table
    }
    return Rule(
        key=key,
        version=table["version"],
        family=table["family"],
        label=table["label"],
        starts_with=table["starts_with"],
        counts=Arithmetic(table["counts"]).value,
        number=table["number"],
        owner=table["owner"],
        escalates_to=escalates["to"],
        escalates_hours=escalates["hours_before"],
        stops=table["stops"],
        proof=table["proof"],
        source=table["source"],
        url=table["url"],
        confirmed=confirmed,
        ladder=tuple(Rung(step["number"], tuple(step["may"])) for step in table.get("ladder", ())),
        **own,
    )


def _tables() -> Any:
    return rules.load("deadlines").tables
