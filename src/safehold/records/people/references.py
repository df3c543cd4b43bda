"""References of people."""

from __future__ import annotations

from safehold.records.incidents.references import letters


def new_reference() -> str:
    """Give a reference that nobody can guess and anybody can read out: P-7KQ2-M4XD."""
    return f"P-{letters()}"
