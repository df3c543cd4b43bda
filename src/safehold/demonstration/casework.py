"""Invented work on the incidents: who is in them, cases, deadlines, colleagues, and four traps."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from safehold.demonstration.chance import stream
from safehold.demonstration.incidents import LOCAL, Incident
from safehold.demonstration.people import Person, Written, as_written

REPEAT_SUSPECTS = 6
COLLEAGUES = 14
CASES = 60
ABOUT_TO_LAPSE, LAPSED = 5, 3
MORNING = time(8, 0)

RANKS = ("constable", "constable", "detective constable", "sergeant", "inspector", "case worker")
CASE_KINDS = ("protection", "protection", "protection", "investigation", "dvds")
# A deadline that such a case has, and its length in hours. The law behind each belongs to the
# rules; here only the shape of the work is invented.
DEADLINES = {
    "protection": (("tell the person about the arrest", 24), ("refer to support", 48)),
    "investigation": (("supervisor's review", 24 * 28), ("update the person", 24 * 5)),
    "dvds": (("decide on the disclosure", 24 * 28),),
}


@dataclass(frozen=True, slots=True)
class Appearance:
    """A person in an incident, as that record has them."""

    key: str
    incident: str
    role: str  # suspect, victim, witness
    relationship: str
    person: str  # the truth: who it is; never written beside the record
    written: Written


@dataclass(frozen=True, slots=True)
class Case:
    """Work on one incident, by one owner."""

    key: str
    kind: str
    incident: str
    owner: str
    opened: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline of a case; `met` is None while it is open."""

    key: str
    case: str
    what: str
    due: datetime
    met: datetime | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone who works in the unit; `person` says which invented person this is, if any."""

    key: str
    username: str
    name: str
    rank: str
    person: str


@dataclass(frozen=True, slots=True)
class Reversal:
    """An allegation in reverse: `primary` was the victim before `accuser` accused her or him."""

    before: tuple[str, ...]
    reversed_in: str
    primary: str
    accuser: str


@dataclass(frozen=True, slots=True)
class Casework:
    """All the invented work, with what was planted in it."""

    appearances: tuple[Appearance, ...]
    cases: tuple[Case, ...]
    deadlines: tuple[Deadline, ...]
    colleagues: tuple[Colleague, ...]
    repeat_suspects: tuple[str, ...]
    about_to_lapse: tuple[str, ...]
    lapsed: tuple[str, ...]
    parties: tuple[tuple[str, str, str, str], ...]  # colleague, person, incident, role
    reversal: Reversal


def invent_casework(
    seed: int, today: date, people: tuple[Person, ...], incidents: tuple[Incident, ...]
) -> Casework:
    """Invent the work of the unit and plant what it must notice."""
    chance = stream(seed, "casework")
    cast = _Cast(chance, people, incidents)
    repeat = cast.plant_repeat_suspects()
    reversal = cast.plant_reversal()
    colleagues = _colleagues(chance, cast)
    parties = cast.plant_parties(colleagues)
    cast.fill_the_rest()
    cases = _cases(chance, incidents, cast, colleagues)
    deadlines = tuple(_deadlines(chance, today, cases))
    now = datetime.combine(today, MORNING, LOCAL)
    open_ones = [deadline for deadline in deadlines if deadline.met is None]
    return Casework(
        appearances=tuple(cast.appearances),
        cases=cases,
        deadlines=deadlines,
        colleagues=colleagues,
        repeat_suspects=repeat,
        about_to_lapse=tuple(d.key for d in open_ones if now <= d.due < now + timedelta(hours=24)),
        lapsed=tuple(d.key for d in open_ones if d.due < now),
        parties=parties,
        reversal=reversal,
    )


class _Cast:
    """Gives incidents their people, each incident once and each planted person their own part."""

    def __init__(
        self, chance: Random, people: tuple[Person, ...], incidents: tuple[Incident, ...]
    ) -> None:
        self.chance = chance
        self.named = Counter((person.forename, person.surname) for person in people)
        free = list(people)
        chance.shuffle(free)
        self.men = [person for person in free if person.sex == "male"]
        self.women = [person for person in free if person.sex == "female"]
        self.at_home = [incident for incident in incidents if incident.setting == "private"]
        self.by_stranger = [
            incident
            for incident in incidents
            if incident.setting == "public" and incident.stranger and incident.crime
        ]
        self.known = list(self.at_home)
        chance.shuffle(self.known)
        chance.shuffle(self.by_stranger)
        self.appearances: list[Appearance] = []

    def with_a_name_of_their_own(self) -> tuple[list[Person], list[Person]]:
        """Return the men and the women who are left and whose whole name nobody else has."""
        men = [person for person in self.men if self.named[person.forename, person.surname] == 1]
        women = [p for p in self.women if self.named[p.forename, p.surname] == 1]
        return men, women

    def appear(self, incident: Incident, role: str, person: Person, relationship: str) -> None:
        # A suspect is described by others, so carelessly; a victim gives her own name.
        written = as_written(self.chance, person, careless=role == "suspect")
        self.appearances.append(
            Appearance(
                f"appearance-{len(self.appearances) + 1:05}",
                incident.key,
                role,
                relationship,
                person.key,
                written,
            )
        )

    def plant_repeat_suspects(self) -> tuple[str, ...]:
        planted = []
        for _ in range(REPEAT_SUSPECTS):
            suspect = self.men.pop()
            planted.append(suspect.key)
            for _ in range(self.chance.randint(3, 5)):
                incident = self.by_stranger.pop()
                self.appear(incident, "suspect", suspect, "stranger")
                self.appear(incident, "victim", self.women.pop(), "stranger")
        return tuple(planted)

    def plant_reversal(self) -> Reversal:
        primary, accuser = self.women.pop(), self.men.pop()
        four = sorted((self.known.pop() for _ in range(4)), key=lambda i: i.started)
        for incident in four[:3]:
            self.appear(incident, "victim", primary, "partner")
            self.appear(incident, "suspect", accuser, "partner")
        self.appear(four[3], "victim", accuser, "partner")
        self.appear(four[3], "suspect", primary, "partner")
        return Reversal(
            tuple(incident.key for incident in four[:3]), four[3].key, primary.key, accuser.key
        )

    def plant_parties(
        self, colleagues: tuple["Colleague", ...]
    ) -> tuple[tuple[str, str, str, str], ...]:
        planted = []
        people = {person.key: person for person in (*self.men, *self.women)}
        for colleague in colleagues:
            if not colleague.person:
                continue
            person = people[colleague.person]
            same = self.men if person.sex == "male" else self.women
            same.remove(person)
            incident = self.known.pop()
            role = "suspect" if person.sex == "male" else "victim"
            other = self.women.pop() if role == "suspect" else self.men.pop()
            self.appear(incident, role, person, "former partner")
            self.appear(
                incident, "victim" if role == "suspect" else "suspect", other, "former partner"
            )
            planted.append((colleague.key, person.key, incident.key, role))
        return tuple(planted)

    def fill_the_rest(self) -> None:
        """Give what is left to the people who are left: a man once only, so no chance repeats."""
        for incident in self.known:
            if not self.men or not self.women:
                return
            self.appear(incident, "suspect", self.men.pop(), "partner")
            self.appear(incident, "victim", self.women.pop(), "partner")


def _colleagues(chance: Random, cast: _Cast) -> tuple[Colleague, ...]:
    # A colleague shares a name with nobody, so that a name alone tells who is a party.
    men, women = cast.with_a_name_of_their_own()
    chosen = [men[0], women[0]]
    names = iter(chance.sample([*men[1:], *women[1:]], COLLEAGUES))
    found = []
    for number in range(COLLEAGUES):
        person = chosen[number] if number < len(chosen) else next(names)
        found.append(
            Colleague(
                key=f"colleague-{number + 1:02}",
                username=f"{person.forename[0]}{person.surname}{number + 1:02}".lower(),
                name=f"{person.forename} {person.surname}",
                rank=RANKS[number % len(RANKS)],
                person=person.key if number < len(chosen) else "",
            )
        )
    for colleague in found[len(chosen) :]:
        _leave_out(cast, colleague.name)
    return tuple(found)


def _leave_out(cast: _Cast, name: str) -> None:
    # A colleague without a part must not turn up in an incident by chance.
    for people in (cast.men, cast.women):
        people[:] = [p for p in people if f"{p.forename} {p.surname}" != name]


def _cases(
    chance: Random,
    incidents: tuple[Incident, ...],
    cast: _Cast,
    colleagues: tuple[Colleague, ...],
) -> tuple[Case, ...]:
    by_key = {incident.key: incident for incident in incidents}
    touched = sorted({appearance.incident for appearance in cast.appearances})
    newest = sorted(touched, key=lambda key: by_key[key].reported)[-CASES:]
    return tuple(
        Case(
            key=f"case-{number:04}",
            kind=chance.choice(CASE_KINDS),
            incident=key,
            owner=chance.choice(colleagues).key,
            opened=by_key[key].reported,
        )
        for number, key in enumerate(newest, 1)
    )


def _deadlines(chance: Random, today: date, cases: tuple[Case, ...]) -> Iterator[Deadline]:
    now = datetime.combine(today, MORNING, LOCAL)
    planted = [
        *(now + timedelta(minutes=chance.randint(30, 23 * 60)) for _ in range(ABOUT_TO_LAPSE)),
        *(now - timedelta(minutes=chance.randint(60, 5_000)) for _ in range(LAPSED)),
    ]
    # No case may be younger than a deadline of its own that has passed.
    old = [at for at, case in enumerate(cases) if case.opened < now - timedelta(days=5)]
    open_cases = chance.sample(old, len(planted))
    open_at = dict(zip(open_cases, planted, strict=True))
    number = 0
    for position, case in enumerate(cases):
        for order, (what, hours) in enumerate(DEADLINES[case.kind]):
            number += 1
            due = case.opened + timedelta(hours=hours)
            met: datetime | None = min(due - timedelta(hours=hours * 0.3), now)
            if order == 0 and position in open_at:
                due, met = open_at[position], None
            yield Deadline(f"deadline-{number:04}", case.key, what, due, met)
