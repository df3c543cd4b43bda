"""When something was, as exact as the person said and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import Any

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.place_questions import RULES

A_WEEK = timedelta(days=7)
A_MONTH = timedelta(days=31)
_HOURS: dict[str, tuple[int, int]] = {
    part["key"]: (part["from"], part["to"]) for part in RULES.tables["parts_of_day"]["options"]
}


class Precision(StrEnum):
    """How much of an interval is known."""

    HOURS = "hours"
    DAY = "day"
    WEEK = "week"
    BEFORE = "before"
    OFTEN = "often"
    NOT_SAID = "not said"


@dataclass(frozen=True, slots=True)
class When:
    """An interval: `start` is None where it is open. Both ends are aware; `end` is exclusive.

    `days` (mon to sun) and `parts` (keys of `parts_of_day`) are what was said besides.
    """

    start: datetime | None
    end: datetime
    precision: Precision
    days: tuple[str, ...]
    parts: tuple[str, ...]

    def to_plain(self) -> dict[str, Any]:
        """Give what JSON can hold, with times in ISO 8601."""
        return {
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat(),
            "precision": self.precision.value,
            "days": list(self.days),
            "parts": list(self.parts),
        }


def when_it_was(answers: Answers, *, at: datetime, zone: tzinfo) -> When:
    """Give the interval that the answers describe; `at` is when they were sent.

    "Today" is the day on which the person said so, in the force's own zone.
    """
    days, parts = answers.chosen("days", "days"), answers.chosen("part", "parts")
    asked_on = _asked_on(answers, at.astimezone(zone).date())
    said = answers.one("when", "when")
    day = _day(answers.one("date", "date")) if said == "date" else asked_on
    if said in {"today", "date"} and day is not None:
        start, end, precision = _within_a_day(day, parts, at, zone)
        return When(start, end, precision, (), parts)
    midnight = datetime.combine(asked_on, time(), zone)
    match said:
        case "this_week":
            return When(midnight - A_WEEK, at, Precision.WEEK, days, parts)
        case "longer_ago":
            return When(None, midnight - A_WEEK, Precision.BEFORE, days, parts)
        case "often":
            return When(None, at, Precision.OFTEN, days, parts)
        case _:
            return When(None, at, Precision.NOT_SAID, days, parts)


def _within_a_day(
    day: date, parts: tuple[str, ...], at: datetime, zone: tzinfo
) -> tuple[datetime, datetime, Precision]:
    spans = sorted(_HOURS[part] for part in parts if part in _HOURS)
    joined = all(first[1] == second[0] for first, second in pairwise(spans))
    start, end = _hour(day, 0, zone), min(_hour(day, 24, zone), at)
    if not spans or not joined or _hour(day, spans[0][0], zone) >= at:
        return start, max(start, end), Precision.DAY
    return (
        _hour(day, spans[0][0], zone),
        min(_hour(day, spans[-1][1], zone), at),
        Precision.HOURS,
    )


def _hour(day: date, hour: int, zone: tzinfo) -> datetime:
    whole, rest = divmod(hour, 24)
    return datetime.combine(day + timedelta(days=whole), time(rest), zone)


def _asked_on(answers: Answers, sent_on: date) -> date:
    # What is saved lives for two weeks. A day further from the one of sending was made up.
    asked = _day(answers.one("when", "asked_on"))
    return asked if asked and timedelta(0) <= sent_on - asked <= A_MONTH else sent_on


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
