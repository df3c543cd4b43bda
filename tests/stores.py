"""Both stores for tests: migrated once, copied for whoever needs to commit.

Audit rows refuse DELETE and TRUNCATE, so Django's way of emptying tables after a test that commits
cannot work here. Such a test gets a copy of its own instead.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from safehold.config.backups import postgresql
from tests.migrated import template
from tests.planted.finding import look_in_postgresql
from tests.planted.watching import WATCH

ALIASES = ("default", "intake")

# What `config.stores` asks of every connection, as SQLite answers. FULL is 2: a commit is on the
# disk before whoever made it is answered.
PROMISED: dict[str, object] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "secure_delete": 1,
    "foreign_keys": 1,
    "busy_timeout": 20_000,
}


def promises_of(connection: BaseDatabaseWrapper) -> dict[str, object]:
    """Return what SQLite says of a connection."""
    with connection.cursor() as cursor:
        return {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in PROMISED}


def refuse_a_careless_connection(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Fail where a test, or what it runs, opens a store without what was promised of it."""
    if connection.vendor == "sqlite" and connection.alias in ALIASES:
        found = promises_of(connection)
        assert found == PROMISED, f"{connection.alias} was opened with {found}"
        assert connection.transaction_mode == "IMMEDIATE"


def _vendor(alias: str) -> str:
    return str(connections[alias].vendor)


def _point(alias: str, name: str) -> None:
    connections[alias].close()
    connections[alias].settings_dict["NAME"] = name


def _migrate() -> None:
    for alias in ALIASES:
        call_command("migrate", database=alias, verbosity=0)
        connections[alias].close()
    call_command("createcachetable", verbosity=0)
    connections["default"].close()


class SqliteStores:
    """Files: the migrated pair is kept between runs, by the digest of the migrations."""

    def __init__(self) -> None:
        self.template = template()
        self.folder = Path(tempfile.mkdtemp(prefix="safehold-stores-"))

    def prepare(self) -> None:
        """Make the migrated pair unless an earlier run left it, then work on a copy."""
        self.template.parent.mkdir(exist_ok=True)
        with self.template.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.template.exists():
                building = Path(tempfile.mkdtemp(prefix="safehold-building-"))
                for alias in ALIASES:
                    _point(alias, str(building / f"{alias}.sqlite3"))
                _migrate()
                building.rename(self.template)
        self.use_copy()

    def use_copy(self) -> list[str]:
        """Point both aliases at a fresh copy and return what they pointed at before."""
        before = [str(connections[alias].settings_dict["NAME"]) for alias in ALIASES]
        for alias in ALIASES:
            target = self.folder / f"{alias}-{uuid.uuid4().hex[:8]}.sqlite3"
            shutil.copyfile(self.template / f"{alias}.sqlite3", target)
            _point(alias, str(target))
        return before

    def finish(self) -> None:
        """Remove the copies."""
        for alias in ALIASES:
            connections[alias].close()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresqlStores:
    """Databases: the migrated pair serves as the template of every copy."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.templates: dict[str, str] = {}

    def _connect(self, alias: str, name: str) -> psycopg.Connection[Any]:
        settings = connections[alias].settings_dict
        return psycopg.connect(
            dbname=name,
            user=settings["USER"] or None,
            password=settings["PASSWORD"] or None,
            host=settings["HOST"] or None,
            port=settings["PORT"] or None,
            autocommit=True,
        )

    def _run(self, alias: str, statement: str) -> None:
        with self._connect(alias, "postgres") as connection:
            connection.execute(statement)

    def _create(self, alias: str, template: str = "template1") -> str:
        name = f"safehold_test_{alias}_{uuid.uuid4().hex[:8]}"
        self._run(alias, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.made.append(name)
        return name

    def prepare(self) -> None:
        """Make both databases as the migrations make them, then work on a copy.

        What they made is kept as SQL between runs, as the files of SQLite are.
        """
        for alias in ALIASES:
            self.templates[alias] = self._create(alias)
            _point(alias, self.templates[alias])
        kept = template("-postgresql")
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                _migrate()
                building = Path(tempfile.mkdtemp(prefix="safehold-building-"))
                for alias in ALIASES:
                    dumped = ["--no-tablespaces", f"--file={building / alias}.sql"]
                    self._program("pg_dump", *dumped, self.templates[alias])
                building.rename(kept)
                self.use_copy()
                return
        for alias in ALIASES:
            told = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction"]
            self._program("psql", *told, f"--file={kept / alias}.sql", self.templates[alias])
        self.use_copy()

    def _program(self, name: str, *arguments: str) -> None:
        settings = connections["default"].settings_dict
        told = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        address = {ours: str(settings[theirs]) for ours, theirs in told.items() if settings[theirs]}
        command = [postgresql.program(name), *arguments]
        subprocess.run(command, env=os.environ | address, check=True, stdout=subprocess.DEVNULL)

    def use_copy(self) -> list[str]:
        """Point both aliases at a fresh copy and return what they pointed at before."""
        before = [str(connections[alias].settings_dict["NAME"]) for alias in ALIASES]
        for alias in ALIASES:
            connections[alias].close()
            _point(alias, self._create(alias, self.templates[alias]))
        return before

    def finish(self) -> None:
        """Look for planted words in all that was made; drop it unless the server goes with us."""
        for alias in ALIASES:
            connections[alias].close()
        for name in self.made:
            with self._connect("default", name) as connection:
                WATCH.note(look_in_postgresql(connection, name))
        if os.environ.get("POSTGRESQL_GOES_WITH_US"):
            return  # each database that is dropped has the server write out all the others
        for name in reversed(self.made):
            self._run("default", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


Stores = SqliteStores | PostgresqlStores


def open_stores() -> Stores:
    """Return the stores of the engine that the environment names."""
    connection_created.connect(refuse_a_careless_connection)
    stores: Stores = PostgresqlStores() if _vendor("default") == "postgresql" else SqliteStores()
    stores.prepare()
    return stores


@contextmanager
def own_copy(stores: Stores) -> Iterator[None]:
    """Give a test that commits a pair of its own."""
    before = stores.use_copy()
    try:
        yield
    finally:
        for alias, name in zip(ALIASES, before, strict=True):
            _point(alias, name)
