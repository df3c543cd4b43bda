"""Signatures on heads of the audit, made on the staff side with Ed25519."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from safehold.crypto.errors import BadSignature, KeyFileRefused
from safehold.crypto.key_files import PrivateKey, read_private_keys
from safehold.crypto.recipients import PublicKey, Purpose, key_id, load_recipients

_CONTEXT = b"audit head, version 1\0"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs; its id travels with each signature."""

    key_id: bytes
    key: SigningKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """A detached signature of 64 bytes and the id of the key that made it."""

    key_id: bytes
    value: bytes


def load_signer(folder: Path) -> Signer:
    """Return the newest audit key in use whose private half is in this folder.

    Raises KeyFileRefused where there is none, or where a file is open to others.
    """
    held: dict[bytes, Signer] = {}
    for private in read_private_keys(folder, purpose=Purpose.AUDIT):
        signer = signer_of(private)
        held[signer.key_id] = signer
    listed = sorted(load_recipients(folder).keys, key=lambda key: key.created, reverse=True)
    for public in listed:
        if public.purpose is Purpose.AUDIT and public.in_use and public.key_id in held:
            return held[public.key_id]
    raise KeyFileRefused(f"{folder} holds no private key for {Purpose.AUDIT}.")


def signer_of(private: PrivateKey) -> Signer:
    """Return the signer of one private audit key."""
    key = SigningKey(private.secret)
    return Signer(key_id(Purpose.AUDIT, bytes(key.verify_key)), key)


def sign(statement: bytes, *, signer: Signer) -> Signature:
    """Return a signature over a statement."""
    return Signature(signer.key_id, signer.key.sign(_CONTEXT + statement).signature)


def verify(statement: bytes, *, signature: Signature, trusted: Iterable[PublicKey]) -> None:
    """Check a signature against the listed audit keys, those that are retired too.

    Raises BadSignature.
    """
    for public in trusted:
        if public.purpose is Purpose.AUDIT and public.key_id == signature.key_id:
            try:
                VerifyKey(public.public).verify(_CONTEXT + statement, signature.value)
            except (BadSignatureError, ValueError) as error:
                raise BadSignature("The signature does not fit the statement.") from error
            return
    raise BadSignature(f"No listed key has the id {signature.key_id.hex()}.")
