"""Who can open what is stored: from the ids of its recipients and from where their keys are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

Ids = frozenset[bytes]


class Reach(Enum):
    """How far an envelope is from being opened."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    DESTROYED = "destroyed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Keys by where they are: here and sound, noted as kept elsewhere, destroyed or given up."""

    here: Ids
    elsewhere: Ids = frozenset()
    destroyed: Ids = frozenset()


def reach(recipients: Ids, where: Whereabouts) -> Reach:
    """Say who can open an envelope; a key of which nobody knows the whereabouts is a lost one."""
    if recipients & where.here:
        return Reach.HERE
    if recipients & where.elsewhere:
        return Reach.ELSEWHERE
    if recipients and recipients <= where.destroyed:
        return Reach.DESTROYED
    return Reach.LOST


def needed(key: bytes, stored: Mapping[Ids, int]) -> int:
    """Count the envelopes that are sealed to a key, alone or with others."""
    return sum(count for recipients, count in stored.items() if key in recipients)


def needed_alone(key: bytes, stored: Mapping[Ids, int], where: Whereabouts) -> int:
    """Count the envelopes of a key that nobody could open without it."""
    others = Whereabouts(where.here - {key}, where.elsewhere - {key}, where.destroyed)
    return sum(
        count
        for recipients, count in stored.items()
        if key in recipients and reach(recipients, others) not in (Reach.HERE, Reach.ELSEWHERE)
    )


def by_reach(stored: Mapping[Ids, int], where: Whereabouts) -> dict[Reach, int]:
    """Count what is stored by how far it is from being opened."""
    found = dict.fromkeys(Reach, 0)
    for recipients, count in stored.items():
        found[reach(recipients, where)] += count
    return found


def sealed_into_nothing(
    purposes: Iterable[str], in_use: Mapping[str, Ids], where: Whereabouts
) -> list[str]:
    """Return each purpose whose next envelope nobody could open."""
    return [
        purpose
        for purpose in purposes
        if reach(in_use.get(purpose, frozenset()), where) not in (Reach.HERE, Reach.ELSEWHERE)
    ]
