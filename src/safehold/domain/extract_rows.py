"""One row of an extract, read by its map: what it says, and what of it could not be read. Pure.

No value is ever repeated in what is said of a row: the column and the line are enough to find it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from safehold.domain import births
from safehold.domain.column_maps import Column, ColumnMap
from safehold.domain.import_kinds import Field, Sort

UNKNOWN: Final = "a value that the map does not know"
NOT_A_DAY: Final = "not a date as the map writes it"
SWAPPED: Final = "a date whose day and month look swapped"
IMPOSSIBLE: Final = "a date in a year that cannot be"
FUTURE: Final = "a date in the future"
AN_AGE: Final = "an age, without the day on which it was so"
TOO_LONG: Final = "longer than it may be"
KEPT_SAFE: Final = "a value that the map does not know; taken as yes, which is the safer"
NO_KEY: Final = "no key"
KEY_TOO_LONG: Final = "a key that is longer than it may be"
EARLIEST: Final = date(1900, 1, 1)
LATEST_YEARS: Final = 60  # of what may lie in the future: no order and no meeting is further off
LONGEST_KEY: Final = 160
_DIGITS: Final = re.compile(r"\d+")
_AGE: Final = re.compile(r"(about|around|aged?)\b", re.IGNORECASE)
_OF_A_YEAR: Final = 2  # numbers in "1990 to 1992"; a whole date has three
_YES: Final = {"yes": True, "y": True, "true": True, "1": True}
_NO: Final = {"no": False, "n": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one column of a row. Where `refuses`, the row is not taken."""

    column: str
    says: str
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """A moment as a row says it; `whole_day` where no time of day was written."""

    at: datetime
    whole_day: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """When and where a file is read: dates are held against the day, times are of the zone."""

    on: date
    zone: ZoneInfo


