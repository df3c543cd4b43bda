"""Which part of a case somebody may see or change: role, agency, relation, from one table.

The table is `rules/case_access.toml`. It adds to `access`, which says who may come to a page at
all, and takes nothing of it back: both have to say yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Any

from safehold import rules
from safehold.domain.access import Role


class Part(StrEnum):
    """A part of a case that is seen or changed for itself."""

    CASE = "case"
    PEOPLE = "people"
    INCIDENTS = "incidents"
    RISK = "risk"
    SAFETY = "safety"
    CONTACT = "contact"
    ORDERS = "orders"
    DEADLINES = "deadlines"
    TELLING = "telling"
    MEMBERS = "members"
    PRINTS = "prints"


class Relation(StrEnum):
    """How somebody stands to a case. `UNIT` is of whoever is named on nothing of it."""

    OWNER = "owner"
    TEAM = "team"
    SUPERVISOR = "supervisor"
    ADVOCATE = "advocate"
    UNIT = "unit"
    GLASS = "glass"


class Agency(StrEnum):
    """Whom somebody works for."""

    FORCE = "force"
    PARTNER = "partner"


class Act(StrEnum):
    """What is asked for."""

    SEE = "see"
    CHANGE = "change"


class CaseAccessError(ValueError):
    """The table names what the software does not know, or gives a change without the look."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, as far as a case is concerned; all of the relations that they stand in."""

    role: str
    agency: Agency
    relations: frozenset[Relation]


@dataclass(frozen=True, slots=True)
class Cell:
    """One place in the table: somebody of this role and agency, in this relation, this part."""

    role: Role
    agency: Agency
    relation: Relation
    part: Part
    act: Act


@dataclass(frozen=True, slots=True)
class CaseAccess:
    """The table as read. `glass_lasts` is how long an opening in an emergency does."""

    version: str
    meanings: Mapping[Part, str]
    relations: Mapping[Relation, str]
    granted: frozenset[Cell]
    routes: Mapping[str, tuple[Part, Act]]
    glass_lasts: timedelta
    glass_reviewed_within: timedelta


@cache
def table() -> CaseAccess:
    """Return the table in force. Raises CaseAccessError where it does not hold together."""
    return parse(rules.load("case_access"))


def parse(source: rules.Rules) -> CaseAccess:
    """Read a table from rules; raises CaseAccessError as `table` does."""
    tables = source.tables
    try:
        parsed = CaseAccess(
            version=source.version,
            meanings={Part(word): says for word, says in tables["parts"].items()},
            relations={Relation(word): says for word, says in tables["relations"].items()},
            granted=frozenset(cell for row in tables["rows"] for cell in _cells(row)),
            routes={name: _asked(words) for name, words in tables["routes"].items()},
            glass_lasts=timedelta(hours=tables["glass"]["hours"]),
            glass_reviewed_within=timedelta(days=tables["glass"]["review_days"]),
        )
    except KeyError as error:
        raise CaseAccessError(f"case_access.toml has no {error}.") from error
    except (TypeError, ValueError) as error:
        raise CaseAccessError(f"case_access.toml: {error}.") from error
    _refuse_gaps(parsed)
    return parsed


def may(standing: Standing, part: Part, act: Act) -> bool:
    """Tell whether any relation in which somebody stands gives them this."""
    given = table().granted
    return any(
        (cell.role, cell.agency, cell.part, cell.act) == (standing.role, standing.agency, part, act)
        and cell.relation in standing.relations
        for cell in given
    )


def parts(standing: Standing, act: Act) -> frozenset[Part]:
    """Return every part that somebody may see, or change."""
    return frozenset(part for part in Part if may(standing, part, act))


def every_cell() -> Iterator[Cell]:
    """Go through every place of the table, given or not: what the tests ask with real requests."""
    for role, agency, relation, part, act in product(Role, Agency, Relation, Part, Act):
        yield Cell(role, agency, relation, part, act)


def needed_for(route: str) -> tuple[Part, Act] | None:
    """Return what a page of a case is a look at or a change of, None for one not listed."""
    return table().routes.get(route)


def _cells(row: Mapping[str, Any]) -> Iterator[Cell]:
    agency = Agency(row["agency"])
    who = product(map(Role, row["roles"]), map(Relation, row["relations"]))
    acts: list[tuple[Act, Iterable[str]]] = [
        (Act.SEE, row["sees"]),
        (Act.CHANGE, row["changes"]),
    ]
    for role, relation in who:
        for act, words in acts:
            for part in map(Part, words):
                yield Cell(role, agency, relation, part, act)


def _asked(words: list[str]) -> tuple[Part, Act]:
    part, act = words
    return Part(part), Act(act)


def _refuse_gaps(parsed: CaseAccess) -> None:
    missing = (set(Part) - parsed.meanings.keys()) | (set(Relation) - parsed.relations.keys())
    if missing:
        raise CaseAccessError(f"case_access.toml says nothing of {', '.join(sorted(missing))}.")
    for cell in parsed.granted:
        seen = Cell(cell.role, cell.agency, cell.relation, cell.part, Act.SEE)
        if cell.act is Act.CHANGE and seen not in parsed.granted:
            raise CaseAccessError(
                f"case_access.toml lets {cell.role} as {cell.relation} change {cell.part} unseen."
            )
