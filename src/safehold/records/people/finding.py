"""Finding people by a name that may be misspelt, and by when they were born."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from safehold.domain import persons, spelling
from safehold.records.conflicts.kept_people import may_know_of
from safehold.records.people import index
from safehold.records.people.models import BirthDate, NamePair, Person, PersonName
from safehold.records.staff.models import StaffMember

MOST_PAIRS = 600  # of two typed words, each with its readings: the nearest
MOST_NAMES = 600  # read and held against what was typed, before the nearest are shown
NEAR_ENOUGH = 0.7
_BORN_THEN = 0.2  # more than one letter, less than another name
_Born = tuple[date, date]
_FIRST_OF_ALL = Case(When(kind="usual", then=0), default=1)


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody asks for: a name as it was heard, and when they were born, if that is known."""

    name: str
    born_from: date | None = None
    born_to: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be meant; no address, no number, and not why we know them."""

    identity: UUID
    reference: str
    name: str
    other_names: tuple[str, ...]
    born: tuple[date, date] | None
    nearness: float


@dataclass(frozen=True, slots=True)
class Findings:
    """The nearest people, and whether there are more than are shown."""

    people: tuple[Found, ...]
    more: bool


def find(sought: Sought, *, by: StaffMember) -> Findings:
    """Return the people whose names are nearest to what was typed, whom the member may know of.

    A name without a word gives nobody. Whoever was born within the dates that were given comes
    first; nobody is left out for being born at another time, since dates are misheard too.
    """
    return nearest(sought, among=visible_to(by))


def nearest(sought: Sought, *, among: QuerySet[Person]) -> Findings:
    """Return whose names are nearest to what was typed, among these people."""
    words = spelling.words_of(sought.name)
    if not words:
        return Findings((), more=False)
    wanted = spelling.wanted_pairs(index.readings_of(words), most=MOST_PAIRS)
    # Row by row: a list of all whom the member may know of would be a million long.
    known = Exists(among.filter(pk=OuterRef("name__person_id")))
    read, more = _read(wanted, sought, Q(known))
    scores = _scores(words, read)
    births = _births(scores)
    for identity in scores:
        scores[identity] += _BORN_THEN if _overlaps(births.get(identity, ()), sought) else 0.0
    best = sorted(scores, key=lambda identity: (-scores[identity], str(identity)))
    shown = best[: persons.RESULTS]
    people = tuple(_shown(shown, scores, births))
    return Findings(people, more=more or len(best) > len(shown))


def shown(identities: Iterable[UUID], *, by: StaffMember) -> Findings:
    """Return people who were found by something else than a name, of those a member may know of."""
    known = visible_to(by).filter(identity__in=list(identities))
    found = sorted(set(known.values_list("identity", flat=True)), key=str)
    some = found[: persons.RESULTS]
    rows = tuple(_shown(some, dict.fromkeys(some, 1.0), _births(some)))
    return Findings(rows, more=len(found) > len(some))


def visible_to(member: StaffMember) -> QuerySet[Person]:
    """Return the people whom a member may know of.

    Not those who are sealed to another role, nor those who may be the member, or close to them.
    """
    return Person.objects.filter(may_know_of(member))


def known_to(member: StaffMember, column: str) -> Exists:
    """Return whether a member may know of the person of a row, for a question about rows."""
    return Exists(visible_to(member).filter(pk=OuterRef(column)))


def hidden_from(sought: Sought, *, member: StaffMember) -> dict[UUID, float]:
    """Return whom a search was near to that the member may not know of, and how near.

    For whoever sorts searches afterwards; nothing of it is for the member.
    """
    words = spelling.words_of(sought.name)
    if not words:
        return {}
    wanted = spelling.wanted_pairs(index.readings_of(words), most=MOST_PAIRS)
    read, _ = _read(wanted, sought, ~may_know_of(member, at="name__person__"))
    return _scores(words, read)


def _scores(words: Sequence[str], read: Iterable[tuple[UUID, str]]) -> dict[UUID, float]:
    scores: dict[UUID, float] = {}
    for identity, written in read:
        near = spelling.nearness(words, written)
        if near >= NEAR_ENOUGH:
            scores[identity] = max(scores.get(identity, 0.0), near)
    return scores


def _read(wanted: list[int], sought: Sought, whose: Q) -> tuple[set[tuple[UUID, str]], bool]:
    """Return names to compare, those of the wanted dates first, and whether some were not read."""
    pairs = NamePair.objects.filter(whose, key__in=wanted)
    columns = ("name__person__identity", "name__written")
    read = set[tuple[UUID, str]]()
    if _has_dates(sought):
        dated = pairs.filter(
            name__person__birthdates__in=BirthDate.objects.filter(ended_at=None, **_within(sought))
        )
        read.update(dated.values_list(*columns)[:MOST_NAMES])
    # The nearest pair alone first: of a common name there are enough, and the rest is read as far
    # as there is room.
    nearest = list(pairs.filter(key=wanted[0]).values_list(*columns)[:MOST_NAMES])
    others = list(pairs.exclude(key=wanted[0]).values_list(*columns)[: MOST_NAMES - len(nearest)])
    return {*read, *nearest, *others}, len(nearest) + len(others) >= MOST_NAMES


def _within(sought: Sought) -> dict[str, date]:
    return {
        "earliest__lte": sought.born_to or date.max,
        "latest__gte": sought.born_from or date.min,
    }


def _has_dates(sought: Sought) -> bool:
    return sought.born_from is not None or sought.born_to is not None


def _overlaps(births: Sequence[_Born], sought: Sought) -> bool:
    if not _has_dates(sought):
        return False
    earliest, latest = sought.born_from or date.min, sought.born_to or date.max
    return any(born[0] <= latest and born[1] >= earliest for born in births)


def _births(identities: Iterable[UUID]) -> dict[UUID, list[_Born]]:
    rows = BirthDate.objects.filter(person__identity__in=list(identities), ended_at=None)
    ordered = rows.order_by("-recorded_at", "pk")
    found: dict[UUID, list[_Born]] = {}
    for identity, earliest, latest in ordered.values_list("person__identity", "earliest", "latest"):
        found.setdefault(identity, []).append((earliest, latest))
    return found


def _shown(
    identities: Sequence[UUID],
    scores: Mapping[UUID, float],
    births: Mapping[UUID, Sequence[_Born]],
) -> Iterator[Found]:
    names = names_of(identities)
    references = dict(Person.objects.filter(pk__in=identities).values_list("identity", "reference"))
    for identity in identities:
        first, *others = names.get(identity) or [references[identity]]
        born = births.get(identity)
        yield Found(
            identity=identity,
            reference=references[identity],
            name=first,
            other_names=tuple(dict.fromkeys(other for other in others if other != first)),
            born=born[0] if born else None,
            nearness=scores[identity],
        )


def name_at(column: str) -> Coalesce:
    """Return the name that the person goes by whose identity a row has in `column`; "" for none."""
    rows = PersonName.objects.filter(person__identity=OuterRef(column), ended_at=None)
    first = rows.order_by(_FIRST_OF_ALL, "recorded_at", "pk").values("written")[:1]
    return Coalesce(Subquery(first), Value(""), output_field=CharField())


def names_of(identities: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the names of people that still hold, the one they go by first."""
    rows = PersonName.objects.filter(person__identity__in=list(identities), ended_at=None)
    found: dict[UUID, list[str]] = {}
    for identity, written in rows.order_by(_FIRST_OF_ALL, "recorded_at", "pk").values_list(
        "person__identity", "written"
    ):
        found.setdefault(identity, []).append(written)
    return found
