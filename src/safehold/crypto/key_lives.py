"""What becomes of a key: made, retired, destroyed. Never more than one list is ever in force."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nacl.utils import random

from safehold.crypto.errors import KeyNeeded, NoSuchKey
from safehold.crypto.key_files import (
    changing,
    key_path,
    make_key,
    prepare,
    sync_folder,
    write_recipients,
)
from safehold.crypto.recipients import (
    CODE_SALT_BYTES,
    FILE_NAME,
    UNATTENDED,
    Listed,
    PublicKey,
    Purpose,
    read_list,
)


@dataclass(frozen=True, slots=True)
class Rotated:
    """The key that a rotation made, and those that it retired."""

    made: PublicKey
    retired: tuple[PublicKey, ...]


@dataclass(frozen=True, slots=True)
class Mended:
    """What an older folder was given."""

    made: tuple[PublicKey, ...]
    salt: bool


def find_key(folder: Path, identifier: str) -> PublicKey:
    """Return the listed key with this id, sixteen hexadecimal digits. Raises NoSuchKey."""
    for key in read_list(folder).keys:
        if key.key_id.hex() == identifier.strip().lower():
            return key
    raise NoSuchKey(f"{folder / FILE_NAME} lists no key with the id {identifier}.")


def is_here(folder: Path, key: PublicKey) -> bool:
    """Tell whether a file of the private half is in the folder, not whether it is any good."""
    return key_path(folder, key).exists()


def rotate_key(folder: Path, *, purpose: Purpose, at: datetime) -> Rotated:
    """Make a new key of a purpose and retire those whose private half is here, in one step.

    Keys whose private half is elsewhere, such as in a safe, go on being sealed to: whoever holds
    them was not asked. Raises NoSuchKey where no private half in use is here.
    """
    read_list(folder)
    prepare(folder)
    with changing(folder):
        present = read_list(folder)
        old = tuple(key for key in present.in_use(purpose) if is_here(folder, key))
        if not old:
            raise NoSuchKey(
                f"No private key for {purpose} that is in use is here: make the new one where it "
                "is kept, list it with `safehold keys add-public`, then retire the old one."
            )
        made = make_key(folder, purpose=purpose, at=at)
        retired = tuple(replace(key, retired=at) for key in old)
        _write(folder, present, changed=retired, added=[made])
    return Rotated(made, retired)


def retire_key(folder: Path, key: PublicKey, *, at: datetime) -> PublicKey:
    """Seal nothing more to a key; it goes on opening what was sealed to it.

    Raises KeyNeeded for the last key in use of its purpose, for one that is retired, and for the
    last that this machine's unattended work has here.
    """
    with changing(folder):
        present = read_list(folder)
        key = _current(present, key)
        if key.retired:
            raise KeyNeeded(f"This key was retired on {key.retired:%d %B %Y}.")
        others = [each for each in present.in_use(key.purpose) if each != key]
        if not others:
            raise KeyNeeded(
                f"This is the last key for {key.purpose} that is in use: rotate it instead "
                f"(`safehold keys rotate {key.purpose}`), or nothing more could be sealed."
            )
        if key.purpose in UNATTENDED and is_here(folder, key):
            _refuse_last_here(folder, key, others)
        retired = replace(key, retired=at)
        _write(folder, present, changed=[retired])
    return retired


def destroy_key(folder: Path, key: PublicKey, *, at: datetime) -> PublicKey:
    """Overwrite and remove the private half of a retired key, and note that it is gone for good.

    Whoever calls has made sure that nothing needs it. Raises KeyNeeded where it is in use,
    NoSuchKey where its private half is not here.
    """
    with changing(folder):
        present = read_list(folder)
        key = _current(present, key)
        refuse_to_destroy(folder, key)
        gone = replace(key, destroyed=key.destroyed or at)
        # Noted first: where the power goes in between, the file is still there to destroy again.
        _write(folder, present, changed=[gone])
        erase(key_path(folder, key))
    return gone


def refuse_to_destroy(folder: Path, key: PublicKey) -> None:
    """Raise KeyNeeded where a key is in use, NoSuchKey where its private half is not here."""
    if key.in_use:
        raise KeyNeeded("This key is in use: retire it first, and what arrives is not for it.")
    if not is_here(folder, key):
        raise NoSuchKey(
            "The private half of this key is not on this machine: destroy it where it is."
        )


def mend(folder: Path, *, at: datetime, salt: bool) -> Mended:
    """Give an older folder what it lacks: a key of each purpose, and the salt where `salt` says so.

    Raises KeyFileRefused where the folder lists no keys at all.
    """
    read_list(folder)
    prepare(folder)
    with changing(folder):
        present = read_list(folder)
        lacking = [purpose for purpose in Purpose if not present.in_use(purpose)]
        made = [make_key(folder, purpose=purpose, at=at) for purpose in lacking]
        new_salt = salt and present.code_salt is None
        if new_salt:
            present = replace(present, code_salt=random(CODE_SALT_BYTES))
        if made or new_salt:
            _write(folder, present, added=made)
    return Mended(tuple(made), new_salt)


def erase(path: Path) -> None:
    """Overwrite a file with noise, see that to the disk, and remove the file."""
    with path.open("r+b") as file:
        file.write(random(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_folder(path.parent)


def _current(present: Listed, key: PublicKey) -> PublicKey:
    for each in present.keys:
        if each.key_id == key.key_id:
            return each
    raise NoSuchKey(f"No key with the id {key.key_id.hex()} is listed.")


def _refuse_last_here(folder: Path, key: PublicKey, others: Iterable[PublicKey]) -> None:
    if not any(is_here(folder, each) for each in others):
        raise KeyNeeded(
            f"This is the last key for {key.purpose} whose private half is here, and staff "
            f"processes need one: rotate it instead (`safehold keys rotate {key.purpose}`)."
        )


def _write(
    folder: Path,
    present: Listed,
    *,
    changed: Iterable[PublicKey] = (),
    added: Iterable[PublicKey] = (),
) -> None:
    new = {key.key_id: key for key in changed}
    keys = [new.get(key.key_id, key) for key in present.keys]
    write_recipients(folder, [*keys, *added], code_salt=present.code_salt)
