"""Answers that come from a phone in any order, some twice; and when one that is out alarms. Pure.

What stands follows from the set of answers alone. So it is the same however they came, and however
often each did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from safehold import rules
from safehold.domain.risk import Answer

_RULES: Final = rules.load("phones")
ALARMS_AFTER: Final = timedelta(minutes=_RULES.tables["alarm"]["minutes"])
WATCH_AFTER: Final = timedelta(minutes=_RULES.tables["alarm"]["watch_minutes"])
MOST_ANSWERS: Final[int] = _RULES.tables["limits"]["answers"]
LARGEST: Final[int] = _RULES.tables["limits"]["bytes"]


class Level(IntEnum):
    """How far an assessment that has not arrived alarms."""

    QUIET = 0
    ALARM = 1  # whoever began it, and supervisors
    WATCH = 2  # whoever may hold the watch as well


@dataclass(frozen=True, slots=True)
class FromPhone:
    """One answer as a phone sealed it. `order` counts what that phone wrote in one assessment."""

    key: str
    order: int
    item: str
    answer: Answer
    at: datetime


def level(began: datetime, *, at: datetime) -> Level:
    """Return how far an assessment alarms that was begun then and has not arrived."""
    if at - began >= WATCH_AFTER:
        return Level.WATCH
    return Level.ALARM if at - began >= ALARMS_AFTER else Level.QUIET


def in_order(said: Iterable[FromPhone]) -> list[FromPhone]:
    """Return answers as they were given, each once."""
    once = {each.key: each for each in said}
    return sorted(once.values(), key=lambda each: (each.order, each.key))


def standing(said: Iterable[FromPhone]) -> Answer:
    """Return what the answers to one item say together.

    The last choice stands, beside the last words: the page does not show what was chosen before, so
    words that are added later take no yes away.
    """
    given, words = "", ""
    options: tuple[str, ...] = ()
    for each in in_order(said):
        if each.answer.given:
            given, options = each.answer.given, each.answer.options
        words = each.answer.words or words
    return Answer(given, options, words)
