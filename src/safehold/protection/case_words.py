"""A case in words: its rows in lists, its members, and one timeline of all that is told in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from safehold.design.words import day, moment
from safehold.domain import persons
from safehold.protection.person_words import EntryRow
from safehold.records.audit.actors import About
from safehold.records.cases import listing
from safehold.records.cases.timeline import Moment
from safehold.records.histories.queries import History

# Where the records lead that a room names in the timeline; one that is not here is not a link.
_PAGES = {
    "incident": "protection:incident",
    "person": "protection:person",
    "report": "protection:report",
    "share": "partnership:share",
    "order": "protection:order",
}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list of cases; no name but that of whoever owns it."""

    path: str
    reference: str
    kind: str
    since: str
    owner: str
    team: str
    restricted: bool


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag of somebody whom a case is about."""

    name: str
    label: str
    says: str
    again: str


@dataclass(frozen=True, slots=True)
class DoneRow:
    """One thing that was done, in words."""

    when: str
    what: str
    by: str
    why: str
    more: str
    path: str


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of a case's timeline: an incident, or something that was done."""

    incident: EntryRow | None
    done: DoneRow | None


def rows(found: listing.Listed) -> list[CaseRow]:
    """Say the cases of a page."""
    return [
        CaseRow(
            path=reverse("protection:case", args=[case.pk]),
            reference=case.reference,
            kind=case.get_kind_display(),
            since=_since(case),
            owner=owner,
            team=case.team,
            restricted=case.restricted,
        )
        for case, owner in found.rows
    ]


def line(case: Any) -> str:
    """Say a case in one line, to be chosen."""
    team = f", {case.team}" if case.team else ""
    return f"{case.reference}, {case.get_kind_display().lower()}, {_since(case).lower()}{team}"


def kept(case: Any) -> str:
    """Say until when a closed case is kept."""
    return f"It is kept until {day(listing.until_of(case))}; then somebody decides."


def flags(found: Iterable[tuple[str, Any]], *, on: date) -> list[FlagRow]:
    """Say the flags of whoever a case is about."""
    said = []
    for name, row in found:
        flag = persons.FLAGS[row.kind]
        over = row.until and row.until < on
        again = f"To be looked at again since {day(row.until)}." if over else ""
        label = f"{flag.label}: {row.words}" if row.words else flag.label
        said.append(FlagRow(name, label, flag.means, again))
    return said


def timeline(history: History, rows: Sequence[EntryRow], done: Sequence[Moment]) -> list[Told]:
    """Put what happened and what was done into one order, the newest first."""
    happened: list[tuple[datetime, Told]] = [
        (entry.incident.starts_at or entry.incident.recorded_at, Told(row, None))
        for entry, row in zip(history.entries, rows, strict=True)
    ]
    acts = [(each.at, Told(None, _done(each))) for each in done]
    return [told for _, told in sorted([*acts, *happened], key=lambda each: each[0], reverse=True)]


def _since(case: Any) -> str:
    if case.closed_at:
        return f"Closed {day(case.closed_at)}"
    return f"Since {day(case.opened_at)}"


def _done(each: Moment) -> DoneRow:
    return DoneRow(moment(each.at), each.what, each.by, each.why, each.more, _path(each.about))


def _path(about: About | None) -> str:
    page = _PAGES.get(about.kind) if about else None
    return reverse(page, args=[about.identifier]) if about and page else ""
