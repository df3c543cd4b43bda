"""How long a report is kept, and why: from its status, what was added to it, holds and decisions.

Pure: days in, a day and a sentence out. No day brings a destruction with it: when a report is due,
a person decides. A hold always wins, and what was added last starts the time again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from safehold import rules

DECIDED = "It was decided to keep it"
RESTS_ON_IT = "Other work rests on it, and keeps it"


class RetentionRulesError(ValueError):
    """The rules name what the software does not know, or leave something out."""


class Status(StrEnum):
    """What became of a report, as far as the time of keeping depends on it."""

    SET_ASIDE = "set_aside"
    PLACE = "place"
    NOT_CRIME = "not_crime"
    CRIME = "crime"
    TOLD = "told"
    NOT_TOLD = "not_told"
    SEALED = "sealed"
    COLLEAGUE = "colleague"


class Standing(StrEnum):
    """Where a report stands with its time."""

    OPEN = "open"
    HELD = "held"
    WAITS = "waits"
    KEPT = "kept"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one status is kept; `from_arrival` for what can never be ended."""

    status: Status
    label: str
    months: int
    from_arrival: bool
    why: str

    @property
    def period(self) -> str:
        """Say the time in words."""
        years, months = divmod(self.months, 12)
        parts = [_counted(years, "year")] if years else []
        parts += [_counted(months, "month")] if months else []
        return " and ".join(parts)


@dataclass(frozen=True, slots=True)
class CaseRule:
    """How long a case is kept from when it was closed, and with it what is told in it."""

    label: str
    months: int
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """The rules as read."""

    version: str
    case: CaseRule
    rules: Mapping[Status, Rule]
    grounds: Mapping[str, str]
    most_years: int
    wait_hours: int
    most_at_once: int
    backup_days: int
    codes_said_years: int
    calls_years: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that was added to a report: what, in words after "from", and on which day."""

    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the time of a report depends on.

    `status` is None while nobody has decided what it is. `holds` are grounds in words, `waits` what
    somebody has to do before anything may go, `keep_until` what was decided earlier, `with_case`
    until when the closed cases are kept that it is in.
    """

    status: Status | None
    arrived_on: date
    ended_on: date | None
    moments: tuple[Moment, ...] = ()
    holds: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    keep_until: tuple[date, ...] = ()
    with_case: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when a report is kept, and why. `until` is None where no time is counted."""

    standing: Standing
    until: date | None
    why: str


@cache
def table() -> Table:
    """Return the rules in force. Raises RetentionRulesError."""
    return parse(rules.load("retention"))


def parse(source: rules.Rules) -> Table:
    """Read the rules; raises RetentionRulesError as `table` does."""
    tables = source.tables
    try:
        read = {Status(key): _rule(Status(key), row) for key, row in tables["status"].items()}
        parsed = Table(
            version=source.version,
            case=_case(tables["case"]),
            rules=read,
            grounds={row["key"]: row["label"] for row in tables["hold"]["options"]},
            most_years=_whole(tables["keep"]["most_years"]),
            wait_hours=_whole(tables["destroying"]["wait_hours"]),
            most_at_once=_whole(tables["destroying"]["most_at_once"]),
            backup_days=_whole(tables["backups"]["days"]),
            codes_said_years=_whole(tables["codes"]["said_for_years"]),
            calls_years=_whole(tables["calls"]["years"]),
        )
    except KeyError as error:
        raise RetentionRulesError(f"retention.toml has no {error}.") from error
    except ValueError as error:
        raise RetentionRulesError(f"retention.toml: {error}.") from error
    if missing := set(Status) - read.keys():
        raise RetentionRulesError(f"retention.toml says nothing of {', '.join(sorted(missing))}.")
    return parsed


def retention(facts: Facts, *, today: date, by: Table | None = None) -> Retention:
    """Say until when a report is kept, and why."""
    found = by or table()
    if facts.holds:
        grounds = "; ".join(facts.holds)
        return Retention(
            Standing.HELD, None, f"On hold, so it is kept whatever the rule says: {grounds}."
        )
    if facts.status is None:
        return Retention(Standing.OPEN, None, "Nobody has decided what it is: no time is counted.")
    rule = found.rules[facts.status]
    if facts.ended_on is None and not rule.from_arrival:
        return Retention(Standing.OPEN, None, "Work on it is not over: no time is counted.")
    start = _start(facts, rule)
    by_rule = after(start.on, rule.months)
    until = max((by_rule, *facts.keep_until, *facts.with_case))
    why = (
        f"{rule.label}: kept for {rule.period} from {day(start.on)}, {start.what}, "
        f"which is until {day(by_rule)}."
    )
    if until > by_rule:
        # Of a case that the reader may not know of, nothing is said: not that there is one.
        rests = until not in facts.keep_until
        why += f" {RESTS_ON_IT if rests else DECIDED} until {day(until)}."
    if today < until:
        return Retention(Standing.KEPT, until, why)
    if facts.waits:
        return Retention(Standing.WAITS, until, f"{why} But {'; and '.join(facts.waits)}.")
    return Retention(Standing.DUE, until, why)


def case_until(closed_on: date, *, kept_until: date | None = None) -> date:
    """Return until when a closed case is kept, and with it whatever is told in it."""
    by_rule = after(closed_on, table().case.months)
    return max(by_rule, kept_until) if kept_until else by_rule


def after(start: date, months: int) -> date:
    """Return the day so many months later, never before they are full.

    29 February has no day in most years, and 31 none in most months: then it is the first of the
    next month.
    """
    years, month = divmod(start.month - 1 + months, 12)
    try:
        return start.replace(year=start.year + years, month=month + 1)
    except ValueError:
        years, month = divmod(start.month + months, 12)
        return date(start.year + years, month + 1, 1)


def list_digest(rows: Iterable[tuple[str, date, str]], *, version: str) -> str:
    """Return the SHA-256 of a list of reports, so that two people agree to the same one.

    A row is the report's id, the day until which it was kept, and its status.
    """
    plain = sorted([report_id, until.isoformat(), status] for report_id, until, status in rows)
    return hashlib.sha256(json.dumps([version, plain]).encode()).hexdigest()


def day(on: date) -> str:
    """Say a day as people write it."""
    return f"{on.day} {on:%B %Y}"


def _start(facts: Facts, rule: Rule) -> Moment:
    first = Moment(facts.arrived_on, "when it arrived")
    if facts.ended_on is not None:
        first = Moment(facts.ended_on, "when work on it was over")
    elif not rule.from_arrival:
        raise ValueError("What is not ended has no start.")
    # The first of those on the last day: the end, where it fell on one with something else.
    return max((first, *facts.moments), key=lambda moment: moment.on)


def _rule(status: Status, row: Mapping[str, Any]) -> Rule:
    if ("years" in row) == ("months" in row):
        raise ValueError(f"{status} needs years or months, and not both")
    months = 12 * _whole(row["years"]) if "years" in row else _whole(row["months"])
    if row["from"] not in {"ended", "arrived"}:
        raise ValueError(f"{status} starts from {row['from']!r}, which is neither")
    return Rule(status, row["label"], months, row["from"] == "arrived", row["why"])


def _case(row: Mapping[str, Any]) -> CaseRule:
    if row["from"] != "closed":
        raise ValueError(f"case starts from {row['from']!r}, which is not when it was closed")
    return CaseRule(row["label"], 12 * _whole(row["years"]), row["why"])


def _whole(number: object) -> int:
    if type(number) is not int or number < 1:
        raise ValueError(f"{number!r} is not a whole number from 1 on")
    return number


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
