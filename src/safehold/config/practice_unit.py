"""People, incidents and cases for practice: an invented extract, through the door of a real one.

Each record of a person is a row of its own, as careless hands wrote it: who is one and the same is
for somebody to say. One case is worked on a little way, so that there is something to go on with.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from safehold.config import practice_agencies, practice_orders, practice_phones
from safehold.demonstration.world import World

if TYPE_CHECKING:  # these rooms need Django's apps, and this module is read before they are ready
    from safehold.records.cases.models import Case
    from safehold.records.staff.models import StaffMember

WHY = "Practice: the invented extract of a records system"
WHY_OPENED = "Practice: to show how a case is worked on"
OWNERS = ("safeguarding", "officer", "safeguarding", "")  # of imported cases, in turn
BARRED_EACH = 7  # of cases: one agency gets nothing of it
OUTCOMES = ("16", "", "1", "15", "")  # of cases' incidents that are crimes, in turn
_MAP = 'system = "practice"\nkind = "{kind}"\nencoding = "utf-8"\nkey = {key}\n'
_COLUMN = '\n[[column]]\nfield = "{field}"\nfrom = {sources}\n'
_CLASSES = {
    "coercive control": "control",
    "stalking": "stalking",
    "honour-based threats": "honour",
    "exposure": "exposure",
    "sexual assault": "sexual",
    "suspected spiking": "spiking",
}
_RELATIONS = {"partner": "partner", "former partner": "ex_partner", "stranger": "stranger"}
_KINDS = {"protection": "protection", "investigation": "investigation", "dvds": "dvds"}
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """One file of the extract: what it is, its columns as (field, how, column), and its rows."""

    kind: str
    key: tuple[str, ...]
    columns: tuple[tuple[str, str, tuple[str, ...]], ...]
    header: tuple[str, ...]
    rows: Iterable[Row]

    def map_text(self) -> str:
        """Return its column map, as a force would write it."""
        text = _MAP.format(kind=self.kind, key=_listed(self.key))
        for field, variant, sources in self.columns:
            text += _COLUMN.format(field=field, sources=_listed(sources))
            text += f'as = "{variant}"\n' if variant else ""
        return text


def fill(world: World, folder: Path, *, at: datetime, say: Callable[[str], None]) -> None:
    """Import the invented records once, where nobody is recorded yet, and work on one case."""
    from safehold.records.cases.models import Case
    from safehold.records.people.models import Person
    from safehold.records.staff.queries import by_username

    boss, worker = by_username("supervisor"), by_username("safeguarding")
    if boss is None or worker is None or Person.objects.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for extract in (*_extracts(world), *_of_what_came(world)):
        _import(extract, folder, by=boss, at=at)
    people, cases = Person.objects.count(), Case.objects.count()
    say(
        f"Records imported: {people} people as they were written down, {cases} cases, all invented."
    )
    if _work_on_one(worker, at=at):
        say("One case is worked on: assessed, with a plan, an action, a deadline and seven orders.")


def _import(extract: Extract, folder: Path, *, by: StaffMember, at: datetime) -> None:
    from safehold.domain.column_maps import read
    from safehold.records.imports.operations import Asked, import_records

    path, written = folder / f"{extract.kind}.csv", extract.map_text()
    (folder / f"{extract.kind}.toml").write_text(written, encoding="utf-8")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([extract.header, *extract.rows])
    asked = Asked(map=read(written), map_bytes=written.encode(), reason=WHY)
    for report in import_records(paths=[path], asked=asked, by=by, at=at):
        if report.sentence:
            raise RuntimeError(f"The practice extract of {extract.kind}: {report.sentence}")


def _extracts(world: World) -> Iterator[Extract]:
    work = world.casework
    touched = {seen.incident for seen in work.appearances}
    yield Extract(
        "people",
        ("REF",),
        (
            ("name", "usual", ("FORENAME", "SURNAME")),
            ("born", "said", ("BORN",)),
            ("contact", "mobile", ("MOBILE",)),
            ("home_line", "", ("STREET",)),
            ("home_town", "", ("TOWN",)),
            ("home_postcode", "", ("POSTCODE",)),
        ),
        ("REF", "FORENAME", "SURNAME", "BORN", "MOBILE", "STREET", "TOWN", "POSTCODE"),
        (
            (
                *(seen.key, seen.written.forename, seen.written.surname),
                *(seen.written.born or "", seen.written.phone),
                *(f"{_door(seen.person)} {seen.written.street}" if seen.written.street else "",),
                *(seen.written.town if seen.written.street else "", seen.written.postcode),
            )
            for seen in work.appearances
        ),
    )
    yield Extract(
        "incidents",
        ("REF",),
        tuple((field, "", (field.upper(),)) for field in _OF_INCIDENT),
        ("REF", *(field.upper() for field in _OF_INCIDENT)),
        (
            (
                *(each.key, f"{each.started:%Y-%m-%d %H:%M}"),
                *(
                    _CLASSES.get(
                        each.kind, "domestic" if each.setting == "private" else "stalking"
                    ),
                ),
                *(each.setting, "stranger" if each.stranger else "known"),
                "yes" if each.crime else "no",
            )
            for each in world.incidents
            if each.key in touched
        ),
    )
    yield Extract(
        "roles",
        ("INCIDENT", "PERSON", "PART"),
        (
            *(("incident", "", ("INCIDENT",)), ("person", "", ("PERSON",))),
            *(("part", "", ("PART",)), ("relationship", "", ("RELATION",))),
        ),
        ("INCIDENT", "PERSON", "PART", "RELATION"),
        (
            (
                *(seen.incident, seen.key, seen.role),
                _RELATIONS[seen.relationship] if seen.role == "suspect" else "",
            )
            for seen in work.appearances
        ),
    )
    yield Extract(
        "cases",
        ("REF",),
        tuple((field, "", (field.upper(),)) for field in _OF_CASE),
        ("REF", *(field.upper() for field in _OF_CASE)),
        (
            (
                *(case.key, _KINDS[case.kind], OWNERS[number % len(OWNERS)], "Safeguarding"),
                *(f"{case.opened:%Y-%m-%d}", case.incident),
            )
            for number, case in enumerate(work.cases)
        ),
    )


def _of_what_came(world: World) -> Iterator[Extract]:
    work = world.casework
    crimes = {each.key for each in world.incidents if each.crime}
    decided = {case.incident: case for case in work.cases if case.incident in crimes}
    yield Extract(
        "outcomes",
        ("INCIDENT",),
        (
            *(("incident", "", ("INCIDENT",)), ("outcome", "", ("OUTCOME",))),
            *(("given_on", "", ("GIVEN",)), ("no_support_why", "", ("WHY",))),
        ),
        ("INCIDENT", "OUTCOME", "GIVEN", "WHY"),
        (
            (key, code, f"{case.opened:%Y-%m-%d}", "fear" if code == "16" else "")
            for (key, case), code in zip(decided.items(), itertools.cycle(OUTCOMES), strict=False)
            if code
        ),
    )
    yield Extract(
        "must_not_receive",
        ("CASE",),
        (("case", "", ("CASE",)), ("agency", "", ("AGENCY",)), ("why", "", ("WHY",))),
        ("CASE", "AGENCY", "WHY"),
        (
            (case.key, practice_agencies.AGENCIES[-1][0], "Practice: somebody of his works there")
            for case in work.cases[::BARRED_EACH]
        ),
    )


_OF_INCIDENT = ("began", "classification", "setting", "acquainted", "crime")
_OF_CASE = ("kind", "owner", "team", "opened", "incident")


def _door(person: str) -> int:
    # Whoever wrote it down, the same person lives behind the same door.
    return int(person.rpartition("-")[2]) % 60 + 1


def _work_on_one(by: StaffMember, *, at: datetime) -> bool:
    from safehold.records.cases import operations as cases
    from safehold.records.cases.models import Case, CaseParty

    owned = Case.objects.filter(kind="protection", members__member=by, closed_at=None)
    for case in owned.order_by("opened_at", "pk").distinct():
        parties = CaseParty.objects.filter(case=case).select_related("person")
        found = {row.part: row.person.identity for row in parties}
        if {"victim", "suspect"} <= found.keys():
            cases.look_at_case(case_id=case.pk, reason=WHY_OPENED, by=by, at=at)
            _assess(case, found["victim"], found["suspect"], by=by, at=at)
            practice_phones.fill(case, found["victim"], found["suspect"], by=by, at=at)
            _plan(case, found["victim"], by=by, at=at)
            _deadline(case, by=by, at=at)
            practice_orders.fill(case, found["victim"], found["suspect"], by=by, at=at)
            return True
    return False


def _assess(case: Case, victim: UUID, accused: UUID, *, by: StaffMember, at: datetime) -> None:
    from safehold.domain.risk import Answer
    from safehold.domain.sources import SOURCES
    from safehold.records.histories.operations import record_search
    from safehold.records.people.queries import look_at_person
    from safehold.records.risk import grading, operations

    made = operations.start(
        case_id=case.pk, instrument="dash", victim=victim, accused=accused, by=by, at=at
    )
    for identity in (victim, accused):
        look_at_person(identity=identity, reason=WHY_OPENED, by=by, at=at)
    said = [operations.Said(item, Answer("yes")) for item in ("frightened", "strangle", "worse")]
    operations.save_answers(assessment_id=made.pk, said=said, by=by, at=at)
    for source, each in SOURCES.items():
        if not each.ours:
            record_search(identity=victim, source=source, outcome="nothing", words="", by=by, at=at)
    operations.submit(assessment_id=made.pk, by=by, at=at)
    grading.grade(
        assessment_id=made.pk,
        grade="high",
        rationale="Practice: an invented rationale, to show where one stands",
        by=by,
        at=at,
    )


def _plan(case: Case, victim: UUID, *, by: StaffMember, at: datetime) -> None:
    from safehold.records.safety import actions, plans
    from safehold.records.safety.actions import Owner
    from safehold.records.safety.plans import Draft

    draft = Draft(
        lines={"home": "Practice: the lock of the back door", "helps": "Practice: her sister"},
        acted_on=["home"],
        made_with="yes",
        next_look=(at + timedelta(days=28)).date(),
    )
    plans.write_plan(case_id=case.pk, identity=victim, draft=draft, shown=0, by=by, at=at)
    actions.start(
        case_id=case.pk,
        kind="home_security",
        words="Practice: have the lock changed",
        owner=Owner(by),
        due_at=at + timedelta(days=1),
        by=by,
        at=at,
    )


def _deadline(case: Case, *, by: StaffMember, at: datetime) -> None:
    from safehold.records.deadlines import operations
    from safehold.records.deadlines.operations import Starting

    starting = Starting("vc6_arrest", at - timedelta(hours=3))
    operations.start(case_id=case.pk, starting=starting, by=by, at=at)


def _listed(words: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"
