"""What tests type that must never stand anywhere in clear: whoever writes a test uses these words.

Each stands for something that is sealed, or never kept: her name and his, her number, what she
tells, what she writes later, the name and the content of a file. They must not be used for what is
kept in clear on purpose: the reason of a look, a note, a place, a member's own name.
"""

from __future__ import annotations

# As a visitor types them, and as the suite has always done.
NAME = "Zanzibar Quill"
OTHER_NAME = "Orla Winterbourne"
NUMBER = "07700 900123"
STORY = "Zanzibar steps, by the broken lamp"

# What is searched for. A number is written with and without its space.
PLANTED: dict[str, tuple[str, ...]] = {
    "Zanzibar": ("zanzibar",),
    "Winterbourne": ("winterbourne",),
    "900123": ("7700900123", "7700 900123", "7700+900123", "7700%20900123"),
}

# A code is drawn anew each time; whoever draws or reads one plants it.
FEWEST_FIGURES = 5
_digits: set[bytes] = set()
_words: set[bytes] = set()


def plant_code(text: str) -> None:
    """Remember a code, so that it is looked for too; one such as 0000 … 0007 is no secret."""
    if not text.replace(" ", "").isdecimal():
        _words.add(text.lower().encode())
    elif len(text) == 16 and len(set(text)) >= FEWEST_FIGURES:
        _digits.add(text.encode())


def is_planted(figures: bytes) -> bool:
    """Tell whether figures, however they are grouped, are a code that was drawn."""
    return figures.translate(None, b" -+") in _digits


def planted_phrases() -> set[bytes]:
    """Return the codes of words that were drawn."""
    return _words
