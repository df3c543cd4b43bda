"""A filled practice installation to measure on: one on SQLite, one on a PostgreSQL of its own.

Both keep what is committed through a power cut, as a real one does.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench._processor import tree
from tests.servers import ROOT, SAFEHOLD, environment, filled_installation, public_keys_only
from tools.with_postgresql import OWNER, PUBLIC, STAFF, cluster, find_programs

DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


@dataclass(frozen=True)
class Installation:
    """Where an installation is; `database` is PostgreSQL's first process, None on SQLite."""

    store: str
    folder: Path
    urls: dict[str, str]
    database: int | None = None

    def settings(self, site: str) -> dict[str, str]:
        """Return what a site's processes need to be told, as they would be on their own host."""
        role = PUBLIC if site == "public" else STAFF
        urls = {name: url.replace(f"{OWNER}@", f"{role}@") for name, url in self.urls.items()}
        keys = self.folder / ("public-keys" if site == "public" else "data/keys")
        return {
            "SITE": site,
            "SAFEHOLD_DATA": str(self.folder / "data"),
            "SAFEHOLD_KEYS": str(keys),
            **urls,
        }

    def database_processes(self) -> list[int]:
        """Return PostgreSQL's processes, none on SQLite."""
        return [] if self.database is None else tree(self.database)


@contextmanager
def on_sqlite() -> Iterator[Installation]:
    """Copy the filled installation, and remove the copy afterwards."""
    with tempfile.TemporaryDirectory(prefix="safehold-bench-") as name:
        yield Installation("SQLite", _filled(Path(name)), {})


@contextmanager
def on_postgresql() -> Iterator[Installation]:
    """Start a PostgreSQL with empty, migrated stores; its keys are those of the filled one."""
    programs = find_programs()
    if programs is None:
        raise LookupError("PostgreSQL is not installed here.")
    with (
        tempfile.TemporaryDirectory(prefix="safehold-bench-") as name,
        cluster(programs, DURABLE) as made,
    ):
        folder = _filled(Path(name))
        for store in ("records", "intake"):
            (folder / "data" / f"{store}.sqlite3").unlink()
        first = int((made.folder / "data" / "postmaster.pid").read_text().split()[0])
        installation = Installation("PostgreSQL", folder, made.environment(), first)
        owned = {
            name.replace("_URL", "_OWNER_URL"): url for name, url in made.environment().items()
        }
        subprocess.run(
            [SAFEHOLD, "migrate"],
            env=environment(**installation.settings("all"), **owned),
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        yield installation


def installations() -> list[Callable[[], AbstractContextManager[Installation]]]:
    """Return what can be measured on here; says so where PostgreSQL is not installed."""
    if find_programs() is None:
        print("   PostgreSQL is not installed here: measured on SQLite alone")
        return [on_sqlite]
    return [on_sqlite, on_postgresql]


def _filled(folder: Path) -> Path:
    shutil.copytree(filled_installation(), folder / "data")
    public_keys_only(folder / "data" / "keys", folder / "public-keys")
    return folder
