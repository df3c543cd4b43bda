"""Words for a card that never give an address away. Pure.

An address is found in words however it is written: case, accents, stops, short forms, a gap more or
less. Its street alone, its house alone and its postcode alone count too: whoever reads the card is
sent to the page of the order, where a member who is named for the address reads it. Too much is
masked sooner than too little; a spelling mistake is not found, so a place has words of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MASKED: Final = (
    "A place that is not shown here, because the words name where somebody lives whom it protects."
)
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = str.maketrans("", "", "'’‘`´")
_FEWEST: Final = 6  # letters and digits: less is in many a word
_SHORT: Final = {
    "st": "street", "saint": "street", "rd": "road", "ave": "avenue", "av": "avenue",
    "ln": "lane", "cl": "close", "dr": "drive", "ct": "court", "cres": "crescent",
    "gdns": "gardens", "gdn": "gardens", "gr": "grove", "pl": "place", "sq": "square",
    "tce": "terrace", "terr": "terrace", "apt": "flat", "apartment": "flat", "no": "",
    "number": "",
}  # fmt: skip
_NOT_A_NAME: Final = {"flat", "unit", "floor", "house", "block"}


def needles(line: str, postcode: str) -> frozenset[str]:
    """Return what gives an address away: its line, each part without numbers, the postcode."""
    parts = [line, *re.split(r"[,;/\n]", line)]
    found = {way(named) for part in parts for named in _namings(part) for way in (_plain, _folded)}
    kept = {each for each in found if len(each) >= _FEWEST}
    code = _plain(_words(postcode))
    if not kept and _words(line):
        kept = {_plain(_words(line))}  # a very short address is masked wherever it may be meant
    return frozenset({*kept, *([code] if code else [])})


def names_one(words: str, among: Iterable[str]) -> bool:
    """Tell whether words name one of these addresses."""
    said = _words(words)
    ways = (_plain(said), _folded(said))
    return any(each in way for each in among for way in ways)


def shown(words: str, among: Iterable[str], *, instead: str = MASKED) -> str:
    """Return words as they may be shown: `instead` of them where they name an address."""
    return instead if names_one(words, among) else words


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    return _WORD.findall("".join(each for each in plain if not unicodedata.combining(each)))


def _plain(words: list[str]) -> str:
    return "".join(words)


def _folded(words: list[str]) -> str:
    return "".join(_SHORT.get(word, word) for word in words)


def _namings(part: str) -> list[list[str]]:
    """Return a part of a line as a whole, and its street or house alone."""
    words = _words(part)
    named = [word for word in words if not any(each.isdigit() for each in word)]
    named = [word for word in named if word not in _NOT_A_NAME]
    return [words, named, [word for word in named if len(word) > 1]]
