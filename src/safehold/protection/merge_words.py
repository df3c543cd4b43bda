"""Two people beside each other in words: what is the same, what differs, and who decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from safehold.design.words import day, moment
from safehold.domain import births, persons
from safehold.protection import person_words
from safehold.protection.person_words import MASKED, Line
from safehold.records.histories.meanwhile import Meanwhile, key_of
from safehold.records.people.queries import Recorded

_SORTS = {
    "name": "Name",
    "birth": "Born",
    "contact": "Number or address online",
    "home": "Address",
    "need": "Need",
    "trait": "What they say of themselves",
    "flag": "Flag",
}
_LISTS = {
    "contact": "contacts",
    "need": "needs",
    "trait": "characteristics",
    "flag": "flags",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One thing that is recorded of one of two, and whether it is of this one alone."""

    line: Line
    alone: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One sort of thing, with what is recorded of each and what that comes to."""

    title: str
    says: str
    one: tuple[Side, ...]
    other: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One decision that two are one, in words."""

    path: str
    says: str
    why: str
    undone: str
    undone_why: str


def beside(one: Recorded, other: Recorded, *, on: date) -> list[Row]:
    """Put two people beside each other, sort by sort; what neither has is left out."""
    first, second = person_words.groups(one, on=on), person_words.groups(other, on=on)
    pairs = [
        (mine.title, mine.lines, yours.lines) for mine, yours in zip(first, second, strict=True)
    ]
    flags = tuple(person_words.flags(one, on=on)), tuple(person_words.flags(other, on=on))
    pairs.append(("Flags", *flags))
    return [_row(*pair) for pair in pairs if pair[1] or pair[2]]


def merge_rows(merges: Iterable[Any], references: dict[str, str]) -> list[MergeRow]:
    """Say who put whom together, when and why, and what was taken back."""
    return [
        MergeRow(
            path=reverse("protection:person_merged", args=[row.pk]),
            says=f"{references.get(str(row.folded), 'Somebody')} was put together with "
            f"{references.get(str(row.kept), 'somebody')} by {row.by.name}, {moment(row.at)}",
            why=row.why,
            undone=f"{row.undone_by.name}, {moment(row.undone_at)}" if row.undone_at else "",
            undone_why=row.undone_why,
        )
        for row in merges
    ]


def choices(listed: Meanwhile, recorded: Recorded, *, on: date) -> list[tuple[str, str]]:
    """Say what was recorded meanwhile and can be moved, each with its key."""
    facts = [
        (key_of(fact), f"{_SORTS[what]}: {fact_words(what, fact, recorded, on=on)}, {_who(fact)}")
        for what, fact in listed.facts
    ]
    roles = [
        (key_of(role), f"{role.get_part_display()}, in incident {role.incident.reference}")
        for role in listed.roles
    ]
    parties = [
        (key_of(party), f"{party.get_part_display()}, in case {party.case.reference}")
        for party in listed.parties
    ]
    return [*facts, *roles, *parties]


def fact_words(what: str, fact: Any, recorded: Recorded, *, on: date) -> str:
    """Say one fact in a line; an address that the reader may not see stays masked."""
    if what == "name":
        return str(fact.written)
    if what == "birth":
        return births.in_words((fact.earliest, fact.latest), on=on)
    if what == "home":
        if not recorded.may_read(fact.address):
            return MASKED
        return ", ".join(filter(None, (fact.address.line, fact.address.town)))
    label = persons.label(_LISTS[what], fact.kind)
    more = fact.value if what in {"contact", "trait"} else fact.words
    return f"{label}: {more}" if more else label


def _who(fact: Any) -> str:
    return f"{day(fact.recorded_at.date())} by {fact.recorded_by.name}"


def _row(title: str, one: Sequence[Line], other: Sequence[Line]) -> Row:
    mine, theirs = _compared(one), _compared(other)
    masked = any(line.says == MASKED for line in (*one, *other))
    return Row(
        title=title,
        says="A protected address is not compared" if masked else _says(mine, theirs),
        one=tuple(Side(line, _key(line) in mine - theirs) for line in one),
        other=tuple(Side(line, _key(line) in theirs - mine) for line in other),
    )


def _says(mine: set[str], theirs: set[str]) -> str:
    if mine == theirs:
        return "The same"
    if mine & theirs:
        return "Partly the same"
    if mine and theirs:
        return "Different"
    return "Only of one of them"


def _compared(lines: Iterable[Line]) -> set[str]:
    return {_key(line) for line in lines if line.says != MASKED}


def _key(line: Line) -> str:
    return " ".join(f"{line.label} {line.says}".casefold().split())
