"""The same words in another form: signed in a film, or in easy words with pictures (Easy Read).

Each is a version like a translation, and goes before the public as one does: once somebody who
signs, or who checks easy words with the people they are for, has approved exactly that version.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# What can be put beside the words about a subject. The number is all that an address says of it.
SLOTS: Final[Mapping[str, int]] = {"emergency": 1, "reporting": 2, "anonymity": 3, "clares-law": 4}
SIGNED: Final = "bfi"  # British Sign Language, as ISO 639-3 names it
EASY: Final = "en-GB-easy"

_PICTURE: Final = re.compile(r"[0-9]{1,2}\.(?:png|jpg|svg)")
_CAPTIONS: Final = "WEBVTT"


class NotEasy(ValueError):
    """A file of easy words that cannot be shown; the message says why."""


@dataclass(frozen=True, slots=True)
class EasyLine:
    """One thought, with the name of the picture beside it, if it has one."""

    says: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Easy:
    """A page of easy words."""

    title: str
    lines: tuple[EasyLine, ...]


def read_easy(text: str) -> Easy:
    """Read a page of easy words from TOML: a title, and [[line]] with says and perhaps picture.

    Raises NotEasy. A picture is named by a number, since its name stands in an address.
    """
    try:
        content = tomllib.loads(text)
        lines = tuple(EasyLine(**line) for line in content["line"])
        title = content["title"]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise NotEasy("It needs a title and [[line]] tables with says and picture.") from error
    if not lines or not all(isinstance(each, str) for each in (title, *(li.says for li in lines))):
        raise NotEasy("Its title and each says must be text.")
    for line in lines:
        if line.picture and not _PICTURE.fullmatch(line.picture):
            raise NotEasy(f"{line.picture!r} is no name such as 1.png.")
    return Easy(title, lines)


def has_captions(text: str) -> bool:
    """Tell whether a text is a file of captions with at least one of them (WebVTT)."""
    return text.lstrip("\ufeff").startswith(_CAPTIONS) and "-->" in text


def part_sent(asked: str, size: int, most: int) -> tuple[int, int] | None:
    """Give the first and last byte to send for a Range header, at most `most` of them.

    None where the whole is to be sent: no range, several, or one that is not in bytes (RFC 9110,
    14.2). Raises ValueError for a range that begins past the end.
    """
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", asked.strip(), re.ASCII)
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(0, size - int(last)), size - 1
    else:
        begin, end = int(first), min(int(last or size), size - 1)
        if last and int(last) < begin:
            return None
    if begin >= size or (not first and int(last) == 0):
        raise ValueError("This range begins past the end.")
    return begin, min(end, begin + most - 1)
