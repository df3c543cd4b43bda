"""An unfinished report kept under a code, which only whoever wrote it has.

Without the code nothing here leads to a row or into one; a lost code is a lost report. Each
operation that takes a code derives from it once, before the store is held: that takes a tenth of a
second.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from safehold import rules
from safehold.crypto import codes
from safehold.crypto.codes import Code, Roots
from safehold.crypto.errors import ContentUnreadable
from safehold.crypto.recipients import load_recipients
from safehold.records.intake import uploads
from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import SavedDraft


class NothingSaved(Exception):
    """Nothing was saved under the code, its time is over, or it is damaged: never said which."""

    def __init__(self) -> None:
        super().__init__("Nothing is saved under this code.")


@dataclass(frozen=True, slots=True)
class SavedState:
    """What a code opens: the journey that was begun, the answers so far, and files added."""

    journey: str
    answers: dict[str, Any] = field(repr=False)
    files: list[dict[str, Any]] = field(default_factory=list, repr=False)


def kept_until(at: datetime) -> date:
    """Return the last day on which what is saved at this moment can be opened."""
    days: int = rules.load("drafts").tables["saved"]["days"]
    return timezone.localdate(at) + timedelta(days=days)


def save_under_code(
    *,
    code: Code,
    journey: str,
    answers: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]] = (),
    at: datetime,
) -> None:
    """Save answers under a code, in the place of what it held before.

    Raises PayloadTooLarge, and KeyFileRefused where the salt of the codes is not there.
    """
    roots = _roots(code)
    payload = json.dumps(
        {"journey": journey, "answers": dict(answers), "files": list(files)}
    ).encode()
    content = codes.lock(payload, key=roots)
    with transaction.atomic(using=INTAKE):
        SavedDraft.objects.using(INTAKE).update_or_create(
            find=_place(roots), defaults={"content": content, "keep_until": kept_until(at)}
        )


def open_saved(code: Code, at: datetime) -> SavedState:
    """Return what was saved under a code; it stays, and no longer than before.

    Raises NothingSaved where there is nothing to open, whatever the reason, and KeyFileRefused
    where the salt of the codes is not there.
    """
    return open_with(_roots(code), at)


def open_with(roots: Roots, at: datetime) -> SavedState:
    """Return what was saved under the code that these follow from, as `open_saved` does."""
    row = _rows(find=_place(roots), keep_until__gte=timezone.localdate(at)).first()
    if row is None:
        raise NothingSaved
    try:
        return SavedState(**json.loads(codes.unlock(bytes(row.content), key=roots)))
    except ContentUnreadable as error:
        raise NothingSaved from error


def forget_saved(code: Code, at: datetime) -> bool:
    """Destroy what was saved under a code, and tell whether anything was. Raises KeyFileRefused."""
    roots = _roots(code)
    rows = _rows(find=_place(roots))
    with transaction.atomic(using=INTAKE):
        uploads.forget_saved(_files_of(rows.first(), roots))
        return _destroy(rows) > 0


def forget_expired(at: datetime) -> int:
    """Destroy everything whose last day is over; return how much."""
    return _destroy(_rows(keep_until__lt=timezone.localdate(at)))


def _files_of(row: SavedDraft | None, roots: Roots) -> list[dict[str, Any]]:
    try:
        state = (
            SavedState(**json.loads(codes.unlock(bytes(row.content), key=roots))) if row else None
        )
    except ContentUnreadable:
        return []
    return state.files if state else []


def _roots(code: Code) -> Roots:
    return codes.derive(code, load_recipients(settings.KEYS_FOLDER).code_salt)


def _place(roots: Roots) -> str:
    return hashlib.sha256(bytes.fromhex(roots.find)).hexdigest()


def _rows(**which: Any) -> QuerySet[SavedDraft]:
    return SavedDraft.objects.using(INTAKE).filter(**which)


@transaction.atomic(using=INTAKE)
def _destroy(rows: QuerySet[SavedDraft]) -> int:
    # Overwritten first, as drafts are; `empty_write_ahead_log` does the rest within a minute.
    rows.update(content=b"")
    destroyed, _ = rows.delete()
    return destroyed
