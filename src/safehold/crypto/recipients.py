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
VERSION = 1
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
# Without a key to release names to, a process does not start; a report is taken in all the same.
_NEEDED_FOR_A_REPORT = tuple(each for each in SEALING if each is not Purpose.RELEASE)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key with its purpose. Its id follows from both, so neither can be swapped."""

    purpose: Purpose
    public: bytes
    created: datetime

    @property
    def key_id(self) -> bytes:
        """Return the eight bytes that stand for this key inside an envelope."""
        return key_id(self.purpose, self.public)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Every public key that the force has listed, and what its codes are stretched with.

    `code_salt` is no secret, but with another one no code finds what was saved under it.
    """

    keys: tuple[PublicKey, ...]
    code_salt: bytes

    def for_purpose(self, purpose: Purpose) -> tuple[PublicKey, ...]:
        """Return the keys of a purpose, oldest first. Raises NoRecipient where there is none."""
        found = tuple(key for key in self.keys if key.purpose is purpose)
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
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & _WRITABLE_BY_OTHERS:
                raise KeyFileRefused(f"{path} can be written by others than its owner.")
            content = json.loads(file.read())
        keys = tuple(_public_key(entry) for entry in _entries(content))
    except OSError as error:
        raise KeyFileRefused(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileRefused(f"{path} is not a list of public keys.") from error
    recipients = Recipients(keys, _code_salt(content, path))
    for purpose in _NEEDED_FOR_A_REPORT:
        recipients.for_purpose(purpose)
    return recipients


def encoded(keys: Iterable[PublicKey], *, code_salt: bytes) -> bytes:
    """Return the content of `recipients.json` for these keys and this salt of codes."""
    entries = [
        {
            "id": key.key_id.hex(),
            "purpose": str(key.purpose),
            "public": base64.b64encode(key.public).decode(),
            "created": key.created.isoformat(),
        }
        for key in keys
    ]
    content = {
        "version": VERSION,
        "code_salt": base64.b64encode(code_salt).decode(),
        "keys": entries,
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def _entries(content: Any) -> list[dict[str, str]]:
    if content["version"] != VERSION:
        raise ValueError("unknown version")
    entries: list[dict[str, str]] = content["keys"]
    return entries


def _code_salt(content: dict[str, Any], path: Path) -> bytes:
    try:
        salt = base64.b64decode(content.get("code_salt", ""), validate=True)
    except (ValueError, TypeError):
        salt = b""
    if len(salt) != CODE_SALT_BYTES:
        raise KeyFileRefused(f"{path} has no code_salt of {CODE_SALT_BYTES} bytes in base64.")
    return salt


def _public_key(entry: dict[str, str]) -> PublicKey:
    try:
        public = base64.b64decode(entry["public"], validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    created = datetime.fromisoformat(entry["created"])
    key = PublicKey(Purpose(entry["purpose"]), public, created)
    if len(public) != 32 or key.key_id.hex() != entry["id"]:
        raise ValueError("a key that does not fit its id")
    return key
