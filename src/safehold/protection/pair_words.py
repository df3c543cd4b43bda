"""Two people in words: whether it is a repeat since a MARAC, and who is the primary aggressor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.timezone import localdate

from safehold.design.words import counted, day
from safehold.domain.allegations import Reversed
from safehold.domain.risk import Met
from safehold.records.histories import queries as histories
from safehold.records.histories.queries import Together
from safehold.records.people import finding
from safehold.records.risk import pairs, repeating
from safehold.records.risk.repeating import Repeat
from safehold.records.staff.queries import StaffMember

MET = {Met.YES: "Yes", Met.NO: "No", Met.CANNOT_TELL: "Cannot tell"}


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """Whether something between two is a repeat since a MARAC, in words."""

    victim: str
    accused: str
    met: str
    says: str
    yes: bool


@dataclass(frozen=True, slots=True)
class Pairs:
    """What a page says of pairs: repeats, and the question where allegations go both ways."""

    repeats: list[RepeatRow]
    aggressors: list[str]


def aggressor_words(asked: Reversed | None) -> str:
    """Say why it is asked who is the primary aggressor, nothing where it is not."""
    if asked is None:
        return ""
    newest = f", the newest of {day(asked.newest)}" if asked.newest else ""
    way = counted(asked.reverse, "allegation goes", "allegations go")
    return (
        f"Between these two {way} the other way round{newest}, and {asked.forward} this way. Who "
        "is the primary aggressor? Who is afraid of whom, who controls, who hurt whom and how "
        "badly, who defended themselves? Answer it before you grade, decide on a crime, or put "
        "anybody on a list."
    )


def of_case(case_id: UUID, *, by: StaffMember) -> Pairs:
    """Say it of those whom a case is about, to whoever may assess their risk."""
    found = pairs.in_case(case_id, by=by)
    on = localdate()
    names = _names(key for pair in found for key in pair)
    asked = pairs.both_ways({key for pair in found for key in pair}, by=by) if found else set()
    once = list(dict.fromkeys(pair for pair in found if frozenset(pair) in asked))
    return Pairs(
        repeats=_rows(repeating.of_pairs(found, on=on, by=by), names),
        aggressors=_asked(once, by),
    )


def of_two(one: UUID, other: UUID, *, by: StaffMember) -> Pairs:
    """Say it of two people, either way round."""
    names = _names((one, other))
    asked = pairs.both_ways((one, other), by=by)
    return Pairs(
        repeats=_rows(repeating.of_two(one, other, on=localdate(), by=by), names),
        aggressors=_asked([(one, other)], by) if asked else [],
    )


def together(identity: UUID, *, by: StaffMember) -> list[tuple[Together, bool]]:
    """Return who shares incidents with a person, and of whom of them it is asked."""
    found = histories.together_with(identity, by=by)
    asked = pairs.both_ways({identity, *(each.identity for each in found)}, by=by) if found else ()
    return [(each, frozenset((identity, each.identity)) in asked) for each in found]


def _asked(found: Iterable[tuple[UUID, UUID]], by: StaffMember) -> list[str]:
    seen = set[frozenset[UUID]]()
    words = []
    for victim, accused in found:
        if frozenset((victim, accused)) not in seen:
            seen.add(frozenset((victim, accused)))
            asked = pairs.aggressor_question(victim=victim, accused=accused, by=by)
            words.append(aggressor_words(asked))
    return list(filter(None, words))


def _rows(found: Iterable[Repeat], names: Mapping[UUID, str]) -> list[RepeatRow]:
    return [
        RepeatRow(
            victim=names.get(each.victim, ""),
            accused=names.get(each.accused, ""),
            met=MET[each.met],
            says=each.why,
            yes=each.met is Met.YES,
        )
        for each in found
    ]


def _names(identities: Iterable[UUID]) -> dict[UUID, str]:
    found = finding.names_of(identities)
    return {key: names[0] for key, names in found.items() if names}
