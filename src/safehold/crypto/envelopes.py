"""Envelopes: what a visitor sends, sealed on arrival to keys that this process does not hold.

    magic 3 | version 1 | kind 1 | number of recipients 1
    per recipient: key id 8 | file key in an X25519 sealed box 80
    commitment 32 | nonce 24 | padded payload under XChaCha20-Poly1305

The file key is fresh for every envelope. The commitment is a keyed hash of all that stands before
it and of the report's id, so an envelope cannot be passed off as another kind or another report,
no stanza can be changed unseen, and no envelope opens to two contents under two keys.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_seal,
)
from nacl.utils import random

from safehold.crypto.errors import HeaderCut, NoRecipient, Tampered, WrongPurpose
from safehold.crypto.padding import LARGEST, SMALLEST, pad
from safehold.crypto.recipients import KEY_ID_BYTES, PublicKey, Purpose

MAGIC = b"env"
VERSION = 1
FILE_KEY_BYTES = 32
NONCE_BYTES = 24
_SEALED_KEY_BYTES = FILE_KEY_BYTES + 48
_STANZA_BYTES = KEY_ID_BYTES + _SEALED_KEY_BYTES
_PREAMBLE_BYTES = len(MAGIC) + 3
_COMMITMENT_BYTES = 32
_TAG_BYTES = 16
_MOST_RECIPIENTS = 255


class Kind(Enum):
    """What is sealed, as the byte that each has in the format."""

    SLIP = 1
    ACCOUNT = 2
    IDENTITY = 3
    CONTACT = 4
    FILE = 5
    NUDGE = 6
    MESSAGE = 7
    RELEASE = 8
    LISTED = 9
    PHONE = 10  # sealed in an officer's browser: protection/assets/phone-sealing.js

    @property
    def purpose(self) -> Purpose:
        """Return the purpose of the keys that this kind is sealed to as a rule."""
        return _PURPOSES[self][0]

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """Return every purpose whose keys this kind may be sealed to."""
        return _PURPOSES[self]

    def purpose_where(
        self, *, for_standards: bool, hidden: bool = False, released: bool = False
    ) -> Purpose:
        """Return the purpose of the keys to seal to: the last of those that may open this kind.

        `hidden` is safe contact of a hidden name, which is for the keepers of hidden names;
        `released` is the same once the unit may use it.
        """
        if for_standards:
            return _PURPOSES[self][-1]
        if self is not Kind.CONTACT or not (hidden or released):
            return self.purpose
        return Purpose.RELEASE if released else Purpose.IDENTITY


# The slip and the address of nudges are read by nobody, so each has one purpose. What a person
# reads has two, never mixed; safe contact has two more, of hidden and of released names, never
# mixed either. A hidden name that the unit may see as well is an envelope of its own kind, beside
# the one for the keepers: `seal` goes on refusing every mixture, so no mistake of a caller opens a
# name to the unit, and no list of recipients tells from outside which names the unit may see.
_PURPOSES: dict[Kind, tuple[Purpose, ...]] = {
    Kind.SLIP: (Purpose.TRIAGE,),
    Kind.ACCOUNT: (Purpose.ACCOUNT, Purpose.STANDARDS),
    Kind.IDENTITY: (Purpose.IDENTITY, Purpose.STANDARDS),
    Kind.CONTACT: (Purpose.ACCOUNT, Purpose.IDENTITY, Purpose.RELEASE, Purpose.STANDARDS),
    Kind.FILE: (Purpose.ACCOUNT, Purpose.STANDARDS),
    Kind.MESSAGE: (Purpose.ACCOUNT, Purpose.STANDARDS),
    Kind.NUDGE: (Purpose.TRIAGE,),
    Kind.RELEASE: (Purpose.RELEASE,),
    Kind.LISTED: (Purpose.ACCOUNT, Purpose.STANDARDS),
    Kind.PHONE: (Purpose.ACCOUNT,),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """An envelope taken apart, not yet opened."""

    header: bytes
    kind: Kind
    stanzas: tuple[tuple[bytes, bytes], ...]
    commitment: bytes
    nonce: bytes
    body: bytes


def seal(payload: bytes, *, kind: Kind, subject: str, recipients: Sequence[PublicKey]) -> bytes:
    """Return the payload sealed to every recipient and bound to its kind and its report's id.

    Raises NoRecipient for an empty list, WrongPurpose where a key is not for this kind, or where
    keys of two purposes are mixed: then whoever holds one would read what is for the other. And
    PayloadTooLarge above the largest padding bucket.
    """
    if not recipients or len(recipients) > _MOST_RECIPIENTS:
        raise NoRecipient(f"An envelope needs 1 to {_MOST_RECIPIENTS} recipients.")
    purposes = {recipient.purpose for recipient in recipients}
    if len(purposes) > 1 or not purposes <= set(_PURPOSES[kind]):
        named = " and ".join(sorted(purposes))
        raise WrongPurpose(f"Keys for {named} do not seal this kind: {kind.name.lower()}.")
    file_key = random(FILE_KEY_BYTES)
    header = MAGIC + bytes((VERSION, kind.value, len(recipients)))
    for recipient in recipients:
        header += recipient.key_id + crypto_box_seal(file_key, recipient.public)
    bound = header + commitment(file_key, header, subject)
    nonce = random(NONCE_BYTES)
    body = crypto_aead_xchacha20poly1305_ietf_encrypt(
        pad(payload), bound, nonce, body_key(file_key)
    )
    return bound + nonce + body


def recipient_ids(start: bytes) -> frozenset[bytes]:
    """Return the ids of the keys that an envelope is sealed to, from its first bytes alone.

    Raises Tampered where it is no envelope; HeaderCut where more bytes of it are needed.
    """
    if start[:4] != MAGIC + bytes((VERSION,)) or len(start) < _PREAMBLE_BYTES or not start[5]:
        raise Tampered("This is not an envelope of a version that we know.")
    end = header_bytes(start[5])
    if len(start) < end:
        raise HeaderCut(f"The header has {end} bytes.")
    return frozenset(
        start[at : at + KEY_ID_BYTES] for at in range(_PREAMBLE_BYTES, end, _STANZA_BYTES)
    )


def header_bytes(recipients: int) -> int:
    """Return how long the header of an envelope to so many recipients is."""
    return _PREAMBLE_BYTES + recipients * _STANZA_BYTES


def parts(envelope: bytes) -> Parts:
    """Take an envelope apart without opening it. Raises Tampered where it is no envelope."""
    if envelope[:4] != MAGIC + bytes((VERSION,)) or len(envelope) < _PREAMBLE_BYTES:
        raise Tampered("This is not an envelope of a version that we know.")
    header_end = _PREAMBLE_BYTES + envelope[5] * _STANZA_BYTES
    nonce_start = header_end + _COMMITMENT_BYTES
    body_start = nonce_start + NONCE_BYTES
    body_length = len(envelope) - body_start - _TAG_BYTES
    if not SMALLEST <= body_length <= LARGEST:
        raise Tampered("The envelope is cut short or too long.")
    try:
        kind = Kind(envelope[4])
    except ValueError as error:
        raise Tampered("This is not a kind of envelope that we know.") from error
    return Parts(
        header=envelope[:header_end],
        kind=kind,
        stanzas=tuple(
            (envelope[at : at + KEY_ID_BYTES], envelope[at + KEY_ID_BYTES : at + _STANZA_BYTES])
            for at in range(_PREAMBLE_BYTES, header_end, _STANZA_BYTES)
        ),
        commitment=envelope[header_end:nonce_start],
        nonce=envelope[nonce_start:body_start],
        body=envelope[body_start:],
    )


def commitment(file_key: bytes, header: bytes, subject: str) -> bytes:
    """Return the keyed hash that binds a file key to its header and to the report's id."""
    return hashlib.blake2b(
        header + subject.encode(), key=file_key, digest_size=_COMMITMENT_BYTES, person=b"env-commit"
    ).digest()


def body_key(file_key: bytes) -> bytes:
    """Return the key of the body, apart from the one that commits."""
    return hashlib.blake2b(key=file_key, digest_size=32, person=b"env-body").digest()
