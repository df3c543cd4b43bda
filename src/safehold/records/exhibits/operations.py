"""Looking at a file that came with a report, marking it, and taking it out; each with a reason."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db import transaction

from safehold.domain.access import Permission, Refused
from safehold.files import CannotExamine, Examination, Scan, ScanState, examine, scan
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.conflicts import recusals
from safehold.records.exhibits import content
from safehold.records.exhibits.content import FileDamaged
from safehold.records.exhibits.models import Exhibit
from safehold.records.staff.models import StaffMember
from safehold.records.triage import queries as triage
from safehold.records.triage.accounts import SentFile
from safehold.records.triage.openings import AccountSealed, about, open_for_a_file
from safehold.records.triage.reasons import meaningful

__all__ = ["AccountSealed", "FileDamaged"]

# A large file stands in memory several times while it is put together, scanned and looked into.
_ONE_AT_A_TIME = threading.BoundedSemaphore(1)
_PATIENCE_SECONDS = 60.0
FOUND = "A scanner found something in it: digital forensics have to look into it."
INTIMATE = "It was marked as intimate: a supervisor or professional standards open it."


class NoSuchFile(LookupError):
    """The report came with no such file."""


class NotTakenOut(Exception):
    """A file may not leave as it is; the message says why, for staff."""


class Busy(Exception):
    """Another file stands in memory; the message says so, for staff."""


class Copy(StrEnum):
    """Which of the two is taken out."""

    ORIGINAL = "original"
    CLEANED = "cleaned"


@dataclass(frozen=True, slots=True)
class Looked:
    """One file as an officer sees it, in memory for one request; `found` is None where it failed.

    `problem` says why, and `virus` what a scanner said.
    """

    exhibit: Exhibit | None
    file: SentFile = field(repr=False)
    found: Examination | None = field(repr=False)
    virus: Scan
    problem: str = ""


def look(*, report_id: UUID, file_id: UUID, reason: str, by: StaffMember, at: datetime) -> Looked:
    """Record who looks and why, then open one file, look into it apart, and keep what was found.

    Raises ReasonTooThin, Refused, ReportNotFound, AccountSealed, NoSuchFile, Busy, or FileDamaged,
    which is recorded too.
    """
    with _one_at_a_time():
        file, original = _opened(report_id, file_id, reason, by=by, at=at)
        virus = scan(original, socket=settings.CLAMD_SOCKET)
        exhibit = _scanned(report_id, file, original, virus, by=by, at=at)
        if exhibit.scan == ScanState.FOUND:
            said = virus.sentence if virus.state is ScanState.FOUND else FOUND
            return Looked(exhibit, file, None, virus, said)
        try:
            found = examine(original, name=file.name)
        except CannotExamine as error:
            return Looked(exhibit, file, None, virus, str(error))
        exhibit = _examined(exhibit, found, by=by, at=at)
    return Looked(exhibit, file, found, virus)


def take_out(
    *, report_id: UUID, file_id: UUID, which: Copy, reason: str, by: StaffMember, at: datetime
) -> tuple[bytes, str]:
    """Record who takes a file out and why, and return it with its kind.

    Only what was looked at before. Raises as `look` does, and NotTakenOut.
    """
    exhibit = _known(file_id)
    if exhibit is None:
        raise NotTakenOut("Look at it first.")
    if which is Copy.CLEANED and not exhibit.cleaned_parts:
        raise NotTakenOut("There is no clean copy of this file.")
    if exhibit.scan == ScanState.FOUND:
        raise NotTakenOut("A scanner found something in it: digital forensics have to take it out.")
    with _one_at_a_time():
        _, original = _opened(report_id, file_id, reason, by=by, at=at)
        given = original if which is Copy.ORIGINAL else content.cleaned(exhibit)
    with transaction.atomic():
        audit.append(
            action=Action.FILE_TAKEN_OUT,
            by=by,
            subject=about(report_id),
            at=at,
            reason=reason.strip(),
            detail={"file": str(file_id), "copy": str(which)},
        )
    return given, exhibit.kind if which is Copy.ORIGINAL else exhibit.cleaned_kind


@transaction.atomic
def mark_intimate(*, file_id: UUID, by: StaffMember, at: datetime) -> Exhibit:
    """Mark a file that somebody has looked at as intimate; it is not taken back.

    Raises Refused, or NoSuchFile.
    """
    exhibit = Exhibit.objects.select_for_update().filter(pk=file_id).first()
    if exhibit is None:
        raise NoSuchFile("Look at it first.")
    by.must(
        Permission.OPEN_ACCOUNT,
        recusals.subject_of(exhibit),
    )
    if not exhibit.intimate:
        exhibit.intimate = True
        exhibit.save(update_fields=["intimate"])
        audit.append(
            action=Action.FILE_MARKED,
            by=by,
            subject=about(exhibit.report_id),
            at=at,
            detail={"file": str(file_id)},
        )
    return exhibit


def of_report(report_id: UUID) -> dict[UUID, Exhibit]:
    """Return what is known of a report's files that somebody has looked at, by their ids."""
    return {each.pk: each for each in Exhibit.objects.filter(report_id=report_id)}


