"""References of assessments."""

from __future__ import annotations

from safehold.records.incidents.references import letters


def new_reference() -> str:
    """Give a reference that nobody can guess and anybody can read out: R-7KQ2-M4XD."""
    return f"R-{letters()}"
