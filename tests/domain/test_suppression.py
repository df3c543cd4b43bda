"""No count below the least can be worked out: by subtraction, by knowing the rule, or over time."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.suppression import (
    Area,
    ChangesWhatStands,
    Given,
    check_adds_nothing,
    corrected,
    may_be_given,
    numbers_of,
    protect,
    reasons_given,
)

LEASTS = st.integers(min_value=2, max_value=10)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Area], int]:
    least = draw(LEASTS)
    areas = []
    for number in range(draw(st.integers(1, 6))):
        counts = draw(st.lists(st.integers(0, 3 * least), max_size=7))
        empty = draw(st.integers(0, 30))
        unknown = draw(st.integers(0, len(counts)))
        named = {f"{number}.{at}": count for at, count in enumerate(counts)}
        known = [*list(named)[unknown:], *(f"{number}.empty {at}" for at in range(empty))]
        areas.append(Area(f"area {number}", named, frozenset(known)))
    return areas, least


Range = tuple[int, int]


class Attacker:
    """Someone with every published number, the rule, and the cells of each area.

    Each held-back cell is an unknown from 0 to least - 1; each published margin is an equation.
    What is left of a range when all equations have been used again and again is what they know.
    """

    def __init__(self, areas: Sequence[Area], shown: Given, least: int) -> None:
        self.ranges: dict[str, Range] = {}
        self.equations: list[tuple[list[str], int]] = []
        held, known = [], 0
        for area, given_area in zip(areas, shown.areas, strict=True):
            hidden = sorted(area.cells - given_area.cells.keys())
            self.ranges |= dict.fromkeys(hidden, (0, least - 1))
            known += sum(given_area.cells.values())
            if given_area.rest is not None:
                self.equations.append((hidden, given_area.rest))
                known += given_area.rest
            else:
                held.append(area.name)
                # One unknown more: the rest of the area, itself less than the least or unbounded.
                rest = f"{area.name}/rest"
                self.ranges[rest] = (0, (least - 1) * max(len(hidden), 1))
                assert given_area.total is None
            if given_area.total is not None:
                self.equations.append((hidden, given_area.total - sum(given_area.cells.values())))
        if shown.total is not None:
            self.equations.append(([f"{name}/rest" for name in held], shown.total - known))

    def knows(self) -> dict[str, Range]:
        for _ in range(5):
            for names, total in self.equations:
                self._use(names, total)
        return self.ranges

    def _use(self, names: list[str], total: int) -> None:
        lowest = sum(self.ranges[name][0] for name in names)
        highest = sum(self.ranges[name][1] for name in names)
        for name in names:
            low, high = self.ranges[name]
            self.ranges[name] = (
                max(low, total - (highest - high)),
                min(high, total - (lowest - low)),
            )


@given(tables())
def test_taking_away_leaves_every_held_back_count_as_open_as_before(
    table: tuple[list[Area], int],
) -> None:
    areas, least = table
    for name, (low, high) in Attacker(areas, protect(areas, least=least), least).knows().items():
        assert low == 0, name
        assert high >= least - 1, name


def land(name: str, **counts: int) -> Area:
    return Area(name, counts, frozenset([*counts, *(f"{name} {at}" for at in range(8))]))


def test_the_attacker_would_find_a_careless_total() -> None:
    areas = [land("one", a=9, b=2), land("two", c=8)]
    shown = protect(areas, least=5)
    assert shown.total is None
    careless = Given(shown.areas, 19)
    known = Attacker(areas, careless, 5).knows()
    assert known["one/rest"][1] == 2


@given(tables())
def test_nothing_below_the_least_is_given(table: tuple[list[Area], int]) -> None:
    areas, least = table
    shown = protect(areas, least=least)
    for name, number in numbers_of(shown).items():
        assert number >= least, name


@given(tables())
def test_what_is_given_is_true_and_adds_up(table: tuple[list[Area], int]) -> None:
    areas, least = table
    shown = protect(areas, least=least)
    for area, given_area in zip(areas, shown.areas, strict=True):
        assert all(area.counts[cell] == count for cell, count in given_area.cells.items())
        if given_area.total is not None:
            assert given_area.total == sum(area.counts.values())
            assert given_area.total == sum(given_area.cells.values()) + (given_area.rest or 0)
    if shown.total is not None:
        assert shown.total == sum(sum(area.counts.values()) for area in areas)


@pytest.mark.parametrize(
    ("least", "sizes", "largest"),
    [(2, (2, 2), 3), (2, (3, 2, 2), 2), (3, (3, 2), 4), (3, (4,), 5), (3, (2, 2, 2), 3)],
)
def test_even_who_knows_the_rule_cannot_pin_a_small_count(
    least: int, sizes: tuple[int, ...], largest: int
) -> None:
    """Every small table is tried: those that look alike in public must differ in what is hidden."""
    alike: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    edges = list(itertools.accumulate(sizes, initial=0))
    for values in itertools.product(range(largest + 1), repeat=sum(sizes)):
        areas = [
            Area(
                str(at),
                {str(cell): values[cell] for cell in range(first, last)},
                frozenset(map(str, range(first, last))),
            )
            for at, (first, last) in enumerate(itertools.pairwise(edges))
        ]
        alike[repr(protect(areas, least=least))].append(values)
    assert len(alike) > 3
    for seen in alike.values():
        for cell in range(sum(sizes)):
            possible = {values[cell] for values in seen}
            if min(possible) < least:
                assert possible == set(range(least)), (seen[0], cell)


@given(st.integers(0, 60), st.integers(0, 12), LEASTS)
def test_a_total_is_given_only_where_each_part_can_be_anything(
    total: int, over: int, least: int
) -> None:
    parts = range(least)
    can_be = {part for part in parts if over >= 1 and 0 <= total - part <= (over - 1) * (least - 1)}
    if may_be_given(total, over=over, least=least):
        assert can_be == set(parts)
        assert total >= least


@given(st.integers(0, 30), st.data(), LEASTS)
def test_a_reason_tells_neither_how_few_gave_it_nor_how_few_did_not(
    of: int, data: st.DataObject, least: int
) -> None:
    said = {key: data.draw(st.integers(0, of)) for key in "abc"}
    listed = reasons_given(said, of=of, least=least)
    for key, gave in said.items():
        if key in listed:
            assert gave >= least
            # All that is known is that at least `least` gave it, so 0 to of - least did not.
            assert set(range(least)) <= set(range(of - least + 1))
        elif listed:
            assert gave < least
            # 0 to least - 1 gave it, so at least `least` did not.
            assert of - (least - 1) >= least


@given(tables(), st.data())
def test_releases_of_one_time_never_differ_in_a_number(
    table: tuple[list[Area], int], data: st.DataObject
) -> None:
    areas, least = table
    releases = [protect(areas, least=least)]
    for _ in range(3):
        cells = [cell for area in releases[-1].areas for cell in area.cells]
        taken = data.draw(st.lists(st.sampled_from(cells), unique=True)) if cells else []
        releases.append(corrected(releases[-1], taking_back=taken))
    for earlier, later in itertools.combinations(releases, 2):
        check_adds_nothing(earlier, later)
        before = numbers_of(earlier)
        assert not {before[name] - number for name, number in numbers_of(later).items()} - {0}


@given(tables(), st.integers(1, 4))
def test_a_count_made_anew_for_the_same_time_is_refused(
    table: tuple[list[Area], int], more: int
) -> None:
    areas, least = table
    grown = [
        Area(area.name, {cell: count + more for cell, count in area.counts.items()}, area.cells)
        for area in areas
    ]
    before, after = protect(areas, least=least), protect(grown, least=least)
    if numbers_of(before) == numbers_of(after):
        return
    if set(numbers_of(after).items()) <= set(numbers_of(before).items()):
        return
    with pytest.raises(ChangesWhatStands):
        check_adds_nothing(before, after)


def test_a_correction_takes_back_only_what_was_given() -> None:
    shown = protect([land("one", a=9, b=2)], least=5)
    with pytest.raises(ChangesWhatStands, match="only takes back"):
        corrected(shown, taking_back=["b"])


def test_a_least_that_holds_nothing_back_is_refused() -> None:
    with pytest.raises(ValueError, match="holds nothing back"):
        protect([], least=1)


def test_cells_where_nobody_could_be_hide_nothing() -> None:
    counts = {"a": 4, "b": 4}
    fields = frozenset(f"field {at}" for at in range(50))
    (shown,) = protect([Area("one", counts, frozenset(counts))], least=5).areas
    assert shown.rest is None, "both are 4 for whoever knows that there are but two"
    (shown,) = protect([Area("one", counts, frozenset(counts) | fields)], least=5).areas
    assert shown.rest == 8
