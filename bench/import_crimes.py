"""Time the import of published street files beside a plain way of doing it, in one run.

    python bench/import_crimes.py FOLDER

The plain way reads the same files with the csv module and inserts each row into SQLite, one
statement a row inside one transaction a file. It checks nothing and keeps no provenance.
Set SAFEHOLD_SHARED_DATA to use the Hertfordshire months without naming a folder.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from safehold.records.open_data import loading, partitions, sources
from safehold.records.open_data.loading import Loader

DEFAULT = Path(os.environ.get("SAFEHOLD_SHARED_DATA", "../shared/data"))


def ours(folder: Path, target: Path) -> int:
    """Import into a Parquet store; returns the rows kept."""
    at = datetime.now(UTC)
    refused = target / "refused.csv"
    with partitions.only_writer(target), Loader(target, at=at, refused_file=refused) as loader:
        loading.load_all(loader, sources.find([folder]))
        loader.publish()
        return loader.report.kept


def plain(folder: Path, target: Path) -> int:
    """Insert each row into SQLite; returns the rows inserted."""
    target.mkdir()
    store = sqlite3.connect(target / "crimes.sqlite3")
    columns = ", ".join(f"c{number}" for number in range(12))
    store.execute(f"CREATE TABLE crime ({columns})")
    statement = f"INSERT INTO crime VALUES ({', '.join('?' * 12)})"
    for path in sorted(folder.rglob("*.csv.gz")):
        with gzip.open(path) as packed, store:
            rows = csv.reader(io.TextIOWrapper(packed, encoding="utf-8", newline=""))
            next(rows)
            for row in rows:
                store.execute(statement, row)
    return int(store.execute("SELECT count(*) FROM crime").fetchone()[0])


BAR_SECONDS = 15


class Measured:
    """The seconds on the clock, the seconds of processor, and the rows of one act."""

    def __init__(self, act: Callable[[Path, Path], int], folder: Path, target: Path) -> None:
        clock, processor = time.perf_counter(), time.process_time()
        self.rows = act(folder, target)
        self.clock = time.perf_counter() - clock
        self.processor = time.process_time() - processor

    def __str__(self) -> str:
        return f"{self.clock:6.2f} s ({self.processor:.2f} s of processor)  {self.rows:,} rows"


def weight(folder: Path) -> float:
    """Return the size of a folder in megabytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main(arguments: Sequence[str] = ()) -> int:
    """Print time, rows, size and the ratio of both ways; return 1 when a bar is missed."""
    folder = Path(arguments[0]) if arguments else DEFAULT / "police-uk-hertfordshire" / "street"
    if not folder.is_dir():
        print(f"There are no street files at {folder}; name their folder.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        first, second = Path(scratch) / "parquet", Path(scratch) / "sqlite"
        imported = Measured(ours, folder, first)
        again = Measured(ours, folder, first)
        other = Measured(plain, folder, second)
        print(f"files from {folder}")
        print(f"import to Parquet, checked  {imported}  {weight(first):.1f} MB")
        print(f"the same again, unchanged   {again}")
        print(f"csv to SQLite, row by row   {other}  {weight(second):.1f} MB")
        faster = other.processor / imported.processor
        print(f"ratio {faster:.2f} in processor time, {weight(second) / weight(first):.1f} in size")
        print(f"bar: {BAR_SECONDS} s, and as many rows kept as the files hold")
    return int(imported.clock > BAR_SECONDS or imported.rows != other.rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
