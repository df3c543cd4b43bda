"""Copy a store in an SQLite file while it is in use, and put a copy back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from safehold.config.backups.manifest import BackupRefused

PAGES = 2_000  # copied at a time, so that writers get their turn in between


def dump(source: Path, target: Path, *, without: Iterable[str] = ()) -> None:
    """Copy a store as it stands at one moment, some tables emptied for good.

    Raises BackupRefused where the copy does not hold.
    """
    if not source.exists():
        raise BackupRefused(f"There is no store at {source}.")
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=30)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy, pages=PAGES, sleep=0.01)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        for table in without:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 - a name from our own code
        copy.commit()
        if without:
            copy.execute("VACUUM")  # what was deleted must not lie in a free page
    check(target)


def check(path: Path) -> None:
    """Raise BackupRefused where SQLite finds the file damaged."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as copy:
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
            loose = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"{path} is damaged: {error}.") from error
    if found != "ok" or loose is not None:
        raise BackupRefused(f"{path} is damaged: {found}.")


def is_empty(target: Path) -> bool:
    """Tell whether there is nothing yet where a store would be restored."""
    return not target.exists() or target.stat().st_size == 0


def refuse_in_use(target: Path) -> None:
    """Raise BackupRefused where another process has the store open.

    Leaving WAL needs the file to oneself, so this fails as long as anyone else holds it.
    """
    if is_empty(target):
        return
    try:
        with closing(sqlite3.connect(target, timeout=0.5)) as store:
            mode = store.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError:
        mode = "in use"
    except sqlite3.DatabaseError:
        return  # damaged: that is what it is being replaced for
    if mode != "delete":
        raise BackupRefused(f"{target} is in use; stop Safehold first.")


def restore(source: Path, target: Path) -> None:
    """Put a copy in the place of a store, in one step."""
    check(source)
    refuse_in_use(target)
    beside = target.with_name(f".{target.name}.restoring")
    shutil.copyfile(source, beside)
    beside.chmod(0o600)
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    beside.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
