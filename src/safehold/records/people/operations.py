"""Recording people and what is known of them, ending what does not hold, and looking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import persons, spelling
from safehold.domain.access import Permission
from safehold.records import row_security
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.conflicts import asked as noted
from safehold.records.people import finding, index
from safehold.records.people.models import BirthDate, Person, PersonName
from safehold.records.people.references import new_reference
from safehold.records.staff.models import StaffMember

KIND = "person"
_SEARCH = "people"
_TELLS_WHO = frozenset({"name", "date of birth", "contact", "home"})


class NoName(ValueError):
    """What was typed as a name has no word in it, or is too long."""


class NotADate(ValueError):
    """The dates of birth are not in order, or not possible."""


class PersonNotFound(LookupError):
    """There is no such person, or none that the member may know of."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact came from: a key of the rules' sources, and which one in words."""

    source: str
    words: str = ""
    batch: UUID | None = None


def about(identity: UUID | str) -> About:
    """Name a person as the audit does: by a key that says nothing."""
    return About(KIND, str(identity))


def find_people(
    *, sought: finding.Sought, reason: str, by: StaffMember, at: datetime
) -> finding.Findings:
    """Search for people: what was asked is recorded first, and whom it gave before it is shown.

    Raises Refused, ReasonNeeded, or NoName where no word was typed.
    """
    by.must(Permission.SEARCH_PEOPLE)
    if not spelling.words_of(sought.name):
        raise NoName("Write at least one word of the name.")
    return searched(
        asked=_asked(sought),
        words=sought.name,
        reason=reason,
        find=lambda: finding.find(sought, by=by),
        by=by,
        at=at,
    )


def searched(
    *,
    asked: Mapping[str, str],
    kind: str = noted.SEARCH,
    words: str = "",
    reason: str,
    find: Callable[[], finding.Findings],
    by: StaffMember,
    at: datetime,
) -> finding.Findings:
    """Record what is asked, then find, then record whom it gave before that is shown.

    `kind` and `words` are by what was looked and what was typed, for sorting what met something
    hidden. Raises Refused or ReasonNeeded.
    """
    by.must(Permission.SEARCH_PEOPLE)
    if not reason.strip():
        raise audit.ReasonNeeded("Say why you need to look.")
    with transaction.atomic(durable=True):
        noted.note_search(words, kind=kind, by=by, at=at)
        audit.append(
            action=Action.PEOPLE_SOUGHT,
            by=by,
            subject=About(_SEARCH, ""),
            at=at,
            reason=reason.strip(),
            detail=dict(asked),
        )
    found = find()
    with transaction.atomic(durable=True):
        audit.append(
            action=Action.PEOPLE_FOUND,
            by=by,
            subject=About(_SEARCH, ""),
            at=at,
            detail={
                "people": [str(each.identity) for each in found.people],
                "more": found.more,
            },
        )
    return found


@transaction.atomic
def record_person(
    *,
    name: str,
    kind: str = "usual",
    origin: Origin,
    born: tuple[date, date] | None = None,
    sealed_to: str = "",
    by: StaffMember,
    at: datetime,
) -> Person:
    """Record somebody by one name, and when they were born, as it was said, if that is known.

    Raises Refused, or NoName.
    """
    by.must(Permission.RECORD_PEOPLE)
    person = Person(
        reference=new_reference(),
        sealed_to=sealed_to,
        recorded_at=at,
        recorded_by=by,
    )
    person.identity = person.pk
    # The store gives back what it filled in itself, which it may not show to whoever records them.
    with row_security.as_system() if sealed_to else nullcontext():
        person.save()
    _keep_name(person, name, kind, origin=origin, by=by, at=at)
    if born is not None:
        _keep_birth(person, born, "said", origin=origin, by=by, at=at)
    audit.append(action=Action.PERSON_RECORDED, by=by, subject=about(person.identity), at=at)
    return person


@transaction.atomic
def add_name(
    *, identity: UUID, name: str, kind: str, origin: Origin, by: StaffMember, at: datetime
) -> PersonName:
    """Add a name to somebody. Raises Refused, PersonNotFound, or NoName."""
    by.must(Permission.RECORD_PEOPLE)
    person = standing(identity, by=by)
    kept = _keep_name(person, name, kind, origin=origin, by=by, at=at)
    tell_added(identity, "name", by=by, at=at)
    return kept


@transaction.atomic
def add_birth_date(
    *,
    identity: UUID,
    earliest: date,
    latest: date,
    certainty: str,
    origin: Origin,
    by: StaffMember,
    at: datetime,
) -> BirthDate:
    """Add when somebody was born: between two dates, both included.

    Raises Refused, PersonNotFound, or NotADate for dates out of order or in the future.
    """
    by.must(Permission.RECORD_PEOPLE)
    person = standing(identity, by=by)
    kept = _keep_birth(person, (earliest, latest), certainty, origin=origin, by=by, at=at)
    tell_added(identity, "date of birth", by=by, at=at)
    return kept


def standing(identity: UUID, *, by: StaffMember) -> Person:
    """Return the row that somebody's new facts belong to. Raises PersonNotFound."""
    found = finding.visible_to(by).filter(pk=identity, identity=identity).first()
    if found is None:
        raise PersonNotFound("There is no such person.")
    return found


def _keep_name(
    person: Person, name: str, kind: str, *, origin: Origin, by: StaffMember, at: datetime
) -> PersonName:
    written = " ".join(name.split())
    if not spelling.words_of(written):
        raise NoName("Write at least one word of the name.")
    if len(written) > persons.LONGEST_NAME:
        raise NoName(f"Shorten the name to {persons.LONGEST_NAME} characters or fewer.")
    kept = PersonName.objects.create(
        person=person,
        kind=kind,
        written=written,
        **where_from(origin),
        recorded_at=at,
        recorded_by=by,
    )
    index.keep([kept])
    return kept


def _keep_birth(
    person: Person,
    born: tuple[date, date],
    certainty: str,
    *,
    origin: Origin,
    by: StaffMember,
    at: datetime,
) -> BirthDate:
    earliest, latest = born
    if latest < earliest:
        raise NotADate("The first date of birth is later than the last.")
    if earliest > at.date():
        raise NotADate("A date of birth cannot be in the future.")
    return BirthDate.objects.create(
        person=person,
        earliest=earliest,
        latest=latest,
        certainty=certainty,
        **where_from(origin),
        recorded_at=at,
        recorded_by=by,
    )


def where_from(origin: Origin) -> dict[str, object]:
    """Return the columns of a fact that say where it came from."""
    return {"source": origin.source, "source_words": origin.words, "batch": origin.batch}


def _asked(sought: finding.Sought) -> dict[str, str]:
    dates = {"from": sought.born_from, "to": sought.born_to}
    return {"name": sought.name} | {key: day.isoformat() for key, day in dates.items() if day}


def tell_added(identity: UUID, what: str, *, by: StaffMember, at: datetime) -> None:
    """Write the audit row of something recorded of a person: its sort, not what it says.

    By a name, a birth, a contact or a home somebody else may turn out to be the same person.
    """
    if what in _TELLS_WHO:
        Person.objects.filter(pk=identity).update(look_for_alike=True)
    audit.append(
        action=Action.FACT_RECORDED, by=by, subject=about(identity), at=at, detail={"what": what}
    )
