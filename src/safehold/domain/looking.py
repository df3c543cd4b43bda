"""When looking is unusual, from one table that a force can read: `rules/looking.toml`. Pure.

Nothing is decided here. What is found is a reason in words, for an auditor to ask about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from statistics import median
from typing import Any
from uuid import UUID

from safehold import rules
from safehold.domain import spelling


class Reason(StrEnum):
    """Why a day of looking is on the list, the gravest first."""

    OWN_NAME = "own_name"
    CLOSE_NAME = "close_name"
    OWN_ADDRESS = "own_address"
    COLLEAGUE_NAME = "colleague_name"
    AGAIN = "again"
    BROWSING = "browsing"
    NO_WORK = "no_work"
    MANY = "many"


class Outcome(StrEnum):
    """What an auditor noted of a line."""

    EXPLAINED = "explained"
    TO_STANDARDS = "to_standards"
    TO_SUPERVISOR = "to_supervisor"


class LookingRulesError(ValueError):
    """The table does not say what it has to, or says what cannot be."""


@dataclass(frozen=True, slots=True)
class LookingRules:
    """The thresholds in force."""

    version: str
    own: float
    close: float
    colleague: float
    usual_days: int
    deviations: float
    many_at_least: int
    fewest_days: int
    no_work_at_least: int
    again_days: int
    again_at_least: int
    browsing_within: timedelta
    browsing_at_least: int
    reasons: Mapping[Reason, str]
    outcomes: Mapping[Outcome, str]


@dataclass(frozen=True, slots=True)
class Searched:
    """One search: when, and the name that was typed."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Opened:
    """One look at a person."""

    at: datetime
    person: UUID


@dataclass(frozen=True, slots=True)
class Names:
    """The names that say something of whoever searches for them."""

    own: str
    close: Sequence[str]
    colleagues: frozenset[frozenset[str]]  # the words of each


@cache
def table() -> LookingRules:
    """Return the rules in force. Raises LookingRulesError where the file does not hold together."""
    return parse(rules.load("looking"))


def parse(source: rules.Rules) -> LookingRules:
    """Read the table from rules; raises LookingRulesError as `table` does."""
    tables: Mapping[str, Any] = source.tables
    try:
        return LookingRules(
            version=source.version,
            own=float(tables["names"]["own"]),
            close=float(tables["names"]["close"]),
            colleague=float(tables["names"]["colleague"]),
            usual_days=_count(tables["volume"]["days"]),
            deviations=float(tables["volume"]["deviations"]),
            many_at_least=_count(tables["volume"]["at_least"]),
            fewest_days=_count(tables["volume"]["fewest_days"]),
            no_work_at_least=_count(tables["no_work"]["at_least"]),
            again_days=_count(tables["again"]["days"]),
            again_at_least=_count(tables["again"]["at_least"]),
            browsing_within=timedelta(minutes=_count(tables["browsing"]["minutes"])),
            browsing_at_least=_count(tables["browsing"]["at_least"]),
            reasons={reason: str(tables["reasons"][reason]) for reason in Reason},
            outcomes={outcome: str(tables["outcomes"][outcome]) for outcome in Outcome},
        )
    except KeyError as error:
        raise LookingRulesError(f"looking.toml has no {error}.") from error


def _count(value: Any) -> int:
    if not isinstance(value, int) or value < 1:
        raise LookingRulesError("looking.toml: a count is a whole number above nought.")
    return value


def names_met(searched: Iterable[Searched], names: Names) -> dict[Reason, int]:
    """Return how many searches were for their own name, one close to them, or a colleague's."""
    rule, found = table(), dict[Reason, int]()
    for one in searched:
        words = spelling.words_of(one.name)
        if len(words) < 2:  # a name alone is anybody's
            continue
        if spelling.nearness(words, names.own) >= rule.own:
            reason = Reason.OWN_NAME
        elif any(spelling.nearness(words, name) >= rule.close for name in names.close):
            reason = Reason.CLOSE_NAME
        elif frozenset(words) in names.colleagues:
            reason = Reason.COLLEAGUE_NAME
        else:
            continue
        found[reason] = found.get(reason, 0) + 1
    return found


def far_above(count: int, usual: Sequence[int]) -> bool:
    """Tell whether a day's looks are far above what is usual: robust, so one bad day hides none.

    Never below the least that is said, and never where too little is known.
    """
    rule = table()
    if count < rule.many_at_least or len(usual) < rule.fewest_days:
        return False
    middle = median(usual)
    spread = median(abs(each - middle) for each in usual)
    # Where all days are alike the spread is nought: then one look more would be unusual.
    return count > middle + rule.deviations * max(spread, 1.0)


def browsed(
    opened: Iterable[Opened],
    searched: Sequence[Searched],
    called: Mapping[UUID, Sequence[str]],
) -> frozenset[UUID]:
    """Return the people who were opened soon after a search for another name than theirs.

    Whoever was opened without a search before came from a case or an incident, and is not counted.
    """
    rule, found = table(), set[UUID]()
    for one in opened:
        before = [each for each in searched if one.at - rule.browsing_within <= each.at <= one.at]
        if before and not any(_is_of(each.name, called.get(one.person, ())) for each in before):
            found.add(one.person)
    return frozenset(found)


def _is_of(typed: str, called: Sequence[str]) -> bool:
    words = spelling.words_of(typed)
    theirs = {word for name in called for word in spelling.words_of(name)}
    return any(spelling.likeness(word, other) > 0 for word in words for other in theirs)