@dataclass(slots=True)
class Row:
    """What one row says, by field and variant, and its problems."""

    line: int
    key: str
    said: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Tell whether the row is not taken."""
        return any(problem.refuses for problem in self.problems)

    def one(self, name: str, default: Any = None) -> Any:
        """Return the one value of a field, whatever its variant; the default where none is said."""
        return next(
            (values[0] for (field_, _), values in self.said.items() if field_ == name), default
        )

    def each(self, name: str) -> Iterator[tuple[str, Any]]:
        """Return the values of a field, each with its variant."""
        for (field_, variant), values in self.said.items():
            if field_ == name:
                for value in values:
                    yield variant, value

    def doubtful(self, columns: Mapping[str, tuple[str, ...]], *names: str) -> bool:
        """Tell whether something of these fields could not be read."""
        of = {column for name in names for column in columns.get(name, ())}
        return any(problem.column in of for problem in self.problems)

    def canonical(self) -> str:
        """Return all that the row says, alike for rows that say the same."""
        return repr(sorted((key, values) for key, values in self.said.items()))


@dataclass(frozen=True)
class RowReader:
    """Reads rows by one map."""

    map: ColumnMap
    reading: Reading

    @cached_property
    def columns_of(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names under which problems of each field are told."""
        found: dict[str, tuple[str, ...]] = {}
        for column in self.map.columns:
            found[column.field] = (*found.get(column.field, ()), _named(column))
        return found

    def key_of(self, cells: Mapping[str, str]) -> str:
        """Return the key of a row; empty where it has none."""
        return _key([cells[name] for name in self.map.key], self.map)

    def row(self, line: int, cells: Mapping[str, str]) -> Row:
        """Read one row; what cannot be read is a problem of its column, not of the row."""
        made = Row(line, self.key_of(cells))
        if not made.key or len(made.key) > LONGEST_KEY:
            says = KEY_TOO_LONG if made.key else NO_KEY
            made.problems.append(Problem(" + ".join(self.map.key), says, refuses=True))
        for column in self.map.columns:
            spec = self.map.spec(column)
            found = [
                value
                for text in self._texts(column, spec, cells)
                if (value := self._value(made, column, spec, text)) is not None
            ]
            if found:
                made.said.setdefault((column.field, column.variant), []).extend(found)
        self._needed(made)
        return made

    def _needed(self, made: Row) -> None:
        said = {name for name, _ in made.said}
        for column in self.map.columns:
            if self.map.spec(column).needed and column.field not in said:
                made.problems.append(
                    Problem(_named(column), "nothing that is needed", refuses=True)
                )

    def _texts(self, column: Column, spec: Field, cells: Mapping[str, str]) -> list[str]:
        several = [cells[name] for name in column.sources]
        if spec.sort is Sort.REFERENCE:
            if column.split:
                return [
                    key
                    for part in several[0].split(column.split)
                    if (key := _key([part], self.map))
                ]
            return [key] if (key := _key(several, self.map)) else []
        tidy = [_tidy(text) for text in several]
        whole = " ".join(text for text in tidy if text.casefold() not in self.map.empty)
        parts = whole.split(column.split) if column.split else [whole]
        return [text for part in parts if (text := part.strip()).casefold() not in self.map.empty]

    def _value(self, made: Row, column: Column, spec: Field, text: str) -> Any:
        value, wrong = self._read(column, spec, text)
        if wrong:
            made.problems.append(Problem(_named(column), wrong))
        return value

    def _read(self, column: Column, spec: Field, text: str) -> tuple[Any, str]:
        if column.values is not None:
            ours = column.values.get(" ".join(text.split()).casefold())
            if ours is None:
                return _unknown(spec)
            text = ours
        match spec.sort:
            case Sort.WORD:
                return (text, "") if text in spec.words else (None, UNKNOWN)
            case Sort.YES:
                answer = (_YES | _NO).get(text.casefold())
                return _unknown(spec) if answer is None else (answer, "")
            case Sort.DAY:
                return self._day(text, spec)
            case Sort.MOMENT:
                return self._moment(text, spec)
            case Sort.BIRTH:
                return self._birth(text)
            case _:
                longest = LONGEST_KEY if spec.sort is Sort.REFERENCE else spec.longest
                return (text, "") if len(text) <= longest else (None, TOO_LONG)

    def _day(self, text: str, spec: Field) -> tuple[date | None, str]:
        found = _parsed(text, self.map.days)
        if found is None:
            return None, _why_no_day(text, self.map.days)
        wrong = self._possible(found.date(), future=spec.future)
        return (None, wrong) if wrong else (found.date(), "")

    def _moment(self, text: str, spec: Field) -> tuple[When | None, str]:
        found = _parsed(text, self.map.moments)
        whole_day = found is None
        if found is None and (found := _parsed(text, self.map.days)) is None:
            return None, _why_no_day(text, (*self.map.moments, *self.map.days))
        wrong = self._possible(found.date(), future=spec.future)
        if wrong:
            return None, wrong
        return When(found.replace(tzinfo=self.reading.zone), whole_day), ""

    def _birth(self, text: str) -> tuple[tuple[date, date] | None, str]:
        found = _parsed(text, self.map.days)
        if found is not None:
            day = found.date()
            wrong = self._possible(day, future=False, earliest=births.EARLIEST)
            return (None, wrong) if wrong else ((day, day), "")
        if len(_DIGITS.findall(text)) > _OF_A_YEAR:  # a day in another order would be a guess
            return None, _why_no_day(text, self.map.days)
        if _AGE.match(text):
            return None, AN_AGE
        try:  # held against no day: the same words are the same birth whenever they are read
            earliest, latest = births.read(text, on=date.max)
        except births.NotABirth:
            return None, NOT_A_DAY
        return (None, FUTURE) if earliest > self.reading.on else ((earliest, latest), "")

    def _possible(self, day: date, *, future: bool, earliest: date = EARLIEST) -> str:
        if day < earliest:
            return IMPOSSIBLE
        if day > self.reading.on:
            if not future:
                return FUTURE
            if day > self.reading.on + timedelta(days=366 * LATEST_YEARS):
                return IMPOSSIBLE
        return ""


def _unknown(spec: Field) -> tuple[Any, str]:
    return (None, UNKNOWN) if spec.unless_known is None else (spec.unless_known, KEPT_SAFE)


def _named(column: Column) -> str:
    return " + ".join(column.sources)


def _tidy(text: str) -> str:
    plain = unicodedata.normalize("NFC", text.replace("\0", ""))
    return plain.strip()


def _key(parts: list[str], by: ColumnMap) -> str:
    tidy = [" ".join(_tidy(part).split()) for part in parts]
    return "" if any(part.casefold() in by.empty for part in tidy) else "|".join(tidy)


def _parsed(text: str, formats: tuple[str, ...]) -> datetime | None:
    for each in formats:
        try:
            return datetime.strptime(text, each)  # noqa: DTZ007 - of the zone by whoever asks
        except ValueError:
            continue
    return None


def _why_no_day(text: str, formats: tuple[str, ...]) -> str:
    turned = tuple(
        each.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m") for each in formats
    )
    return SWAPPED if _parsed(text, turned) else NOT_A_DAY
