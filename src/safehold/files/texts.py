"""Plain text: the copy is UTF-8 without the characters that hide or reverse what is read."""

from __future__ import annotations

import unicodedata

from safehold.files.examination import Limits, Removed
from safehold.files.findings import Findings

_KEPT_FORMATS = frozenset("\u200c\u200d")  # joiners, which several scripts and emoji need


def look(content: bytes, findings: Findings, limits: Limits) -> None:
    """Make the copy."""
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = content.decode("utf-16" if marked else "utf-8").removeprefix("\ufeff")
    hidden = {letter for letter in set(text) if _hides(letter)}
    if hidden:
        findings.removed.add(Removed.HIDDEN_CHARACTERS)
        text = text.translate({ord(letter): None for letter in hidden})
    findings.keep(text.encode())


def _hides(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category.startswith("C") and letter not in "\t\n\r" and letter not in _KEPT_FORMATS
