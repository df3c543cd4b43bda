"""Files for partners, in the age format: sealed to one agency's key, opened with any age tool."""

from __future__ import annotations

import pyrage

from safehold.crypto.errors import CryptoError

_GROUP = 4
_READ_GROUPS = 4
# What somebody reads out and another types; by the format all of it is small letters and digits.
READ_OUT = _GROUP * _READ_GROUPS


class NotAnAgeKey(CryptoError):
    """A text that is no public key of the age format; the message says what is wrong."""


def public_key(text: str) -> str:
    """Return an age public key as it is written. Raises NotAnAgeKey, also for a secret key."""
    tidy = "".join(text.split())
    if tidy.upper().startswith("AGE-SECRET-KEY"):
        raise NotAnAgeKey(
            "This is a secret key, which nobody but the agency may have: they need to make a new "
            "pair, and to send the part that begins with age1."
        )
    try:
        return str(pyrage.x25519.Recipient.from_str(tidy.lower()))
    except pyrage.RecipientError:
        raise NotAnAgeKey("This is no age public key. One begins with age1.") from None


def in_groups(key: str) -> list[str]:
    """Return a key in groups of four, as it is read out."""
    return [key[at : at + _GROUP] for at in range(0, len(key), _GROUP)]


def ends_with(key: str, read_out: str) -> bool:
    """Tell whether what was read out are the last sixteen characters of a key."""
    said = "".join(each for each in read_out.lower() if each.isalnum())
    return len(said) == READ_OUT and key.endswith(said)


def encrypt(payload: bytes, *, key: str) -> bytes:
    """Return an age file of the payload for one public key. Raises NotAnAgeKey."""
    recipient = pyrage.x25519.Recipient.from_str(public_key(key))
    sealed: bytes = pyrage.encrypt(payload, [recipient])
    return sealed


def new_pair() -> tuple[str, str]:
    """Make a pair for practice: the secret key and the public one."""
    secret = pyrage.x25519.Identity.generate()
    return str(secret), str(secret.to_public())
