"""Opening what was sealed. Staff side only: no process of the public site imports this module."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_box_seal_open,
    crypto_scalarmult_base,
)
from nacl.exceptions import CryptoError as NaclError

from safehold.crypto.envelopes import Kind, Parts, body_key, commitment, parts
from safehold.crypto.errors import KeyFileRefused, Tampered, WrongKey
from safehold.crypto.key_files import PrivateKey, read_private_keys
from safehold.crypto.padding import unpad
from safehold.crypto.recipients import Purpose, key_id


@dataclass(frozen=True, slots=True)
class OpeningKeys:
    """The private keys of chosen purposes; they are never shown by `repr`."""

    by_id: Mapping[bytes, PrivateKey] = field(repr=False)


def load_opening_keys(folder: Path, *, purposes: Iterable[Purpose]) -> OpeningKeys:
    """Read the private keys of these purposes and no others.

    Raises KeyFileRefused where a file is absent, damaged, or open to others than its owner, and
    where a purpose has no key in this folder.
    """
    by_id: dict[bytes, PrivateKey] = {}
    for purpose in purposes:
        found = read_private_keys(folder, purpose=purpose)
        if not found:
            raise KeyFileRefused(f"{folder} holds no private key for {purpose}.")
        for private in found:
            by_id[key_id(purpose, crypto_scalarmult_base(private.secret))] = private
    return OpeningKeys(by_id)


def open_envelope(envelope: bytes, *, kind: Kind, subject: str, keys: OpeningKeys) -> bytes:
    """Return what was sealed.

    Raises WrongKey where none of the keys is a recipient, Tampered where anything was changed or
    the envelope is of another kind or report than the caller names.
    """
    taken = parts(envelope)
    if taken.kind is not kind:
        raise Tampered(f"This is a {taken.kind.name.lower()}, not a {kind.name.lower()}.")
    file_key = _file_key(taken, keys)
    expected = commitment(file_key, taken.header, subject)
    if not hmac.compare_digest(expected, taken.commitment):
        raise Tampered("The envelope was changed or belongs to another report.")
    try:
        padded = crypto_aead_xchacha20poly1305_ietf_decrypt(
            taken.body, taken.header + taken.commitment, taken.nonce, body_key(file_key)
        )
        return unpad(padded)
    except (NaclError, ValueError) as error:
        raise Tampered("The body of the envelope was changed.") from error


def _file_key(taken: Parts, keys: OpeningKeys) -> bytes:
    for stanza_key, sealed in taken.stanzas:
        private = keys.by_id.get(stanza_key)
        if private is not None:
            public = crypto_scalarmult_base(private.secret)
            try:
                return crypto_box_seal_open(sealed, public, private.secret)
            except NaclError as error:
                raise Tampered("The sealed key of the envelope was changed.") from error
    raise WrongKey("The envelope was sealed to other keys than these.")
