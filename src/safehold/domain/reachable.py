"""How a number or an address online is compared, however it was typed. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST_KEY: Final = 200  # characters
_FEWEST_DIGITS: Final = 6
_NUMBER: Final = re.compile(r"[\d\s().+/-]+")


def key_of(value: str) -> str:
    """Return what a contact is compared by, empty where there is nothing to compare.

    Of a telephone number only the digits count, and +44 or 0044 is the 0 of a number here. An
    e-mail address or an account is one in capitals or small letters.
    """
    said = unicodedata.normalize("NFKC", value).strip().casefold()
    digits = re.sub(r"[^0-9]", "", said)
    if _NUMBER.fullmatch(said) and len(digits) >= _FEWEST_DIGITS:
        return _national(digits, abroad=said.startswith("+"))
    return "".join(said.split())[:LONGEST_KEY]


def _national(digits: str, *, abroad: bool) -> str:
    digits = digits if abroad else digits.removeprefix("00") if digits[:2] == "00" else digits
    if digits[:2] == "44" and len(digits) > 10:  # a whole number with its country
        return "0" + digits[2:].removeprefix("0")
    return digits[:LONGEST_KEY]
