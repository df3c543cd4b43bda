"""Small secrets locked for the store under a secret that lives in a file beside the other keys.

Whoever has the store alone, such as a lost backup, cannot read them; whoever has both can.
"""

import base64
import binascii
import hashlib

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError as NaclError
from nacl.utils import random

from safehold.crypto.errors import CryptoError

_NONCE_BYTES = 24
_VERSION = b"\x01"


class SecretUnreadable(CryptoError):
    """A locked secret that was changed, or that another installation's key locked."""


def lock_text(text: str, *, secret: str, purpose: str) -> str:
    """Return the text locked under a secret, for one purpose, as words of base64."""
    nonce = random(_NONCE_BYTES)
    body = crypto_aead_xchacha20poly1305_ietf_encrypt(
        text.encode(), _VERSION, nonce, _key(secret, purpose)
    )
    return base64.urlsafe_b64encode(_VERSION + nonce + body).decode()


def unlock_text(locked: str, *, secret: str, purpose: str) -> str:
    """Return the text of `lock_text`. Raises SecretUnreadable where secret or purpose differ."""
    try:
        content = base64.urlsafe_b64decode(locked.encode())
        nonce, body = content[1 : 1 + _NONCE_BYTES], content[1 + _NONCE_BYTES :]
        text = crypto_aead_xchacha20poly1305_ietf_decrypt(
            body, content[:1], nonce, _key(secret, purpose)
        )
    except (NaclError, ValueError, TypeError, binascii.Error) as error:
        raise SecretUnreadable("This secret was locked under another key, or changed.") from error
    return text.decode()


def _key(secret: str, purpose: str) -> bytes:
    return hashlib.blake2b(
        purpose.encode(),
        key=hashlib.sha256(secret.encode()).digest(),
        digest_size=32,
        person=b"at-rest",
    ).digest()
