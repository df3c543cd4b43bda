"""Importing a records system's extract: held whole, then written in chunks that stand alone.

A file is one batch of many transactions: a million rows in one would keep every officer waiting,
and be lost at the last. Each chunk is whole, so an import that was broken off is run again, and
what it wrote already is unchanged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from safehold.domain.access import Permission
from safehold.domain.column_maps import ColumnMap
from safehold.domain.extract_rows import Problem, Reading, Row, RowReader
from safehold.domain.import_kinds import KINDS
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.imports import queries, reading
from safehold.records.imports.cases import Cases
from safehold.records.imports.incidents import Incidents
from safehold.records.imports.marac import Marac
from safehold.records.imports.models import Batch, Imported
from safehold.records.imports.must_not import MustNot
from safehold.records.imports.orders import Orders
from safehold.records.imports.outcomes import Outcomes
from safehold.records.imports.people import People
from safehold.records.imports.reading import Checked, FileRefused
from safehold.records.imports.report import Outcome, Report, Weight
from safehold.records.imports.roles import Roles
from safehold.records.imports.safe_contact import SafeContact
from safehold.records.imports.working import Kind, Work, digest, keys_wanted
from safehold.records.marac.models import Coverage
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

CHUNK = 500
ROOMS: dict[str, Callable[[], Kind]] = {
    "people": People,
    "facts": lambda: People(of_their_own=False),
    "incidents": Incidents,
    "roles": Roles,
    "cases": Cases,
    "orders": Orders,
    "marac": Marac,
    "outcomes": Outcomes,
    "must_not_receive": MustNot,
    "safe_contact": SafeContact,
}
TOTALLED = ("classification", "crime", "outcome", "part", "kind", "flag", "trait", "method")
DATED = ("began", "given_on", "referred_on", "made_on", "opened")
Progress = Callable[[int], None]


class NotCovered(ValueError):
    """The days that an import is said to cover are not in order, or not over."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to be imported: a map as it was read, its bytes, and why."""

    map: ColumnMap
    map_bytes: bytes
    reason: str
    dry_run: bool = False
    rows: int | None = None
    covers: tuple[date, date] | None = None


def about(batch: Batch) -> About:
    """Name an import as the audit does."""
    return About("import", str(batch.pk))


def import_records(
    *,
    paths: Sequence[Path],
    asked: Asked,
    by: StaffMember,
    at: datetime,
    progress: Progress | None = None,
) -> Iterator[Report]:
    """Import files of one kind, one after the other; give the report of each as it is done.

    Nothing is read before who and why are known. A file that cannot be taken whole is in its
    report, and changes nothing; a dry run writes nothing at all. Raises ReasonTooThin, Refused, or
    NotCovered.
    """
    reason = meaningful(asked.reason)
    by.must(Permission.IMPORT_RECORDS)
    if asked.covers and not asked.covers[0] <= asked.covers[1] <= timezone.localdate(at):
        raise NotCovered("The days that it covers are in order, and none of them is still to come.")
    return _each(paths, asked, reason, by=by, at=at, progress=progress)


def _each(
    paths: Sequence[Path],
    asked: Asked,
    reason: str,
    *,
    by: StaffMember,
    at: datetime,
    progress: Progress | None,
) -> Iterator[Report]:
    for number, path in enumerate(paths, 1):
        report = Report(label=f"File {number}", kind=asked.map.kind)
        batch = Batch(
            system=asked.map.system,
            kind=asked.map.kind,
            map_digest=hashlib.sha256(asked.map_bytes).hexdigest(),
            reason=reason,
            by=by,
            begun_at=at,
        )
        try:
            with reading.checked(path, asked.map, rows=asked.rows) as file:
                report.digest = batch.file_digest = file.digest
                _import(file, batch, asked, report, progress)
        except FileRefused as error:
            report.sentence = str(error)
        yield report


def _import(
    file: Checked, batch: Batch, asked: Asked, report: Report, progress: Progress | None
) -> None:
    on = timezone.localdate(batch.begun_at)
    zone = ZoneInfo(timezone.get_default_timezone_name())
    reader = RowReader(asked.map, Reading(on, zone))
    if file.ends_openly:
        report.notes.append("Its last line has no end: hold the rows against the source’s number.")
    if not asked.dry_run:
        _begin(batch, by=batch.by, at=batch.begun_at)
    kind, done = ROOMS[batch.kind](), 0
    for chunk in _chunks(_rows(file, reader, report)):
        work = Work(batch, reader, report, batch.by, batch.begun_at)
        _write_chunk(chunk, kind, work, dry_run=asked.dry_run)
        done += len(chunk)
        if progress is not None:
            progress(done)
    if _covers(asked):
        _say_coverage(report, asked.covers)
    if not asked.dry_run:
        _finish(batch, report, asked, at=timezone.now())


def _write_chunk(chunk: Sequence[Row], kind: Kind, work: Work, *, dry_run: bool) -> None:
    """Write a chunk in one transaction; of a dry run nothing of it stays."""
    with transaction.atomic():
        if dry_run:
            work.batch.save(force_insert=True)  # what is written points at it
        _write(chunk, kind, work)
        if dry_run:
            transaction.set_rollback(True)


def _covers(asked: Asked) -> bool:
    return asked.covers is not None and asked.map.kind == "marac"


