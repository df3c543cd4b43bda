"""What happened before: one timeline of a person, of two together, of an address, of a child."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Subquery

from safehold.domain.sources import SOURCES, Source
from safehold.records.histories.models import Outcome, SourceSearch
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Incident
from safehold.records.incidents.models import Role as InIncident
from safehold.records.people import finding
from safehold.records.people.models import Home, Person
from safehold.records.staff.models import StaffMember

OUTCOMES = Outcome.choices
MOST = 200  # incidents of one timeline: the newest
MOST_TOGETHER = 30  # people who share an incident with somebody: the most often


@dataclass(frozen=True, slots=True)
class PartIn:
    """Somebody's part in an incident of a timeline; `identity` is None for one tied to nobody."""

    part: str
    category: str
    relationship: str
    identity: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One incident of a timeline, with whoever has a part in it."""

    incident: Incident
    parts: tuple[PartIn, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """One source: when it was last searched and with what, or that it never was."""

    source: Source
    outcome: str
    words: str
    at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class History:
    """A timeline, the newest first, with where it was looked for.

    `since` is when the first record here that could be in it was made; `more` says that older
    entries are not shown.
    """

    entries: tuple[Entry, ...]
    more: bool
    since: datetime | None
    looked: tuple[Looked, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Somebody who shares incidents with a person, and how many."""

    identity: UUID
    name: str
    count: int


def of_person(identity: UUID, *, by: StaffMember) -> History:
    """Return what a person has a part in, of what the member may see."""
    return _history(_with(identity, by), [identity], by)


def count_of_person(identity: UUID, *, by: StaffMember) -> int:
    """Count the incidents that a person has a part in, of what the member may see."""
    return _with(identity, by).count()


def of_pair(one: UUID, other: UUID, *, by: StaffMember) -> History:
    """Return what both have a part in."""
    both = _with(one, by).filter(pk__in=_with(other, by).values("pk"))
    return _history(both, [one, other], by)


def of_address(address_id: UUID, *, by: StaffMember) -> History:
    """Return what happened at an address."""
    return _history(incidents.seen_by(by).filter(address_id=address_id), [], by)


def of_child(identity: UUID, *, by: StaffMember) -> History:
    """Return what a child has a part in, and what happened where they lived while they did."""
    homes = Home.objects.filter(person__identity=identity, ended_at=None)
    there = Q(pk__in=_with(identity, by).values("pk"))
    for address_id, since, until in homes.values_list("address_id", "since", "until"):
        there |= Q(address_id=address_id) & _while(since, until)
    return _history(incidents.seen_by(by).filter(there), [identity], by)


def of_case(case_id: UUID, identities: Sequence[UUID], *, by: StaffMember) -> History:
    """Return what a case is work on, with where it was looked for of whom it is about."""
    found = incidents.seen_by(by).filter(cases__case_id=case_id)
    return _history(found, identities, by)


def together_with(identity: UUID, *, by: StaffMember) -> list[Together]:
    """Return who shares an incident with a person, of whom the member may know, the most first."""
    rows = InIncident.objects.filter(
        finding.known_to(by, "person_id"), incident__in=_with(identity, by)
    ).exclude(person__identity=identity)
    counted = rows.values("person__identity").annotate(count=Count("incident", distinct=True))
    named = counted.annotate(name=finding.name_at("person__identity"))
    most = named.order_by("-count", "person__identity")[:MOST_TOGETHER]
    return [Together(row["person__identity"], row["name"], row["count"]) for row in most]


def looked_for(identities: Sequence[UUID]) -> list[Looked]:
    """Return every source with its last search for any of these people, or none."""
    # A search is of the row that stood for the person then: it goes where that row goes.
    rows = SourceSearch.objects.filter(
        identity__in=Person.objects.filter(identity__in=identities).values("pk")
    ).select_related("by")
    last = {row.source: row for row in rows.order_by("at", "pk")}
    return [_looked(source, last.get(key)) for key, source in SOURCES.items() if not source.ours]


def _looked(source: Source, row: SourceSearch | None) -> Looked:
    if row is None:
        return Looked(source, "", "", None, "")
    return Looked(source, row.outcome, row.words, row.at, row.by.name)


def _with(identity: UUID, member: StaffMember) -> QuerySet[Incident]:
    roles = InIncident.objects.filter(person__identity=identity)
    return incidents.seen_by(member).filter(pk__in=roles.values("incident_id"))


def _while(since: date | None, until: date | None) -> Q:
    during = Q()
    if since is not None:
        during &= Q(starts_at__date__gte=since) | Q(starts_at=None)
    if until is not None:
        during &= Q(starts_at__date__lte=until) | Q(starts_at=None)
    return during


def _history(found: QuerySet[Incident], identities: Sequence[UUID], member: StaffMember) -> History:
    # What has no start stands where it was recorded.
    ordered = found.order_by("-starts_at", "-recorded_at", "pk").annotate(first=_first())
    rows = list(ordered[: MOST + 1])
    rows.sort(key=lambda row: row.starts_at or row.recorded_at, reverse=True)
    parts = _parts(rows[:MOST], member)
    return History(
        entries=tuple(Entry(row, tuple(parts.get(row.pk, ()))) for row in rows[:MOST]),
        more=len(rows) > MOST,
        since=rows[0].first if rows else _first_recorded(),
        looked=tuple(looked_for(identities)),
    )


def _first() -> Subquery:
    return Subquery(Incident.objects.order_by("recorded_at").values("recorded_at")[:1])


def _first_recorded() -> datetime | None:
    first: datetime | None = Incident.objects.aggregate(first=Min("recorded_at"))["first"]
    return first


def _parts(rows: Iterable[Incident], member: StaffMember) -> dict[UUID, list[PartIn]]:
    roles = InIncident.objects.filter(incident__in=rows).select_related("person")
    roles = roles.annotate(
        known=finding.known_to(member, "person_id"), name=finding.name_at("person__identity")
    )
    found: dict[UUID, list[PartIn]] = {}
    for role in sorted(roles, key=lambda role: (role.part, str(role.pk))):
        identity = role.person.identity if role.person else None
        shown = identity if role.known else None
        # What was said with the tie would tell that there is one.
        told = shown is not None or identity is None
        part = PartIn(
            part=role.get_part_display(),
            category=role.get_category_display() if told else "",
            relationship=role.get_relationship_display() if told else "",
            identity=shown,
            name=role.name if shown else "",
        )
        found.setdefault(role.incident_id, []).append(part)
    return found
