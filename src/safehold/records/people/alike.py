"""Looking for people who may be one, for somebody to decide about; nothing follows by itself.

For one person it is looked at the asking. For the unit a job looks after whoever was recorded, or
changed, and keeps the pairs: over a million people no page could.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import F, Q, QuerySet

from safehold.domain import alike_people
from safehold.domain.access import Permission
from safehold.domain.alike_people import Likeness, Sketch
from safehold.records.people import finding, merging
from safehold.records.people.finding import Sought
from safehold.records.people.models import Alike, BirthDate, Contact, Home, Person, PersonName
from safehold.records.people.models_of_facts import as_compared
from safehold.records.people.queries import get
from safehold.records.staff.models import StaffMember

_Value = TypeVar("_Value")
PER_PAGE = 25
AT_ONCE = 50  # people of one run of the job
_NAMES = 5  # of one person that are looked for: the newest
_SHARING = 50  # people of one number or one home: a hostel is nobody's sign


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be the same person, and why: no name, number or address."""

    identity: UUID
    reference: str
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people of the work list who may be one."""

    one: UUID
    other: UUID
    references: tuple[str, str]
    likeness: Likeness


def candidates(identity: UUID, *, by: StaffMember) -> list[Candidate]:
    """Return the people who may be this one, the strongest first.

    Raises Refused, or PersonNotFound.
    """
    by.must(Permission.MERGE_PEOPLE)
    get(identity, by=by)
    found = _alike_to(identity)
    references = _references(found)
    return [Candidate(key, references[key], found[key]) for key in found]


def count_of(identity: UUID, *, by: StaffMember) -> int:
    """Count the people whom the job found to be like one, of whom nobody decided."""
    if not by.may(Permission.MERGE_PEOPLE):
        return 0
    rows = _open(by).filter(Q(one__identity=identity) | Q(other__identity=identity))
    pairs = rows.values_list("one__identity", "other__identity")
    return len({key for pair in pairs for key in pair} - {identity} - merging.apart_from(identity))


def page_of(*, by: StaffMember, page: int) -> Page[Alike]:
    """Return one page of the pairs that wait for somebody to look. Raises Refused."""
    by.must(Permission.MERGE_PEOPLE)
    rows = _open(by).select_related("one", "other").order_by("-strength", "pk")
    return Paginator(rows, PER_PAGE).get_page(page)


def pairs_of(rows: Iterable[Alike]) -> list[Pair]:
    """Say of pairs of the list why they are on it; each two people once, none that were decided."""
    kept = list(rows)
    sketches = _sketches({key for row in kept for key in (row.one.identity, row.other.identity)})
    references = _references(sketches)
    found: dict[frozenset[UUID], Pair] = {}
    for row in kept:
        one, other = row.one.identity, row.other.identity
        likeness = alike_people.likeness(sketches[one], sketches[other])
        if likeness is None or merging.apart_of(one, other) is not None:
            continue
        pair = Pair(one, other, (references[one], references[other]), likeness)
        found.setdefault(frozenset((one, other)), pair)
    return list(found.values())


def look(*, at: datetime) -> bool:
    """Look after whoever was recorded or changed, some at a time; tell whether there are more."""
    waiting = Person.objects.filter(look_for_alike=True).order_by("pk")
    due = list(waiting.values_list("pk", flat=True)[: AT_ONCE + 1])
    for person_id in due[:AT_ONCE]:
        _look_for(person_id, at=at)
    return len(due) > AT_ONCE


@transaction.atomic
def _look_for(person_id: UUID, *, at: datetime) -> None:
    # First that it is done: what is recorded from here on asks for another look.
    Person.objects.filter(pk=person_id).update(look_for_alike=False)
    identity = Person.objects.values_list("identity", flat=True).get(pk=person_id)
    for other, likeness in _alike_to(identity).items():
        first, second = sorted((identity, other), key=str)
        Alike.objects.update_or_create(
            one_id=first,
            other_id=second,
            defaults={"strength": likeness.strength},
            create_defaults={"strength": likeness.strength, "found_at": at},
        )


def _open(member: StaffMember) -> QuerySet[Alike]:
    rows = Alike.objects.filter(
        one__sealed_to__in=["", member.role], one__sealed_to=F("other__sealed_to")
    )
    return rows.exclude(one__identity=F("other__identity"))


def _alike_to(identity: UUID) -> dict[UUID, Likeness]:
    sealed_to = Person.objects.values_list("sealed_to", flat=True).get(pk=identity)
    among = Person.objects.filter(sealed_to=sealed_to)
    own = _sketches([identity])[identity]
    near = _near(own, identity, among) - {identity} - merging.apart_from(identity)
    found = dict[UUID, Likeness]()
    for key, sketch in _sketches(near).items():
        likeness = alike_people.likeness(own, sketch)
        if likeness is not None:
            found[key] = likeness
    best = sorted(found, key=lambda key: (-found[key].strength, str(key)))
    return {key: found[key] for key in best[: alike_people.MOST]}


def _near(own: Sketch, identity: UUID, among: QuerySet[Person]) -> set[UUID]:
    """Return everybody worth comparing: near by name, of the same contact, or of the same home."""
    born = own.births[0] if own.births else (None, None)
    keys = {
        found.identity
        for name in own.names[:_NAMES]
        for found in finding.nearest(Sought(name, *born), among=among).people
    }
    contacts = Contact.objects.annotate(as_compared=as_compared())
    with_contact = contacts.filter(
        as_compared__in=own.contacts, ended_at=None, person__in=among
    ).exclude(person__identity=identity)
    homes = Home.objects.filter(
        address_id__in=own.addresses, ended_at=None, person__in=among
    ).exclude(person__identity=identity)
    for rows in (with_contact, homes):
        keys |= set(rows.values_list("person__identity", flat=True)[:_SHARING])
    return keys


def _sketches(identities: Iterable[UUID]) -> dict[UUID, Sketch]:
    """Read what is compared of people, in four questions."""
    keys = list(identities)
    of = {"person__identity__in": keys, "ended_at": None}
    names = PersonName.objects.filter(**of).order_by("-recorded_at", "pk")
    births = BirthDate.objects.filter(**of).order_by("-recorded_at", "pk")
    homes = Home.objects.filter(**of, address__protected=False)
    who = "person__identity"
    named = _by_person(names.values_list(who, "written"))
    born = _by_person((row[0], row[1:]) for row in births.values_list(who, "earliest", "latest"))
    reached = _by_person(Contact.objects.filter(**of).values_list(who, "value"))
    lives = _by_person(homes.values_list(who, "address_id"))
    return {
        key: Sketch(
            names=tuple(named.get(key, ())),
            births=tuple(born.get(key, ())),
            contacts=frozenset(map(alike_people.compared, reached.get(key, ()))),
            addresses=frozenset(map(str, lives.get(key, ()))),
        )
        for key in keys
    }


def _by_person(rows: Iterable[tuple[UUID, _Value]]) -> dict[UUID, Sequence[_Value]]:
    found: dict[UUID, list[_Value]] = {}
    for key, value in rows:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def _references(identities: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Person.objects.filter(pk__in=list(identities)).values_list("pk", "reference"))