@transaction.atomic
def _begin(batch: Batch, *, by: StaffMember, at: datetime) -> None:
    batch.save(force_insert=True)
    audit.append(
        action=Action.IMPORT_BEGUN,
        by=by,
        subject=about(batch),
        at=at,
        reason=batch.reason,
        detail=_digests(batch),
    )


@transaction.atomic
def _finish(batch: Batch, report: Report, asked: Asked, *, at: datetime) -> None:
    batch.finished_at, batch.counts, batch.told = at, dict(report.counts), report.as_kept()
    batch.save(update_fields=["finished_at", "counts", "told"])
    if asked.covers and _covers(asked) and _is_whole(report):
        Coverage.objects.create(
            system=batch.system,
            starts=asked.covers[0],
            ends=asked.covers[1],
            batch=batch.pk,
            recorded_at=at,
            recorded_by=batch.by,
        )
    audit.append(
        action=Action.RECORDS_IMPORTED,
        by=batch.by,
        subject=about(batch),
        at=at,
        reason=batch.reason,
        detail={**_digests(batch), "counts": dict(report.counts)},
    )


def _digests(batch: Batch) -> dict[str, str]:
    return {
        "system": batch.system,
        "kind": batch.kind,
        "map": batch.map_digest,
        "file": batch.file_digest,
    }


def _is_whole(report: Report) -> bool:
    return not (report.counts["refused"] or report.weigh(Weight.DANGLING))


def _say_coverage(report: Report, covers: tuple[date, date] | None) -> None:
    if covers and _is_whole(report):
        report.notes.append(f"Every referral from {covers[0]} to {covers[1]} is here.")
    else:
        report.notes.append(
            "Some referrals were refused: whether something is a repeat still cannot be told."
        )


def _rows(file: Checked, reader: RowReader, report: Report) -> Iterator[Row]:
    """Read the rows that can be taken; tell what cannot."""
    for cells in reading.read(file.path, reader.map):
        if cells.cells is None:
            row = Row(cells.line, "", problems=[Problem("", _MISSHAPEN, refuses=True)])
        else:
            row = reader.row(cells.line, cells.cells)
            twice = file.twice(cells.line, row.key) if row.key else ""
            if twice == "same":
                says = "the same row as an earlier line of this file; read once"
                report.tell(Weight.NOTE, " + ".join(reader.map.key), says, row.line)
                report.counts["read"] += 1
                report.counts["repeated"] += 1
                continue
            if twice == "other":
                row.problems.append(Problem(" + ".join(reader.map.key), _TWICE, refuses=True))
        yield row


_MISSHAPEN = "not as many cells as the header"
_TWICE = "a key that another line of this file has with other words; neither is taken"


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _write(chunk: Sequence[Row], kind: Kind, work: Work) -> None:
    report, of = work.report, work.batch
    rows: list[Row] = []
    for row in chunk:
        for problem in row.problems:
            weight = Weight.REFUSED if problem.refuses else Weight.FIELD
            report.tell(weight, problem.column, problem.says, row.line)
        if row.refused:
            report.count(Outcome.REFUSED)
        else:
            rows.append(row)
    work.known = queries.known(of.system, of.kind, [row.key for row in rows])
    work.targets = queries.targets(of.system, keys_wanted(rows, of.kind))
    rows = [row for row in rows if _has_what_it_names(row, work)]
    kind.load(rows, work)
    for row in rows:
        outcome = _write_one(row, kind, work)
        report.count(outcome)
        if outcome is not Outcome.REFUSED:
            _total(row, report)
    work.flush()


def _has_what_it_names(row: Row, work: Work) -> bool:
    """Tell whether everybody whom a row cannot be without is here; tell and count where not."""
    whole = True
    for name, spec in KINDS[work.batch.kind].items():
        if spec.to and spec.needed:
            _, lacks = work.refer(row, name)
            whole = whole and not lacks
    if not whole:
        work.report.count(Outcome.REFUSED)
    return whole


def _write_one(row: Row, kind: Kind, work: Work) -> Outcome:
    imported, says = work.known.get(row.key), digest(row.canonical())
    if imported is None:
        made = kind.new(row, work)
        if made is None:
            return Outcome.REFUSED
        work.insert(
            Imported(
                system=work.batch.system,
                kind=work.batch.kind,
                key=row.key,
                target=made.target,
                digest=says,
                made=made.made,
                waits=made.waits,
                batch=work.batch,
            )
        )
        return Outcome.NEW
    if imported.digest == says and not imported.waits:
        return Outcome.UNCHANGED
    made = kind.change(row, imported, work)
    if made is None:
        return Outcome.REFUSED
    imported.target, imported.made = made.target, made.made
    imported.digest, imported.waits = says, made.waits
    if made.changed:
        imported.batch = work.batch
    imported.save()
    return Outcome.CHANGED if made.changed else Outcome.UNCHANGED


def _total(row: Row, report: Report) -> None:
    for name in TOTALLED:
        for variant, value in row.each(name):
            if name == "trait":
                report.total(name, variant)
            else:
                word = {True: "yes", False: "no"}.get(value, value)
                report.total(name, str(word))
    for name in DATED:
        if (value := row.one(name)) is not None:
            year = value.at.year if hasattr(value, "at") else value.year
            report.total(name, str(year))
