"""References of incidents."""

from __future__ import annotations

import secrets

# Without I, L, O, U, 0 and 1: a reference is read out over a radio.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_COUNT = 8


def new_reference() -> str:
    """Give a reference that nobody can guess and anybody can read out: I-7KQ2-M4XD."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_COUNT))
    return f"I-{letters[:4]}-{letters[4:]}"
