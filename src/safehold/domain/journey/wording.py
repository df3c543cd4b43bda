"""What someone typed, made safe to keep and show: nothing invisible that changes what is read."""

from __future__ import annotations

import re
import unicodedata

# Embeddings, overrides and isolates turn the order of what is read; the rest are invisible marks.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]")
_BREAKS = re.compile("\r\n|[\r\u0085\u2028\u2029\x0b\x0c]")


def plain_text(text: str) -> str:
    """Give text of several lines without control characters and turning marks, in NFC."""
    normal = unicodedata.normalize("NFC", _TURNING.sub("", _BREAKS.sub("\n", text)))
    return "".join(
        character
        for character in normal.replace("\t", " ")
        if character == "\n" or unicodedata.category(character) not in {"Cc", "Cs"}
    ).strip()


def plain_line(text: str) -> str:
    """Give one line: as `plain_text`, with every run of white space as one space."""
    return " ".join(plain_text(text).split())
