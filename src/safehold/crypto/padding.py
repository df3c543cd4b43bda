"""Padding, so that the length of what is sealed does not tell what was said.

Sizes double from 4 KiB: a slip always looks like any other slip, and a short account like any
other short account. Padmé wastes less but lets fifty sizes through where this lets nine.
"""

from safehold.crypto.errors import PayloadTooLarge

SMALLEST = 4096
LARGEST = 4 * 1024 * 1024
_PREFIX = 4


def bucket(length: int) -> int:
    """Return the padded size, in bytes, of a payload of `length` bytes.

    Raises PayloadTooLarge above the largest bucket.
    """
    size = SMALLEST
    while size < length + _PREFIX:
        size *= 2
    if size > LARGEST:
        raise PayloadTooLarge(f"{length:,} bytes do not fit in {LARGEST:,}.")
    return size


def pad(payload: bytes) -> bytes:
    """Return the payload behind its own length, filled with zeros to its bucket."""
    framed = len(payload).to_bytes(_PREFIX, "big") + payload
    return framed.ljust(bucket(len(payload)), b"\0")


def unpad(padded: bytes) -> bytes:
    """Return the payload of `pad`; ValueError where the length written in it cannot be."""
    length = int.from_bytes(padded[:_PREFIX], "big")
    if len(padded) < SMALLEST or length > len(padded) - _PREFIX:
        raise ValueError("The padding does not fit its content.")
    return padded[_PREFIX : _PREFIX + length]
