"""How an address is compared: one door is one key, however it was typed. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST_KEY: Final = 120  # characters
_WORD: Final = re.compile(r"[^\W_]+")
# Written for one another at the end of a street's name, and "flat" before a number.
_SHORT: Final = {
    "st": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close",
    "dr": "drive", "ct": "court", "cres": "crescent", "gdns": "gardens", "gr": "grove",
    "pl": "place", "sq": "square", "tce": "terrace", "terr": "terrace", "apt": "flat",
    "apartment": "flat",
}  # fmt: skip


def key_of(line: str, postcode: str) -> str:
    """Return what an address is compared by: its words and its postcode, folded.

    With a postcode the town says nothing more. "Saint" stays as it is written: a line that begins
    with "St" is a street's end only where it is not the first word.
    """
    plain = unicodedata.normalize("NFKD", line).casefold()
    words = _WORD.findall("".join(each for each in plain if not unicodedata.combining(each)))
    told = [words[0], *(_SHORT.get(word, word) for word in words[1:])] if words else []
    code = "".join(_WORD.findall(postcode)).casefold()
    return f"{' '.join(told)}|{code}"[:LONGEST_KEY]


def tidy_postcode(postcode: str) -> str:
    """Return a postcode as it is written: capitals, one space before the last three."""
    code = "".join(_WORD.findall(postcode)).upper()
    return f"{code[:-3]} {code[-3:]}" if len(code) > 3 else code  # the inward half
