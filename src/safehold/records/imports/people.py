"""Importing people and what is recorded of them: each thing is a fact with its batch.

A fact that the source no longer says is ended and the new one written; one that an officer ended or
recorded here is theirs. Nobody is put together with anybody: that is the side-by-side review's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from safehold.domain import addresses, persons, reachable, spelling
from safehold.domain.access import Role
from safehold.domain.extract_rows import TOO_LONG, UNKNOWN, Row
from safehold.records.imports.doors import Doors
from safehold.records.imports.models import Imported
from safehold.records.imports.report import Weight
from safehold.records.imports.working import SAYS_OTHERWISE, Kept, Work
from safehold.records.people import doors
from safehold.records.people.facts import KINDS
from safehold.records.people.models import Address, AddressReader, Home, Person, PersonFlag
from safehold.records.people.models_of_persons import Fact
from safehold.records.people.operations import where_from
from safehold.records.people.references import new_reference

AS_PROTECTED = "Imported it as protected"
_FIELDS = {
    "name": ("name",),
    "birth": ("born",),
    "contact": ("contact",),
    "home": (
        "home_line", "home_town", "home_postcode", "home_since", "home_until", "home_protected",
    ),
    "need": ("need",),
    "trait": ("trait",),
    "flag": ("flag",),
}  # fmt: skip
_SAYS = {
    "name": ("kind", "written"),
    "birth": ("earliest", "latest", "certainty"),
    "contact": ("kind", "value"),
    "need": ("kind", "words"),
    "trait": ("kind", "answer", "value"),
    "flag": ("kind", "words"),
}
# Of these a person has one that counts, so one of ours beside one of theirs is a question.
_ONE = ("birth", "trait")
RATHER_NOT = "rather_not"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One fact that a row says. `mark` is what the same fact is known by again."""

    what: str
    values: dict[str, Any]

    @property
    def mark(self) -> tuple[Any, ...]:
        """Return what two that say the same have alike."""
        if self.what == "home":
            return _home_mark(
                addresses.key_of(self.values["line"], self.values["postcode"]),
                "" if self.values["postcode"] else self.values["town"],
                self.values,
            )
        return self.what, *(self.values[name] for name in _SAYS[self.what])


