"""Extracts of an invented records system, imported as the command does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import models

from safehold.domain import column_maps
from safehold.domain.access import Role
from safehold.records.imports.models import Imported
from safehold.records.imports.operations import Asked, import_records
from safehold.records.imports.report import Report
from tests.desk import AT, member

FOLDER = Path(__file__).parents[1] / "docs/imports"
WHY = "The monthly extract of the records system"
# In an order in which whatever a row names is there before it.
ORDER = (
    "people", "aliases", "incidents", "roles", "cases", "orders", "marac", "outcomes",
    "must-not-receive", "safe-contact",
)  # fmt: skip


def importing(
    map_text: str,
    *files: Path,
    by: Any = None,
    at: datetime = AT,
    dry_run: bool = False,
    rows: int | None = None,
    covers: tuple[date, date] | None = None,
) -> list[Report]:
    """Import files and return their reports."""
    asked = Asked(
        map=column_maps.read(map_text),
        map_bytes=map_text.encode(),
        reason=WHY,
        dry_run=dry_run,
        rows=rows,
        covers=covers,
    )
    by = by or member(Role.SUPERVISOR)
    return list(import_records(paths=files, asked=asked, by=by, at=at))


def example(name: str, **more: Any) -> Report:
    """Import one of the examples."""
    text = (FOLDER / f"{name}.toml").read_text()
    return importing(text, FOLDER / f"{name}.csv", **more)[0]


def written(path: Path, header: str, *rows: str) -> Path:
    """Write an extract."""
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def target(kind: str, key: str, system: str = "example") -> Any:
    """Return what a key became."""
    return Imported.objects.get(system=system, kind=kind, key=key).target


def store(models_: Iterable[type[models.Model]]) -> list[Any]:
    """Return all that tables hold, to be held against itself."""
    return [list(model._default_manager.order_by("pk").values()) for model in models_]
