"""Who holds what: for each letter of the document's table, the loot of that attacker."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping

from tests.seized.hosts import KEEPERS, PUBLIC, STANDARDS, UNIT, Installation
from tests.seized.loot import Loot, Tables
from tests.seized.people import Told

STORES = ("intake", "records")


class Seizure:
    """Copies of everything, taken while it ran."""

    def __init__(
        self, installation: Installation, told: Told, tables: Mapping[str, Tables] | None = None
    ) -> None:
        self.told, self.tables = told, tables or {}
        self.folder = installation.folder / "seized"
        for host in (PUBLIC, UNIT, KEEPERS, STANDARDS):
            # Static files were laid out before anybody came, from the sources that all may read.
            without = shutil.ignore_patterns("static")
            shutil.copytree(installation.data(host), self.folder / host, ignore=without)
        for name in ("all-keys", "copied-key", "temporary", "backup", "backup-keys", "partner"):
            shutil.copytree(installation.folder / name, self.folder / name)
        for store in STORES:
            (self.folder / store).mkdir()
            for path in installation.folder.glob(f"{store}.sqlite3*"):
                shutil.copy2(path, self.folder / store)
        logs = self.folder / "logs"
        logs.mkdir()
        for path in installation.folder.rglob("*.log"):
            if "seized" not in path.parts:
                shutil.copy2(path, logs / f"{path.parent.name}-{path.name}")

    def loot(self, letter: str) -> Loot:
        """Return what the attacker of a letter holds."""
        return HOLDERS[letter](self)

    def hold(self, *names: str, codes: tuple[str, ...] = (), pages: tuple[str, ...] = ()) -> Loot:
        """Put folders and stores together."""
        return Loot(
            folders=tuple(self.folder / name for name in names),
            tables=tuple(self.tables[name] for name in names if name in self.tables),
            codes=codes,
            pages=pages,
        )


# The phone has letters of its own: tests/browser/test_seized_phone.py.
HOLDERS: Mapping[str, Callable[[Seizure], Loot]] = {
    "A": lambda it: it.hold(PUBLIC, "intake"),
    "B": lambda it: it.hold("intake"),
    "C": lambda it: it.hold("records"),
    "D": lambda it: it.hold("backup"),
    "E": lambda it: it.hold("backup", "backup-keys"),
    "F": lambda it: it.hold(UNIT, *STORES),
    "G": lambda it: it.hold(UNIT, *STORES, "all-keys"),
    "H": lambda it: it.hold(KEEPERS, *STORES),
    "I": lambda it: it.hold(STANDARDS, *STORES),
    "J": lambda it: it.hold("all-keys", "copied-key"),
    "K": lambda it: it.hold("copied-key", *STORES),
    "L": lambda it: it.hold("logs", "temporary"),
    "M": lambda it: it.hold(codes=(it.told.code,), pages=(it.told.seen_with_code,)),
    "N": lambda it: it.hold(
        PUBLIC, "intake", codes=(it.told.code,), pages=(it.told.seen_with_code,)
    ),
    "O": lambda it: it.hold(codes=(it.told.saved_code,), pages=(it.told.seen_with_saved,)),
    "S": lambda it: it.hold("partner"),
}
PHONE = ("P", "Q", "R")
