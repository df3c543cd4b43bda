"""A draft's key is made of two halves: one in our store, one on the visitor's device.

Either half alone is 32 random bytes and says nothing. When Escape wipes the half on the device the
draft is beyond reach in the same tick, offline too; destroying ours does the same from this side.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from uuid import UUID

from nacl.utils import random

from safehold.crypto.errors import ContentUnreadable, DraftUnreadable
from safehold.crypto.locking import lock_content, unlock_content

HALF_BYTES = 32


@dataclass(frozen=True, slots=True)
class DraftKey:
    """The whole key of one draft; it exists in memory, for one request."""

    draft_id: UUID
    secret: bytes = field(repr=False)


def new_server_half() -> bytes:
    """Return a fresh half for our store."""
    return random(HALF_BYTES)


def new_device_half() -> str:
    """Return a fresh half for the device: 43 characters that fit in a cookie."""
    return base64.urlsafe_b64encode(random(HALF_BYTES)).rstrip(b"=").decode()


def join_halves(*, draft_id: UUID, server_half: bytes, device_half: str) -> DraftKey:
    """Return the draft's key. Raises DraftUnreadable where a half is not 32 bytes."""
    try:
        device = base64.b64decode(device_half.encode() + b"=", altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise DraftUnreadable("The device's half is not a half.") from error
    if len(device) != HALF_BYTES or len(server_half) != HALF_BYTES:
        raise DraftUnreadable("A half is of the wrong length.")
    secret = hashlib.blake2b(
        device, key=server_half, digest_size=32, salt=draft_id.bytes, person=b"draft-key"
    ).digest()
    return DraftKey(draft_id, secret)


def lock(payload: bytes, *, key: DraftKey) -> bytes:
    """Return the payload, padded and encrypted for its draft. Raises PayloadTooLarge."""
    return lock_content(payload, secret=_part(key, b"draft-content"), bound_to=key.draft_id.bytes)


def unlock(locked: bytes, *, key: DraftKey) -> bytes:
    """Return the payload of `lock`. Raises DraftUnreadable where key or content do not fit."""
    try:
        return unlock_content(
            locked, secret=_part(key, b"draft-content"), bound_to=key.draft_id.bytes
        )
    except ContentUnreadable as error:
        raise DraftUnreadable("The key does not fit the draft.") from error


def lock_beside(payload: bytes, *, key: DraftKey, bound_to: bytes) -> bytes:
    """Return what belongs to a draft and stands beside it, locked. Raises PayloadTooLarge."""
    return lock_content(
        payload, secret=_part(key, b"draft-beside"), bound_to=key.draft_id.bytes + bound_to
    )


def unlock_beside(locked: bytes, *, key: DraftKey, bound_to: bytes) -> bytes:
    """Return the payload of `lock_beside`. Raises ContentUnreadable where anything differs."""
    return unlock_content(
        locked, secret=_part(key, b"draft-beside"), bound_to=key.draft_id.bytes + bound_to
    )


def fingerprint(key: DraftKey, *, purpose: bytes, length: int) -> bytes:
    """Return bytes that follow from the draft's key and lead nowhere without it.

    The same draft always gives the same bytes for a purpose of at most 16 bytes: with them a
    report is recorded once, and cannot be tied to its draft when a half is gone.
    """
    return hashlib.blake2b(key=key.secret, digest_size=length, person=purpose).digest()


def _part(key: DraftKey, purpose: bytes) -> bytes:
    return fingerprint(key, purpose=purpose, length=32)
