"""A write-ahead log that was cut short, as by a loss of power, is replayed to its last commit."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils.timezone import now

from safehold.records.intake import operations
from safehold.records.intake.models import SealedReport
from tests.crypto.keyrings import Keyring
from tests.records.intake import telling
from tests.records.intake.promises import all_is_well

pytestmark = [
    pytest.mark.database,
    pytest.mark.usefixtures("committed_stores"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the log is SQLite's own"),
]
REPORTS = 12
CUTS = 60
HEADER, FRAME = 32, 24 + 4096  # bytes of the log's beginning, and of each page in it


@dataclass
class Cut:
    """A store as it was copied while it was open, and the receipts that were shown until then."""

    store: Path
    log: bytes
    shown: dict[str, str]

    @contextmanager
    def at(self, end: int, folder: Path, after: bytes = b"") -> Iterator[None]:
        """Open a copy whose log ends here, or goes on with something else."""
        folder.mkdir()
        target = folder / "intake.sqlite3"
        shutil.copyfile(self.store, target)
        Path(f"{target}-wal").write_bytes(self.log[:end] + after)
        intake = connections["intake"]
        before = intake.settings_dict["NAME"]
        intake.close()
        intake.settings_dict["NAME"] = str(target)
        try:
            yield
        finally:
            intake.close()
            intake.settings_dict["NAME"] = before
            shutil.rmtree(folder)

    def survivors(self, keyring: Keyring) -> int:
        """Check what is left: sound, whole, and the first of what was sent; return how many."""
        with connections["intake"].cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []
        left = SealedReport.objects.using("intake").count()
        all_is_well(dict(list(self.shown.items())[:left]), keyring)
        return left


@pytest.fixture
def cut(keyring: Keyring, tmp_path: Path) -> Cut:
    shown = {}
    for number in range(REPORTS):
        ticket = operations.start_draft(journey="harm", at=now())
        receipt = operations.submit(ticket=ticket, **telling.report(f"{number}"), at=now())
        shown[f"{number}"] = receipt.reference
    live = Path(str(connections["intake"].settings_dict["NAME"]))
    copy = tmp_path / "copy.sqlite3"
    shutil.copyfile(live, copy)
    return Cut(copy, Path(f"{live}-wal").read_bytes(), shown)


def ends(log: bytes) -> list[int]:
    """Choose where to cut: anywhere, and on both sides of where a page begins."""
    chance = random.Random(20261122)
    anywhere = [chance.randrange(len(log)) for _ in range(CUTS // 2)]
    pages = [
        HEADER + FRAME * chance.randrange(len(log) // FRAME) + chance.choice((-1, 0, 1))
        for _ in range(CUTS // 2)
    ]
    return sorted([0, *anywhere, *pages])


def test_the_whole_log_holds_every_report(cut: Cut, keyring: Keyring, tmp_path: Path) -> None:
    with cut.at(len(cut.log), tmp_path / "whole"):
        assert cut.survivors(keyring) == REPORTS


def test_however_much_is_cut_off_the_rest_is_whole(
    cut: Cut, keyring: Keyring, tmp_path: Path
) -> None:
    left = []
    for end in ends(cut.log):
        with cut.at(end, tmp_path / f"cut-{end}"):
            left.append(cut.survivors(keyring))
    assert left == sorted(left)
    assert set(left) >= {0, 1, REPORTS - 1}, "the cuts fall where nothing is decided"


def test_what_was_never_written_through_is_not_believed(
    cut: Cut, keyring: Keyring, tmp_path: Path
) -> None:
    chance = random.Random(7)
    for end in ends(cut.log)[:: CUTS // 15]:
        with cut.at(end, tmp_path / f"cut-{end}"):
            kept = cut.survivors(keyring)
        for after in (bytes(2 * FRAME), chance.randbytes(2 * FRAME)):
            with cut.at(end, tmp_path / f"torn-{end}", after):
                assert cut.survivors(keyring) == kept


def test_a_store_that_was_cut_takes_reports_again(
    cut: Cut, keyring: Keyring, tmp_path: Path
) -> None:
    with cut.at(len(cut.log) // 2, tmp_path / "half"):
        left = cut.survivors(keyring)
        ticket = operations.start_draft(journey="harm", at=now())
        operations.submit(ticket=ticket, **telling.report("after"), at=now())
        assert SealedReport.objects.using("intake").count() == left + 1
        all_is_well({}, keyring)
