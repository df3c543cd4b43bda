"""What may come of a recorded crime, read from `rules/outcomes.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from safehold import rules

RULES: Final = rules.load("outcomes")
NOT_YET: Final = "0"


@dataclass(frozen=True, slots=True)
class OutcomeType:
    """One type; `counts` is false for what is no outcome and must enter no denominator.

    `asks_why` says that the victim does not support it, so that it is asked why not.
    """

    code: str
    words: str
    counts: bool
    asks_why: bool

    @property
    def label(self) -> str:
        """Return its number and its words."""
        return f"{self.code}: {self.words}"


TYPES: Final[Mapping[str, OutcomeType]] = {
    row["code"]: OutcomeType(row["code"], row["words"], row["counts"], row["asks_why"])
    for row in RULES.tables["types"]
}


def options(name: str) -> list[tuple[str, str]]:
    """Return the keys and labels of a list of the rules. Raises KeyError for no such list."""
    return [(row["key"], row["label"]) for row in RULES.tables[name]]


def keys(name: str) -> list[str]:
    """Return the keys of a list of the rules. Raises KeyError for no such list."""
    return [row["key"] for row in RULES.tables[name]]


def labels(name: str, chosen: list[str]) -> list[str]:
    """Return the words of what was chosen; a key that the rules no longer have stands as kept."""
    known = dict(options(name))
    return [known.get(key, key) for key in chosen]
