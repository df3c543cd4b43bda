"""A stored chain as the links that `safehold.domain.audit_chain` checks, streamed row by row.

Columns are read as text and decoded here: a row that somebody damaged must come out as a row that
does not fit its hash, not as an error of the database library that names no row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connections, models

from safehold.domain.audit_chain import Link, timestamp

_CHUNK = 2_000
_UNREADABLE = {"unreadable": True}


def stored_links(model: type[models.Model], *, using: str) -> Iterator[Link]:
    """Yield every row of a chain in the order of its number, holding one chunk in memory."""
    connection = connections[using]
    names = [field.name for field in model._meta.concrete_fields]  # columns of the same name
    columns = ", ".join(
        connection.ops.quote_name(name)
        if name == "sequence"
        else f"CAST({connection.ops.quote_name(name)} AS text)"
        for name in names
    )
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.chunked_cursor() as cursor:
        # Names of our own model; nothing that a person typed.
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY sequence")  # noqa: S608 - above
        while rows := cursor.fetchmany(_CHUNK):
            for row in rows:
                yield _link(dict(zip(names, row, strict=False)))  # as long as the columns asked for


def row_count(model: type[models.Model], *, using: str) -> int:
    """Return the number of rows, for a progress bar."""
    return model._default_manager.using(using).count()


def _link(row: dict[str, Any]) -> Link:
    sequence = row.pop("sequence")
    previous, digest = row.pop("previous"), row.pop("hash")
    try:
        row["at"] = _moment(row["at"])
        row["detail"] = json.loads(row["detail"])
    except (ValueError, TypeError):
        row = _UNREADABLE
    # SQLite keeps whatever it is given: a number that is none stands before every row.
    return Link(sequence if type(sequence) is int else -1, str(previous), str(digest), row)


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:  # as SQLite keeps it: UTC already
        return f"{moment.isoformat(timespec='microseconds')}+00:00"
    return timestamp(moment)
