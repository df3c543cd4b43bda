"""A person and a history in words: what is known, how surely, and where it was looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate

from safehold.design.words import day, moment
from safehold.domain import births, persons
from safehold.protection import presenters
from safehold.records.histories.queries import Entry, History, Looked
from safehold.records.orders import queries as orders
from safehold.records.people.finding import Found
from safehold.records.people.queries import Recorded
from safehold.records.risk import pairs
from safehold.records.staff.queries import StaffMember

MASKED = "A protected address. Only members who are named may see it."


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One result of a search, in words."""

    path: str
    name: str
    reference: str
    others: str
    born: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is recorded of a person: what, where from, and where it is ended."""

    label: str
    says: str
    origin: str
    end: str
    note: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One panel of a person's page, with where something is added to it."""

    key: str
    title: str
    empty: str
    lines: tuple[Line, ...]
    adds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One incident of a timeline, in words."""

    when: str
    incident_id: str
    reference: str
    title: str
    crime: str
    details: tuple[str, ...]
    parts: tuple[tuple[str, str, str], ...]
    aggressor: bool


def found_rows(people: Iterable[Found], *, on: date) -> list[FoundRow]:
    """Say who was found: names and births, and no more."""
    return [
        FoundRow(
            path=reverse("protection:person", args=[found.identity]),
            name=found.name,
            reference=found.reference,
            others="; ".join(found.other_names),
            born=births.in_words(found.born, on=on) if found.born else "",
        )
        for found in people
    ]


def groups(
    recorded: Recorded, *, on: date, marked: Mapping[UUID, Sequence[str]] | None = None
) -> list[Group]:
    """Say what is recorded of a person, each sort in a panel of its own.

    `marked` holds what whoever goes to an address has to know, by the address's key.
    """
    to = _Lines(recorded, marked or {})
    return [
        Group(
            "names",
            "Names",
            "",
            tuple(
                to.line("name", row, persons.label("names", row.kind), row.written)
                for row in recorded.names
            ),
            (to.adds("name", "Add a name"),),
        ),
        Group(
            "born",
            "Born",
            "Not known.",
            tuple(
                to.line(
                    "birth",
                    row,
                    persons.label("birth_certainties", row.certainty),
                    births.in_words((row.earliest, row.latest), on=on),
                )
                for row in recorded.births
            ),
            (to.adds("birth", "Add when they were born"),),
        ),
        Group(
            "contacts",
            "Numbers and addresses online",
            "None recorded.",
            tuple(
                to.line("contact", row, persons.label("contacts", row.kind), row.value)
                for row in recorded.contacts
            ),
            (to.adds("contact", "Add one"),),
        ),
        Group(
            "homes",
            "Addresses",
            "None recorded.",
            tuple(to.home(row) for row in recorded.homes),
            (to.adds("home", "Add an address"),),
        ),
        Group(
            "needs",
            "What they need",
            "Nothing recorded.",
            tuple(
                to.line("need", row, persons.label("needs", row.kind), row.words)
                for row in recorded.needs
            ),
            (to.adds("need", "Add what they need"),),
        ),
        Group(
            "traits",
            "What they say of themselves",
            "Nothing was asked yet.",
            tuple(
                to.line("trait", row, persons.label("characteristics", row.kind), _trait(row))
                for row in recorded.traits
            ),
            tuple(to.adds(f"trait-{each.key}", each.label) for each in _CHARACTERISTICS),
        ),
    ]


def flags(recorded: Recorded, *, on: date) -> list[Line]:
    """Say a person's flags, each once, with when it is looked at again."""
    to, said = _Lines(recorded), dict[str, Line]()
    for row in recorded.flags:
        flag = persons.FLAGS[row.kind]
        again = ""
        if row.until:
            over = row.until < on
            again = f"To be looked at again {'since' if over else 'on'} {day(row.until)}."
        words = f"{flag.label}: {row.words}" if row.words else flag.label
        if row.kind in said:  # two people who were put together had it both
            said[row.kind] = _twice(said[row.kind], row.words)
        else:
            said[row.kind] = to.line("flag", row, words, flag.means, note=again)
    return list(said.values())


def _twice(line: Line, words: str) -> Line:
    second = f"It is recorded a second time: {words}." if words else "It is recorded a second time."
    return replace(line, note=f"{line.note} {second}".strip())


def may_be_child(recorded: Recorded, *, on: date) -> bool:
    """Tell whether somebody is flagged as a child, or may be younger than 18 by a date of birth."""
    born = any(births.ages((row.earliest, row.latest), on=on)[0] < 18 for row in recorded.births)
    return born or any(row.kind == "child" for row in recorded.flags)


