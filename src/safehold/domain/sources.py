"""Where a history may be looked for, read from `rules/sources.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from safehold import rules

RULES: Final = rules.load("sources")


@dataclass(frozen=True, slots=True)
class Source:
    """One place to look; `ours` are searched by opening the page, the others by somebody."""

    key: str
    label: str
    ours: bool


SOURCES: Final[Mapping[str, Source]] = {
    row["key"]: Source(row["key"], row["label"], row["ours"]) for row in RULES.tables["sources"]
}
