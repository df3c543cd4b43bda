"""The words that may be recorded of a person, read from `rules/people.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from safehold import rules

RULES: Final = rules.load("people")
LONGEST_NAME: Final[int] = RULES.tables["limits"]["name_characters"]
LONGEST_VALUE: Final[int] = RULES.tables["limits"]["value_characters"]
LONGEST_NOTE: Final[int] = RULES.tables["limits"]["note_characters"]
RESULTS: Final[int] = RULES.tables["limits"]["results"]
SAID: Final = "said"
RATHER_NOT: Final = "rather_not"


@dataclass(frozen=True, slots=True)
class Flag:
    """One concept that may be flagged; `holds` is how long before it is looked at again."""

    key: str
    label: str
    means: str
    holds: timedelta | None


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One thing that somebody may say of themselves; without options it is in their own words."""

    key: str
    label: str
    options: Mapping[str, str]


def options(name: str) -> list[tuple[str, str]]:
    """Return the keys and labels of one list of the rules. Raises KeyError for no such list."""
    return [(row["key"], row["label"]) for row in RULES.tables[name]]


def keys(name: str) -> list[str]:
    """Return the keys of one list of the rules. Raises KeyError for no such list."""
    return [row["key"] for row in RULES.tables[name]]


def label(name: str, key: str) -> str:
    """Return the words of one key of a list. Raises KeyError for one that is not on it."""
    return dict(options(name))[key]


def _flag(row: Mapping[str, Any]) -> Flag:
    holds = timedelta(days=row["days"]) if row["days"] else None
    return Flag(row["key"], row["label"], row["means"], holds)


FLAGS: Final[Mapping[str, Flag]] = {row["key"]: _flag(row) for row in RULES.tables["flags"]}
CHARACTERISTICS: Final[Mapping[str, Characteristic]] = {
    row["key"]: Characteristic(row["key"], row["label"], dict(row["options"]))
    for row in RULES.tables["characteristics"]
}
KNOWN_TO_EACH_OTHER: Final[Mapping[str, bool]] = {
    row["key"]: row["known"] for row in RULES.tables["relationships"]
}
