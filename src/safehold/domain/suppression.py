"""Which counts of a table may be published, so that no count below the least can be worked out.

Counts stand in fixed cells, cells in areas, areas in the whole. A cell with too few is not given;
what is left of its area, and the total of everything, are given only where taking away what is
published leaves each held-back count exactly as open as before: anything from nought to one less
than the least. Each decision rests on what it would publish and on what everyone may know (in which
cells of an area anybody could be), never on how the held-back counts lie: even the decision tells
nothing.

After complementary suppression as the Office for National Statistics describes it (guidance on the
disclosure control of tables), and simulatable auditing (Kenthapadi, Mishra and Nissim, 2005).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


class ChangesWhatStands(ValueError):
    """A release would give another number for a time of which numbers have been published."""


@dataclass(frozen=True, slots=True)
class Area:
    """The true counts of an area's cells, and the cells in which everyone knows a report could lie.

    A cell of open field is not among the latter: to count on it would hide nothing.
    """

    name: str
    counts: Mapping[str, int]
    cells: frozenset[str]


@dataclass(frozen=True, slots=True)
class GivenArea:
    """What may be published of an area: its cells, the rest of it, its total; None is held back."""

    name: str
    cells: Mapping[str, int]
    rest: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Given:
    """What may be published of everything."""

    areas: tuple[GivenArea, ...]
    total: int | None


def protect(areas: Iterable[Area], *, least: int) -> Given:
    """Return what may be published. `least` is the smallest count that is given, at least 2.

    Raises ValueError for a smaller `least`.
    """
    if least < 2:
        raise ValueError("A least count below 2 holds nothing back.")
    kept = tuple(areas)
    given = tuple(_protected(area, least) for area in kept)
    pairs = list(zip(kept, given, strict=True))
    everything = sum(sum(area.counts.values()) for area in kept)
    published = sum(sum(shown.cells.values()) + (shown.rest or 0) for shown in given)
    held = [area.cells - shown.cells.keys() for area, shown in pairs if shown.rest is None]
    # An area in which nobody could be anywhere else hides nothing of the others.
    open_to = sum(1 for cells in held if cells)
    if held and not may_be_given(everything - published, over=open_to, least=least):
        return Given(given, None)
    return Given(given, everything if everything >= least else None)


def may_be_given(total: int, *, over: int, least: int) -> bool:
    """Tell whether a total over so many held-back counts leaves each of them wholly open.

    Each is known to be 0 to least - 1. Given their total, one of them can still be the largest of
    these where the total is no smaller, and nought where the others can hold the whole total.
    """
    return least <= total <= (least - 1) * (over - 1)


def reasons_given(said: Mapping[str, int], *, of: int, least: int) -> tuple[str, ...]:
    """Return the reasons that at least `least` of `of` reports gave; how many did is not said.

    None where fewer than 2 * least - 1 reports were made: to list a reason would then tell that
    fewer than `least` of them did not give it, and how few.
    """
    if of < 2 * least - 1:
        return ()
    return tuple(reason for reason, count in said.items() if count >= least)


def corrected(given: Given, *, taking_back: Sequence[str]) -> Given:
    """Return a release with some cells taken back and every other number as it stood.

    Nothing is counted anew, because the difference of two counts of one time is a small count.
    Raises ChangesWhatStands for a cell that was not given.
    """
    unknown = set(taking_back) - {cell for area in given.areas for cell in area.cells}
    if unknown:
        raise ChangesWhatStands("A correction only takes back what was published.")
    kept = (
        replace(area, cells={c: n for c, n in area.cells.items() if c not in set(taking_back)})
        for area in given.areas
    )
    return replace(given, areas=tuple(kept))


def check_adds_nothing(earlier: Given, later: Given) -> None:
    """Raise ChangesWhatStands where a later release of one time gives what the earlier did not."""
    before, after = numbers_of(earlier), numbers_of(later)
    if any(before.get(name) != number for name, number in after.items()):
        raise ChangesWhatStands("A correction may not give another number for the same time.")


def numbers_of(given: Given) -> dict[tuple[str, ...], int]:
    """Return every number that a release gives, each by what it is the number of."""
    found: dict[tuple[str, ...], int | None] = {("total",): given.total}
    for area in given.areas:
        found["rest", area.name] = area.rest
        found["area", area.name] = area.total
        found |= {("cell", area.name, cell): count for cell, count in area.cells.items()}
    return {name: number for name, number in found.items() if number is not None}


def _protected(area: Area, least: int) -> GivenArea:
    shown = {cell: count for cell, count in area.counts.items() if count >= least}
    left = sum(area.counts.values()) - sum(shown.values())
    if not may_be_given(left, over=len(area.cells - shown.keys()), least=least):
        return GivenArea(area.name, shown, None, None)
    return GivenArea(area.name, shown, left, left + sum(shown.values()))
