"""Recording what is known of a person beside names and birth, and ending what does not hold."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from safehold.domain import persons, reachable
from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.people import doors
from safehold.records.people.models import (
    AddressReader,
    BirthDate,
    Contact,
    Home,
    Need,
    Person,
    PersonFlag,
    PersonName,
    Trait,
)
from safehold.records.people.models_of_persons import Fact
from safehold.records.people.operations import (
    Origin,
    about,
    standing,
    tell_added,
    where_from,
)
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

# What may be ended, by the word that stands in an address.
KINDS: dict[str, type[Fact]] = {
    "name": PersonName,
    "birth": BirthDate,
    "contact": Contact,
    "home": Home,
    "need": Need,
    "trait": Trait,
    "flag": PersonFlag,
}


class NotAFact(ValueError):
    """What was typed does not say what it has to; the message says what is wrong."""


class FlaggedAlready(Exception):
    """The person has this flag: one concept, one flag."""


class FactNotFound(LookupError):
    """The person has no such fact that still holds."""


class LastName(Exception):
    """A person keeps at least one name."""


@transaction.atomic
def add_contact(
    *, identity: UUID, kind: str, value: str, origin: Origin, by: StaffMember, at: datetime
) -> Contact:
    """Add a number or an address of somebody's. Whether it is safe is not said here.

    Raises Refused, PersonNotFound, or NotAFact.
    """
    person = _person(identity, by)
    said = " ".join(value.split())
    if not said or len(said) > persons.LONGEST_VALUE:
        raise NotAFact("Write the number or the address.")
    key = reachable.key_of(said)
    kept = Contact.objects.create(
        person=person, kind=kind, value=said, key=key, **_row(origin, by=by, at=at)
    )
    tell_added(identity, "contact", by=by, at=at)
    return kept


@transaction.atomic
def add_home(
    *,
    identity: UUID,
    line: str,
    town: str = "",
    postcode: str = "",
    since: date | None = None,
    until: date | None = None,
    protected: bool = False,
    origin: Origin,
    by: StaffMember,
    at: datetime,
) -> Home:
    """Say that somebody lives, lived or works at an address: the row that is there, or a new one.

    A protected one may be opened by whoever records it, and by whoever is named later. An address
    that is protected stays so. Raises Refused, PersonNotFound, or NotAFact.
    """
    person = _person(identity, by)
    said = " ".join(line.split())
    if not said or len(said) > persons.LONGEST_VALUE:
        raise NotAFact("Write the first line of the address.")
    if since and until and until < since:
        raise NotAFact("The last day at the address lies before the first.")
    address = doors.kept(doors.Door(said, town, postcode), by=by, at=at)
    if protected and not address.protected:
        doors.protect(address)
    if address.protected and protected:
        AddressReader.objects.get_or_create(
            address=address,
            member=by,
            defaults={"named_by": by, "named_at": at, "why": "Recorded it as protected"},
        )
    kept = Home.objects.create(
        person=person, address=address, since=since, until=until, **_row(origin, by=by, at=at)
    )
    tell_added(identity, "home", by=by, at=at)
    return kept


@transaction.atomic
def add_need(
    *, identity: UUID, kind: str, words: str, origin: Origin, by: StaffMember, at: datetime
) -> Need:
    """Add what somebody needs so that we can talk, meet or write.

    Raises Refused, PersonNotFound, or NotAFact.
    """
    person = _person(identity, by)
    kept = Need.objects.create(
        person=person, kind=kind, words=_short(words), **_row(origin, by=by, at=at)
    )
    tell_added(identity, "need", by=by, at=at)
    return kept


@transaction.atomic
def add_trait(
    *,
    identity: UUID,
    kind: str,
    answer: str,
    value: str,
    origin: Origin,
    by: StaffMember,
    at: datetime,
) -> Trait:
    """Add a characteristic as somebody says it of themselves, or why it is not known.

    Raises Refused, PersonNotFound, or NotAFact.
    """
    person = _person(identity, by)
    said = _short(value)
    characteristic = persons.CHARACTERISTICS.get(kind)
    if characteristic is None:
        raise NotAFact("Choose what this is about.")
    if answer == persons.SAID:
        if characteristic.options and said not in characteristic.options:
            raise NotAFact("Choose the answer that they gave.")
        if not said:
            raise NotAFact("Write what they said.")
    elif answer == persons.RATHER_NOT:
        said = ""
    elif not said:
        raise NotAFact("Write why it was not asked.")
    kept = Trait.objects.create(
        person=person, kind=kind, answer=answer, value=said, **_row(origin, by=by, at=at)
    )
    tell_added(identity, "characteristic", by=by, at=at)
    return kept


@transaction.atomic
def add_flag(
    *, identity: UUID, kind: str, words: str, origin: Origin, by: StaffMember, at: datetime
) -> PersonFlag:
    """Flag a person: one flag of a concept, looked at again when its time is over.

    Raises Refused, PersonNotFound, NotAFact, or FlaggedAlready.
    """
    person = _person(identity, by)
    flag = persons.FLAGS.get(kind)
    if flag is None:
        raise NotAFact("Choose a flag.")
    flagged = PersonFlag.objects.filter(person__identity=identity, kind=kind, ended_at=None)
    if flagged.exists():
        raise FlaggedAlready("This person has this flag. End it first, if it is to say more.")
    try:
        with transaction.atomic():
            kept = PersonFlag.objects.create(
                person=person,
                kind=kind,
                words=_short(words),
                until=localdate(at) + flag.holds if flag.holds else None,
                **_row(origin, by=by, at=at),
            )
    except IntegrityError:
        raise FlaggedAlready("Somebody else has just set this flag.") from None
    tell_added(identity, "flag", by=by, at=at)
    return kept


@transaction.atomic
def end_fact(
    *, identity: UUID, what: str, fact_id: UUID, why: str, by: StaffMember, at: datetime
) -> None:
    """Say that something recorded of a person does not hold; the row stays, and says why.

    Raises ReasonTooThin, Refused, PersonNotFound, FactNotFound, or LastName.
    """
    stated = meaningful(why)
    _person(identity, by)
    kind = KINDS.get(what)
    if kind is None:
        raise FactNotFound("There is no such thing to end.")
    rows = kind._default_manager.filter(person__identity=identity, ended_at=None)
    fact = rows.select_for_update(no_key=True, of=("self",)).filter(pk=fact_id).first()
    if fact is None:
        raise FactNotFound("This does not hold any more: somebody has ended it.")
    if kind is PersonName and rows.count() == 1:
        raise LastName("A person keeps at least one name. Add the right one first.")
    fact.ended_at, fact.ended_by, fact.ended_why = at, by, stated
    fact.save(update_fields=["ended_at", "ended_by", "ended_why"])
    audit.append(
        action=Action.FACT_ENDED,
        by=by,
        subject=about(identity),
        at=at,
        reason=stated,
        detail={"what": what},
    )


def _person(identity: UUID, by: StaffMember) -> Person:
    by.must(Permission.RECORD_PEOPLE)
    return standing(identity, by=by)


def _row(origin: Origin, *, by: StaffMember, at: datetime) -> dict[str, object]:
    return {**where_from(origin), "recorded_at": at, "recorded_by": by}


def _short(words: str) -> str:
    said = " ".join(words.split())
    if len(said) > persons.LONGEST_VALUE:
        raise NotAFact(f"Shorten this to {persons.LONGEST_VALUE} characters or fewer.")
    return said