def may_open(exhibit: Exhibit, *, by: StaffMember) -> bool:
    """Tell whether a member may open a file, as far as is known of it without opening it."""
    subject = recusals.subject_of(exhibit)
    return not exhibit.intimate or by.may(Permission.OPEN_INTIMATE, subject)


def _opened(
    report_id: UUID, file_id: UUID, reason: str, *, by: StaffMember, at: datetime
) -> tuple[SentFile, bytes]:
    stated = meaningful(reason)
    account = open_for_a_file(report_id=report_id, file_id=file_id, reason=stated, by=by, at=at)
    file = content.find(account.files, file_id)
    if file is None:
        raise NoSuchFile("The report came with no such file.")
    _must(file, _known(file_id), report_id, by)
    try:
        original = content.original(file)
    except FileDamaged as error:
        _record(Action.FILE_DAMAGED, report_id, file_id, str(error), by=by, at=at)
        raise
    _record(Action.FILE_OPENED, report_id, file_id, stated, by=by, at=at)
    return file, original


def _must(file: SentFile, exhibit: Exhibit | None, report_id: UUID, by: StaffMember) -> None:
    slip = triage.slip(report_id=report_id, by=by)
    intimate = file.intimate or (exhibit is not None and exhibit.intimate)
    if intimate and not by.may(Permission.OPEN_INTIMATE, triage.subject_of(slip)):
        raise Refused(INTIMATE)


def _known(file_id: UUID) -> Exhibit | None:
    return Exhibit.objects.filter(pk=file_id).first()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _ONE_AT_A_TIME.acquire(timeout=_PATIENCE_SECONDS):
        raise Busy("Another file is being looked into. Try again in a minute.")
    try:
        yield
    finally:
        _ONE_AT_A_TIME.release()


@transaction.atomic
def _scanned(
    report_id: UUID, file: SentFile, original: bytes, virus: Scan, *, by: StaffMember, at: datetime
) -> Exhibit:
    """Keep what a scanner said of a file, whether or not anybody ever looks into it.

    Raises FileDamaged where it is not the file that was scanned first.
    """
    digest = hashlib.sha256(original).hexdigest()
    exhibit = Exhibit.objects.select_for_update().filter(pk=file.file_id).first()
    if exhibit is None:
        slip = triage.slip(report_id=report_id, by=by)
        exhibit = Exhibit(
            id=file.file_id,
            report_id=report_id,
            police_party=slip.police_party,
            size=file.size,
            digest=digest,
            intimate=file.intimate,
            scan=ScanState.NOT_SCANNED,
            sealed=b"",
            first_look_by=by,
            first_look_at=at,
        )
        exhibit.save(force_insert=True)
    if exhibit.digest != digest:
        raise FileDamaged("This is not the file that was looked at first.")
    if exhibit.scan == ScanState.FOUND or virus.state in {exhibit.scan, ScanState.NOT_SCANNED}:
        return exhibit
    exhibit.scan = virus.state
    exhibit.save(update_fields=["scan"])
    if virus.state is ScanState.FOUND:
        audit.append(
            action=Action.FILE_VIRUS_FOUND,
            by=by,
            subject=about(report_id),
            at=at,
            detail={"file": str(file.file_id), "sha256": digest, "signature": virus.signature},
        )
    return exhibit


@transaction.atomic
def _examined(known: Exhibit, found: Examination, *, by: StaffMember, at: datetime) -> Exhibit:
    """Keep what was found out when a file was first looked into."""
    exhibit = Exhibit.objects.select_for_update().get(pk=known.pk)
    if exhibit.kind:
        return exhibit
    exhibit.kind = found.type
    exhibit.cleaned_kind = found.cleaned_type or ""
    exhibit.place = found.place is not None
    if found.cleaned is None:
        exhibit.save()
    else:
        content.keep_cleaned(exhibit, found.cleaned)
    audit.append(
        action=Action.FILE_EXAMINED,
        by=by,
        subject=about(exhibit.report_id),
        at=at,
        detail={
            "file": str(exhibit.pk),
            "sha256": found.sha256,
            "cleaned sha256": exhibit.cleaned_digest,
            "scan": str(exhibit.scan),
        },
    )
    return exhibit


@transaction.atomic
def _record(
    action: Action, report_id: UUID, file_id: UUID, reason: str, *, by: StaffMember, at: datetime
) -> None:
    audit.append(
        action=action,
        by=by,
        subject=about(report_id),
        at=at,
        reason=reason,
        detail={"file": str(file_id)},
    )
