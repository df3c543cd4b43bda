"""How a typed place name is compared with a known one: by a key that common spellings share."""

from __future__ import annotations

import re
import unicodedata

MAX_TYPED = 200

_FULL = {
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "dr": "drive",
    "cl": "close",
    "ct": "court",
    "cres": "crescent",
    "gdns": "gardens",
    "gdn": "garden",
    "pl": "place",
    "sq": "square",
    "terr": "terrace",
    "ter": "terrace",
    "gr": "grove",
    "grn": "green",
    "pk": "park",
    "sth": "south",
    "nth": "north",
    "upr": "upper",
    "lwr": "lower",
    "gt": "great",
    "lt": "little",
    "str": "street",
}
_APOSTROPHES = re.compile("['’‘`´ʼ]")
_CAPITAL_S = re.compile(r"(?<=[a-z])(['’])S\b")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def tidy(name: str) -> str:
    """Write a name as people do where a machine capitalised it: `St Peter'S` is `St Peter's`."""
    return _CAPITAL_S.sub(r"\1s", " ".join(name.split()))


def search_key(text: str) -> str:
    """Return the words of a name in the form in which names are compared.

    Case, accents, spaces, apostrophes and hyphens do not matter; `Rd` is `road`; `St` is `street`
    where it ends the name and `saint` elsewhere. Empty where nothing can be compared.
    """
    plain = unicodedata.normalize("NFKD", text[:MAX_TYPED]).casefold().replace("&", " and ")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = _NOT_A_WORD.sub(" ", _APOSTROPHES.sub("", plain)).split()
    last = len(words) - 1
    return " ".join(_full(word, ends=0 < place == last) for place, word in enumerate(words))


def _full(word: str, *, ends: bool) -> str:
    if word == "st":
        return "street" if ends else "saint"
    return _FULL.get(word, word)
