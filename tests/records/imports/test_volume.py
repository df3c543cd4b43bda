"""An extract of any length is read in the same memory."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from safehold.domain.access import Role
from tests.desk import member
from tests.extracts import FOLDER, importing

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.timeout(1_200),
]
MOST = 60 * 1024  # KiB more for ten times the rows


def extract(folder: Path, first: int, count: int) -> Path:
    path = folder / f"{first}.csv"
    header = (FOLDER / "people.csv").read_text().splitlines()[0]
    with path.open("w") as out:
        out.write(header + "\n")
        for n in range(first, first + count):
            day = f"{n % 28 + 1:02}/{n % 12 + 1:02}/{1940 + n % 70}"
            home = f"{n % 900} Alder Row,Mere,MR{n % 9} {n % 7}AB,N"
            out.write(f"N{n},First{n % 997},Last{n % 4999},,{day},07700 8{n:05},{home},,F,W1,,N\n")
    return path


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    boss, by = member(Role.SUPERVISOR), (FOLDER / "people.toml").read_text()
    importing(by, extract(tmp_path, 0, 1_000), by=boss)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = importing(by, extract(tmp_path, 10_000, 10_000), by=boss)[0]
    assert report.counts == {"read": 10_000, "new": 10_000}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST
