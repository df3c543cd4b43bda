"""Put a backup back, after everything in it was checked and before anything is served."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from safehold.config.backups import codes, manifest, postgresql, sqlite
from safehold.config.backups.making import KEYS, MEDIA, OPEN_DATA, ORDER, public_list
from safehold.config.backups.manifest import BackupRefused, Manifest, Store
from safehold.crypto.errors import CryptoError
from safehold.crypto.key_files import prepare, write_recipients
from safehold.crypto.recipients import FILE_NAME, read_list


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


def _refuse_other_keys(folder: Path) -> None:
    """Raise BackupRefused where the keys here are not those that the backup was sealed to."""
    ours = public_list()
    if ours is None or not (folder / KEYS / FILE_NAME).exists():
        return
    try:
        here, then = read_list(ours.parent), read_list(folder / KEYS)
    except CryptoError as error:
        raise BackupRefused(str(error)) from error
    if then.code_salt is not None and here.code_salt != then.code_salt:
        raise BackupRefused(
            f"{ours} has another salt for codes than this backup: no code would find what was "
            f"saved. Put the {FILE_NAME} in {folder / KEYS} in its place, or the right backup here."
        )
    missing = {key.key_id for key in then.keys} - {key.key_id for key in here.keys}
    if missing:
        raise BackupRefused(
            f"{ours} does not list {len(missing)} of the keys that this backup was sealed to, such "
            f"as {min(missing).hex()}: put the right keys here first."
        )


def _put_list_back(folder: Path, say: Callable[[str], None]) -> None:
    from django.conf import settings

    source = folder / KEYS / FILE_NAME
    if not source.exists():
        say(f"This backup holds no {FILE_NAME}: bring your own copy.")
    elif not os.access(settings.KEYS_FOLDER / FILE_NAME, os.F_OK):
        try:
            listed = read_list(folder / KEYS)
            prepare(settings.KEYS_FOLDER)
            write_recipients(settings.KEYS_FOLDER, listed.keys, code_salt=listed.code_salt)
        except (OSError, CryptoError):
            say(f"{FILE_NAME} could not be put back: copy it from {source} to the keys.")
        else:
            say(f"{FILE_NAME} restored to {settings.KEYS_FOLDER}; its private keys are not there.")


def put_back(folder: Path, *, replace: bool, say: Callable[[str], None]) -> Manifest:
    """Put both stores back and return what the backup said of itself.

    Everything is checked before anything is touched. Raises BackupRefused.
    """
    from django.conf import settings
    from django.db import connections

    found = check(folder)
    connections.close_all()
    _refuse_overwriting(found, replace=replace)
    _refuse_other_keys(folder)
    codes.note_open(found)
    first = next(iter(ORDER))
    for name, alias in ORDER.items():
        connection, source = connections[alias], folder / found.stores[name].file
        if connection.vendor == "sqlite":
            place = Path(connection.settings_dict["NAME"])
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            if connection.vendor == "sqlite":
                sqlite.restore(source, place)
            else:
                postgresql.restore(connection.settings_dict, source)
        except BackupRefused:
            if name == first:
                codes.forget()  # nothing was replaced: the present store still knows better
            raise
        say(f"{name} store restored.")
    for name in (MEDIA, OPEN_DATA):
        _put_folder(folder / name, settings.SAFEHOLD_DATA / name)
    _put_list_back(folder, say)
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