@dataclass
class People:
    """Rows that are people, or that say more of people whom another file brought."""

    of_their_own: bool = True
    doors: Doors = field(default_factory=Doors)
    _flagged: set[tuple[UUID, str]] = field(default_factory=set)
    _identities: dict[UUID, UUID] = field(default_factory=dict)

    def load(self, rows: Sequence[Row], work: Work) -> None:
        """Read the addresses that the rows name, and the flags that people have."""
        self.doors.load(
            (_door(row) for row in rows if row.one("home_line")),
            by=work.by,
        )
        known = {*work.targets.values(), *(each.target for each in work.known.values())}
        people = Person.objects.filter(pk__in=known).values_list("pk", "identity")
        self._identities = dict(people)
        flags = PersonFlag.objects.filter(
            person__identity__in=set(self._identities.values()), ended_at=None
        )
        self._flagged = set(flags.values_list("person__identity", "kind"))

    def new(self, row: Row, work: Work) -> Kept | None:
        """Record a person, or more of one who is here."""
        if self.of_their_own:
            person = _person(row, work)
            work.insert(person)
            target = person.pk
            self._identities[target] = target
        else:
            named, _ = work.refer(row, "person")
            target = named[0][1]
        made, waits = [], False
        for wanted in _each_once(self._wanted(row, work)):
            fact = self._write(wanted, target, row, work)
            waits = waits or fact is None
            made += [[wanted.what, str(fact)]] if fact else []
        if self.of_their_own and not any(what == "name" for what, _ in made):
            work.tell(row, Weight.NOTE, "name", "says no name; the person is recorded without one")
        return Kept(target, made, waits)

    def change(self, row: Row, imported: Imported, work: Work) -> Kept | None:
        """End what the source says no longer and write what it says now."""
        target, sealed = imported.target, False
        if self.of_their_own:
            sealed = self._seal(row, imported, work)
        else:
            target = work.refer(row, "person")[0][0][1]
        wanted = {each.mark: each for each in self._wanted(row, work)}
        kept, marks, ended = [], set(), []
        for what, fact, mark in _written(imported.made):
            stays = mark in wanted or work.doubtful(row, *_FIELDS[what])
            if stays and target == imported.target:
                kept.append([what, str(fact.pk)])
                marks.add(mark)
                sealed = self._protect_again(fact, wanted.get(mark), work) or sealed
            else:
                ended.append((what, fact))
        fresh = [each for mark, each in wanted.items() if mark not in marks]
        gone, still = self._end(ended, fresh, row, work)
        kept += still
        wrote, waits = False, False
        for each in fresh:
            self._tell_ours(each, target, row, work)
            written = self._write(each, target, row, work)
            waits, wrote = waits or written is None, wrote or written is not None
            kept += [[each.what, str(written)]] if written else []
        return Kept(target, kept, waits, changed=sealed or gone or wrote)

    def _protect_again(self, fact: Fact, said: Wanted | None, work: Work) -> bool:
        """Protect a home that the source protects since; return whether it was not before."""
        if not isinstance(fact, Home) or said is None or not said.values["protected"]:
            return False
        before = fact.address.protected
        self._protect(fact.address, work)
        return not before

    def _seal(self, row: Row, imported: Imported, work: Work) -> bool:
        """Seal somebody who is a colleague now; no import opens one to the unit again."""
        if row.one("colleague"):
            rows = Person.objects.filter(pk=imported.target, sealed_to="")
            return bool(rows.update(sealed_to=Role.PROFESSIONAL_STANDARDS))
        if work.mapped("colleague"):
            sealed = Person.objects.filter(pk=imported.target).exclude(sealed_to="")
            if sealed.exists():
                says = "no longer says that this is a colleague; here it stays sealed"
                work.tell(row, Weight.CONFLICT, "colleague", says)
        return False

    def _end(
        self, ended: list[tuple[str, Fact]], fresh: list[Wanted], row: Row, work: Work
    ) -> tuple[bool, list[list[str]]]:
        """End facts of ours that still hold; return whether any was, and those that stay."""
        gone, stays = False, list[list[str]]()
        sorts = {each.what for each in fresh}
        for what, fact in ended:
            if what == "name" and what not in sorts and _is_last_name(fact):
                work.tell(row, Weight.NOTE, "name", "says no name any more; the last one is kept")
                stays.append([what, str(fact.pk)])
                continue
            over = (
                KINDS[what]
                ._default_manager.filter(pk=fact.pk, ended_at=None)
                .update(ended_at=work.at, ended_by=work.by, ended_why=SAYS_OTHERWISE)
            )
            gone = gone or bool(over)
            if over and isinstance(fact, PersonFlag):
                self._flagged.discard((fact.person.identity, fact.kind))
            if not over and what in sorts:
                says = "was corrected here; what the source says now stands beside it"
                work.tell(row, Weight.CONFLICT, _FIELDS[what][0], says)
        return gone, stays

    def _tell_ours(self, each: Wanted, target: UUID, row: Row, work: Work) -> None:
        """Tell where somebody here has recorded the same sort of thing: both stand."""
        if each.what not in _ONE:
            return
        of = {"kind": each.values["kind"]} if "kind" in each.values else {}
        ours = KINDS[each.what]._default_manager.filter(
            person__identity=self._identities.get(target, target),
            ended_at=None,
            batch=None,
            **of,
        )
        if ours.exists():
            says = "somebody recorded this here too; both stand"
            work.tell(row, Weight.CONFLICT, _FIELDS[each.what][0], says)

    def _write(self, each: Wanted, target: UUID, row: Row, work: Work) -> UUID | None:
        """Write one fact; None where it cannot stand beside what is here."""
        values = dict(each.values)
        if each.what == "flag":
            flagged = (self._identities.get(target, target), values["kind"])
            if flagged in self._flagged:
                says = "this person has this flag already; it is not set twice"
                work.tell(row, Weight.CONFLICT, "flag", says)
                return None
            self._flagged.add(flagged)
            holds = persons.FLAGS[values["kind"]].holds
            values["until"] = work.today + holds if holds else None
        if each.what == "home":
            values = self._home(values, work)
        fact: Fact = KINDS[each.what](
            person_id=target, **values, **where_from(work.origin), **work.written
        )
        work.insert(fact)
        return fact.pk

    def _home(self, values: dict[str, Any], work: Work) -> dict[str, Any]:
        address = self.doors.of((values["line"], values["town"], values["postcode"]), work)
        if values["protected"]:
            self._protect(address, work)
        return {"address": address, "since": values["since"], "until": values["until"]}

    def _protect(self, address: Address, work: Work) -> None:
        """Protect an address; whoever imports it is named for it, as whoever records one is."""
        self.doors.protect(address)
        if self.doors.unread(address):
            work.insert(
                AddressReader(
                    address=address,
                    member=work.by,
                    named_by=work.by,
                    named_at=work.at,
                    why=AS_PROTECTED,
                )
            )

    def _wanted(self, row: Row, work: Work) -> Iterator[Wanted]:
        for variant, name in row.each("name"):
            written = " ".join(name.split())
            if spelling.words_of(written):
                yield Wanted("name", {"kind": variant, "written": written})
            else:
                work.tell(row, Weight.FIELD, "name", "a name without a word")
        for variant, (earliest, latest) in row.each("born"):
            yield Wanted("birth", {"earliest": earliest, "latest": latest, "certainty": variant})
        for variant, value in row.each("contact"):
            said = " ".join(value.split())
            yield Wanted("contact", {"kind": variant, "value": said, "key": reachable.key_of(said)})
        if row.one("home_line"):
            yield Wanted("home", _home_said(row, work))
        for _, kind in row.each("need"):
            yield Wanted("need", {"kind": kind, "words": ""})
        yield from _traits(row, work)
        for _, kind in row.each("flag"):
            yield Wanted("flag", {"kind": kind, "words": ""})


