"""Private keys as files that their owner alone may read, and how they are made.

KEYS/                       0700
KEYS/recipients.json        public keys of every purpose, and the salt of the codes
KEYS/triage-<id>.key        0600, one file a private key
"""

import base64
import fcntl
import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nacl.bindings import crypto_scalarmult_base, crypto_sign_seed_keypair
from nacl.utils import random

from safehold.crypto.errors import KeyFileRefused, KeysExist, NoRecipient
from safehold.crypto.recipients import (
    CODE_SALT_BYTES,
    FILE_NAME,
    PublicKey,
    Purpose,
    encoded,
    read_list,
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
    prepare(folder)
    with changing(folder):
        made = [make_key(folder, purpose=purpose, at=at) for purpose in purposes]
        write_recipients(folder, made, code_salt=random(CODE_SALT_BYTES))
    return made


def add_key(folder: Path, *, purpose: Purpose, at: datetime) -> PublicKey:
    """Make one more key of a purpose: what arrives from now on is sealed to it as well.

    The folder may be an older one that lacks the purpose. Raises KeyFileRefused where it lists no
    keys yet.
    """
    read_list(folder)
    prepare(folder)
    with changing(folder):
        present = read_list(folder)
        made = make_key(folder, purpose=purpose, at=at)
        write_recipients(folder, [*present.keys, made], code_salt=present.code_salt)
    return made


def add_public_keys(folder: Path, *, purpose: Purpose, listed_in: Path) -> list[PublicKey]:
    """List the public keys of a purpose that another host made; return those that were new.

    `listed_in` is the folder of that host's `recipients.json`: no private key comes along. What
    arrives from now on is sealed to them as well. Raises KeyFileRefused, or NoRecipient where the
    other list has no key of the purpose.
    """
    theirs = read_list(listed_in).in_use(purpose)
    if not theirs:
        raise NoRecipient(f"{listed_in / FILE_NAME} lists no key for {purpose}.")
    read_list(folder)
    with changing(folder):
        present = read_list(folder)
        known = {key.key_id for key in present.keys}
        new = [key for key in theirs if key.key_id not in known]
        if new:
            write_recipients(folder, [*present.keys, *new], code_salt=present.code_salt)
    return new


def copy_list(folder: Path, target: Path) -> None:
    """Lay a copy of a folder's public list into another, for whoever may not see the keys.

    Raises OSError where that cannot be; nothing happens where there is no list.
    """
    source, copy = folder / FILE_NAME, target / FILE_NAME
    if not source.exists() or (copy.exists() and copy.read_bytes() == source.read_bytes()):
        return
    beside = target / f".{FILE_NAME}.{os.getpid()}"
    write_new(beside, source.read_bytes(), mode=0o640)
    beside.chmod(0o640)  # whatever the umask: a backup is another user of the same group
    beside.replace(copy)


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Hold a folder while its list is read and written again: of two at once, one would be lost."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def key_path(folder: Path, key: PublicKey) -> Path:
    """Name the file of a key's private half, whether or not it is there."""
    return folder / f"{key.purpose}-{key.key_id.hex()}{_SUFFIX}"


def private_key_paths(folder: Path) -> list[Path]:
    """List the private keys of a folder, so that a public host can refuse to hold any."""
    return sorted(folder.glob(f"*{_SUFFIX}"))


def read_private_keys(folder: Path, *, purpose: Purpose) -> list[PrivateKey]:
    """Read every private key of a purpose, in the order of their ids.

    Raises KeyFileRefused where the folder or a file is open to others, or a file is damaged.
    """
    _refuse_open_folder(folder)
    paths = sorted(folder.glob(f"{purpose}-*{_SUFFIX}"))
    return [PrivateKey(purpose, read_secret(path, purpose)) for path in paths]


def public_half(purpose: Purpose, secret: bytes) -> bytes:
    """Return the public key that belongs to a secret of 32 bytes."""
    if purpose is Purpose.AUDIT:
        public, _ = crypto_sign_seed_keypair(secret)
        return public
    return crypto_scalarmult_base(secret)


def prepare(folder: Path) -> None:
    """Make the folder where it is missing. Raises KeyFileRefused where it is open to others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_open_folder(folder)


def _refuse_open_folder(folder: Path) -> None:
    try:
        status = folder.stat()
    except OSError as error:
        raise KeyFileRefused(f"{folder} cannot be read: {error.strerror}.") from error
    if status.st_mode & _OPEN_TO_OTHERS:
        raise KeyFileRefused(f"{folder} is open to others than its owner; make it 0700.")


def make_key(folder: Path, *, purpose: Purpose, at: datetime) -> PublicKey:
    """Make a key and keep its private half; whoever calls lists the public half, which it returns.

    Every 32 random bytes are a secret of either sort.
    """
    return keep_secret(folder, PrivateKey(purpose, random(_SECRET_BYTES)), created=at)


def keep_secret(folder: Path, private: PrivateKey, *, created: datetime) -> PublicKey:
    """Keep a private half in a file of its own; return its public half.

    Raises KeysExist where the file is there.
    """
    key = PublicKey(private.purpose, public_half(private.purpose, private.secret), created)
    content = {
        "version": VERSION,
        "purpose": str(key.purpose),
        "id": key.key_id.hex(),
        "secret": base64.b64encode(private.secret).decode(),
    }
    try:
        write_new(key_path(folder, key), json.dumps(content).encode() + b"\n", mode=0o600)
    except FileExistsError:
        raise KeysExist(f"{key_path(folder, key)} is there already.") from None
    return key


def write_recipients(folder: Path, keys: Iterable[PublicKey], *, code_salt: bytes | None) -> None:
    """Put a new list of public keys in the place of the old one, in one step."""
    # Written beside and renamed: a crash leaves the old list whole, never half a new one.
    beside = folder / f".{FILE_NAME}.{os.getpid()}"
    write_new(beside, encoded(keys, code_salt=code_salt), mode=0o644)
    beside.replace(folder / FILE_NAME)
    sync_folder(folder)


def write_new(path: Path, content: bytes, *, mode: int) -> None:
    """Write a file that must not be there yet, and see it to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """See the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_secret(path: Path, purpose: Purpose) -> bytes:
    """Read one private half. Raises KeyFileRefused where it is damaged or open to others."""
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
