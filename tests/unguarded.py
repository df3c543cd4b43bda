"""Taking a guard away, as whoever owns the database could, to do damage that nobody else can."""

from __future__ import annotations

from django.db import connections

from safehold.records.removals import INTAKE_GUARDS, RECORDS_GUARDS


def take_guards_from(*tables: str) -> None:
    """Take away what keeps rows of these tables from being removed, or from coming too late."""
    for alias, guards in (("intake", INTAKE_GUARDS), ("default", RECORDS_GUARDS)):
        connection = connections[alias]
        with connection.cursor() as cursor:
            for guard in guards:
                if guard.table in tables:
                    where = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER {guard.name}{where}")
