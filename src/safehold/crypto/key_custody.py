"""Private keys on their way: a copy under a passphrase, and a note of what is kept elsewhere.

A copy is one JSON file: its purpose, its id, and the secret in a secret box whose key is stretched
from the passphrase with Argon2id. What is kept elsewhere stands in KEYS/elsewhere.json, which is
this machine's own: `recipients.json` travels to other hosts, where the same key may be here.
"""

import base64
import json
import os
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from nacl.exceptions import CryptoError as NaclError
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random

from safehold.crypto.errors import KeyFileRefused, KeysExist, NoSuchKey, PassphraseRefused
from safehold.crypto.key_files import (
    PrivateKey,
    changing,
    keep_secret,
    key_path,
    prepare,
    public_half,
    read_secret,
    write_new,
)
from safehold.crypto.key_lives import erase
from safehold.crypto.recipients import FILE_NAME, PublicKey, Purpose, key_id, read_list

VERSION = 1  # stands for the two limits below as well
ELSEWHERE = "elsewhere.json"
SHORTEST_PASSPHRASE = 20  # characters: five or six words
_PASSES, _MEMORY = argon2id.OPSLIMIT_MODERATE, argon2id.MEMLIMIT_MODERATE
_LARGEST_FILE = 10_000


def locked_copy(folder: Path, key: PublicKey, *, passphrase: str) -> bytes:
    """Return a copy of a private half under a passphrase, after proving that the copy opens.

    Raises NoSuchKey where the private half is not here, PassphraseRefused where the passphrase is
    too short, KeyFileRefused where the private half is not what it is named.
    """
    path = key_path(folder, key)
    if not path.exists():
        raise NoSuchKey("The private half of this key is not on this machine.")
    if len(_plain(passphrase)) < SHORTEST_PASSPHRASE:
        raise PassphraseRefused(
            f"A passphrase has at least {SHORTEST_PASSPHRASE} characters: five or six words that "
            "nobody would guess."
        )
    private = PrivateKey(key.purpose, read_secret(path, key.purpose))
    if key_id(key.purpose, public_half(key.purpose, private.secret)) != key.key_id:
        raise KeyFileRefused(f"{path} does not hold the private half of the key that it names.")
    copy = _locked(private, key, passphrase)
    if _opened(copy, passphrase, called="The copy") != private:
        raise KeyFileRefused("The copy was not made as it should be.")
    return copy


def write_copy(copy: bytes, target: Path) -> None:
    """Write a copy into a new file, and read it back.

    Raises KeysExist where the file is there, KeyFileRefused where it cannot be written.
    """
    try:
        write_new(target, copy, mode=0o600)
        written = target.read_bytes()
    except FileExistsError:
        raise KeysExist(f"{target} is there already; name a new file.") from None
    except OSError as error:
        raise KeyFileRefused(f"{target} cannot be written: {error.strerror}.") from error
    if written != copy:
        raise KeyFileRefused(f"{target} was not written as it should be.")


def open_copy(source: Path, *, passphrase: str) -> PrivateKey:
    """Open a copy of a private half.

    Raises KeyFileRefused where the copy is damaged, PassphraseRefused where the passphrase does not
    open it.
    """
    try:
        with source.open("rb") as file:
            copy = file.read(_LARGEST_FILE)
    except OSError as error:
        raise KeyFileRefused(f"{source} cannot be read: {error.strerror}.") from error
    return _opened(copy, passphrase, called=str(source))


def bring_in(folder: Path, private: PrivateKey, *, at: datetime) -> PublicKey:
    """Keep a private half from a copy in the folder; return the key.

    It is listed by nobody's asking: a key that the folder does not list opens and is not sealed to.
    Raises KeysExist where the key is here or was destroyed here.
    """
    identifier = key_id(private.purpose, public_half(private.purpose, private.secret))
    listed = read_list(folder).keys if (folder / FILE_NAME).exists() else ()
    for key in listed:
        if key.key_id == identifier and key.destroyed:
            raise KeysExist(
                f"This key was destroyed on {key.destroyed:%d %B %Y}, for good: destroy the copy."
            )
    prepare(folder)
    kept = keep_secret(folder, private, created=at)
    forget_elsewhere(folder, kept.key_id)
    return next((key for key in listed if key.key_id == kept.key_id), kept)


