"""The public side of the keys: whom to seal to, and whose signatures to believe.

`recipients.json` holds public keys, and the salt of this installation's codes. A public host needs
this file and no other.
"""

import base64
import binascii
import hashlib
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from safehold.crypto.errors import KeyFileRefused, NoRecipient

FILE_NAME = "recipients.json"
VERSION = 2  # the first knew no key that is retired
_READABLE = (1, VERSION)
KEY_ID_BYTES = 8
CODE_SALT_BYTES = 16
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class Purpose(StrEnum):
    """What a key is for. All but the last open envelopes; the last signs heads of the audit.

    `standards` opens what says of its subject that he works for the police, or may: professional
    standards hold it, or another force. `release` opens what the unit may see of a hidden name: it
    lies where the unit's officers work, and the key of hidden names need not.
    """

    TRIAGE = "triage"
    ACCOUNT = "account"
    IDENTITY = "identity"
    STANDARDS = "standards"
    RELEASE = "release"
    AUDIT = "audit"


SEALING = (
    Purpose.TRIAGE,
    Purpose.ACCOUNT,
    Purpose.IDENTITY,
    Purpose.STANDARDS,
    Purpose.RELEASE,
)
UNATTENDED = (Purpose.TRIAGE, Purpose.AUDIT)  # what staff processes use with nobody there
# Without a key to release names to, a process does not start; a report is taken in all the same.
_NEEDED_FOR_A_REPORT = tuple(each for each in SEALING if each is not Purpose.RELEASE)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key with its purpose. Its id follows from both, so neither can be swapped.

    A key that is `retired` goes on opening what was sealed to it, and nothing new is. One that is
    `destroyed` opens nothing: its private half was removed on purpose.
    """

    purpose: Purpose
    public: bytes
    created: datetime
    retired: datetime | None = None
    destroyed: datetime | None = None

    @property
    def key_id(self) -> bytes:
        """Return the eight bytes that stand for this key inside an envelope."""
        return key_id(self.purpose, self.public)

    @property
    def in_use(self) -> bool:
        """Tell whether what arrives is sealed to it, or signed with it."""
        return self.retired is None


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of public keys says, whether or not it is whole: None where it has no salt."""

    keys: tuple[PublicKey, ...]
    code_salt: bytes | None

    def in_use(self, purpose: Purpose) -> tuple[PublicKey, ...]:
        """Return the keys of a purpose that are not retired, oldest first."""
        return tuple(key for key in self.keys if key.purpose is purpose and key.in_use)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Every public key that the force has listed, and what its codes are stretched with.

    `code_salt` is no secret, but with another one no code finds what was saved under it.
    """

    keys: tuple[PublicKey, ...]
    code_salt: bytes

    def for_purpose(self, purpose: Purpose) -> tuple[PublicKey, ...]:
        """Return the keys of a purpose that are in use, oldest first: those to seal to.

        Raises NoRecipient where there is none.
        """
        found = Listed(self.keys, self.code_salt).in_use(purpose)
        if not found:
            raise NoRecipient(f"{FILE_NAME} lists no key for {purpose}.")
        return found


def key_id(purpose: Purpose, public: bytes) -> bytes:
    """Return the id of a public key: its hash together with what the key is for."""
    return hashlib.blake2b(
        public, digest_size=KEY_ID_BYTES, person=b"key-" + purpose.encode()
    ).digest()


def load_recipients(folder: Path) -> Recipients:
    """Read the public keys of a folder.

    Raises KeyFileRefused where the file is absent, damaged, without the salt of the codes, or
    writable by others: whoever can write it decides who reads every later report. NoRecipient
    where a purpose that every report needs has no key: `release` is asked for by whoever starts.
    """
    listed = read_list(folder)
    if listed.code_salt is None:
        path = folder / FILE_NAME
        raise KeyFileRefused(f"{path} has no code_salt of {CODE_SALT_BYTES} bytes in base64.")
    recipients = Recipients(listed.keys, listed.code_salt)
    for purpose in _NEEDED_FOR_A_REPORT:
        recipients.for_purpose(purpose)
    return recipients


def read_list(folder: Path) -> Listed:
    """Read what a folder lists, be it whole or not: an older one may lack a purpose or the salt.

    Raises KeyFileRefused where the file is absent, damaged, newer than this code, or writable by
    others.
    """
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & _WRITABLE_BY_OTHERS:
                raise KeyFileRefused(f"{path} can be written by others than its owner.")
            content = json.loads(file.read())
        _refuse_newer(content, path)
        return Listed(tuple(_public_key(entry) for entry in _entries(content)), _salt(content))
    except OSError as error:
        raise KeyFileRefused(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileRefused(f"{path} is not a list of public keys.") from error


def encoded(keys: Iterable[PublicKey], *, code_salt: bytes | None) -> bytes:
    """Return the content of `recipients.json` for these keys and this salt of codes, if any."""
    content: dict[str, Any] = {"version": VERSION}
    if code_salt is not None:
        content["code_salt"] = base64.b64encode(code_salt).decode()
    content["keys"] = [_entry(key) for key in keys]
    return json.dumps(content, indent=2).encode() + b"\n"


def _entry(key: PublicKey) -> dict[str, str]:
    entry = {
        "id": key.key_id.hex(),
        "purpose": str(key.purpose),
        "public": base64.b64encode(key.public).decode(),
        "created": key.created.isoformat(),
    }
    for name, moment in (("retired", key.retired), ("destroyed", key.destroyed)):
        if moment is not None:
            entry[name] = moment.isoformat()
    return entry


def _refuse_newer(content: Any, path: Path) -> None:
    version = content["version"]
    if isinstance(version, int) and version > VERSION:
        raise KeyFileRefused(f"{path} was written by a newer version of this software than here.")


def _entries(content: Any) -> list[dict[str, str]]:
    if content["version"] not in _READABLE:
        raise ValueError("unknown version")
    entries: list[dict[str, str]] = content["keys"]
    return entries


def _salt(content: dict[str, Any]) -> bytes | None:
    try:
        salt = base64.b64decode(content.get("code_salt", ""), validate=True)
    except (ValueError, TypeError):
        return None
    return salt if len(salt) == CODE_SALT_BYTES else None


def _public_key(entry: dict[str, str]) -> PublicKey:
    try:
        public = base64.b64decode(entry["public"], validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    created, retired, destroyed = (
        datetime.fromisoformat(entry[name]) if name in entry else None
        for name in ("created", "retired", "destroyed")
    )
    if created is None or (destroyed and not retired):
        raise ValueError("a key without its dates")
    key = PublicKey(Purpose(entry["purpose"]), public, created, retired, destroyed)
    if len(public) != 32 or key.key_id.hex() != entry["id"]:
        raise ValueError("a key that does not fit its id")
    return key
