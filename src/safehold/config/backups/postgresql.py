"""Dump a store in PostgreSQL with its own programs, and restore one in a single transaction.

The address travels in the environment of those programs, never on their command line, where every
user of the machine could read it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from safehold.config.backups.manifest import BackupRefused

_VARIABLES = {
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}
# The schema goes with what is in it, in the transaction that brings the new one.
_CLEAR = "SET lock_timeout = '5s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def program(name: str) -> str:
    """Find one of PostgreSQL's programs. Raises BackupRefused where it is not installed."""
    newest = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: int(re.sub(r"\D", "", path.parent.parent.name) or 0),
    )
    found = str(newest[-1]) if newest else shutil.which(name)
    if not found:
        raise BackupRefused(f"{name} is not installed; it comes with PostgreSQL's client.")
    return found


def _environment(settings: Mapping[str, Any]) -> dict[str, str]:
    address = {
        variable: str(settings[key]) for key, variable in _VARIABLES.items() if settings.get(key)
    }
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **address}


def _run(settings: Mapping[str, Any], name: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - programs of PostgreSQL, no shell
        [program(name), *arguments],
        env=_environment(settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise BackupRefused(f"{name}: {lines[0]}")


def connect(settings: Mapping[str, Any]) -> psycopg.Connection[Any]:
    """Connect to a store. Raises BackupRefused where it does not answer."""
    try:
        return psycopg.connect(
            host=settings["HOST"] or None,
            port=settings["PORT"] or None,
            user=settings["USER"] or None,
            password=settings["PASSWORD"] or None,
            dbname=settings["NAME"],
        )
    except psycopg.OperationalError as error:
        raise BackupRefused(f"The store {settings['NAME']} does not answer.") from error


@contextmanager
def moment(settings: Mapping[str, Any]) -> Iterator[tuple[psycopg.Cursor[Any], str]]:
    """Hold one moment of a store: a cursor that sees it, and its name for a dump of the same."""
    with connect(settings) as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        row = cursor.fetchone()
        if row is None:
            raise BackupRefused(f"The store {settings['NAME']} gives no snapshot.")
        yield cursor, row[0]


def dump(
    settings: Mapping[str, Any], target: Path, *, snapshot: str, without: Iterable[str] = ()
) -> None:
    """Dump a store as it stood at a moment that `moment` holds, some tables empty."""
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    arguments += [f"--exclude-table-data=public.{table}" for table in without]
    _run(settings, "pg_dump", *arguments, f"--file={target}")


def check(path: Path) -> None:
    """Raise BackupRefused where a dump's list of contents cannot be read."""
    _run({}, "pg_restore", "--list", str(path))


def is_empty(settings: Mapping[str, Any]) -> bool:
    """Tell whether a database has no tables yet."""
    with connect(settings) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    return row is not None and row[0] == 0


def restore(settings: Mapping[str, Any], source: Path) -> None:
    """Replace everything in a store by a dump, in one transaction.

    Roles get their rights again from `safehold migrate`: a dump does not carry them.
    """
    with tempfile.TemporaryDirectory(prefix="safehold-restore-") as folder:
        # As a file and not through a pipe: psql would commit what it had when a pipe breaks.
        script = str(Path(folder) / "script.sql")
        _run({}, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source))
        options = ["--single-transaction", "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1"]
        _run(settings, "psql", *options, "-c", _CLEAR, "-f", script)
