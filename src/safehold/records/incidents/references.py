"""References of incidents, and the letters of every other."""

from __future__ import annotations

import secrets

# Without I, L, O, U, 0 and 1: a reference is read out over a radio.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_COUNT = 8


def new_reference() -> str:
    """Give a reference that nobody can guess and anybody can read out: I-7KQ2-M4XD."""
    return f"I-{letters()}"


def letters() -> str:
    """Give the letters of a reference, of any kind."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_COUNT))
    return f"{drawn[:4]}-{drawn[4:]}"
