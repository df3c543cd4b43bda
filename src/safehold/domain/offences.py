"""Offence codes that an incident may have, read from `rules/offences.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from safehold import rules

RULES: Final = rules.load("offences")
OFFENCES: Final[Mapping[str, str]] = {row["code"]: row["words"] for row in RULES.tables["offences"]}
_SHAPE: Final = re.compile(RULES.tables["codes"]["shape"])
HOW: Final[str] = RULES.tables["codes"]["says"]


class NotACode(ValueError):
    """What was typed is no offence code; the message says how one is written."""


def tidy(code: str) -> str:
    """Return a code as it is kept, empty for none. Raises NotACode for what cannot be one.

    It need not be on the list: that is a start, and the force's own is longer.
    """
    said = "".join(code.split()).upper()
    if said and not _SHAPE.fullmatch(said):
        raise NotACode(HOW)
    return said


def in_words(code: str) -> str:
    """Say a code with its words; one that is not on the list is said alone."""
    return f"{code} {OFFENCES[code]}" if code in OFFENCES else code
