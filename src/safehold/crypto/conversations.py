"""What is written to the holder of a code: sealed to a key that follows from the code alone.

The public half stands beside the report, so that the unit can write; the secret half exists only
while somebody holds the code.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from nacl.bindings import (
    crypto_box_seal,
    crypto_box_seal_open,
    crypto_box_seed_keypair,
)
from nacl.exceptions import CryptoError as NaclError
from nacl.utils import random

from safehold.crypto.codes import Roots
from safehold.crypto.errors import ContentUnreadable
from safehold.crypto.hkdf import hkdf_sha256
from safehold.crypto.padding import pad, unpad

PROOF_BYTES = 32
_MARK_BYTES = 20


@dataclass(frozen=True, slots=True)
class Holder:
    """The two halves of a holder's key; the secret one is never stored in clear."""

    public: bytes
    secret: bytes = field(repr=False)


def holder_of(roots: Roots) -> Holder:
    """Return the keys that follow from a code."""
    seed = hkdf_sha256(roots.open, info=b"code: conversation, version 1")
    public, secret = crypto_box_seed_keypair(seed)
    return Holder(public, secret)


def seal_to(public: bytes, payload: bytes) -> bytes:
    """Return a payload that only the holder of the code opens. Raises PayloadTooLarge."""
    return crypto_box_seal(pad(payload), public)


def open_as(holder: Holder, sealed: bytes) -> bytes:
    """Return the payload of `seal_to`. Raises ContentUnreadable."""
    try:
        return unpad(crypto_box_seal_open(sealed, holder.public, holder.secret))
    except (NaclError, ValueError) as error:
        raise ContentUnreadable("The key does not fit the content.") from error


def new_proof_key() -> str:
    """Return the key of a report's proof, in hexadecimal; it stands in the sealed account too."""
    return random(PROOF_BYTES).hex()


def proof_mark(*, key: str, reference: str, day: str) -> str:
    """Return what commits to a report: a keyed hash of its reference and its day, in hexadecimal.

    Nobody makes it, and nobody checks it, without the key. Raises ValueError for no key of ours.
    """
    secret = bytes.fromhex(key)
    if len(secret) != PROOF_BYTES:
        raise ValueError("This is no key of a proof.")
    return hashlib.blake2b(
        f"{reference}\n{day}".encode(), key=secret, digest_size=_MARK_BYTES, person=b"report-proof"
    ).hexdigest()


def is_proof(mark: str, *, key: str, reference: str, day: str) -> bool:
    """Tell whether a mark commits to this report on this day."""
    return hmac.compare_digest(mark.lower(), proof_mark(key=key, reference=reference, day=day))
