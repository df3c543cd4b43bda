"""Parts of a file, each locked as it arrives under a key of the file's own.

The key is fresh for every file and stands in the draft that it belongs to, later in the sealed
account. A part is bound to its file and its number, so that none can be put in another's place;
how many there are stands beside the key.
"""

import base64
import binascii
from uuid import UUID

from nacl.utils import random

from safehold.crypto.errors import ContentUnreadable
from safehold.crypto.locking import lock_content, unlock_content

KEY_BYTES = 32
# One less would pad to the same: with its length before it a whole part is exactly 1 MiB.
PART_BYTES = 1024 * 1024 - 4


def new_file_key() -> str:
    """Return a fresh key for one file, as words of base64."""
    return base64.urlsafe_b64encode(random(KEY_BYTES)).decode()


def lock_part(part: bytes, *, key: str, file_id: UUID, number: int) -> bytes:
    """Return one part of at most PART_BYTES, padded and locked. Raises ContentUnreadable."""
    return lock_content(part, secret=_secret(key), bound_to=_place(file_id, number))


def unlock_part(locked: bytes, *, key: str, file_id: UUID, number: int) -> bytes:
    """Return the part of `lock_part`. Raises ContentUnreadable where anything does not fit."""
    return unlock_content(locked, secret=_secret(key), bound_to=_place(file_id, number))


def _secret(key: str) -> bytes:
    try:
        secret = base64.urlsafe_b64decode(key.encode())
    except (binascii.Error, ValueError) as error:
        raise ContentUnreadable("This is no key of a file.") from error
    if len(secret) != KEY_BYTES:
        raise ContentUnreadable("This is no key of a file.")
    return secret


def _place(file_id: UUID, number: int) -> bytes:
    return b"file" + file_id.bytes + number.to_bytes(4, "big")
