"""Kinds that are one row of ours with columns: what an import wrote last, and what stands now.

A column that still stands as the import wrote it follows the source; one that somebody changed here
stays, and is told. What stood before is kept in `Earlier`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from safehold.domain.extract_rows import Row
from safehold.records.imports.models import Earlier, Imported
from safehold.records.imports.report import Weight
from safehold.records.imports.working import Work, digest

CORRECTED = "was changed here since; what stands here stays"


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of ours that stand or fall together, and the fields that they come from.

    `also` are written with them and say nothing of the source: who decided, and when.
    """

    columns: tuple[str, ...]
    fields: tuple[str, ...]
    also: tuple[str, ...] = ()


def plain(value: Any) -> Any:
    """Return a column's value as JSON keeps it, alike on every database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def kept(values: Mapping[str, Any], groups: Sequence[Group]) -> dict[str, str]:
    """Return by which digests columns are known again as the import wrote them."""
    return {
        group.columns[0]: _mark({name: values[name] for name in group.columns}) for group in groups
    }


def bring_up(
    target: models.Model,
    values: Mapping[str, Any],
    row: Row,
    imported: Imported,
    *,
    work: Work,
    groups: Sequence[Group],
) -> tuple[dict[str, str], bool]:
    """Bring a row up to what the source says, column by column; return what was written last.

    What the row does not say readably stays as it is.
    """
    last: dict[str, str] = dict(imported.made["columns"])
    before: dict[str, Any] = {}
    for group in groups:
        first = group.columns[0]
        wanted = _mark({name: values[name] for name in group.columns})
        if wanted == last.get(first) or work.doubtful(row, *group.fields):
            continue
        stands = {name: getattr(target, name) for name in group.columns}
        if _mark(stands) not in {wanted, last.get(first)}:
            work.tell(row, Weight.CONFLICT, group.fields[0], CORRECTED)
            continue
        last[first] = wanted
        if _mark(stands) != wanted:
            for name in (*group.columns, *group.also):
                before[name] = plain(getattr(target, name))
                setattr(target, name, values[name])
    if before:
        work.insert(Earlier(row=imported, said=before, batch=work.batch, at=work.at))
        target.save(update_fields=sorted(before))
    return last, bool(before)


def _mark(values: Mapping[str, Any]) -> str:
    return digest(repr(sorted((name, plain(value)) for name, value in values.items())))[:16]
