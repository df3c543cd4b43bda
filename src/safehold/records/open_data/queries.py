"""Questions to the store of open data, answered by DuckDB over its Parquet files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from safehold.analysis.hotspots import PointCounts
from safehold.domain.police_uk import STREET, place_name
from safehold.records.open_data import partitions
from safehold.records.open_data.partitions import Held, StoreError


@dataclass(frozen=True, slots=True)
class Available:
    """What the store holds: choices for a form, in a stable order."""

    version: str
    forces: tuple[str, ...]
    months: tuple[str, ...]
    classes: tuple[str, ...]
    rows: int

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing has been imported."""
        return self.rows == 0


def version(root: Path) -> str:
    """Return a text that differs whenever a month was added, replaced or removed; for caches."""
    return partitions.version(root)


def available(root: Path) -> Available:
    """Say which forces, months and classes of street data the store holds."""
    found = partitions.held(root)
    return Available(
        version=partitions.version(root),
        forces=tuple(sorted({one.partition.force for one in found})),
        months=tuple(sorted({one.partition.month for one in found})),
        classes=_classes(root, found),
        rows=sum(one.provenance.kept for one in found),
    )


def chosen(root: Path, *, forces: Iterable[str], months: Iterable[str]) -> list[Held]:
    """List the partitions of street data of some forces and months."""
    wanted_forces, wanted_months = set(forces), set(months)
    return [
        one
        for one in partitions.held(root)
        if one.partition.kind == STREET
        and one.partition.force in wanted_forces
        and one.partition.month in wanted_months
    ]


def point_counts(
    root: Path, *, forces: Iterable[str], months: Iterable[str], classes: Sequence[str]
) -> PointCounts:
    """Count the rows of each point, name and month for some forces, months and classes.

    Points are as published; nothing is left out but what was not asked for.
    """
    found = chosen(root, forces=forces, months=months)
    paths = _paths(found)
    if not paths or not classes:
        return _no_points()
    sql = """
        SELECT longitude, latitude, coalesce(location, '') AS location, month, count(*) AS events
        FROM read_parquet($paths)
        WHERE list_contains($classes, crime_type)
        GROUP BY longitude, latitude, coalesce(location, ''), month
    """
    with _engine(root) as engine:
        rows = engine.execute(sql, {"paths": paths, "classes": list(classes)}).fetchnumpy()
    return _as_points(rows)


def months_between(first: str, last: str, among: Iterable[str]) -> tuple[str, ...]:
    """Choose the months from `first` to `last`, both kept, in order."""
    return tuple(sorted(month for month in set(among) if first <= month <= last))


def calendar_months(first: str, last: str) -> tuple[str, ...]:
    """List every month from `first` to `last`, as 2025-01, held or not."""
    start, end = _month_number(first), _month_number(last)
    return tuple(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, end + 1))


def _month_number(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def _paths(found: Iterable[Held]) -> list[str]:
    return [str(one.path.resolve()) for one in found]


def _classes(root: Path, found: Sequence[Held]) -> tuple[str, ...]:
    paths = _paths(one for one in found if one.partition.kind == STREET)
    if not paths:
        return ()
    sql = "SELECT DISTINCT crime_type FROM read_parquet($paths) ORDER BY crime_type"
    with _engine(root) as engine:
        return tuple(row[0] for row in engine.execute(sql, {"paths": paths}).fetchall())


@contextmanager
def _engine(root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    # Nothing outside the store can be read, nothing is fetched, and no query can change that.
    folder = f"{root.resolve()}/".replace("'", "''")
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        with duckdb.connect(":memory:", config=settings) as engine:
            engine.execute(f"SET allowed_directories = ['{folder}']")
            engine.execute("SET enable_external_access = false")
            engine.execute("SET lock_configuration = true")
            yield engine
    except duckdb.Error as error:
        raise StoreError(f"The open data under {root} cannot be read: {error}") from error


def _no_points() -> PointCounts:
    return PointCounts(
        longitude=np.empty(0),
        latitude=np.empty(0),
        name=np.empty(0, dtype=np.str_),
        month=np.empty(0, dtype=np.str_),
        count=np.empty(0, dtype=np.int64),
    )


def _as_points(rows: dict[str, Any]) -> PointCounts:
    longitude = np.ma.filled(np.ma.asarray(rows["longitude"]).astype(np.float64), np.nan)
    latitude = np.ma.filled(np.ma.asarray(rows["latitude"]).astype(np.float64), np.nan)
    events = np.asarray(rows["events"], dtype=np.int64)
    placed = ~np.isnan(longitude)
    locations = np.asarray(rows["location"], dtype=np.str_)
    distinct, number = np.unique(locations, return_inverse=True)
    names = np.array([place_name(text) for text in distinct.tolist()], dtype=np.str_)[number]
    return PointCounts(
        longitude=longitude[placed],
        latitude=latitude[placed],
        name=names[placed],
        month=np.asarray(rows["month"], dtype=np.str_)[placed],
        count=events[placed],
        without_coordinates=int(events[~placed].sum()),
    )
