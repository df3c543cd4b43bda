"""When a page may be shown in another language than English: a named speaker has read that version.

The words of live pages are kept in a catalogue for each language, in parts: what stands around
every page, and each room of the public site. A part is approved as it stands, by its digest, so
that a word that changes is not shown until somebody has read it again.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from safehold.rules import load

SOURCE: Final = "en-GB"
# ISO 3166 leaves XA to XZ to users; these two make a language that nobody speaks, for tests.
INVENTED: Final = ("en-XA", "ar-XB")
CHROME: Final = "chrome"  # what stands around every page, and the pages of errors
NOTICE: Final = "notice"  # the one sentence that says: not yet in your language
DIGEST_LENGTH: Final = 32  # 128 bits, in hexadecimal digits

# One message as a catalogue keeps it (its plural after a zero byte, its context before a four),
# and its translations: one, or one for each plural form.
Catalogue = Mapping[str, tuple[str, ...]]

_MO_MAGIC: Final = 0x950412DE
_PLACES: Final = re.compile(r"%\((\w+)\)[sd]|%%")
_TAGS: Final = re.compile(r"<[^<>]*>")


class NotACatalogue(ValueError):
    """Bytes that are no compiled catalogue."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who has read one part of a language's catalogue, when, and which version."""

    language: str
    part: str
    digest: str
    approved_by: str
    on: date


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a language itself: its name in its own words, and where a line begins."""

    code: str
    autonym: str
    right_to_left: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """A language of an installation, and the parts of it that visitors may be shown."""

    known: Known
    live: frozenset[str] = field(default_factory=frozenset)
    not_yet: str = ""

    @property
    def code(self) -> str:
        """Give the language's code, such as cy."""
        return self.known.code

    def speaks(self, part: str) -> bool:
        """Tell whether a page of this part, and all that stands around it, may be shown."""
        return {part, CHROME} <= self.live


ENGLISH: Final = Offered(Known(SOURCE, "English"))


def known() -> Mapping[str, Known]:
    """Give every language that the rules describe, by code."""
    rows = load("languages").tables["language"]
    return {
        row["code"]: Known(row["code"], row["autonym"], row.get("right_to_left", False))
        for row in rows
    }


def read_catalogue(compiled: bytes) -> dict[str, tuple[str, ...]]:
    """Read a compiled catalogue (GNU gettext's .mo, little-endian). Raises NotACatalogue."""
    try:
        magic, _, count, ids, texts = struct.unpack_from("<5I", compiled)
        if magic != _MO_MAGIC:
            raise NotACatalogue("This is no compiled catalogue.")
        pairs = [
            (_text(compiled, ids + 8 * number), _text(compiled, texts + 8 * number))
            for number in range(count)
        ]
    except (struct.error, UnicodeDecodeError) as error:
        raise NotACatalogue("This catalogue is damaged.") from error
    return {message: tuple(text.split("\0")) for message, text in pairs if message}


def digest(messages: Iterable[str], catalogue: Catalogue) -> str:
    """Give the version of one part: a change of any message or of its translation changes it."""
    said = [[message, list(catalogue.get(message, ()))] for message in sorted(messages)]
    plain = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()[:DIGEST_LENGTH]


def faults(messages: Iterable[str], catalogue: Catalogue) -> Iterator[str]:
    """Name what keeps a part from being shown, whoever approved it: one sentence for each message.

    A translation has the places and the tags of its message: a place too many would break the page,
    and a tag of its own could lead a visitor elsewhere.
    """
    for message in sorted(messages):
        translations = catalogue.get(message, ())
        shown = message.rpartition("\4")[2].split("\0")
        if not translations or not all(translations):
            yield f"“{shown[0]}” has no translation."
        elif not all(any(_fits(text, each) for each in shown) for text in translations):
            yield f"“{shown[0]}” has other places or tags than its translation."


def live_parts(
    language: str,
    parts: Mapping[str, Iterable[str]],
    catalogue: Catalogue,
    approvals: Iterable[Approval],
) -> frozenset[str]:
    """Give the parts of a language that are whole and approved exactly as they stand.

    A part without a message of its own needs no approval, and is there once any other is.
    """
    read = {(each.part, each.digest) for each in approvals if each.language == language}
    approved = {
        part
        for part, messages in parts.items()
        if (part, digest(messages, catalogue)) in read and not any(faults(messages, catalogue))
    }
    silent = {part for part, messages in parts.items() if not any(messages)}
    return frozenset(approved | silent if approved - silent else ())


def _text(compiled: bytes, at: int) -> str:
    length, offset = struct.unpack_from("<2I", compiled, at)
    if offset + length > len(compiled):
        raise struct.error("past the end")
    return compiled[offset : offset + length].decode()


def _fits(translation: str, message: str) -> bool:
    return _frame(translation) == _frame(message)


def _frame(text: str) -> tuple[frozenset[str], list[str]]:
    # A place may be said twice or moved; a percent sign alone would break the formatting.
    places = frozenset(_PLACES.findall(text))
    rest = _TAGS.sub("", text)
    # An angle that closes nothing begins a tag for a browser all the same.
    bare = {sign for sign in "<>" if sign in rest} | ({"%"} & set(_PLACES.sub("", rest)))
    return places | bare, sorted(_TAGS.findall(text))
