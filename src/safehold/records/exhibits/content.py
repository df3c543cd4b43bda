"""The content of a file: put together from its parts in memory, for one request."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

from django.conf import settings

from safehold.crypto import chunks
from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.errors import ContentUnreadable, CryptoError
from safehold.crypto.opening import open_envelope
from safehold.crypto.recipients import load_recipients
from safehold.records.exhibits.models import CleanedPart, Exhibit
from safehold.records.intake import queries as intake
from safehold.records.opening_keys import keys_to_open
from safehold.records.triage.accounts import SentFile


class FileDamaged(Exception):
    """A file cannot be put together, or is not what it was; the message says what, for staff."""


def original(file: SentFile) -> bytes:
    """Return a file as it was sent. Raises FileDamaged where a part is missing or was changed."""
    parts = []
    for number, locked in enumerate(intake.sent_parts(file.file_id)):
        try:
            parts.append(
                chunks.unlock_part(locked, key=file.key, file_id=file.file_id, number=number)
            )
        except ContentUnreadable as error:
            raise FileDamaged("A part of this file is missing or was changed.") from error
    content = b"".join(parts)
    if len(parts) != file.parts or len(content) != file.size:
        raise FileDamaged("A part of this file is missing.")
    return content


def keep_cleaned(exhibit: Exhibit, cleaned: bytes) -> None:
    """Lock a clean copy part by part, under a key that is sealed to whoever may open the account.

    Raises KeyFileRefused or NoRecipient where there is nobody to seal to.
    """
    key = chunks.new_file_key()
    size = chunks.PART_BYTES
    starts = range(0, len(cleaned), size)
    exhibit.cleaned_parts = len(starts)
    exhibit.cleaned_digest = hashlib.sha256(cleaned).hexdigest()
    exhibit.sealed = _sealed(key, exhibit)
    exhibit.save()
    for number, start in enumerate(starts):
        part = cleaned[start : start + size]
        locked = chunks.lock_part(part, key=key, file_id=exhibit.pk, number=number)
        CleanedPart.objects.create(exhibit=exhibit, number=number, content=locked)


def cleaned(exhibit: Exhibit) -> bytes:
    """Return the clean copy of a file. Raises FileDamaged."""
    try:
        keys = keys_to_open(Kind.FILE, for_standards=exhibit.police_party)
        payload = open_envelope(
            bytes(exhibit.sealed), kind=Kind.FILE, subject=str(exhibit.pk), keys=keys
        )
        key = str(json.loads(payload)["key"])
        content = b"".join(
            chunks.unlock_part(bytes(part.content), key=key, file_id=exhibit.pk, number=part.number)
            for part in exhibit.cleaned.order_by("number")
        )
    except (CryptoError, ValueError, KeyError) as error:
        raise FileDamaged(str(error)) from error
    if hashlib.sha256(content).hexdigest() != exhibit.cleaned_digest:
        raise FileDamaged("The clean copy is not what it was.")
    return content


def pass_on(report_id: UUID, *, for_standards: bool) -> None:
    """Say of the files of a report whose they are now; the key of a clean copy is sealed again.

    Where it does not open here the copy stays as it was, and whoever has it now is told so. Raises
    KeyFileRefused or NoRecipient.
    """
    rows = Exhibit.objects.select_for_update().filter(report_id=report_id)
    for exhibit in rows.exclude(police_party=for_standards):
        key = _key_of(exhibit) if exhibit.cleaned_parts else ""
        exhibit.police_party = for_standards
        if key:
            exhibit.sealed = _sealed(key, exhibit)
        exhibit.save(update_fields=["police_party", "sealed"])


def _key_of(exhibit: Exhibit) -> str:
    try:
        keys = keys_to_open(Kind.FILE, for_standards=exhibit.police_party)
        payload = open_envelope(
            bytes(exhibit.sealed), kind=Kind.FILE, subject=str(exhibit.pk), keys=keys
        )
        return str(json.loads(payload)["key"])
    except (CryptoError, ValueError, KeyError):
        return ""


def _sealed(key: str, exhibit: Exhibit) -> bytes:
    purpose = Kind.FILE.purpose_where(for_standards=exhibit.police_party)
    return seal(
        json.dumps({"key": key}).encode(),
        kind=Kind.FILE,
        subject=str(exhibit.pk),
        recipients=load_recipients(settings.KEYS_FOLDER).for_purpose(purpose),
    )


def find(files: tuple[SentFile, ...], file_id: UUID) -> SentFile | None:
    """Return one of the files of an account."""
    return next((each for each in files if each.file_id == file_id), None)
