"""What keeps a closed case from going, and why, in words. Pure: facts in, reasons out.

Each fact alone holds, and no fact takes away what another holds. Nothing here removes anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from safehold.domain.retention import day


class Ground(StrEnum):
    """Why a case stays whatever its age is."""

    OPEN = "open"
    TIME = "time"
    HOLD = "hold"
    WORK = "work"
    CLOCK = "clock"
    ORDER = "order"
    RISK = "risk"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a case's going depends on; `until` is None while it is open.

    `holds` are grounds of legal holds, `work` what is still open in words, `elsewhere` tells that
    other work, of which nothing is said here, rests on the same people or incidents.
    """

    until: date | None
    holds: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    clocks: int = 0
    orders: int = 0
    graded_high: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """One reason why a case stays."""

    ground: Ground
    says: str


def held(facts: CaseFacts, *, today: date) -> tuple[Held, ...]:
    """Return all that holds a case on a day; nothing where somebody may decide that it goes."""
    found = [
        Held(Ground.OPEN, "It is open") if facts.until is None else None,
        Held(Ground.TIME, f"It is kept until {day(facts.until)}")
        if facts.until is not None and today < facts.until
        else None,
        Held(Ground.HOLD, f"On hold: {'; '.join(facts.holds)}") if facts.holds else None,
        Held(Ground.WORK, f"Still open: {', '.join(facts.work)}") if facts.work else None,
        _counted(Ground.CLOCK, facts.clocks, "deadline runs", "deadlines run"),
        _counted(Ground.ORDER, facts.orders, "order is in force", "orders are in force"),
        Held(Ground.RISK, "Graded high, and not lowered since") if facts.graded_high else None,
        Held(Ground.ELSEWHERE, "Other work rests on it") if facts.elsewhere else None,
    ]
    return tuple(each for each in found if each is not None)


def _counted(ground: Ground, number: int, one: str, many: str) -> Held | None:
    return Held(ground, f"{number} {one if number == 1 else many}") if number else None
