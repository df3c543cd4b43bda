"""What is said between the unit and the holder of a code: fixed sentences, and short messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from safehold.rules import load

_TABLES = load("conversation").tables
STATUSES: dict[str, str] = {row["key"]: row["label"] for row in _TABLES["status"]["options"]}
LONGEST: int = _TABLES["limits"]["message"]
_NEVER = re.compile(
    "|".join(
        [rf"(?<!\w){re.escape(stem)}\w*" for stem in _TABLES["never"]["stems"]]
        + [rf"(?<!\w){re.escape(word)}(?!\w)" for word in _TABLES["never"]["words"]]
    )
)


class Kind(StrEnum):
    """What an entry is."""

    STATUS = "status"
    WORDS = "words"
    CLOSED = "closed"


class NotToBeSaid(ValueError):
    """A message that tells what a code must never tell; the message of the error says which."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `text` is the key of a status, or words; a closed code says nothing."""

    kind: Kind
    text: str = ""

    def to_plain(self) -> dict[str, str]:
        """Return the entry as plain values, to be sealed."""
        return {"kind": str(self.kind), "text": self.text}


def entry_from(content: Mapping[str, Any]) -> Entry | None:
    """Read an entry; None where this version does not know it."""
    kind, text = content.get("kind"), content.get("text")
    if kind not in set(Kind) or not isinstance(text, str):
        return None
    return Entry(Kind(kind), text[:LONGEST])


def status(key: str) -> Entry:
    """Return the entry of a status. Raises KeyError for one that is not on the list."""
    STATUSES[key]
    return Entry(Kind.STATUS, key)


def check_for_holder(text: str) -> str:
    """Return a message of the unit, trimmed. Raises NotToBeSaid for a word that a code never tells.

    It cannot find what is said in other words: whoever writes has to think of who may read it.
    """
    said = text.strip()
    if found := _NEVER.search(said.casefold()):
        raise NotToBeSaid(
            f"Leave “{found[0]}” out: whoever finds the code reads this too. Say it in person."
        )
    return said
