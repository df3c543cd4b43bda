"""Files on their way: begun, added part by part, finished, taken back, and sent with a report.

A part is locked as it arrives, under a key of its file's own. That key stands in the file's
manifest, which is locked under the draft's key: whoever forgets half of the one forgets both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.db.models import QuerySet

from safehold.crypto import chunks, drafts
from safehold.crypto.drafts import DraftKey
from safehold.crypto.errors import ContentUnreadable
from safehold.records.intake import tickets
from safehold.records.intake.chain import INTAKE
from safehold.records.intake.manifests import Manifest, as_text, manifest_from
from safehold.records.intake.models import Draft, SentPart, Upload, UploadPart
from safehold.records.intake.tickets import DraftGone, DraftTicket
from safehold.rules import load

PART_BYTES = chunks.PART_BYTES
_LIMITS = load("attachments").tables["limits"]
MOST_BYTES: int = _LIMITS["file"]
MOST_FILES: int = _LIMITS["files"]
MOST_TOGETHER: int = _LIMITS["report"]


class TooManyFiles(Exception):
    """A report has as many files as it may."""


class FileTooLarge(Exception):
    """A file is larger than one may be."""


class TooMuchTogether(Exception):
    """All files of a report together are larger than they may be."""


class NoRoom(Exception):
    """Everything on its way together is as much as the store takes."""


class NoSuchFile(LookupError):
    """The draft has no such file."""


class OutOfOrder(Exception):
    """Another part than the next was given; `have` says how many there are."""

    def __init__(self, have: int) -> None:
        super().__init__("Another part comes next.")
        self.have = have


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a draft as its writer sees it; `have` is how many parts arrived."""

    file_id: UUID
    manifest: Manifest
    have: int


@dataclass(slots=True)
class Open:
    """A file that takes parts, in memory for one request."""

    file_id: UUID
    draft_key: DraftKey = field(repr=False)
    manifest: Manifest = field(repr=False)
    have: int = 0
    bytes_so_far: int = 0


@transaction.atomic(using=INTAKE)
def begin(
    *,
    ticket: DraftTicket,
    name: str,
    size: int = 0,
    stamp: str = "",
    intimate: bool,
    at: datetime,
) -> Open:
    """Begin a file of a draft; `size` and `stamp` are what the browser says of it.

    Raises DraftGone, TooManyFiles, TooMuchTogether, or NoRoom.
    """
    key = _draft_key(ticket, at, lock=True)
    others = _listed(ticket.draft_id, key)
    order = len(others)
    if order >= MOST_FILES:
        raise TooManyFiles
    if size + sum(max(each.manifest.size, _least(each.have)) for each in others) > MOST_TOGETHER:
        raise TooMuchTogether
    if UploadPart.objects.using(INTAKE).count() * PART_BYTES >= _LIMITS["unsent"]:
        raise NoRoom
    manifest = Manifest(
        name=as_text(name) or "file",
        key=chunks.new_file_key(),
        size=size,
        stamp=as_text(stamp),
        intimate=intimate,
        order=order,
    )
    made = Upload(id=uuid4(), draft_id=ticket.draft_id)
    made.content = _locked(manifest, made.id, key)
    made.save(using=INTAKE, force_insert=True)
    return Open(made.id, key, manifest)


def resume(*, ticket: DraftTicket, file_id: UUID, at: datetime) -> Open:
    """Go on with a file that was begun. Raises DraftGone, or NoSuchFile."""
    key = _draft_key(ticket, at)
    row = _of_draft(ticket.draft_id).filter(pk=file_id).first()
    if row is None:
        raise NoSuchFile
    manifest = _unlocked(row, key)
    have = _parts(file_id).count()
    # Whole parts, but for a last one that came and was not told of: its length is in none of ours.
    return Open(file_id, key, manifest, have, have * PART_BYTES)


def add_part(opened: Open, part: bytes, *, number: int) -> int:
    """Lock and keep the next part, and return how many there are.

    The same part again changes nothing. Raises FileTooLarge, TooMuchTogether, OutOfOrder, or
    NoSuchFile where it was taken back or its draft destroyed meanwhile.
    """
    if number < opened.have:
        return opened.have
    if number > opened.have or not part or len(part) > PART_BYTES:
        raise OutOfOrder(opened.have)
    if opened.bytes_so_far + len(part) > MOST_BYTES:
        raise FileTooLarge
    locked = chunks.lock_part(part, key=opened.manifest.key, file_id=opened.file_id, number=number)
    with transaction.atomic(using=INTAKE):
        row = Upload.objects.using(INTAKE).select_for_update().filter(pk=opened.file_id).first()
        if row is None or row.draft_id is None:
            raise NoSuchFile
        _must_fit(row.draft_id, part)
        # Two tabs may send the same part: one of them is kept, and both hear the same.
        UploadPart.objects.using(INTAKE).bulk_create(
            [UploadPart(id=uuid4(), upload_id=opened.file_id, number=number, content=locked)],
            ignore_conflicts=True,
        )
    opened.have += 1
    opened.bytes_so_far += len(part)
    return opened.have


