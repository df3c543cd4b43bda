"""What is at hand while rows are written: references, digests, and rows to insert together."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from safehold.domain.extract_rows import Row, RowReader
from safehold.domain.import_kinds import KINDS, Sort
from safehold.records.imports.models import Batch, Imported
from safehold.records.imports.report import Report, Weight
from safehold.records.people import index
from safehold.records.people.models import PersonName
from safehold.records.people.operations import Origin
from safehold.records.staff.models import StaffMember

SOURCE = "records"
SAYS_OTHERWISE = "The records system says otherwise"
_AT_ONCE = 1_000
_NOT_HERE = {
    "people": "names a person who is not here",
    "incidents": "names an incident that is not here",
    "cases": "names a case that is not here",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a row became: our row, what was written of it, and whether it is read again."""

    target: UUID
    made: Any
    waits: bool = False
    changed: bool = True


class Kind(Protocol):
    """How rows of one kind are written."""

    def load(self, rows: Sequence[Row], work: Work) -> None:
        """Read at once what many rows need."""

    def new(self, row: Row, work: Work) -> Kept | None:
        """Write a row whose key was never met; None, with a word to the report, refuses it."""

    def change(self, row: Row, imported: Imported, work: Work) -> Kept | None:
        """Bring what was written of a key up to what the row says now."""


@dataclass
class Work:
    """One chunk of an import."""

    batch: Batch
    reader: RowReader
    report: Report
    by: StaffMember
    at: datetime
    targets: Mapping[tuple[str, str], UUID] = field(default_factory=dict)
    known: Mapping[str, Imported] = field(default_factory=dict)
    inserting: dict[type[models.Model], list[Any]] = field(default_factory=dict)
    _drawn: dict[type[models.Model], list[str]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of the source's times."""
        return self.reader.reading.zone

    @property
    def today(self) -> date:
        """Return the day of the import."""
        return self.reader.reading.on

    @property
    def origin(self) -> Origin:
        """Return where every fact of this import comes from."""
        return Origin(SOURCE, "", self.batch.pk)

    @property
    def written(self) -> dict[str, Any]:
        """Return the columns of whatever is recorded now."""
        return {"recorded_at": self.at, "recorded_by": self.by}

    def insert(self, row: models.Model) -> None:
        """Have a row inserted with the others of its table."""
        self.inserting.setdefault(type(row), []).append(row)

    def flush(self) -> None:
        """Insert what waits. Foreign keys are held at the end of the transaction."""
        for model, rows in self.inserting.items():
            model._default_manager.bulk_create(rows, batch_size=_AT_ONCE)
        index.keep(self.inserting.get(PersonName, []))
        self.inserting.clear()

    def reference(self, model: type[models.Model], make: Callable[[], str]) -> str:
        """Give a reference that no row of a table has.

        Among millions two drawn alike are likely, where among hundreds they are not.
        """
        pool = self._drawn.setdefault(model, [])
        while not pool:
            drawn = {make() for _ in range(_AT_ONCE)}
            rows = model._default_manager.filter(reference__in=drawn)
            pool.extend(sorted(drawn - set(rows.values_list("reference", flat=True))))
        return pool.pop()

    def refer(self, row: Row, name: str) -> tuple[list[tuple[str, UUID]], bool]:
        """Return our rows that a field names, each once, and whether some are not here."""
        to = KINDS[self.batch.kind][name].to
        found, lacking = dict[tuple[str, UUID], None](), False
        for variant, key in row.each(name):
            target = self.targets.get((to, key))
            if target is None:
                lacking = True
            else:
                found[variant, target] = None
        if lacking:
            self.tell(row, Weight.DANGLING, name, _NOT_HERE[to])
        return list(found), lacking

    def tell(self, row: Row, weight: Weight, name: str, says: str) -> None:
        """Tell something of a row's field."""
        column = "; ".join(self.reader.columns_of.get(name, ())) or name
        self.report.tell(weight, column, says, row.line)

    def doubtful(self, row: Row, *names: str) -> bool:
        """Tell whether something of these fields could not be read in this row."""
        return row.doubtful(self.reader.columns_of, *names)

    def mapped(self, *names: str) -> bool:
        """Tell whether the map says where one of these fields comes from."""
        return any(name in self.reader.columns_of for name in names)


def digest(text: str) -> str:
    """Return a keyed digest: whoever has the store alone cannot try words against it."""
    key = blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"import-rows").digest()
    return hmac.new(key, text.encode(), "sha256").hexdigest()[:40]


def keys_wanted(rows: Iterable[Row], kind: str) -> dict[str, set[str]]:
    """Return the keys of other kinds that rows name."""
    wanted: dict[str, set[str]] = {}
    for name, spec in KINDS[kind].items():
        if spec.sort is Sort.REFERENCE:
            keys = wanted.setdefault(spec.to, set())
            for row in rows:
                keys.update(key for _, key in row.each(name))
    return wanted