def address_words(address: Any) -> str:
    """Write an address in one line, for whoever may read it."""
    return ", ".join(filter(None, (address.line, address.town, address.postcode)))


def entry_rows(history: History, *, by: StaffMember) -> list[EntryRow]:
    """Say the incidents of a timeline, the newest first, with breaches and what is asked."""
    keys = [entry.incident.pk for entry in history.entries]
    asked = pairs.asked_in(keys, by=by)
    broken = orders.breaches_among(keys, by=by) if keys else {}
    return [
        _entry(entry, broken.get(entry.incident.pk), asked=entry.incident.pk in asked)
        for entry in history.entries
    ]


def searched_words(history: History) -> tuple[str, str]:
    """Say where a history was looked for, and where it was not."""
    done = [_looked(each) for each in history.looked if each.outcome in {"found", "nothing"}]
    not_done = [each for each in history.looked if each.outcome not in {"found", "nothing"}]
    here = f"our records here since {day(history.since)}" if history.since else "our records here"
    missing = [
        f"{each.source.label} ({each.words})" if each.words else each.source.label
        for each in not_done
    ]
    return "; ".join([here, *done]), "; ".join(missing)


def _looked(each: Looked) -> str:
    came = "nothing found" if each.outcome == "nothing" else f"found: {each.words}"
    when = moment(each.at) if each.at else ""
    return f"{each.source.label}, {when} by {each.by}, {came}"


def _entry(entry: Entry, broken: tuple[UUID, str] | None, *, asked: bool) -> EntryRow:
    incident = entry.incident
    details = [
        f"May be a breach: {broken[1]}" if broken else "",
        incident.get_setting_display()
        if incident.setting in {"public", "private", "online"}
        else "",
        incident.get_acquainted_display() if incident.acquainted in {"stranger", "known"} else "",
        "Online" if incident.online == "yes" else "",
        "Alcohol or drugs" if incident.alcohol_or_drugs == "yes" else "",
        "In the night-time economy" if incident.night_time == "yes" else "",
    ]
    return EntryRow(
        when=presenters.interval_words(incident),
        incident_id=str(incident.pk),
        reference=incident.reference,
        title=incident.get_classification_display(),
        crime=incident.get_crime_decision_display(),
        details=tuple(filter(None, details)),
        parts=tuple(
            (
                " · ".join(filter(None, (part.category or part.part, part.relationship.lower()))),
                part.name,
                reverse("protection:person", args=[part.identity]) if part.identity else "",
            )
            for part in entry.parts
        ),
        aggressor=asked,
    )


class _Lines:
    def __init__(
        self, recorded: Recorded, marked: Mapping[UUID, Sequence[str]] | None = None
    ) -> None:
        self.recorded = recorded
        self.marked = marked or {}

    def home(self, row: Any) -> Line:
        note = " ".join(self.marked.get(row.address_id, ()))
        label, says = while_words(row.since, row.until), self.address(row.address)
        path = reverse("protection:address", args=[row.address_id])
        return self.line("home", row, label, says, note=note, path=path)

    def line(
        self, what: str, row: Any, label: str, says: str, *, note: str = "", path: str = ""
    ) -> Line:
        source = persons.label("sources", row.source)
        origin = f"{source}: {row.source_words}" if row.source_words else source
        return Line(
            label=label,
            says=says,
            origin=f"{origin}. {row.recorded_by.name}, {_when(row.recorded_at)}.",
            end=reverse("protection:person_end", args=[self.recorded.identity, what, row.pk]),
            note=note,
            path=path,
        )

    def adds(self, what: str, words: str) -> tuple[str, str]:
        return reverse("protection:person_add", args=[self.recorded.identity, what]), words

    def address(self, address: Any) -> str:
        if not self.recorded.may_read(address):
            return MASKED
        return address_words(address)


def _trait(row: Any) -> str:
    if row.answer == persons.SAID:
        options = persons.CHARACTERISTICS[row.kind].options
        return options.get(row.value, row.value)
    if row.answer == persons.RATHER_NOT:
        return "Rather not say"
    return f"Not asked: {row.value}"


def while_words(since: date | None, until: date | None) -> str:
    """Say from when to when somebody was at an address, as far as it is known."""
    if since and until:
        return f"{day(since)} to {day(until)}"
    if until:
        return f"Until {day(until)}"
    return f"Since {day(since)}" if since else "When is not known"


def _when(at: datetime) -> str:
    return day(localdate(at))


_NOT_SAID = frozenset({"not_known", "not_asked"})
_CHARACTERISTICS = tuple(persons.CHARACTERISTICS.values())
