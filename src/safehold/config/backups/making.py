"""Make a backup: both stores, and what belongs to them, in one folder."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import psycopg

from safehold.config.backups import manifest, postgresql, sqlite
from safehold.config.backups.manifest import BackupRefused, Manifest, Store
from safehold.config.stores import INTAKE, RECORDS
from safehold.crypto.recipients import FILE_NAME as RECIPIENTS

# Intake first: a report accepted in between is then in both copies, and accepting it again changes
# nothing. The other way round it would be in neither inbox.
ORDER = {"intake": INTAKE, "records": RECORDS}
OPEN_DATA, MEDIA = "open-data", "media"
KEYS = "keys"  # in a backup: the list of public keys, and no private one
# A draft ends when its writer leaves or forgets it, or on the day that she was told, where she
# saved it under a code; a copy would outlive all of that. An address for nudges ends when she says
# so, and at close: one that comes back from a backup could find her where she no longer is safe,
# while the worst of a lost one is that she looks by herself. Marks of names are made anew by the
# scheduler within a minute; an older copy could only tell who has come or gone since.
WITHOUT = {
    "intake": (
        "intake_draft",
        "intake_saveddraft",
        "intake_upload",
        "intake_uploadpart",
        "intake_callpass",
        "intake_startcode",
        "intake_nudge",
        "intake_namemarks",
    ),
    "records": ("django_session", "shared_cache"),
}


class Cursor(Protocol):
    """What both databases' own cursors have."""

    def execute(self, query: str) -> Any:
        """Run one statement."""

    def fetchone(self) -> Any:
        """Return the next row."""

    def fetchall(self) -> list[Any]:
        """Return all rows."""


def _describe(cursor: Cursor, *, file: str, engine: str, table: str) -> Store:
    cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
    migrations = dict(cursor.fetchall())
    # The name of our own model's table; nothing that a person typed.
    cursor.execute(f"SELECT sequence, hash FROM {table} ORDER BY sequence DESC LIMIT 1")  # noqa: S608 - above
    row = cursor.fetchone()
    head = {"sequence": row[0], "hash": row[1]} if row else None
    return Store(file=file, engine=engine, migrations=migrations, head=head)


def _sqlite(settings: Mapping[str, Any], folder: Path, name: str, table: str) -> Store:
    target = folder / f"{name}.sqlite3"
    sqlite.dump(Path(settings["NAME"]), target, without=WITHOUT[name])
    with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as copy:
        return _describe(copy.cursor(), file=target.name, engine="sqlite", table=table)


def _postgresql(settings: Mapping[str, Any], folder: Path, name: str, table: str) -> Store:
    target = folder / f"{name}.dump"
    with postgresql.moment(settings) as (cursor, snapshot):
        found = _describe(cursor, file=target.name, engine="postgresql", table=table)
        postgresql.dump(settings, target, snapshot=snapshot, without=WITHOUT[name])
    postgresql.check(target)
    return found


def _copy_stores(folder: Path, say: Callable[[str], None]) -> dict[str, Store]:
    from django.db import connections

    from safehold.records.audit.chains import CHAINS

    tables = {chain.alias: chain.model._meta.db_table for chain in CHAINS}
    stores = {}
    for name, alias in ORDER.items():
        connection = connections[alias]
        copy = _sqlite if connection.vendor == "sqlite" else _postgresql
        stores[name] = copy(connection.settings_dict, folder, name, tables[alias])
        say(f"{name} store: {(folder / stores[name].file).stat().st_size:,} bytes.")
    return stores


def _lock_down(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)


def _to_disk(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def public_list() -> Path | None:
    """Return the list of public keys, or the copy of it that staff lay out for backups.

    Whoever makes backups may not see into the keys' folder. None where neither can be read.
    """
    from django.conf import settings

    for path in (settings.KEYS_FOLDER / RECIPIENTS, settings.SAFEHOLD_DATA / RECIPIENTS):
        if os.access(path, os.R_OK):
            return path
    return None


def _copy_public_list(folder: Path, say: Callable[[str], None]) -> None:
    path = public_list()
    if path is None:
        say(f"{RECIPIENTS} cannot be read from here and is not in it: keep a copy yourself.")
        return
    (folder / KEYS).mkdir()
    shutil.copyfile(path, folder / KEYS / RECIPIENTS)


def make(target: Path, *, at: datetime, open_data: bool, say: Callable[[str], None]) -> Manifest:
    """Make a backup in a folder that must not exist yet; it appears when it is whole.

    Of the keys it holds the public halves and the salt of the codes: what is sealed in a backup
    stays sealed. Raises BackupRefused.
    """
    from django.conf import settings

    if target.exists():
        raise BackupRefused(f"{target} is there already; name a new folder.")
    building = target.with_name(f".{target.name}.unfinished-{os.getpid()}")
    try:
        building.mkdir(mode=0o700, parents=True)
        stores = _copy_stores(building, say)
        extra = [MEDIA, OPEN_DATA] if open_data else [MEDIA]
        for name in extra:
            if (settings.SAFEHOLD_DATA / name).is_dir():
                shutil.copytree(settings.SAFEHOLD_DATA / name, building / name)
        _copy_public_list(building, say)
        made = Manifest(
            made=at,
            software=version("safehold"),
            demonstration=settings.DEMONSTRATION,
            stores=stores,
            files=manifest.digests(building),
        )
        manifest.write(building, made)
        _lock_down(building)
        _to_disk(building)
        building.rename(target)
    except OSError as error:
        raise BackupRefused(f"{target} cannot be written: {error.strerror}.") from error
    except (sqlite3.Error, psycopg.Error) as error:
        reason = str(error).splitlines()[0]
        raise BackupRefused(f"A store could not be copied: {reason}.") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return made


def refuse_taken(target: Path, keys_to: Path | None) -> None:
    """Raise BackupRefused where a folder to write is there, or keys would lie in the backup."""
    for folder in [target] + ([keys_to] if keys_to else []):
        if folder.exists():
            raise BackupRefused(f"{folder} is there already; name a new folder.")
    if keys_to and keys_to.resolve().is_relative_to(target.resolve()):
        raise BackupRefused("Keys do not go into the backup: name a folder elsewhere.")


def copy_keys(keys: Path, target: Path) -> int:
    """Copy the keys to a folder of their own; return how many files. Raises BackupRefused."""
    try:
        shutil.copytree(keys, target)
        _lock_down(target)
    except OSError as error:
        raise BackupRefused(f"{target} cannot be written: {error.strerror}.") from error
    return sum(1 for path in target.iterdir() if path.is_file())
