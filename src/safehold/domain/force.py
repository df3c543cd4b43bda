"""The profile of a force: what a page may say about it, and where each fact comes from.

A profile is one TOML file. Nothing in it is guessed: a fact that nobody has confirmed is written
`to_be_confirmed`, and pages say what they can without it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from safehold.domain import translations
from safehold.domain.languages import SOURCE, Approval, known
from safehold.domain.translations import Phrase

TO_BE_CONFIRMED = "to_be_confirmed"

# Ofcom, "Telephone numbers for use in TV and radio drama": nobody is ever given one of these.
DRAMA_STARTS = ("01632960", "02079460", "03069990", "07700900", "08081570", "09098790")
DRAMA_LENGTH = 11
PHASES = ("Alpha", "Beta", "Live")
NOT_EVERYWHERE = ("dapn", "dapo")  # orders that are rolled out force by force


class ForceProfileError(ValueError):
    """A profile that cannot be used; `problems` holds one sentence per wrong field."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Phase:
    """How finished the site is, and the date of the version shown."""

    label: str
    version_date: date


@dataclass(frozen=True, slots=True)
class Helpline:
    """A line of someone who is not the police. `hours` is written as people say it."""

    name: str
    number: str
    hours: str
    serves: str


@dataclass(frozen=True, slots=True)
class Phones:
    """The numbers a page gives. `all_hours` and `sarc` are None until the force confirms them."""

    emergency: str
    non_emergency: str
    all_hours: Helpline | None = None
    sarc: Helpline | None = None
    helplines: tuple[Helpline, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Where one field of a profile comes from.

    `verified_on` is the day someone of the force confirmed it, or None: read, not yet confirmed.
    """

    fact: str
    source: str
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class Claims:
    """What the force itself says it does; a public page claims nothing beyond these."""

    white_ribbon: bool = False
    soteria: bool = False
    vigilant: bool = False
    partnership_name: str = ""


@dataclass(frozen=True, slots=True)
class Force:
    """One force, as every page, receipt and map of an installation names it."""

    key: str
    name: str
    short_name: str
    unit_name: str
    area_name: str
    demonstration: bool
    police_uk_name: str
    exit_url: str
    exit_fallbacks: tuple[str, ...]
    owns_registrable_domain: bool
    phase: Phase
    phones: Phones
    when_reports_are_read: str
    online_reporting_url: str
    languages: tuple[str, ...]
    patrol_name: str
    claims: Claims = field(default_factory=Claims)
    sources: tuple[Fact, ...] = ()
    approvals: tuple[Approval, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    orders_live_here: tuple[str, ...] = ()

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Name what the force has not confirmed: what pages go without, then what they say."""
        left_open = {
            "when_reports_are_read": self.when_reports_are_read,
            "online_reporting_url": self.online_reporting_url,
            "phones.all_hours": self.phones.all_hours,
            "phones.sarc": self.phones.sarc,
        }
        return (
            *(name for name, value in left_open.items() if not value),
            *(fact.fact for fact in self.sources if fact.verified_on is None),
        )

    @property
    def reading_sentence(self) -> str:
        """Say when reports are read; where that is not confirmed, say so and give the numbers."""
        if self.when_reports_are_read:
            return self.when_reports_are_read
        return (
            "We cannot say yet when reports sent here are read. "
            f"In danger, call {self.phones.emergency}. "
            f"To speak to the police, call {self.phones.non_emergency}."
        )


def is_drama_number(number: str) -> bool:
    """Tell whether a phone number lies in a range that Ofcom keeps for drama."""
    digits = re.sub(r"\D", "", number)
    return len(digits) == DRAMA_LENGTH and digits.startswith(DRAMA_STARTS)


def parse(profile: Mapping[str, Any]) -> Force:
    """Read a profile from the mapping that its TOML file holds.

    Raises ForceProfileError with one sentence for each missing, unknown or wrong field.
    """
    reader = _Reader(profile)
    approvals, phrases = translations.read(reader.tables_of("translations"))
    force = Force(
        key=reader.matching("key", r"[a-z][a-z0-9-]*", "lower-case letters, digits and hyphens"),
        name=reader.words("name"),
        short_name=reader.words("short_name"),
        unit_name=reader.words("unit_name"),
        area_name=reader.words("area_name"),
        demonstration=reader.yes_or_no("demonstration"),
        police_uk_name=reader.words("police_uk_name"),
        exit_url=reader.address("exit_url"),
        exit_fallbacks=reader.addresses("exit_fallbacks"),
        owns_registrable_domain=reader.yes_or_no("owns_registrable_domain"),
        phase=_phase(reader),
        phones=_phones(reader),
        when_reports_are_read=reader.confirmed("when_reports_are_read"),
        online_reporting_url=reader.confirmed("online_reporting_url"),
        languages=reader.languages("languages"),
        patrol_name=reader.words("patrol_name"),
        claims=_claims(reader),
        sources=_sources(reader),
        approvals=approvals,
        phrases=phrases,
        orders_live_here=reader.some_of("orders_live_here", NOT_EVERYWHERE),
    )
    reader.refuse_unknown()
    problems = (
        *reader.problems,
        *(_problems_of_a_whole(force) if not reader.problems else ()),
    )
    if problems:
        raise ForceProfileError(problems)
    return force


class _Reader:
    """Takes fields out of one table, remembering what was wrong instead of stopping."""

    def __init__(
        self,
        table: Mapping[str, Any],
        where: str = "",
        problems: list[str] | None = None,
    ) -> None:
        self.table = table
        self.where = where
        self.problems: list[str] = [] if problems is None else problems
        self.taken: set[str] = set()

    def take(self, name: str) -> Any:
        self.taken.add(name)
        return self.table.get(name)

    def has(self, name: str) -> bool:
        return name in self.table

    def complain(self, name: str, sentence: str) -> None:
        self.problems.append(f"{self.where}{name} {sentence}.")

    def words(self, name: str) -> str:
        value = self.take(name)
        if isinstance(value, str) and value.strip() and "\n" not in value:
            return value.strip()
        self.complain(name, "must be one line of text")
        return ""

    def confirmed(self, name: str) -> str:
        value = self.words(name)
        return "" if value == TO_BE_CONFIRMED else value

    def matching(self, name: str, pattern: str, described: str) -> str:
        value = self.take(name)
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        self.complain(name, f"must be {described}")
        return ""

    def yes_or_no(self, name: str) -> bool:
        value = self.take(name)
        if not isinstance(value, bool):
            self.complain(name, "must be true or false")
        return value is True

    def address(self, name: str) -> str:
        value = self.take(name)
        if isinstance(value, str) and _is_https(value):
            return value
        self.complain(name, "must be an https:// address")
        return ""

    def addresses(self, name: str) -> tuple[str, ...]:
        value = self.take(name)
        if isinstance(value, list) and all(isinstance(v, str) and _is_https(v) for v in value):
            return tuple(value)
        self.complain(name, "must be a list of https:// addresses")
        return ()

    def languages(self, name: str) -> tuple[str, ...]:
        value = self.take(name)
        if isinstance(value, list) and value and all(_is_language(v) for v in value):
            if value[0] != SOURCE:
                self.complain(name, f'must begin with "{SOURCE}", which every page is written in')
            for code in sorted(set(value) - known().keys()):
                self.complain(name, f"names {code}, which rules/languages.toml does not describe")
            return tuple(value)
        self.complain(name, 'must be a list of language codes such as "en-GB"')
        return ()

    def some_of(self, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
        value = self.take(name)
        if isinstance(value, list) and all(word in known for word in value):
            return tuple(value)
        self.complain(name, f"must be a list, empty or of {', '.join(known)}")
        return ()

    def day(self, name: str) -> date:
        value = self.take(name)
        if type(value) is date:
            return value
        self.complain(name, "must be a date such as 2026-11-22, without quotes")
        return date.min

    def table_of(self, name: str) -> "_Reader":
        value = self.take(name)
        if not isinstance(value, Mapping):
            self.complain(name, "must be a table")
            value = {}
        return _Reader(value, f"{self.where}{name}.", self.problems)

    def tables_of(self, name: str) -> Iterator["_Reader"]:
        value = self.take(name)
        rows = [] if value is None else value
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            self.complain(name, "must be a list of tables")
            return
        for number, row in enumerate(rows, 1):
            yield _Reader(row, f"{self.where}{name}[{number}].", self.problems)

    def refuse_unknown(self) -> None:
        for name in sorted(self.table.keys() - self.taken):
            self.complain(name, "is not a field of a profile")


def _phase(reader: _Reader) -> Phase:
    table = reader.table_of("phase")
    label = table.words("label")
    if label and label not in PHASES:
        table.complain("label", f"must be one of {', '.join(PHASES)}")
    phase = Phase(label, table.day("version_date"))
    table.refuse_unknown()
    return phase


def _phones(reader: _Reader) -> Phones:
    table = reader.table_of("phones")
    phones = Phones(
        emergency=table.matching("emergency", r"[0-9]{3}", "three digits"),
        non_emergency=table.matching("non_emergency", r"[0-9]{3,}", "digits"),
        all_hours=_line_if_confirmed(table, "all_hours"),
        sarc=_line_if_confirmed(table, "sarc"),
        helplines=tuple(_helpline(row) for row in table.tables_of("helplines")),
    )
    table.refuse_unknown()
    return phones


def _line_if_confirmed(reader: _Reader, name: str) -> Helpline | None:
    if reader.table.get(name) == TO_BE_CONFIRMED:
        reader.taken.add(name)
        return None
    return _helpline(reader.table_of(name))


def _helpline(reader: _Reader) -> Helpline:
    helpline = Helpline(
        name=reader.words("name"),
        number=reader.matching("number", r"[0-9][0-9 ]{2,15}", "digits and spaces"),
        hours=reader.words("hours"),
        serves=reader.words("serves"),
    )
    reader.refuse_unknown()
    return helpline


def _claims(reader: _Reader) -> Claims:
    table = reader.table_of("claims")
    claims = Claims(
        white_ribbon=table.yes_or_no("white_ribbon"),
        soteria=table.yes_or_no("soteria"),
        vigilant=table.yes_or_no("vigilant"),
        partnership_name=table.confirmed("partnership_name"),
    )
    table.refuse_unknown()
    return claims


def _sources(reader: _Reader) -> tuple[Fact, ...]:
    facts = []
    for row in reader.tables_of("sources"):
        fact, source = row.words("fact"), row.words("source")
        unconfirmed = row.table.get("verified_on") == TO_BE_CONFIRMED
        verified_on = row.take("verified_on") if unconfirmed else row.day("verified_on")
        row.refuse_unknown()
        facts.append(Fact(fact, source, None if unconfirmed else verified_on))
    return tuple(facts)


def _problems_of_a_whole(force: Force) -> Iterator[str]:
    lines = [force.phones.all_hours, force.phones.sarc, *force.phones.helplines]
    given = [line for line in lines if line is not None]
    if force.demonstration:
        yield from _numbers_that_somebody_has(given)
    else:
        yield from _numbers_that_nobody_has(given)
        yield from _facts_without_a_source(force, given)


def _numbers_that_somebody_has(lines: list[Helpline]) -> Iterator[str]:
    for line in lines:
        if not is_drama_number(line.number):
            yield f"phones: {line.name} of an invented force needs a number kept for drama."


def _numbers_that_nobody_has(lines: list[Helpline]) -> Iterator[str]:
    for line in lines:
        if is_drama_number(line.number):
            yield f"phones: {line.name} has a number kept for drama, which nobody answers."


def _facts_without_a_source(force: Force, lines: list[Helpline]) -> Iterator[str]:
    claimed = [
        f"claims.{claim}"
        for claim in ("white_ribbon", "soteria", "vigilant")
        if getattr(force.claims, claim)
    ]
    sourced = {fact.fact for fact in force.sources}
    for needed in ("name", "unit_name", *(f"phones.{line.name}" for line in lines), *claimed):
        if needed not in sourced:
            yield f"sources has no entry for {needed}."


def _is_https(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme == "https" and "." in (parts.hostname or "") and not parts.username


def _is_language(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", value) is not None