def move_out(folder: Path, key: PublicKey, *, where: str, at: datetime) -> None:
    """Overwrite and remove a private half that is kept elsewhere from now on."""
    note_elsewhere(folder, key.key_id, where=where, at=at)
    erase(key_path(folder, key))


def note_elsewhere(folder: Path, identifier: bytes, *, where: str, at: datetime) -> None:
    """Note where a private half that is not on this machine is kept."""
    with changing(folder):
        noted = _noted(folder)
        noted[identifier.hex()] = {"where": where, "since": at.isoformat()}
        _write_notes(folder, noted)


def give_up(folder: Path, identifier: bytes, *, at: datetime) -> None:
    """Note that a private half is lost for good: if it is found after all, it can be imported."""
    with changing(folder):
        noted = _noted(folder)
        noted[identifier.hex()] = {"where": "", "since": at.isoformat()}
        _write_notes(folder, noted)


def forget_elsewhere(folder: Path, identifier: bytes) -> None:
    """Take back that a key is kept elsewhere: it is here, or nobody knows where it is."""
    with changing(folder):
        noted = _noted(folder)
        if noted.pop(identifier.hex(), None) is not None:
            _write_notes(folder, noted)


def kept_elsewhere(folder: Path) -> dict[bytes, str]:
    """Return where keys are kept that are not on this machine, by their ids.

    Raises KeyFileRefused where the note is damaged.
    """
    noted = _noted(folder).items()
    return {bytes.fromhex(name): entry["where"] for name, entry in noted if entry["where"]}


def given_up(folder: Path) -> frozenset[bytes]:
    """Return the ids of keys that were given up as lost. Raises KeyFileRefused."""
    noted = _noted(folder).items()
    return frozenset(bytes.fromhex(name) for name, entry in noted if not entry["where"])


def _noted(folder: Path) -> dict[str, Mapping[str, str]]:
    path = folder / ELSEWHERE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {
            bytes.fromhex(name).hex(): {"where": str(entry["where"]), "since": str(entry["since"])}
            for name, entry in content.items()
        }
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise KeyFileRefused(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileRefused(f"{path} is not a note of keys that are kept elsewhere.") from error


def _write_notes(folder: Path, noted: Mapping[str, Mapping[str, str]]) -> None:
    beside = folder / f".{ELSEWHERE}.{os.getpid()}"
    content = json.dumps(noted, indent=2, ensure_ascii=False)
    write_new(beside, content.encode() + b"\n", mode=0o600)
    beside.replace(folder / ELSEWHERE)


def _plain(passphrase: str) -> str:
    # The same words from another keyboard are the same passphrase.
    return unicodedata.normalize("NFKC", passphrase).strip()


def _box(passphrase: str, salt: bytes) -> SecretBox:
    stretched = argon2id.kdf(
        SecretBox.KEY_SIZE, _plain(passphrase).encode(), salt, opslimit=_PASSES, memlimit=_MEMORY
    )
    return SecretBox(stretched)


def _locked(private: PrivateKey, key: PublicKey, passphrase: str) -> bytes:
    salt = random(argon2id.SALTBYTES)
    content = {
        "version": VERSION,
        "purpose": str(key.purpose),
        "id": key.key_id.hex(),
        "salt": base64.b64encode(salt).decode(),
        "locked": base64.b64encode(_box(passphrase, salt).encrypt(private.secret)).decode(),
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def _opened(copy: bytes, passphrase: str, *, called: str) -> PrivateKey:
    try:
        entry = json.loads(copy)
        if entry["version"] != VERSION:
            raise ValueError("unknown version")
        purpose, identifier = Purpose(entry["purpose"]), bytes.fromhex(entry["id"])
        salt = base64.b64decode(entry["salt"], validate=True)
        locked = base64.b64decode(entry["locked"], validate=True)
        if len(salt) != argon2id.SALTBYTES:
            raise ValueError("a salt of another length")
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileRefused(f"{called} is not a copy of a key.") from error
    try:
        secret = _box(passphrase, salt).decrypt(locked)
    except (NaclError, ValueError) as error:
        raise PassphraseRefused(
            "This passphrase does not open the copy, or the copy was changed."
        ) from error
    # The id follows from secret and purpose, so neither can be exchanged in the file.
    if len(secret) != SecretBox.KEY_SIZE or (
        key_id(purpose, public_half(purpose, secret)) != identifier
    ):
        raise KeyFileRefused(f"{called} does not hold the key that it names.")
    return PrivateKey(purpose, secret)