def _person(row: Row, work: Work) -> Person:
    made = Person(
        reference=work.reference(Person, new_reference),
        sealed_to=Role.PROFESSIONAL_STANDARDS if row.one("colleague") else "",
        **work.written,
    )
    made.identity = made.pk
    return made


def _door(row: Row) -> tuple[str, str, str]:
    line = " ".join(str(row.one("home_line")).split())
    return line, row.one("home_town", ""), addresses.tidy_postcode(row.one("home_postcode", ""))


def _home_said(row: Row, work: Work) -> dict[str, Any]:
    line, town, postcode = _door(row)
    since, until = row.one("home_since"), row.one("home_until")
    if since and until and until < since:
        work.tell(row, Weight.FIELD, "home_until", "a last day that lies before the first")
        until = None
    return {
        "line": line,
        "town": town,
        "postcode": postcode,
        "since": since,
        "until": until,
        "protected": bool(row.one("home_protected")),
    }


def _traits(row: Row, work: Work) -> Iterator[Wanted]:
    for kind, value in row.each("trait"):
        if value == RATHER_NOT:
            yield Wanted("trait", {"kind": kind, "answer": RATHER_NOT, "value": ""})
            continue
        known = persons.CHARACTERISTICS[kind].options
        if known and value not in known:
            work.tell(row, Weight.FIELD, "trait", UNKNOWN)
        elif len(value) > persons.LONGEST_VALUE:
            work.tell(row, Weight.FIELD, "trait", TOO_LONG)
        else:
            yield Wanted("trait", {"kind": kind, "answer": persons.SAID, "value": value})


def _each_once(wanted: Iterable[Wanted]) -> list[Wanted]:
    return list({each.mark: each for each in wanted}.values())


def _is_last_name(fact: Fact) -> bool:
    names = KINDS["name"]._default_manager
    return names.filter(person__identity=fact.person.identity, ended_at=None).count() <= 1


def _written(made: list[list[str]]) -> Iterator[tuple[str, Fact, tuple[Any, ...]]]:
    """Return what an import wrote of a row, as it was written: facts never change."""
    for what in dict.fromkeys(what for what, _ in made):
        keys = [key for of, key in made if of == what]
        facts = list(KINDS[what]._default_manager.filter(pk__in=keys).select_related("person"))
        if what == "home":
            doors.give_addresses(facts)
        for fact in facts:
            yield what, fact, _mark(what, fact)


def _mark(what: str, fact: Fact) -> tuple[Any, ...]:
    if isinstance(fact, Home):
        said = {"since": fact.since, "until": fact.until}
        return _home_mark(
            fact.address.key, "" if fact.address.postcode else fact.address.town, said
        )
    return what, *(getattr(fact, name) for name in _SAYS[what])


def _home_mark(key: str, town: str, said: dict[str, Any]) -> tuple[Any, ...]:
    return "home", key, town.casefold(), said["since"], said["until"]
