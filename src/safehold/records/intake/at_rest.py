"""What a destroyed draft leaves on the disk, and how it is cleared away."""

from __future__ import annotations

from django.db import connections

from safehold.records.intake.chain import INTAKE

_PATIENCE_MS = 200  # a busy store is emptied at the next run, a minute later


def empty_write_ahead_log(alias: str = INTAKE) -> bool:
    """Empty SQLite's write-ahead log into its file; tell whether nothing is left in it.

    The log keeps every state that a row ever had until it is reused: half of an idle draft's key
    among them, while the device may still hold the other. Inside a transaction, and on another
    database, there is nothing that could be done here, and the answer is False.
    """
    connection = connections[alias]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        try:
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")
    return not busy
