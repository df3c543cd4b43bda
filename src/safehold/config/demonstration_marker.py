"""Mark a store as made for the demonstration, in the store itself, so that a copy carries it too.

`safehold migrate` marks what it makes while SAFEHOLD_DEMONSTRATION is on. A store is one or the
other for life: `startup` refuses a marked store anywhere else.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

FILE = "DEMONSTRATION"
_APPLICATION_ID = 0x50524143  # "PRAC", in the header of an SQLite file
_COMMENT = "practice: invented people and places"


def mark(connection: BaseDatabaseWrapper) -> None:
    """Mark the store behind a connection of its owner."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        else:
            cursor.execute(f"COMMENT ON SCHEMA public IS '{_COMMENT}'")


def is_marked(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether a store was made for the demonstration."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA application_id")
            return bool(cursor.fetchone()[0] == _APPLICATION_ID)
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
        return bool(cursor.fetchone()[0] == _COMMENT)
