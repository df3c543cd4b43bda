"""A process that is killed at any moment loses no report whose receipt was shown."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connections
from django.utils.timezone import now

from safehold.records.intake import operations
from safehold.records.intake.models import SealedReport
from safehold.records.intake.tickets import DraftTicket
from tests.crypto.keyrings import Keyring
from tests.records.intake import telling
from tests.records.intake.promises import all_is_well

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("committed_stores")]
FOLDER = Path(__file__).resolve().parents[3]
LONGEST_LIFE = 0.05  # seconds: some reports, or none
LONGEST_RUN = 600.0  # seconds, for the many of the night


@dataclass
class Tellers:
    """Processes that send, two at a time, and the file of what they sent and were shown."""

    maker: subprocess.Popen[str]
    noted: Path
    lives: random.Random
    killed: int = 0

    def tell(self, reports: int) -> None:
        """Start them and kill them, again and again, until so many receipts were shown."""
        until = time.monotonic() + LONGEST_RUN
        while len(self.shown()) < reports:
            assert time.monotonic() < until, "hardly anybody lives to see a receipt"
            for one in [self._begins(), self._begins()]:
                time.sleep(self.lives.uniform(0, LONGEST_LIFE))
                self._kill(one)

    def shown(self) -> dict[str, str]:
        """Return the reference that was shown for each report."""
        return {note["mark"]: note["reference"] for note in self._notes() if "reference" in note}

    def unanswered(self) -> dict[str, DraftTicket]:
        """Return what was sent, or was about to be, when its sender was killed."""
        begun = {
            note["mark"]: DraftTicket(UUID(note["draft"]), note["half"])
            for note in self._notes()
            if "draft" in note
        }
        return {mark: ticket for mark, ticket in begun.items() if mark not in self.shown()}

    def _notes(self) -> list[dict[str, str]]:
        lines = self.noted.read_text().splitlines() if self.noted.exists() else []
        return [json.loads(line) for line in lines]

    def _begins(self) -> int:
        assert self.maker.stdin
        assert self.maker.stdout
        self.maker.stdin.write("another\n")
        self.maker.stdin.flush()
        return int(self.maker.stdout.readline())

    def _kill(self, number: int) -> None:
        os.kill(number, signal.SIGKILL)  # raises where it had ended by itself
        self.killed += 1
        with suppress(ProcessLookupError):
            while True:
                os.kill(number, 0)
                time.sleep(0.001)


@pytest.fixture
def tellers(keyring: Keyring, tmp_path: Path) -> Iterator[Tellers]:
    connections["intake"].close()
    stores = json.dumps({"intake": str(connections["intake"].settings_dict["NAME"])})
    program = [sys.executable, "-m", "tests.records.intake.telling"]
    noted = tmp_path / "noted"
    maker = subprocess.Popen(
        [*program, str(keyring.folder), stores, str(noted)],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with maker:
        yield Tellers(maker, noted, random.Random(20261122))


def told_again(tellers: Tellers) -> dict[str, str]:
    """Press Send again for each report that had no answer, as whoever sends would."""
    return {
        mark: operations.submit(ticket=ticket, **telling.report(mark), at=now()).reference
        for mark, ticket in tellers.unanswered().items()
    }


def test_no_report_is_lost_or_doubled_when_its_sender_is_killed(
    tellers: Tellers, keyring: Keyring
) -> None:
    tellers.tell(60)
    all_is_well(tellers.shown(), keyring)

    again = told_again(tellers)

    all_is_well({**tellers.shown(), **again}, keyring)
    assert SealedReport.objects.using("intake").count() == len(tellers.shown()) + len(again)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_thousand_reports_outlive_those_who_sent_them(
    tellers: Tellers, keyring: Keyring
) -> None:
    tellers.tell(2_000)
    again = told_again(tellers)
    all_is_well({**tellers.shown(), **again}, keyring)
    print(f"{len(tellers.shown())} receipts, {tellers.killed} killed, {len(again)} sent again")
