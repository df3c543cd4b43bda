"""Private keys as files that their owner alone may read, and how they are made.

KEYS/                       0700
KEYS/recipients.json        public keys of every purpose, and the salt of the codes
KEYS/triage-<id>.key        0600, one file a private key
"""

import base64
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nacl.bindings import crypto_box_keypair, crypto_sign_seed_keypair
from nacl.utils import random

from safehold.crypto.errors import KeyFileRefused, KeysExist
from safehold.crypto.recipients import (
    CODE_SALT_BYTES,
    FILE_NAME,
    PublicKey,
    Purpose,
    encoded,
    load_recipients,
)

VERSION = 1
_SECRET_BYTES = 32
_SUFFIX = ".key"
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A secret of 32 bytes: an X25519 key, or the seed of an Ed25519 key."""

    purpose: Purpose
    secret: bytes = field(repr=False)


def create_keys(
    folder: Path, *, at: datetime, purposes: Iterable[Purpose] = tuple(Purpose)
) -> list[PublicKey]:
    """Make the first key of each purpose in a folder that has none; return the public halves.

    The salt of the codes is made with them, once and for all.

    Raises KeysExist where the folder already lists keys.
    """
    if (folder / FILE_NAME).exists():
        raise KeysExist(f"{folder} already holds keys; add one to a purpose instead.")
    _prepare(folder)
    made = [_create(folder, purpose=purpose, at=at) for purpose in purposes]
    _write_recipients(folder, made, code_salt=random(CODE_SALT_BYTES))
    return made


def add_key(folder: Path, *, purpose: Purpose, at: datetime) -> PublicKey:
    """Make one more key of a purpose: what arrives from now on is sealed to it as well.

    Raises KeyFileRefused where the folder lists no keys yet.
    """
    present = load_recipients(folder)
    _prepare(folder)
    made = _create(folder, purpose=purpose, at=at)
    _write_recipients(folder, [*present.keys, made], code_salt=present.code_salt)
    return made


def add_public_keys(folder: Path, *, purpose: Purpose, listed_in: Path) -> list[PublicKey]:
    """List the public keys of a purpose that another host made; return those that were new.

    `listed_in` is the folder of that host's `recipients.json`: no private key comes along. What
    arrives from now on is sealed to them as well. Raises KeyFileRefused, or NoRecipient where the
    other list has no key of the purpose.
    """
    present = load_recipients(folder)
    known = {key.key_id for key in present.keys}
    theirs = load_recipients(listed_in).for_purpose(purpose)
    new = [key for key in theirs if key.key_id not in known]
    if new:
        _write_recipients(folder, [*present.keys, *new], code_salt=present.code_salt)
    return new


def private_key_paths(folder: Path) -> list[Path]:
    """List the private keys of a folder, so that a public host can refuse to hold any."""
    return sorted(folder.glob(f"*{_SUFFIX}"))


def read_private_keys(folder: Path, *, purpose: Purpose) -> list[PrivateKey]:
    """Read every private key of a purpose, in the order of their ids.

    Raises KeyFileRefused where the folder or a file is open to others, or a file is damaged.
    """
    _refuse_open_folder(folder)
    paths = sorted(folder.glob(f"{purpose}-*{_SUFFIX}"))
    return [PrivateKey(purpose, _read_secret(path, purpose)) for path in paths]


def _prepare(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_open_folder(folder)


def _refuse_open_folder(folder: Path) -> None:
    try:
        status = folder.stat()
    except OSError as error:
        raise KeyFileRefused(f"{folder} cannot be read: {error.strerror}.") from error
    if status.st_mode & _OPEN_TO_OTHERS:
        raise KeyFileRefused(f"{folder} is open to others than its owner; make it 0700.")


def _create(folder: Path, *, purpose: Purpose, at: datetime) -> PublicKey:
    if purpose is Purpose.AUDIT:
        secret = random(_SECRET_BYTES)
        public, _ = crypto_sign_seed_keypair(secret)
    else:
        public, secret = crypto_box_keypair()
    key = PublicKey(purpose, public, at)
    content = {
        "version": VERSION,
        "purpose": str(purpose),
        "id": key.key_id.hex(),
        "secret": base64.b64encode(secret).decode(),
    }
    path = folder / f"{purpose}-{key.key_id.hex()}{_SUFFIX}"
    _write_new(path, json.dumps(content).encode() + b"\n", mode=0o600)
    return key


def _write_recipients(folder: Path, keys: Iterable[PublicKey], *, code_salt: bytes) -> None:
    # Written beside and renamed: a crash leaves the old list whole, never half a new one.
    beside = folder / f".{FILE_NAME}.{os.getpid()}"
    _write_new(beside, encoded(keys, code_salt=code_salt), mode=0o644)
    beside.replace(folder / FILE_NAME)
    _sync_folder(folder)


def _write_new(path: Path, content: bytes, *, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_secret(path: Path, purpose: Purpose) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise KeyFileRefused(f"{path} cannot be read: {error.strerror}.") from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_mode & _OPEN_TO_OTHERS:
            raise KeyFileRefused(f"{path} is open to others than its owner; make it 0600.")
        content = file.read()
    try:
        entry = json.loads(content)
        secret = base64.b64decode(entry["secret"], validate=True)
        well_formed = entry["version"] == VERSION and entry["purpose"] == purpose
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileRefused(f"{path} is not a key file.") from error
    if not well_formed or len(secret) != _SECRET_BYTES:
        raise KeyFileRefused(f"{path} is not a key file for {purpose}.")
    return secret
