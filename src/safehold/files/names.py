"""The name of a file as it may be shown: one line of harmless characters, read left to right."""

from __future__ import annotations

import unicodedata

LONGEST = 120
_LONGEST_EXTENSION = 12
_NAMELESS = "file without a name"
_FORBIDDEN = frozenset('<>:"|?*&')


def safe_name(name: str) -> str:
    """Make a sender's name for a file harmless: no path, no controls, no reversed direction."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(_shown(letter) for letter in unicodedata.normalize("NFC", last))
    shown = " ".join(shown.split()).strip(". ")
    return _short(shown) or _NAMELESS


def _shown(letter: str) -> str:
    """Drop what is not seen (controls, marks of direction), replace what is unsafe."""
    category = unicodedata.category(letter)
    if category in ("Zs", "Zl", "Zp") or letter in "\t\n\r":
        return " "
    if category.startswith("C") or unicodedata.combining(letter) > 200:
        return ""
    return "_" if letter in _FORBIDDEN else letter


def _short(shown: str) -> str:
    """Cut a long name in its middle, so that the extension stays."""
    if len(shown) <= LONGEST:
        return shown
    stem, dot, extension = shown.rpartition(".")
    if not dot or len(extension) > _LONGEST_EXTENSION:
        return shown[: LONGEST - 1].rstrip(". ") + "…"
    return stem[: LONGEST - len(extension) - 2].rstrip(". ") + "…." + extension
