"""Invented people, as they are and as others write them down."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from safehold.demonstration.chance import stream
from safehold.demonstration.names import MEN, WOMEN, spellings_of_surname, surnames
from safehold.demonstration.streets import Postcode

PEOPLE = 360
# Ofcom keeps 07700 900000 to 900999 for drama; nobody can be called on one.
MOBILE_START = "07700 900"
ELDEST, YOUNGEST = 74, 16
NAMESAKES = 3  # pairs with one name and two lives: the trap for whoever links by name


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person, written as he or she would write it."""

    key: str
    forename: str
    forenames_written: tuple[str, ...]
    surname: str
    sex: str
    born: date
    phone: str
    street: str
    town: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Written:
    """A person as one record has them: a spelling, and perhaps no birthday or number."""

    forename: str
    surname: str
    born: date | None
    phone: str
    street: str
    town: str
    postcode: str


def invent_people(seed: int, today: date, postcodes: tuple[Postcode, ...]) -> tuple[Person, ...]:
    """Invent the people: each name once, but for the pairs of namesakes, who come last."""
    chance = stream(seed, "people")
    family_names = surnames(chance)
    people = [
        _person(chance, number, today, family_names[number % len(family_names)], postcodes)
        for number in range(PEOPLE - NAMESAKES)
    ]
    for number, original in enumerate(chance.sample(people, NAMESAKES), PEOPLE - NAMESAKES):
        other = _person(chance, number, today, original.surname, postcodes)
        people.append(
            replace(
                other,
                forename=original.forename,
                forenames_written=original.forenames_written,
                sex=original.sex,
                born=original.born - timedelta(days=365 * 4 + 40),
            )
        )
    return tuple(people)


def namesakes(people: tuple[Person, ...]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of keys of different people who share a whole name."""
    first: dict[tuple[str, str], str] = {}
    pairs = []
    for person in people:
        name = (person.forename, person.surname)
        if name in first:
            pairs.append((first[name], person.key))
        first.setdefault(name, person.key)
    return tuple(pairs)


def as_written(chance: Random, person: Person, *, careless: bool) -> Written:
    """Write a person down; a careless hand misspells, forgets and swaps day with month."""
    if not careless:
        return Written(
            person.forename,
            person.surname,
            person.born,
            person.phone,
            person.street,
            person.town,
            person.postcode,
        )
    return Written(
        forename=chance.choice(person.forenames_written),
        surname=chance.choice(spellings_of_surname(person.surname)[:5]),
        born=_birthday_as_heard(chance, person.born),
        phone=person.phone if chance.random() < 0.55 else "",
        street=person.street if chance.random() < 0.7 else "",
        town=person.town,
        postcode=person.postcode if chance.random() < 0.5 else "",
    )


def _person(
    chance: Random, number: int, today: date, surname: str, postcodes: tuple[Postcode, ...]
) -> Person:
    sex = chance.choice(("female", "male"))
    family = chance.choice(WOMEN if sex == "female" else MEN)
    home = chance.choice(postcodes)
    return Person(
        key=f"person-{number + 1:04}",
        forename=family[0],
        forenames_written=family,
        surname=surname,
        sex=sex,
        born=today - timedelta(days=chance.randint(YOUNGEST * 366, ELDEST * 365)),
        phone=f"{MOBILE_START}{number + 600:03}",
        street=home.street,
        town=home.town,
        postcode=home.postcode,
    )


def _birthday_as_heard(chance: Random, born: date) -> date | None:
    fate = chance.random()
    if fate < 0.25:
        return None
    if fate < 0.4 and born.day <= 12:
        return born.replace(month=born.day, day=min(born.month, 28))
    if fate < 0.5:
        return born.replace(year=born.year + 1, day=min(born.day, 28))
    return born
