"""What a flood is: so much alike in one hour that it would bury the rest. Nothing is ever lost.

Pure. What is given here is of one kind, with or without danger, for one side of the border to
professional standards, and arrived in one hour: the finest time that is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from safehold import rules

_TABLES = rules.load("floods").tables
SHAPE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """How many may come in an hour, and how many of them stay in the list then."""

    shape_more_than: int
    shape_stay: int
    kind_more_than: int
    kind_stay: int


LIMITS = Limits(
    shape_more_than=_TABLES["shape"]["more_than"],
    shape_stay=_TABLES["shape"]["stay"],
    kind_more_than=_TABLES["kind"]["more_than"],
    kind_stay=_TABLES["kind"]["stay"],
)
FEWEST_SAMPLES: int = _TABLES["samples"]["fewest"]
_SAYS = {
    "danger": "It has a danger prompt.",
    "child": "There is a child in it, or may be.",
}
ENDED_ALONE: tuple[str, ...] = tuple(_TABLES["ended_alone"]["are"])


@dataclass(frozen=True, slots=True)
class Seen:
    """One report: the number of its arrival, and its shape."""

    arrival: int
    shape: str


def shape_of(*, kind: str, cell: str, prompts: Iterable[str], said: Sequence[str]) -> str:
    """Give the shape of a slip: equal for slips that say the same, whatever the order of prompts.

    `said` is what the slip says of a child, of the police and of a reply.
    """
    told = json.dumps([kind, cell, sorted(set(prompts)), list(said)], ensure_ascii=True)
    return hashlib.blake2b(told.encode(), digest_size=SHAPE_BYTES, person=b"slip-shape").hexdigest()


def piled(seen: Iterable[Seen], *, limits: Limits = LIMITS) -> frozenset[int]:
    """Give the arrivals that belong in a pile; the others stay in the list.

    More arrivals never take one out of it again, and the order in which they were read does not
    matter.
    """
    ordered = sorted(seen, key=lambda each: each.arrival)
    totals = Counter(each.shape for each in ordered)
    places: Counter[str] = Counter()
    found, counted = set(), []
    for each in ordered:
        places[each.shape] += 1
        flooding = totals[each.shape] > limits.shape_more_than
        if flooding and places[each.shape] > limits.shape_stay:
            found.add(each.arrival)
        if places[each.shape] <= limits.shape_more_than:
            counted.append(each.arrival)
    if len(counted) > limits.kind_more_than:
        found.update(counted[limits.kind_stay :])
    return frozenset(found)


def samples_needed(members: int) -> int:
    """Say how many of a pile somebody has to have opened who sets it aside."""
    return min(FEWEST_SAMPLES, members)


def ended_alone(*, danger: bool, child: bool, by: Sequence[str] = ENDED_ALONE) -> str:
    """Say why the work on a report is not ended with that on its pile, empty where it may be.

    Raises KeyError where the rules name what the software does not know.
    """
    has = {"danger": danger, "child": child}
    return next((_SAYS[each] for each in by if has[each]), "")