@transaction.atomic(using=INTAKE)
def finish(opened: Open, *, size: int, place: bool = False) -> Manifest:
    """Note that a file is whole; `size` is its bytes, `place` whether a photo holds one.

    Raises OutOfOrder where parts are missing, or NoSuchFile.
    """
    row = Upload.objects.using(INTAKE).select_for_update().filter(pk=opened.file_id).first()
    if row is None:
        raise NoSuchFile
    have = _parts(opened.file_id).count()
    if have == 0 or not (have - 1) * PART_BYTES < size <= have * PART_BYTES:
        raise OutOfOrder(have)
    whole = replace(opened.manifest, size=size, parts=have, place=place, done=True)
    row.content = _locked(whole, row.id, opened.draft_key)
    row.save(using=INTAKE, update_fields=["content"])
    return whole


@transaction.atomic(using=INTAKE)
def mark_intimate(opened: Open) -> None:
    """Note that a file on its way is intimate; it is not taken back. Raises NoSuchFile."""
    row = Upload.objects.using(INTAKE).select_for_update().filter(pk=opened.file_id).first()
    if row is None:
        raise NoSuchFile
    opened.manifest = replace(_unlocked(row, opened.draft_key), intimate=True)
    row.content = _locked(opened.manifest, row.id, opened.draft_key)
    row.save(using=INTAKE, update_fields=["content"])


def first_part(opened: Open) -> bytes:
    """Return the first part of a file on its way, in memory. Raises ContentUnreadable."""
    row = _parts(opened.file_id).filter(number=0).first()
    if row is None:
        return b""
    return chunks.unlock_part(
        bytes(row.content), key=opened.manifest.key, file_id=opened.file_id, number=0
    )


def listed(*, ticket: DraftTicket, at: datetime) -> list[Listed]:
    """Return the files of a draft in the order in which they were begun. Raises DraftGone."""
    key = _draft_key(ticket, at)
    return _listed(ticket.draft_id, key)


@transaction.atomic(using=INTAKE)
def remove(*, ticket: DraftTicket, file_id: UUID, at: datetime) -> None:
    """Destroy a file of a draft, whole or not, if it is there. Raises DraftGone."""
    _draft_key(ticket, at)
    _destroy(_of_draft(ticket.draft_id).filter(pk=file_id))


def for_report(draft_id: UUID, key: DraftKey) -> list[dict[str, Any]]:
    """Return the manifests of the files that are whole, as the account holds them."""
    return [
        {"id": str(each.file_id), **each.manifest.to_plain()}
        for each in _listed(draft_id, key)
        if each.manifest.done
    ]


def send(files: Iterable[Mapping[str, Any]], *, draft_id: UUID, report_id: UUID) -> None:
    """Write the parts of files to where they are written once, in the caller's transaction.

    Nothing leads to what came first any more, nor to a file that is not whole: both are lost, and
    `forget_lost` destroys them after it, since that takes as long again.
    """
    for each in files:
        _copy(UUID(each["id"]), report_id)
    _of_draft(draft_id).update(draft_id=None, saved_until=None, content=b"")


def _copy(file_id: UUID, report_id: UUID) -> None:
    # In the store itself: 200 MB need not pass through this process. Only ids, and no text, are
    # put together here.
    with connections[INTAKE].cursor() as cursor:
        cursor.execute(
            "INSERT INTO intake_sentpart (id, report_id, file_id, number, content) "
            "SELECT id, %s, upload_id, number, content FROM intake_uploadpart WHERE upload_id = %s",
            [_as_stored(report_id), _as_stored(file_id)],
        )


def _as_stored(key: UUID) -> Any:
    return SentPart._meta.pk.get_db_prep_value(key, connections[INTAKE])


@transaction.atomic(using=INTAKE)
def keep_under_code(*, ticket: DraftTicket, until: date, at: datetime) -> list[dict[str, Any]]:
    """Have the files of a draft outlive it, and return their manifests for what is saved.

    Raises DraftGone.
    """
    key = _draft_key(ticket, at)
    _of_draft(ticket.draft_id).update(saved_until=until)
    return [
        {"id": str(each.file_id), **each.manifest.to_plain()}
        for each in _listed(ticket.draft_id, key)
    ]


