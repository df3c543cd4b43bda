"""Both stores of an installation, on files or on PostgreSQL: where they are, what is in them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import psycopg
from django.db import connections
from psycopg.rows import dict_row

from tests.seized.hosts import PUBLIC, UNIT
from tests.seized.loot import Tables, identifier, sqlite_tables
from tests.stores import ALIASES, SqliteStores, Stores, own_copy

NAMES = {"default": "records", "intake": "intake"}
VARIABLES = {"default": "SAFEHOLD_DATABASE", "intake": "SAFEHOLD_INTAKE_DATABASE"}
ROLES = {"owner": "safehold_owner", UNIT: "safehold_staff", PUBLIC: "safehold_public"}


@dataclass
class Made:
    """The stores of one installation."""

    folder: Path
    addresses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    alive: Mapping[str, str] = field(default_factory=dict)  # on PostgreSQL, by the store's name

    def tables(self, folder: Path) -> dict[str, Tables]:
        """Read every row of what is no file; and lay out the files of what is one."""
        return {name: _rows(address) for name, address in self.alive.items()}

    def waits_for_marks(self) -> None:
        """Wait until the unattended scheduler has marked the names that are compared."""
        until = time.monotonic() + 120
        while not self._has_marks():
            assert time.monotonic() < until, "no names are marked"
            time.sleep(1)

    def _has_marks(self) -> bool:
        if self.alive:
            return bool(_rows(self.alive["intake"])["intake_namemarks"])
        return bool(sqlite_tables(self.folder / "intake.sqlite3")["intake_namemarks"])

    def ids(self, references: Mapping[str, str]) -> dict[str, UUID]:
        """Say which report is which."""
        if self.alive:
            rows = _rows(self.alive["intake"])["intake_sealedreport"]
        else:
            rows = sqlite_tables(self.folder / "intake.sqlite3")["intake_sealedreport"]
        by_reference = {row["reference"]: identifier(row["id"]) for row in rows}
        return {name: by_reference[each] for name, each in references.items()}


@contextmanager
def made(stores: Stores, folder: Path) -> Iterator[Made]:
    """Make both stores, as `safehold migrate` leaves them, and take them away again."""
    if isinstance(stores, SqliteStores):
        for alias, name in NAMES.items():  # saves `migrate` its time
            shutil.copyfile(stores.template / f"{alias}.sqlite3", folder / f"{name}.sqlite3")
        yield Made(folder)
        return
    with own_copy(stores):
        addresses = {role: _addresses(role) for role in ROLES}
        alive = {
            name: addresses["owner"][f"{VARIABLES[alias]}_URL"] for alias, name in NAMES.items()
        }
        addresses[PUBLIC].pop("SAFEHOLD_DATABASE_URL")
        yield Made(folder, addresses, alive)


def _addresses(role: str) -> dict[str, str]:
    found = {}
    for alias in ALIASES:
        where = connections[alias].settings_dict
        host = quote(str(where["HOST"]), safe="")
        found[f"{VARIABLES[alias]}_URL"] = f"postgresql://{ROLES[role]}@{host}/{where['NAME']}"
    return found


def _rows(address: str) -> Tables:
    with psycopg.connect(address, row_factory=dict_row) as connection:
        named = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [row["tablename"] for row in named.fetchall()]
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
