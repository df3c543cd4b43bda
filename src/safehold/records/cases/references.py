"""References of cases."""

from __future__ import annotations

from safehold.records.incidents.references import letters


def new_reference() -> str:
    """Give a reference that says nothing of the case's kind: C-7KQ2-M4XD."""
    return f"C-{letters()}"
