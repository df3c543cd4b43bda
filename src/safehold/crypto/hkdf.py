"""HKDF with SHA-256, RFC 5869: several keys that tell nothing of one another, from one secret."""

import hashlib
import hmac

_HASH_BYTES = 32
_LONGEST = 255 * _HASH_BYTES


def hkdf_sha256(secret: bytes, *, info: bytes, salt: bytes = b"", length: int = 32) -> bytes:
    """Return `length` bytes that follow from the secret for one use, which `info` names."""
    if length > _LONGEST:
        raise ValueError(f"HKDF gives at most {_LONGEST} bytes.")
    extracted = hmac.digest(salt or bytes(_HASH_BYTES), secret, hashlib.sha256)
    made, block = b"", b""
    for number in range(1, -(-length // _HASH_BYTES) + 1):
        block = hmac.digest(extracted, block + info + bytes((number,)), hashlib.sha256)
        made += block
    return made[:length]
