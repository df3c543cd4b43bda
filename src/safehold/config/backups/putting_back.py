"""Put a backup back, after everything in it was checked and before anything is served."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from safehold.config.backups import manifest, postgresql, sqlite
from safehold.config.backups.making import MEDIA, OPEN_DATA, ORDER
from safehold.config.backups.manifest import BackupRefused, Manifest, Store


def check(folder: Path) -> Manifest:
    """Check a backup as a whole, without a look at where it would go. Raises BackupRefused."""
    from django.conf import settings

    found = manifest.read(folder)
    manifest.check_files(folder, found)
    if set(found.stores) != set(ORDER):
        raise BackupRefused(f"{folder} does not hold both stores.")
    if found.demonstration != settings.DEMONSTRATION:
        kind = "the demonstration" if found.demonstration else "a real installation"
        raise BackupRefused(f"{folder} is a backup of {kind}; it does not belong here.")
    for store in found.stores.values():
        (sqlite if store.engine == "sqlite" else postgresql).check(folder / store.file)
    return found


def _refuse_other_engine(name: str, store: Store, vendor: str) -> None:
    if store.engine != vendor:
        raise BackupRefused(
            f"The {name} store was backed up from {store.engine} and this one is {vendor}."
        )


def _refuse_overwriting(found: Manifest, *, replace: bool) -> None:
    from django.db import connections

    for name, alias in ORDER.items():
        connection = connections[alias]
        _refuse_other_engine(name, found.stores[name], connection.vendor)
        settings = connection.settings_dict
        if connection.vendor == "sqlite":
            place = Path(settings["NAME"])
            empty = sqlite.is_empty(place)
        else:
            empty = postgresql.is_empty(settings)
        if not empty and not replace:
            raise BackupRefused(
                f"The {name} store is there already; --replace puts the backup in its place."
            )
        if connection.vendor == "sqlite":
            sqlite.refuse_in_use(place)


def _put_folder(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    beside = target.with_name(f".{target.name}.restoring")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(source, beside)
    if target.exists():
        shutil.rmtree(target)
    beside.rename(target)


def put_back(folder: Path, *, replace: bool, say: Callable[[str], None]) -> Manifest:
    """Put both stores back and return what the backup said of itself.

    Everything is checked before anything is touched. Raises BackupRefused.
    """
    from django.conf import settings
    from django.db import connections

    found = check(folder)
    connections.close_all()
    _refuse_overwriting(found, replace=replace)
    for name, alias in ORDER.items():
        connection, source = connections[alias], folder / found.stores[name].file
        if connection.vendor == "sqlite":
            place = Path(connection.settings_dict["NAME"])
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            sqlite.restore(source, place)
        else:
            postgresql.restore(connection.settings_dict, source)
        say(f"{name} store restored.")
    for name in (MEDIA, OPEN_DATA):
        _put_folder(folder / name, settings.SAFEHOLD_DATA / name)
    for note in settings.SAFEHOLD_DATA.glob(".set-up-*"):
        note.unlink()  # `setup` has to look again
    return found


def check_chains(found: Manifest) -> list[str]:
    """Return a line for each audit chain that does not hold or does not end as backed up."""
    from safehold.domain.audit_chain import verify
    from safehold.records.audit.chains import CHAINS

    lines = []
    names = {alias: name for name, alias in ORDER.items()}
    for chain in CHAINS:
        verdict = verify(chain.links(), chain=chain.name)
        head = found.stores[names[chain.alias]].head
        expected = (head["sequence"], head["hash"]) if head else chain.end()
        if verdict.broken is not None:
            broken = verdict.broken
            lines.append(f"{chain.name}: row {broken.sequence} is {broken.fault}: {broken.reason}.")
        elif chain.end() != expected or (head is None and chain.count()):
            lines.append(f"{chain.name}: the chain does not end where the backup says.")
    return lines
