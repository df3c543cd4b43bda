"""Codes that their holders closed after a backup was made: putting it back must not open them.

"Somebody may have my code" closes one for good. The store that a backup takes the place of knows
which are still open, as long as it is there: they are noted before it goes, beside the stores, and
whatever else comes back is closed before anything is served.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from safehold.config.backups import postgresql, sqlite
from safehold.config.backups.manifest import BackupRefused, Manifest
from safehold.crypto.key_files import sync_folder, write_new

FILE = ".codes-open-before-restore"


def note_open(found: Manifest) -> None:
    """Note which codes are open now, where the present store goes on from what the backup holds.

    A note that a broken restore left stays where the store that it was taken from is gone by now;
    where that store is there and went on, the note is old, and is taken anew. Raises BackupRefused
    where it cannot be written.
    """
    if _note().exists() and not _went_on(json.loads(_note().read_text())["after"]):
        return
    forget()
    still_open = _open_here(found)
    if still_open is None:
        return
    try:
        _write(json.dumps({"open": sorted(still_open), "after": _last()}))
    except OSError as error:
        raise BackupRefused(f"{_note()} cannot be written: {error.strerror}.") from error


def forget() -> None:
    """Forget what was noted: the store that it was taken from stays as it is."""
    _note().unlink(missing_ok=True)


def close_again(*, every: bool) -> int | None:
    """Close what came back and was closed since, or `every` code; return how many were.

    None where nobody knows which, and some came back: then they are open.
    """
    from safehold.records.intake import closed_codes

    if every:
        closed = closed_codes.close_after_restore(still_open=())
    elif _note().exists():
        noted = json.loads(_note().read_text())
        closed = closed_codes.close_after_restore(still_open=noted["open"])
    else:
        return None if closed_codes.count_codes() else 0
    forget()
    return closed


def warning(found: Manifest, *, at: datetime) -> str:
    """Say what it means that nobody knows which codes were closed, and what can be done."""
    days = (at - found.made).days + 1
    since = "day" if days == 1 else f"{days} days"
    return (
        f"Codes that were closed in the last {since}, after this backup was made, open again: the "
        "store that knew them is not here. Where somebody may have another's code, close all "
        "before anything is served: the same command with --replace --close-codes."
    )


def _open_here(found: Manifest) -> set[str] | None:
    from django.db import DatabaseError, connections

    from safehold.config.stores import INTAKE
    from safehold.records.intake import closed_codes
    from safehold.records.intake.models import IntakeEvent

    settings, head = connections[INTAKE].settings_dict, found.stores["intake"].head
    if connections[INTAKE].vendor == "sqlite":
        empty = sqlite.is_empty(Path(settings["NAME"]))
    else:
        empty = postgresql.is_empty(settings)
    if empty or head is None:
        return None
    try:
        events = IntakeEvent.objects.using(INTAKE)
        if not events.filter(sequence=head["sequence"], hash=head["hash"]).exists():
            return None  # another installation's, or an older one
        return closed_codes.open_codes()
    except DatabaseError:
        return None  # damaged: that is what it is being replaced for
    finally:
        connections.close_all()


def _last() -> dict[str, Any]:
    from django.db import connections

    from safehold.config.stores import INTAKE
    from safehold.records.intake.models import IntakeEvent

    last = IntakeEvent.objects.using(INTAKE).order_by("-sequence").values("sequence", "hash")
    try:
        return dict(last.first() or {"sequence": 0, "hash": ""})
    finally:
        connections.close_all()  # or the store would be in use when it is put back


def _went_on(after: Mapping[str, Any]) -> bool:
    """Tell whether the present store is the one whose last event was this, with more since."""
    from django.db import DatabaseError, connections

    from safehold.config.stores import INTAKE
    from safehold.records.intake.models import IntakeEvent

    try:
        there = IntakeEvent.objects.using(INTAKE).filter(**after).exists()
        return there and _last()["sequence"] > after["sequence"]
    except DatabaseError:
        return False  # gone, or damaged
    finally:
        connections.close_all()


def _note() -> Path:
    from django.conf import settings

    return Path(settings.SAFEHOLD_DATA) / FILE


def _write(text: str) -> None:
    note = _note()
    note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = note.with_name(f"{note.name}.unfinished")
    beside.unlink(missing_ok=True)
    write_new(beside, text.encode(), mode=0o600)
    beside.replace(note)
    sync_folder(note.parent)
