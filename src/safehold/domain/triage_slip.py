"""The triage slip: what the unattended scheduler may know of a report before a person opens it.

The list of fields is pinned by a test. A field added here is a field that a process reads with
nobody watching, so the place for anything else is the account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

LONGEST_REASON = 160  # characters: a rule's own words, never hers
MOST_PROMPTS = 20
# H3 resolution 9 is a cell of about 175 m a side; a finer one would say which house.
FINEST_CELL = 9
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_CELL = re.compile(r"8[0-9a-f]{14}")


class BadSlip(ValueError):
    """A slip that holds more, less or other than a slip may; the message names the field."""


class Said(StrEnum):
    """An answer that may be missing. Not being asked and not answering are answers."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not sure"
    NOT_SAID = "not said"
    NOT_ASKED = "not asked"
    # Of a party alone, and said by nobody: a name was met on arrival, or when it was opened; or
    # a person passed the report to professional standards, or they passed it to the unit.
    NAME = "a name"
    NAME_LATER = "name later"
    PASSED = "passed"
    NOT_OURS = "not ours"


# A child of whom somebody is not sure is one until somebody knows: the role of a child reads it so.
A_CHILD = frozenset({Said.YES, Said.NOT_SURE})

# Whoever works with the police, or may, must not read what is said of him: both are kept from the
# unit, by access and by key. So is what names a colleague, or somebody close to one.
FOR_STANDARDS = frozenset({Said.YES, Said.NOT_SURE, Said.NAME, Said.NAME_LATER, Said.PASSED})
# What only the desk says of a report: its envelope was sealed before, to the other's keys.
MOVED = frozenset({Said.NAME_LATER, Said.PASSED, Said.NOT_OURS})
_OF_A_PARTY = MOVED | {Said.NAME}


class Cause(StrEnum):
    """Why the unit may see a hidden name without asking for it."""

    DANGER = "danger"
    CHILD = "child"


def causes(*, danger: bool, child_present: str, for_standards: bool) -> tuple[Cause, ...]:
    """Return why a slip releases a hidden name; empty where it does not.

    What is for professional standards is theirs alone, whatever else it says.
    """
    if for_standards:
        return ()
    found = {Cause.DANGER: danger, Cause.CHILD: child_present in A_CHILD}
    return tuple(cause for cause, holds in found.items() if holds)


@dataclass(frozen=True, slots=True)
class DangerPrompt:
    """A rule that fired, and why in the rule's own words."""

    prompt: str
    reason: str


@dataclass(frozen=True, slots=True)
class TriageSlip:
    """What the worker reads. `cell` is an H3 cell no finer than resolution 9, or empty."""

    kind: str
    danger: tuple[DangerPrompt, ...] = ()
    cell: str = ""
    child_present: Said = Said.NOT_ASKED
    party_is_police: Said = Said.NOT_ASKED
    wants_reply: Said = Said.NOT_ASKED

    def __post_init__(self) -> None:
        """Refuse whatever is not a slip."""
        if not _WORD.fullmatch(self.kind):
            raise BadSlip("kind: a short word of our own, such as place.")
        if len(self.danger) > MOST_PROMPTS:
            raise BadSlip(f"danger: at most {MOST_PROMPTS} prompts.")
        for one in self.danger:
            _check_prompt(one)
        if self.cell and not _is_coarse_cell(self.cell):
            raise BadSlip(f"cell: an H3 cell of resolution {FINEST_CELL} or coarser.")
        if self.party_is_police in MOVED or {self.child_present, self.wants_reply} & _OF_A_PARTY:
            raise BadSlip("A slip says what was told, and not what was done about it.")

    @property
    def for_standards(self) -> bool:
        """Tell whether only professional standards may open what was told."""
        return self.party_is_police in FOR_STANDARDS

    @property
    def releases_name(self) -> tuple[Cause, ...]:
        """Return why a hidden name is released to the unit; empty where it is not."""
        return causes(
            danger=bool(self.danger),
            child_present=self.child_present,
            for_standards=self.for_standards,
        )

    def with_a_name(self) -> TriageSlip:
        """Return the slip of a report that names a colleague, or somebody close to one.

        What was answered stays, where that alone is for professional standards.
        """
        return self if self.for_standards else replace(self, party_is_police=Said.NAME)

    def as_mapping(self) -> dict[str, Any]:
        """Return the slip as plain values, to be sealed."""
        return {**asdict(self), "danger": [asdict(one) for one in self.danger]}


def from_mapping(content: Mapping[str, Any]) -> TriageSlip:
    """Read a slip from plain values; only `kind` must be there.

    Raises BadSlip for a field that a slip does not have, and for a value that does not belong.
    """
    known = {field.name for field in fields(TriageSlip)}
    if surplus := sorted(set(content) - known):
        raise BadSlip(f"{surplus[0]}: a slip holds no such field.")
    values = dict(content)
    try:
        values["danger"] = tuple(DangerPrompt(**prompt) for prompt in values.get("danger", ()))
        for name in ("child_present", "party_is_police", "wants_reply"):
            values[name] = Said(values.get(name, Said.NOT_ASKED))
        return TriageSlip(**values)
    except BadSlip:
        raise
    except (TypeError, ValueError) as error:
        raise BadSlip("A value of the slip does not belong there.") from error


def _check_prompt(one: DangerPrompt) -> None:
    if not _WORD.fullmatch(one.prompt):
        raise BadSlip("danger: a prompt is a short word of our own.")
    if len(one.reason) > LONGEST_REASON or not one.reason.isprintable():
        raise BadSlip(f"danger: a reason is one line of at most {LONGEST_REASON} characters.")


def _is_coarse_cell(cell: str) -> bool:
    # Bits 52 to 55 of an H3 index are its resolution.
    return bool(_CELL.fullmatch(cell)) and (int(cell, 16) >> 52) & 0xF <= FINEST_CELL
