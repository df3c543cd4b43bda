"""The histories beside an assessment: of both, of the two together, of addresses and children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from safehold.protection import person_words
from safehold.records.cases import queries as cases
from safehold.records.histories import queries as histories
from safehold.records.histories.queries import History
from safehold.records.risk import queries
from safehold.records.staff.queries import StaffMember


@dataclass(frozen=True, slots=True)
class Group:
    """One history with its heading; `who` is a name, shown and never in a title."""

    key: str
    title: str
    who: str
    entries: list[person_words.EntryRow]
    more: bool
    searched: str
    not_searched: str


def groups(assessment: Any, *, by: StaffMember) -> list[Group]:
    """Return the history of everybody concerned, the two together first."""
    victim, accused = queries.identities(assessment)
    names = {each.identity: each.name for each in cases.parties_of(assessment.case, by=by)}
    found = []
    if accused is not None:
        both = histories.of_pair(victim, accused, by=by)
        found.append(_group("both", "The two together", "", both, by))
    own = histories.of_person(victim, by=by)
    found.append(_group("victim", "At risk", names.get(victim, ""), own, by))
    if accused is not None:
        theirs = histories.of_person(accused, by=by)
        found.append(_group("accused", "Said to do it", names.get(accused, ""), theirs, by))
    for number, (address_id, line) in enumerate(queries.addresses_of(victim, by=by), 1):
        there = histories.of_address(address_id, by=by)
        found.append(_group(f"address-{number}", "At an address", line, there, by))
    for number, child in enumerate(queries.children_in(assessment, by=by), 1):
        theirs = histories.of_child(child, by=by)
        found.append(_group(f"child-{number}", "Child", names.get(child, ""), theirs, by))
    return found


def beside(assessment: Any, *, by: StaffMember) -> Group:
    """Return the history beside the questions: of the two together, if both are known."""
    victim, accused = queries.identities(assessment)
    if accused is None:
        return _group("victim", "At risk", "", histories.of_person(victim, by=by), by)
    return _group("both", "The two together", "", histories.of_pair(victim, accused, by=by), by)


def _group(key: str, title: str, who: str, history: History, by: StaffMember) -> Group:
    searched, not_searched = person_words.searched_words(history)
    return Group(
        key=key,
        title=title,
        who=who,
        entries=person_words.entry_rows(history, by=by),
        more=history.more,
        searched=searched,
        not_searched=not_searched,
    )
