"""Allegations between two people, and the question that they ask where they go both ways. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Allegation:
    """Who is said to have done something to whom, and when, as far as that is known."""

    accused: str
    victim: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Reversed:
    """Allegations between two people that go both ways: who of them is the primary aggressor?"""

    reverse: int
    forward: int
    newest: date | None


def primary_aggressor(
    allegations: Iterable[Allegation], *, victim: str, accused: str
) -> Reversed | None:
    """Return what asks for the primary aggressor: an allegation of these two the other way round.

    None where there is none. Asked before a grade, a decision on crime, or a list.
    """
    known = list(allegations)
    reverse = [each for each in known if (each.accused, each.victim) == (victim, accused)]
    if not reverse or victim == accused:
        return None
    forward = [each for each in known if (each.accused, each.victim) == (accused, victim)]
    days = [each.on for each in reverse if each.on]
    return Reversed(len(reverse), len(forward), max(days, default=None))
