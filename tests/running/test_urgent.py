"""What somebody's life may wait for, beside ordinary work that takes as long as it likes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.servers import ROOT, environment

pytestmark = pytest.mark.timeout(180)

ORDINARY = """
import os, time
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "safehold.config.settings"
from safehold.config import scheduler
def slow(at):
    Path(os.environ["SAFEHOLD_DATA"], "slow").touch()
    time.sleep(600)
scheduler._destroy_idle_drafts = slow  # the first of the ordinary jobs
scheduler.bring_pages_up_to_date = lambda at: None
scheduler.run()
"""
URGENT = "from safehold.config.cli import main; main()", "serve", "--only", "urgent"
SENT = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "safehold.config.settings"
import django
django.setup()
from datetime import UTC, datetime
from tests.desk import send
danger = [{"prompt": "danger-now", "reason": "Told"}]
print(send(at=datetime.now(UTC), slip={"danger": danger}).report_id.hex)
"""


@pytest.fixture
def start(installed: Path) -> Iterator:
    started: list[subprocess.Popen[bytes]] = []

    def run(*command: str) -> subprocess.Popen[bytes]:
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", *command],
                env=environment(SAFEHOLD_DATA=str(installed), SITE="all"),
                cwd=ROOT,
            )
        )
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait(20)


def rows(data: Path, query: str, *values: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{data}/records.sqlite3?mode=ro", uri=True)) as store:
        return store.execute(query, values).fetchall()


def test_a_slip_is_opened_and_an_alarm_sent_while_an_ordinary_job_never_ends(
    start, installed: Path
) -> None:
    ordinary = start(ORDINARY)
    until = time.monotonic() + 60
    while not (installed / "slow").exists():
        assert ordinary.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)

    start(*URGENT)
    sent = subprocess.run(
        [sys.executable, "-c", SENT],
        env=environment(SAFEHOLD_DATA=str(installed), SITE="all", PYTHONPATH=str(ROOT)),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()

    until = time.monotonic() + 60
    alarm = "SELECT sent FROM duty_alarm WHERE report_id = ? AND sent > 0"
    while not rows(installed, alarm, sent):
        assert time.monotonic() < until
        time.sleep(0.2)
    assert rows(installed, "SELECT state FROM triage_slip WHERE report_id = ?", sent) == [("new",)]
    query = "SELECT finished FROM scheduled_job WHERE name = 'destroy idle drafts'"
    assert rows(installed, query) == [(None,)]
    assert ordinary.poll() is None
