"""The last check of every page, as `make accessibility` wrote it and the statement reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

FILE: Final = "last_check.json"


class NoRecord(ValueError):
    """The record of the last check is absent or is not one; the statement would be invented."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that a page broke: `rule` as the tool names it, `says` in the tool's words."""

    path: str
    rule: str
    says: str


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked, when, and what was found.

    `public` holds the paths of public pages; of staff pages only how many there were is kept.
    """

    on: date
    tool: str
    browser: str
    widths: tuple[int, ...]
    public: tuple[str, ...]
    staff: int
    problems: tuple[Problem, ...]
    staff_problems: tuple[Problem, ...]


@cache
def last_check() -> Check:
    """Read the record of this version. Raises NoRecord."""
    try:
        text = (files(__package__) / FILE).read_text(encoding="utf-8")
        return parse(json.loads(text))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoRecord(f"{FILE} is no record of a check: run `make accessibility`.") from error


def parse(content: Mapping[str, Any]) -> Check:
    """Read a record from plain values. Raises ValueError, KeyError or TypeError if it is none."""
    return Check(
        on=date.fromisoformat(content["on"]),
        tool=content["tool"],
        browser=content["browser"],
        widths=tuple(content["widths"]),
        public=tuple(content["public"]),
        staff=int(content["staff"]),
        problems=tuple(Problem(**one) for one in content["problems"]),
        staff_problems=tuple(Problem(**one) for one in content["staff_problems"]),
    )
