"""The shape of a UK postcode. Whether one exists, or lies in a force's area, is another question.

Shape: https://www.gov.uk/government/publications/bulk-data-transfer-for-sponsors-xml-schema
(letters that never occur are not refused: an invented force uses them on purpose).
"""

from __future__ import annotations

import re

_SHAPE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_FIRST_HALF = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_IGNORED = re.compile(r"[\s.\-]+")
# In the place of the one digit of the second half, these are slips of the finger.
_DIGITS = {"O": "0", "I": "1", "L": "1"}
_SECOND_HALF = 3
_LONGEST_TYPED = 20


def normalise(text: str) -> str | None:
    """Write a postcode as `AL1 1AA`, however it was typed; None where it is not a postcode."""
    if len(text) > _LONGEST_TYPED:
        return None
    letters = _IGNORED.sub("", text).upper()
    first, second = letters[:-_SECOND_HALF], letters[-_SECOND_HALF:]
    second = _DIGITS.get(second[:1], second[:1]) + second[1:]
    match = _SHAPE.fullmatch(first + second)
    return f"{match[1]} {match[2]}" if match else None


def outward(postcode: str) -> str:
    """Return the first half of a normalised postcode: `AL1` of `AL1 1AA`."""
    return postcode.split(" ")[0]


def first_half(text: str) -> str:
    """Return the first half that was typed alone, as in `al1`; empty where it is not one."""
    letters = _IGNORED.sub("", text[:_LONGEST_TYPED]).upper()
    return letters if _FIRST_HALF.fullmatch(letters) else ""
