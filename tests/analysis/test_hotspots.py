"""The ranking counts every event once, in an order that the input's order cannot change."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from safehold.analysis import cells, hotspots
from safehold.analysis.hotspots import Basis, HotSpots, PointCounts

BASIS = Basis(
    data="made up", area="Mere", forces=("mere",), classes=("Drugs",), months=("2025-01",)
)
Row = tuple[float, float, str, str, int]

# A small patch and few values, so that points share cells and cells share counts.
ROWS = st.lists(
    st.tuples(
        st.sampled_from([-0.210, -0.209, -0.200, -0.190, -0.150, 0.5]),
        st.sampled_from([51.70, 51.701, 51.71, 51.75]),
        st.sampled_from(["High Street", "Park", "Nightclub"]),
        st.sampled_from(["2025-01", "2025-02", "2025-03"]),
        st.integers(1, 5),
    ),
    max_size=40,
)
AREA = box(-0.3, 51.6, 0.0, 51.9)


def table(rows: list[Row], without: int = 0) -> PointCounts:
    longitude, latitude, name, month, count = zip(*rows, strict=True) if rows else ((),) * 5
    return PointCounts(
        longitude=np.array(longitude, dtype=np.float64),
        latitude=np.array(latitude, dtype=np.float64),
        name=np.array(name, dtype=np.str_),
        month=np.array(month, dtype=np.str_),
        count=np.array(count, dtype=np.int64),
        without_coordinates=without,
    )


def ranked(rows: list[Row], without: int = 0, resolution: int = 9) -> HotSpots:
    points = table(rows, without)
    return hotspots.rank_cells(points, basis=BASIS, resolution=resolution, area=AREA)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(rows: list[Row], shuffler: random.Random) -> None:
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    assert ranked(shuffled) == ranked(rows)


@given(ROWS, st.integers(0, 9))
def test_every_event_is_counted_outside_or_without_a_place(rows: list[Row], without: int) -> None:
    result = ranked(rows, without)
    assert result.read == sum(row[4] for row in rows) + without
    assert result.outside == sum(row[4] for row in rows if row[0] > 0)
    assert result.counted == sum(cell.count for cell in result.cells)
    assert not result.cells or sum(cell.share for cell in result.cells) == pytest.approx(1)


@given(ROWS)
def test_the_counts_are_those_of_a_plain_tally(rows: list[Row]) -> None:
    tally: Counter[str] = Counter()
    seen: dict[str, set[str]] = {}
    for longitude, latitude, _, month, count in rows:
        if longitude < 0:
            cell = cells.cell_of(longitude, latitude)
            tally[cell] += count
            seen.setdefault(cell, set()).add(month)
    result = ranked(rows)
    assert {cell.cell: cell.count for cell in result.cells} == dict(tally)
    assert {cell.cell: cell.months_seen for cell in result.cells} == {
        cell: len(months) for cell, months in seen.items()
    }


@given(ROWS)
def test_ranks_run_from_one_and_ties_are_settled_by_rule(rows: list[Row]) -> None:
    result = ranked(rows)
    keys = [(-cell.count, -cell.months_seen, cell.cell) for cell in result.cells]
    assert keys == sorted(keys)
    assert [cell.rank for cell in result.cells] == list(range(1, len(keys) + 1))


@given(ROWS)
def test_rows_that_are_split_count_the_same(rows: list[Row]) -> None:
    singles = [(*row[:4], 1) for row in rows for _ in range(row[4])]
    assert ranked(singles) == ranked(rows)


def test_a_cell_is_named_by_where_most_of_its_events_are() -> None:
    rows = [(-0.2, 51.7, name, "2025-01", n) for name, n in [("Zoo", 2), ("Park", 2), ("Inn", 1)]]
    assert [cell.name for cell in ranked(rows).cells] == ["Park"]


def test_the_top_keeps_the_shares_of_the_whole() -> None:
    rows = [(-0.20, 51.7, "", "2025-01", 3), (-0.15, 51.75, "", "2025-01", 1)]
    top = ranked(rows).top(1)
    assert [(cell.count, cell.share) for cell in top.cells] == [(3, 0.75)]
    assert top.counted == 4


def test_how_few_cells_hold_a_share() -> None:
    spots = [(-0.20, 51.7, 6), (-0.15, 51.75, 3), (-0.10, 51.75, 1)]
    result = ranked([(lon, lat, "", "2025-01", n) for lon, lat, n in spots])
    assert [result.cells_holding(share) for share in (0.5, 0.6, 0.9, 1.0)] == [1, 1, 2, 3]
    assert ranked([]).cells_holding(0.5) == 0


def test_without_a_boundary_nothing_is_outside() -> None:
    points = table([(0.5, 51.7, "", "2025-01", 2)])
    assert hotspots.rank_cells(points, basis=BASIS).outside == 0


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        PointCounts(
            longitude=np.zeros(2),
            latitude=np.zeros(2),
            name=np.array(["a"]),
            month=np.array(["2025-01"] * 2),
            count=np.ones(2, dtype=np.int64),
        )


def test_a_count_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        table([(-0.2, 51.7, "", "2025-01", 0)])
