"""A stored chain as the links that `safehold.domain.audit_chain` checks, streamed row by row.

Columns are read as text and decoded here: a row that somebody damaged must come out as a row that
does not fit its hash, not as an error of the database library that names no row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connections, models

from safehold.domain.audit_chain import Link, timestamp

_CHUNK = 2_000
_UNREADABLE = {"unreadable": True}
_APART = ("sequence", "previous", "hash", "at", "detail")  # what is not hashed as it stands


def stored_links(model: type[models.Model], *, using: str) -> Iterator[Link]:
    """Yield every row of a chain in the order of its number, holding one chunk in memory."""
    connection = connections[using]
    others = [field.name for field in model._meta.concrete_fields]  # columns of the same name
    others = [name for name in others if name not in _APART]
    names = [*_APART, *others]
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
                sequence, previous, digest, at, detail, *rest = row
                fields = _fields(dict(zip(others, rest, strict=True)), at, detail)
                # SQLite keeps whatever it is given: a number that is none stands before every row.
                number = sequence if type(sequence) is int else -1
                yield Link(number, str(previous), str(digest), fields)


def row_count(model: type[models.Model], *, using: str) -> int:
    """Return the number of rows, for a progress bar."""
    return model._default_manager.using(using).count()


def _fields(fields: dict[str, Any], at: Any, detail: Any) -> dict[str, Any]:
    try:
        fields["at"] = _moment(at)
        fields["detail"] = {} if detail == "{}" else json.loads(detail)  # most say no more
    except (ValueError, TypeError):
        return _UNREADABLE
    return fields


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return timestamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
