"""Import open data, with one audit row for each import that changed the store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, Member, System
from safehold.records.open_data import loading, partitions, sources
from safehold.records.open_data.loading import ImportReport, Loader, Outcome, Progress
from safehold.records.open_data.partitions import StoreError

RECORDS = "default"
SUBJECT = About("open data", "police.uk street")


def import_crimes(
    *,
    paths: Iterable[Path],
    root: Path,
    refused_file: Path,
    by: Member | System,
    at: datetime,
    progress: Progress | None = None,
    replace: bool = False,
) -> ImportReport:
    """Import police.uk street files into the store under `root`; what fails is in the report.

    Each file that is sound replaces its (force, month) whole; a file that the store holds already
    changes nothing, and one that would leave less than half of a month fails unless `replace`.
    Raises StoreError where the store cannot be written or another import runs.
    """
    try:
        with (
            partitions.only_writer(root),
            Loader(root, at=at, refused_file=refused_file, replace=replace) as loader,
        ):
            loading.load_all(loader, sources.find(paths), progress)
            if loader.staged:
                _publish(loader, by=by, at=at)
            return loader.report
    except OSError as error:
        raise StoreError(f"The open data cannot be written: {error.strerror or error}.") from error


def _publish(loader: Loader, *, by: Member | System, at: datetime) -> None:
    # Files cannot be rolled back, so they move last: without its audit row nothing is replaced.
    with transaction.atomic(using=RECORDS):
        audit.append(
            action=Action.DATA_IMPORTED,
            by=by,
            subject=SUBJECT,
            at=at,
            detail=_detail(loader.report),
        )
        loader.publish()


def _detail(report: ImportReport) -> dict[str, object]:
    imported = [file.partition for file in report.of(Outcome.IMPORTED) if file.partition]
    months = [partition.month for partition in imported]
    return {
        "forces": sorted({partition.force for partition in imported})[:60],
        "first_month": min(months),
        "last_month": max(months),
        "files": len(imported),
        "failed": len(report.failed),
        "read": report.read,
        "kept": report.kept,
        "refused": report.refused,
    }
