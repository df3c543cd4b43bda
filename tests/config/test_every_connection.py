"""Every connection to a store, whoever opens it, is opened as `config.stores` says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import RequestFactory
from django_tasks_db.management.commands.db_worker import Worker

from safehold.config import scheduler, stores
from safehold.config.commands import migrate
from safehold.config.health import healthz
from tests.stores import PROMISED, promises_of

AT = datetime(2026, 11, 22, tzinfo=UTC)
BOTH = {"default", "intake"}
SOURCES = Path(stores.__file__).resolve().parents[1]

pytestmark = [
    pytest.mark.usefixtures("committed_stores"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="pragmas are SQLite's"),
]

Opened = list[tuple[str, dict[str, object]]]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """What was asked of each connection that is opened from now on."""
    seen: Opened = []

    def note(connection: BaseDatabaseWrapper, **_: Any) -> None:
        seen.append((connection.alias, promises_of(connection)))

    connection_created.connect(note)
    connections.close_all()
    yield seen
    connection_created.disconnect(note)


def a_web_thread() -> None:
    assert healthz(RequestFactory().get("/healthz")).status_code in {200, 503}


def the_scheduler() -> None:
    scheduler._destroy_idle_drafts(AT)
    scheduler._prune_sessions(AT)


def the_worker() -> None:
    # As `config.worker` runs it, but until there is no task left and without its signals.
    Worker(
        queue_names=["*"],
        interval=1.0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    ).run()


def a_command() -> None:
    for alias in stores.RECORDS, stores.INTAKE:
        migrate.migrate_store(alias)


def in_a_thread(act: Callable[[], None]) -> None:
    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.parametrize(
    ("act", "reaches"),
    [
        (lambda: [in_a_thread(a_web_thread) for _ in range(4)], BOTH),
        (the_scheduler, BOTH),
        (the_worker, {"default"}),
        (a_command, BOTH),
    ],
    ids=["web threads", "scheduler", "worker", "command"],
)
def test_whoever_opens_a_store_opens_it_so(
    act: Callable[[], Any], reaches: set[str], opened: Opened
) -> None:
    act()
    assert {alias for alias, _ in opened} >= reaches
    assert [found for found in opened if found[1] != PROMISED] == []


def test_each_thread_has_connections_of_its_own(opened: Opened) -> None:
    for _ in range(4):
        in_a_thread(a_web_thread)
    assert len(opened) >= 4 * len(BOTH)


def test_a_connection_without_a_promise_fails_where_it_is_opened() -> None:
    careless = connections["intake"].copy()
    careless.settings_dict["OPTIONS"] = {
        **careless.settings_dict["OPTIONS"],
        "init_command": stores.SQLITE_START.replace("synchronous=FULL", "synchronous=NORMAL"),
    }
    with pytest.raises(AssertionError, match="synchronous"):
        careless.connect()
    careless.close()


def test_only_backups_open_a_store_by_hand() -> None:
    by_hand = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if "sqlite3.connect(" in path.read_text()
    }
    # What an import has met lies in a file of its own that is gone with it.
    assert by_hand == {
        "config/backups/making.py",
        "config/backups/sqlite.py",
        "records/imports/reading.py",
    }
