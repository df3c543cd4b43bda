"""How often a page asks the records store."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

_NOT_COUNTED = (
    "SAVEPOINT",
    "RELEASE SAVEPOINT",
    "BEGIN",
    "COMMIT",
    "SELECT set_config(",
    "SELECT pg_advisory_xact_lock(",
)


def statements(ask: Callable[[], HttpResponse], *aliases: str) -> int:
    """Return how many statements a page takes of these stores, or of the records alone.

    All of them, whoever is signed in and the look's audit among them, but for where a transaction
    begins and ends, and for what PostgreSQL is told of who asks and which appender is next.
    """
    captured = [CaptureQueriesContext(connections[alias]) for alias in aliases or ["default"]]
    for each in captured:
        each.__enter__()
    try:
        assert ask().status_code == 200
    finally:
        for each in reversed(captured):
            each.__exit__(None, None, None)
    said = [query["sql"] for each in captured for query in each.captured_queries]
    return sum(not sql.startswith(_NOT_COUNTED) for sql in said)
