"""Commits that nobody waits for the disk with: of what need not outlast a power cut.

Whatever was promised to be kept (a report that was sent, what was saved under a code) and whatever
was promised to be destroyed is on the disk before the answer is given. An answer of an unfinished
report is not: it outlives the process, and is lost with the machine's power.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from safehold.records.intake.chain import INTAKE

# SQLite changes it between transactions only, and for one connection; a later FULL commit brings
# the whole write-ahead log to the disk, and so every quick one before it.
_SQLITE_QUICK, _SQLITE_USUAL = "PRAGMA synchronous = NORMAL", "PRAGMA synchronous = FULL"
_POSTGRESQL_QUICK = "SET LOCAL synchronous_commit TO off"


@contextmanager
def quick() -> Iterator[None]:
    """Commit what is done inside without waiting for the disk.

    Within a transaction of somebody else's it is kept as carefully as all of that one.
    """
    connection = connections[INTAKE]
    if connection.in_atomic_block:
        with transaction.atomic(using=INTAKE):
            yield
    elif connection.vendor == "sqlite":
        _say(connection, _SQLITE_QUICK)
        try:
            with transaction.atomic(using=INTAKE):
                yield
        finally:
            _back_to_usual(connection)
    else:
        with transaction.atomic(using=INTAKE):
            _say(connection, _POSTGRESQL_QUICK)
            yield


def _back_to_usual(connection: BaseDatabaseWrapper) -> None:
    try:
        _say(connection, _SQLITE_USUAL)
    except BaseException:
        connection.close()  # the next one is opened with all that is promised
        raise


def _say(connection: BaseDatabaseWrapper, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
