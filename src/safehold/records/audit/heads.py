"""Heads: the signed ends of the chains, written where this host cannot rewrite them.

An address is a folder, which is best a mount where this host may create files and not change them,
or an address that takes a POST of one JSON head (`domain.head_addresses`).
"""

from __future__ import annotations

import base64
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from safehold.crypto import signing
from safehold.crypto.errors import BadSignature
from safehold.crypto.recipients import PublicKey
from safehold.domain.audit_chain import Head, head_statement, timestamp
from safehold.domain.head_addresses import HeadAddress, parse
from safehold.records.audit.chains import CHAINS

VERSION = 1
_TIMEOUT = 10  # seconds


class HeadsNotPublished(Exception):
    """Some address did not take a head; the message names each one and why."""


class BadHead(ValueError):
    """A file that is no head, or a head whose signature does not hold."""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The end of one chain with the signature over it."""

    chain: str
    head: Head
    signature: signing.Signature

    def encoded(self) -> bytes:
        """Return the head as one JSON document."""
        content = {
            "version": VERSION,
            "chain": self.chain,
            "sequence": self.head.sequence,
            "hash": self.head.hash,
            "at": timestamp(self.head.at),
            "key": self.signature.key_id.hex(),
            "signature": base64.b64encode(self.signature.value).decode(),
        }
        return json.dumps(content, indent=2).encode() + b"\n"

    @property
    def file_name(self) -> str:
        """Return a name that sorts by chain, row and time and is never used twice."""
        moment = timestamp(self.head.at).split("+")[0].replace(":", "").replace("-", "")
        return f"{self.chain}-{self.head.sequence:012d}-{moment}.json"


def signed_heads(*, at: datetime) -> list[SignedHead]:
    """Return the signed ends of both chains as they stand now.

    Raises KeyFileRefused where no signing key is in the keys folder.
    """
    signer = signing.load_signer(settings.KEYS_FOLDER)
    signed = []
    for chain in CHAINS:
        sequence, digest = chain.end()
        head = Head(sequence, digest, at)
        statement = head_statement(chain=chain.name, head=head)
        signed.append(SignedHead(chain.name, head, signing.sign(statement, signer=signer)))
    return signed


def publish(signed: Iterable[SignedHead]) -> None:
    """Write heads to every address of AUDIT_HEADS, trying each even where another fails.

    Raises HeadsNotPublished, also where there is no address at all.
    """
    if not settings.AUDIT_HEADS:
        raise HeadsNotPublished("AUDIT_HEADS names no address: the chain's end is kept nowhere.")
    failures = []
    for address in settings.AUDIT_HEADS:
        for one in signed:
            try:
                _write(parse(address), one)
            except (OSError, ValueError) as error:
                failures.append(f"{address}: {_in_words(error)}.")
                break
    if failures:
        raise HeadsNotPublished(" ".join(failures))


def is_web(address: str) -> bool:
    """Tell whether an address is posted to, and so cannot be read back from here."""
    return parse(address).folder is None


def folders() -> list[Path]:
    """Return the addresses that can be read back here: those that are folders."""
    return [one.folder for one in map(parse, settings.AUDIT_HEADS) if one.folder is not None]


def read_folder(folder: Path, *, trusted: Iterable[PublicKey]) -> Iterator[SignedHead]:
    """Yield every head of a folder, oldest name first.

    Raises BadHead naming the file where one is damaged or its signature does not hold.
    """
    keys = tuple(trusted)
    for path in sorted(folder.glob("*.json")):
        try:
            yield _decoded(path.read_bytes(), keys)
        except BadSignature as error:
            raise BadHead(f"{path}: {error}") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadHead(f"{path} is not a head.") from error


def _decoded(content: bytes, trusted: tuple[PublicKey, ...]) -> SignedHead:
    entry = json.loads(content)
    if entry["version"] != VERSION:
        raise ValueError("unknown version")
    head = Head(entry["sequence"], entry["hash"], datetime.fromisoformat(entry["at"]))
    signature = signing.Signature(
        bytes.fromhex(entry["key"]), base64.b64decode(entry["signature"], validate=True)
    )
    statement = head_statement(chain=entry["chain"], head=head)
    signing.verify(statement, signature=signature, trusted=trusted)
    return SignedHead(entry["chain"], head, signature)


def _write(address: HeadAddress, head: SignedHead) -> None:
    if address.folder is None:
        _post(address.text, head.encoded())
    else:
        _add_file(address.folder, head)


def _add_file(folder: Path, head: SignedHead) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / head.file_name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(head.encoded())
        file.flush()
        os.fsync(file.fileno())
    parent = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)


def _post(address: str, body: bytes) -> None:
    request = urllib.request.Request(  # noqa: S310 - `parse` checked the scheme
        address, data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    with _opener().open(request, timeout=_TIMEOUT):
        pass


def _opener() -> urllib.request.OpenerDirector:
    # Put together by hand so that nothing follows a redirect: a redirected head would be kept by
    # somebody whom nobody chose.
    opener = urllib.request.OpenerDirector()
    for part in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(part())
    return opener


def _in_words(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"answered {error.code}"
    if isinstance(error, FileExistsError):
        return "already holds this head"
    reason: Any = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    return str(reason).rstrip(".")