@transaction.atomic(using=INTAKE)
def take_up(files: Iterable[Mapping[str, Any]], *, ticket: DraftTicket, at: datetime) -> None:
    """Give the files that were saved under a code to the draft that it opened in.

    Raises DraftGone.
    """
    key = _draft_key(ticket, at)
    for each in files:
        row = Upload.objects.using(INTAKE).filter(pk=UUID(str(each["id"]))).first()
        if row is not None:
            row.draft_id = ticket.draft_id
            row.content = _locked(manifest_from(each), row.id, key)
            row.save(using=INTAKE, update_fields=["draft_id", "content"])


def forget_of_drafts(draft_ids: Iterable[UUID]) -> None:
    """Destroy the files of drafts, in the caller's transaction; those under a code stay locked."""
    rows = Upload.objects.using(INTAKE).filter(draft_id__in=list(draft_ids))
    _destroy(rows.filter(saved_until=None))
    rows.update(draft_id=None, content=b"")


def forget_saved(files: Iterable[Mapping[str, Any]]) -> None:
    """Have files no longer outlive their draft, in the caller's transaction."""
    ids = [UUID(str(each["id"])) for each in files]
    rows = Upload.objects.using(INTAKE).filter(pk__in=ids)
    _destroy(rows.filter(draft_id=None))
    rows.update(saved_until=None)


@transaction.atomic(using=INTAKE)
def forget_ownerless(today: date) -> int:
    """Destroy the files whose last day under a code is over and that no draft has; return how many.

    And those of a draft that is gone, where a crash came between, with parts that no file has.
    """
    over = Upload.objects.using(INTAKE).filter(saved_until__lt=today)
    count = _destroy(over.filter(draft_id=None))
    over.update(saved_until=None)
    count += forget_lost()
    files = Upload.objects.using(INTAKE).values("id")
    UploadPart.objects.using(INTAKE).exclude(upload_id__in=files).delete()
    return count


@transaction.atomic(using=INTAKE)
def forget_lost() -> int:
    """Destroy the files that neither a draft nor a code leads to; return how many."""
    alive = Draft.objects.using(INTAKE).values("id")
    files = Upload.objects.using(INTAKE).filter(saved_until=None)
    return _destroy(files.exclude(draft_id__in=alive))


def _draft_key(ticket: DraftTicket, at: datetime, *, lock: bool = False) -> DraftKey:
    rows = Draft.objects.using(INTAKE)
    rows = rows.select_for_update() if lock else rows.all()
    draft = rows.filter(id=ticket.draft_id, last_used_at__gt=tickets.idle_before(at)).first()
    if draft is None:
        raise DraftGone
    key = tickets.key_of(ticket, draft)
    if tickets.state_of(draft, key).reference:
        raise DraftGone  # sent: nothing is added any more
    return key


def _of_draft(draft_id: UUID) -> QuerySet[Upload]:
    return Upload.objects.using(INTAKE).filter(draft_id=draft_id)


def _parts(file_id: UUID) -> QuerySet[UploadPart]:
    return UploadPart.objects.using(INTAKE).filter(upload_id=file_id)


def _must_fit(draft_id: UUID, part: bytes) -> None:
    files = _of_draft(draft_id).values("id")
    parts = UploadPart.objects.using(INTAKE).filter(upload_id__in=files).count()
    # The last part of each file may be short, and nobody but its writer knows how long it is.
    if (parts - MOST_FILES) * PART_BYTES + len(part) > MOST_TOGETHER:
        raise TooMuchTogether


def _least(parts: int) -> int:
    return max(parts - 1, 0) * PART_BYTES


def _listed(draft_id: UUID, key: DraftKey) -> list[Listed]:
    found = []
    for row in _of_draft(draft_id):
        try:
            found.append(Listed(row.id, _unlocked(row, key), _parts(row.id).count()))
        except NoSuchFile:
            continue
    return sorted(found, key=lambda each: each.manifest.order)


def _locked(manifest: Manifest, file_id: UUID, key: DraftKey) -> bytes:
    return drafts.lock_beside(
        json.dumps(manifest.to_plain()).encode(), key=key, bound_to=file_id.bytes
    )


def _unlocked(row: Upload, key: DraftKey) -> Manifest:
    try:
        payload = drafts.unlock_beside(bytes(row.content), key=key, bound_to=row.id.bytes)
    except ContentUnreadable as error:
        raise NoSuchFile from error
    return manifest_from(json.loads(payload))


def _destroy(rows: QuerySet[Upload]) -> int:
    ids = list(rows.values_list("pk", flat=True))
    UploadPart.objects.using(INTAKE).filter(upload_id__in=ids).delete()
    destroyed, _ = Upload.objects.using(INTAKE).filter(pk__in=ids).delete()
    return destroyed
