"""Locking content under a key: padded, XChaCha20-Poly1305, bound to what it belongs to.

    version 1 | nonce 24 | padded payload and its tag

Drafts and what is saved under a code differ in where their key comes from, and in nothing else.
"""

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError as NaclError
from nacl.utils import random

from safehold.crypto.errors import ContentUnreadable
from safehold.crypto.padding import pad, unpad

_NONCE_BYTES = 24
_VERSION = b"\x01"


def lock_content(payload: bytes, *, secret: bytes, bound_to: bytes) -> bytes:
    """Return the payload locked under 32 secret bytes, for one owner. Raises PayloadTooLarge."""
    nonce = random(_NONCE_BYTES)
    body = crypto_aead_xchacha20poly1305_ietf_encrypt(
        pad(payload), _VERSION + bound_to, nonce, secret
    )
    return _VERSION + nonce + body


def unlock_content(locked: bytes, *, secret: bytes, bound_to: bytes) -> bytes:
    """Return the payload of `lock_content`.

    Raises ContentUnreadable where the key, the owner or the content do not fit.
    """
    nonce, body = locked[1 : 1 + _NONCE_BYTES], locked[1 + _NONCE_BYTES :]
    if locked[:1] != _VERSION or len(nonce) != _NONCE_BYTES:
        raise ContentUnreadable("This was not locked in a version that we know.")
    try:
        padded = crypto_aead_xchacha20poly1305_ietf_decrypt(
            body, _VERSION + bound_to, nonce, secret
        )
        return unpad(padded)
    except (NaclError, ValueError) as error:
        raise ContentUnreadable("The key does not fit the content.") from error
