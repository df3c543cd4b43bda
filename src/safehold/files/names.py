"""The name of a file as it may be shown: one line of harmless characters, read left to right."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

LONGEST = 120
_LONGEST_EXTENSION = 12
_NAMELESS = "file without a name"
_FORBIDDEN = frozenset('<>:"|?*')
_MARKS_ON_A_LETTER = 3


def safe_name(name: str) -> str:
    """Make a sender's name for a file harmless: no path, no controls, no reversed direction."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    letters = (_shown(letter) for letter in unicodedata.normalize("NFC", last))
    shown = unicodedata.normalize("NFC", "".join(_without_towers(letters)))
    shown = " ".join(shown.split()).strip(". ")
    return _short(shown) or _NAMELESS


def _shown(letter: str) -> str:
    """Drop what is not seen (controls, marks of direction), replace what is unsafe."""
    category = unicodedata.category(letter)
    if category in ("Zs", "Zl", "Zp") or letter in "\t\n\r":
        return " "
    if category.startswith("C"):
        return ""
    return "_" if letter in _FORBIDDEN else letter


def _without_towers(letters: Iterable[str]) -> Iterator[str]:
    """Keep a few marks on a letter, as languages do, not a tower of them over other lines."""
    marks = 0
    for letter in letters:
        if letter:
            marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
            if marks <= _MARKS_ON_A_LETTER:
                yield letter


def _short(shown: str) -> str:
    """Cut a long name in its middle, so that the extension stays."""
    if len(shown) <= LONGEST:
        return shown
    stem, dot, extension = shown.rpartition(".")
    if not dot or len(extension) > _LONGEST_EXTENSION:
        return shown[: LONGEST - 1].rstrip(". ") + "…"
    return stem[: LONGEST - len(extension) - 2].rstrip(". ") + "…." + extension
