"""Clare's Law: what comes before a decision, who may be told, and what is counted. Pure.

The options are data (`rules/dvds.toml`), after the statutory guidance of 2023 as far as it was
read: told in person, nothing in writing; whoever asks for somebody else is not normally told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from safehold import rules

COUNTED: Final = ("gender", "age", "ethnicity", "ethnicity_seen", "disability", "sexuality")
_LINKED: Final = {"ethnicity": "ethnicity", "ethnicity_seen": "ethnicity_seen"}
NOT_SAID: Final = (("declined", "Asked, and would rather not say"), ("not_asked", "Not asked"))
_ANOTHER: Final = (
    "Somebody else is told only by two people, and for a reason of its own: "
    "why they can protect, and how it is known that they do not abuse."
)
CLOCKS: Final = ("dvds_first", "dvds_meet", "dvds_answer")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an application is, as far as a decision rests on it."""

    asker: str = ""
    danger: bool = False
    case_linked: bool = False
    identity: bool = False
    abuser: str = ""
    unsearched: int = 0
    agencies: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody would decide. `seconded` where a second person has agreed."""

    decision: str
    whom: str = ""
    third_why: str = ""
    emergency_why: str = ""
    seconded: bool = False


@cache
def choices(name: str) -> list[tuple[str, str]]:
    """Return the options of a list, in the order of the file."""
    if name in _LINKED:
        listed = rules.load("people").tables["characteristics"]
        found = next(row["options"] for row in listed if row["key"] == _LINKED[name])
        return [*(tuple(one) for one in found), *NOT_SAID]
    found = [(one["key"], one["label"]) for one in rules.load("dvds").tables["lists"][name]]
    return [*found, *NOT_SAID] if name in COUNTED else found


def label(name: str, key: str) -> str:
    """Return how an option of a list is called; the key itself where there is none."""
    return dict(choices(name)).get(key, key)


def before_deciding(standing: Standing) -> tuple[str, ...]:
    """Say what comes before any decision, also one that cannot wait: in the order of doing."""
    return tuple(_first(standing))


def _first(standing: Standing) -> Iterable[str]:
    if not standing.asker:
        yield "Record the first contact: whether anybody is in danger now."
    if standing.danger and not standing.case_linked:
        yield "There is danger now: link the case in which it is assessed and acted on."
    if not standing.identity:
        yield "Check the identity."
    if not standing.abuser:
        yield "Check whether whoever asks may be the one who abuses."
    if standing.unsearched:
        yield f"Record of each source that it was searched, or why not: {standing.unsearched} left."


def refusal(standing: Standing, wanted: Wanted) -> str:
    """Say why something cannot be decided; empty where it can, though perhaps by two people."""
    if missing := before_deciding(standing):
        return missing[0]
    if not standing.agencies and not wanted.emergency_why:
        return "Ask the agencies first, or write why this cannot wait for them."
    if wanted.decision != "tell":
        return ""
    if not wanted.whom:
        return "Say who is to be told."
    return not_told(standing, wanted)


def not_told(standing: Standing, wanted: Wanted) -> str:
    """Say why somebody cannot be told; empty where they can."""
    if wanted.whom == "other":
        by_two = wanted.third_why and not wanted.emergency_why
        return "" if by_two else _ANOTHER
    asked_themselves = standing.asker == "self" and wanted.whom == "at_risk"
    if wanted.whom != "applicant" and not asked_themselves:
        return ""
    if standing.abuser != "no":
        return "Whoever asked may be the one who abuses, and is not told."
    if standing.asker == "nobody":
        return "Nobody asked: choose the person in danger, or who can protect them."
    if standing.asker == "third":
        if not wanted.third_why:
            return "Whoever asks for somebody else is not normally told: write why they have to be."
        if wanted.emergency_why:
            return "Telling somebody who asked for another needs a second person: it cannot be now."
    return ""


def needs_second(wanted: Wanted) -> bool:
    """Tell whether a decision waits for a second person: all that can wait do."""
    return not wanted.emergency_why
