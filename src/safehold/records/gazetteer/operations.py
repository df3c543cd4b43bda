"""Load boundaries and gazetteers: a source's newer load takes the place of the older one whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from safehold.domain import place_names
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, Member, System, actor_fields
from safehold.records.gazetteer import reading
from safehold.records.gazetteer.models import Boundary, Entry, EntryKind, Load
from safehold.records.gazetteer.reading import (
    GazetteerFileError,
    ReadBoundary,
    ReadEntry,
    Reading,
)

STORE = "intake"
RECORDS = "default"
_BATCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What a load did. `read` counts rows or areas; an unchanged load read nothing."""

    source: str
    kept: int
    refused: Mapping[str, int]
    unchanged: bool = False

    @property
    def read(self) -> int:
        """Count the rows or areas met."""
        return self.kept + sum(self.refused.values())


def load_boundaries(
    *,
    path: Path,
    kind: str,
    name_field: str,
    code_field: str = "",
    only: str = "",
    source: str = "",
    attribution: str = "",
    by: Member | System,
    at: datetime,
) -> LoadReport:
    """Load the areas of a GeoJSON file as boundaries of a kind: force, district, ward …

    `source` names what a later load replaces; it is the kind unless said. The same file read the
    same way changes nothing. Raises GazetteerFileError, and then nothing has changed.
    """
    content = reading.read_content(path)
    digest = reading.digest_of(content, "boundary", kind, name_field, code_field, only, attribution)
    new = Load(
        source=source or f"boundaries:{kind}",
        file_name=path.name[:200],
        digest=digest,
        attribution=attribution,
        loaded_at=at,
        loaded_by=actor_fields(by)["actor"],
    )
    if _is_loaded(new):
        return _unchanged(new)
    found = reading.read_boundaries(
        content, name_field=name_field, code_field=code_field, only=only
    )
    with transaction.atomic(using=STORE):
        _take_the_place(new, kept=len(found.kept))
        Boundary.objects.using(STORE).bulk_create(_boundaries(new, kind, found.kept), _BATCH)
        report = _report(new, found)
        _record(report, by=by, at=at)
    return report


def load_entries(
    *,
    path: Path,
    kind: str,
    columns: Mapping[str, str],
    source: str = "",
    attribution: str = "",
    by: Member | System,
    at: datetime,
) -> LoadReport:
    """Load the places of a CSV file; `columns` says which column holds name, longitude, latitude …

    `source` names what a later load replaces; it is the kind unless said. The same file read the
    same way changes nothing. Raises GazetteerFileError, and then nothing has changed.
    """
    _check_columns(columns)
    content = reading.read_content(path)
    digest = reading.digest_of(content, "entry", kind, sorted(columns.items()), attribution)
    new = Load(
        source=source or f"gazetteer:{kind}",
        file_name=path.name[:200],
        digest=digest,
        attribution=attribution,
        loaded_at=at,
        loaded_by=actor_fields(by)["actor"],
    )
    if _is_loaded(new):
        return _unchanged(new)
    found = reading.read_entries(content, columns=columns, postcode=kind == EntryKind.POSTCODE)
    with transaction.atomic(using=STORE):
        _take_the_place(new, kept=len(found.kept))
        Entry.objects.using(STORE).bulk_create(_entries(new, kind, found.kept), _BATCH)
        report = _report(new, found)
        _record(report, by=by, at=at)
    return report


def _check_columns(columns: Mapping[str, str]) -> None:
    unknown = sorted(set(columns) - set(reading.COLUMNS))
    if unknown:
        known = ", ".join(reading.COLUMNS)
        raise GazetteerFileError(f"“{unknown[0]}” is not one of our columns: {known}.")
    absent = [name for name in reading.NEEDED_COLUMNS if name not in columns]
    if absent:
        raise GazetteerFileError(f"say which column holds the {absent[0]}: --column {absent[0]}=…")


def _is_loaded(new: Load) -> bool:
    return Load.objects.using(STORE).filter(source=new.source, digest=new.digest).exists()


def _take_the_place(new: Load, *, kept: int) -> None:
    Load.objects.using(STORE).filter(source=new.source).delete()
    new.kept = kept
    new.save(using=STORE, force_insert=True)


def _record(report: LoadReport, *, by: Member | System, at: datetime) -> None:
    # Two stores share no transaction: the row is committed first, so no load is without one.
    with transaction.atomic(using=RECORDS):
        audit.append(
            action=Action.DATA_IMPORTED,
            by=by,
            subject=About("source", report.source),
            at=at,
            detail={"read": report.read, "kept": report.kept, "refused": dict(report.refused)},
        )


def _boundaries(load: Load, kind: str, found: Iterable[ReadBoundary]) -> list[Boundary]:
    return [
        Boundary(load=load, kind=kind, name=one.name, code=one.code, outline=one.outline.wkb)
        for one in found
    ]


def _entries(load: Load, kind: str, found: Iterable[ReadEntry]) -> list[Entry]:
    return [
        Entry(
            load=load,
            kind=kind,
            name=one.name,
            key=f" {place_names.search_key(one.name)}"[:202],
            town=one.town,
            district=one.district,
            longitude=one.longitude,
            latitude=one.latitude,
            weight=one.weight,
        )
        for one in found
    ]


def _unchanged(new: Load) -> LoadReport:
    return LoadReport(source=new.source, kept=0, refused={}, unchanged=True)


def _report(new: Load, found: Reading[ReadBoundary] | Reading[ReadEntry]) -> LoadReport:
    return LoadReport(
        source=new.source, kept=len(found.kept), refused=dict(found.refused.most_common())
    )
