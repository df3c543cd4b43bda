"""Importing who must receive nothing of a case: put on its list, and taken off by people alone.

An agency that is not known by this name is no entry: the row is refused, so that nobody reads a
list as whole of which a line could bar nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from safehold.domain.extract_rows import Row
from safehold.records.agencies.models import Agency
from safehold.records.cases.models import Case
from safehold.records.imports.models import Imported
from safehold.records.imports.report import Weight
from safehold.records.imports.working import Kept, Work
from safehold.records.people.models import Person
from safehold.records.shares.models import ListEntry
from safehold.records.shares.must_not import sealed_words

LISTED_THERE = "As the records system had it when it was imported"
NOT_ONE = "names neither an agency nor a person, or both; a row names one of them"
NO_AGENCY = "names an agency that is not here by this name; write it down under Agencies first"
TWO_AGENCIES = "names an agency of which there are two by this name"
TAKEN_OFF = "was taken off the list here; it stays off"
STAYS = "names another than before; who was on the list stays, and this one is on it too"
Whose = tuple[UUID, str, UUID]  # the case, "agency" or "person", and which, a person by identity


@dataclass
class MustNot:
    """Rows that name an agency, or a person, that gets nothing of a case."""

    _cases: dict[UUID, Case] = field(default_factory=dict)
    _people: dict[UUID, Person] = field(default_factory=dict)
    _agencies: dict[str, list[Agency]] = field(default_factory=dict)
    _here: dict[Whose, ListEntry] = field(default_factory=dict)

    def load(self, rows: Sequence[Row], work: Work) -> None:
        """Lock the cases whose lists may change, and read who is on them and who may be."""
        named = sorted(set(work.targets.values()))
        locked = Case.objects.select_for_update(no_key=True).filter(pk__in=named).order_by("pk")
        self._cases = {each.pk: each for each in locked}
        self._people = Person.objects.in_bulk(named)
        self._agencies = {}
        for agency in Agency.objects.filter(ended_at=None):
            self._agencies.setdefault(_folded(agency.name), []).append(agency)
        live = ListEntry.objects.filter(matter__in=list(self._cases), ended_at=None)
        self._here = {}
        for entry in live.select_related("person"):
            if entry.agency_id is not None:
                self._here[entry.matter, "agency", entry.agency_id] = entry
            elif entry.person is not None:
                self._here[entry.matter, "person", entry.person.identity] = entry

    def new(self, row: Row, work: Work) -> Kept | None:
        """Put somebody on the list of a case; who is on it already stays as they are."""
        named = self._named(row, work)
        if named is None:
            return None
        case, agency, person = named
        entry = self._entry(row, case, agency, person, work)
        return Kept(entry.pk, _made(agency, person))

    def change(self, row: Row, imported: Imported, work: Work) -> Kept | None:
        """Put on the list whoever is named now; nobody is taken off one by an import."""
        named = self._named(row, work)
        if named is None:
            return None
        case, agency, person = named
        made = _made(agency, person)
        if imported.made == made:
            here = self._whose(case, agency, person) in self._here
            if not here:
                work.tell(row, Weight.CONFLICT, "case", TAKEN_OFF)
            return Kept(imported.target, made, changed=False)
        work.tell(row, Weight.CONFLICT, "agency" if agency else "person", STAYS)
        return Kept(self._entry(row, case, agency, person, work).pk, made)

    def _named(self, row: Row, work: Work) -> tuple[Case, Agency | None, Person | None] | None:
        (_, case), *_ = work.refer(row, "case")[0]
        said = row.one("agency", "")
        people, lacks = work.refer(row, "person")
        if lacks:
            return None
        if bool(said) == bool(people) or work.doubtful(row, "agency", "person"):
            work.tell(row, Weight.REFUSED, "agency", NOT_ONE)
            return None
        if people:
            return self._cases[case], None, self._people[people[0][1]]
        found = self._agencies.get(_folded(said), [])
        if len(found) != 1:
            work.tell(row, Weight.REFUSED, "agency", TWO_AGENCIES if found else NO_AGENCY)
            return None
        return self._cases[case], found[0], None

    def _entry(
        self, row: Row, case: Case, agency: Agency | None, person: Person | None, work: Work
    ) -> ListEntry:
        whose = self._whose(case, agency, person)
        known = self._here.get(whose)
        if known is not None:
            return known
        entry = ListEntry(
            id=uuid4(),
            matter=case.pk,
            agency=agency,
            person=person,
            added_by=work.by,
            since=work.at,
        )
        words = {"why": row.one("why") or LISTED_THERE}
        entry.sealed = sealed_words(entry.pk, words, for_standards=bool(case.sealed_to))
        work.insert(entry)
        self._here[whose] = entry
        return entry

    @staticmethod
    def _whose(case: Case, agency: Agency | None, person: Person | None) -> Whose:
        if agency is not None:
            return case.pk, "agency", agency.pk
        assert person is not None  # noqa: S101 - one of the two is there
        return case.pk, "person", person.identity


def _made(agency: Agency | None, person: Person | None) -> dict[str, str | None]:
    return {
        "agency": str(agency.pk) if agency else None,
        "person": str(person.pk) if person else None,
    }


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
