"""Importing how people may be reached: sealed as it is read, and corrected by a new version.

Nothing of it is opened: what the source says anew becomes a version, and what stood before stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from uuid import UUID

from safehold.domain.contact_profile import Details, Terms
from safehold.domain.extract_rows import Row
from safehold.domain.safe_contact import NOT_KNOWN, Week, week_of
from safehold.records.contacts import of_people
from safehold.records.contacts.keeping import newest_of, write_version
from safehold.records.contacts.models import Profile
from safehold.records.contacts.sealing import sealed
from safehold.records.imports.columns import CORRECTED
from safehold.records.imports.models import Imported
from safehold.records.imports.report import Weight
from safehold.records.imports.working import Kept, Work
from safehold.records.people.models import Person

AS_THERE = "As the records system had it when it was imported"
_DETAILS = tuple(each.name for each in fields(Details))


@dataclass
class SafeContact:
    """Rows that say how somebody may be reached."""

    _people: dict[UUID, Person] = field(default_factory=dict)
    _kept: dict[UUID, Profile] = field(default_factory=dict)

    def load(self, rows: Sequence[Row], work: Work) -> None:
        """Read the people who are named, and whose safe contact is here."""
        named = set(work.targets.values())
        self._people = Person.objects.in_bulk(named)
        self._kept = of_people.of_rows(named)

    def new(self, row: Row, work: Work) -> Kept | None:
        """Keep how a person may be reached, unless somebody here wrote it down."""
        person = self._people[work.refer(row, "person")[0][0][1]]
        if person.pk in self._kept:
            says = "this person has a safe contact that was written down here; it stays"
            work.tell(row, Weight.CONFLICT, "method", says)
            return Kept(self._kept[person.pk].pk, {"version": 0}, waits=True, changed=False)
        profile = of_people.keep(
            person, _terms(row, work), _details(row), why=AS_THERE, by=work.by, at=work.at
        )
        self._kept[person.pk] = profile
        return Kept(profile.pk, {"version": 1})

    def change(self, row: Row, imported: Imported, work: Work) -> Kept | None:
        """Write a new version, unless the one that stands was written here."""
        profile = Profile.objects.get(pk=imported.target)
        newest = newest_of(profile)
        if newest.number != imported.made["version"] or newest.why != AS_THERE:
            work.tell(row, Weight.CONFLICT, "method", CORRECTED)
            return Kept(profile.pk, imported.made, waits=True, changed=False)
        if profile.person_id != work.refer(row, "person")[0][0][1]:
            work.tell(row, Weight.REFUSED, "person", "is of another person than before")
            return None
        envelope = sealed(_details(row), profile_id=profile.pk, for_standards=profile.police_party)
        number = newest.number + 1
        terms = _terms(row, work)
        write_version(profile, number, terms, envelope, why=AS_THERE, by=work.by, at=work.at)
        return Kept(profile.pk, {"version": number})


def _terms(row: Row, work: Work) -> Terms:
    return Terms(
        method=row.one("method"),
        week=_week(row, work),
        **{
            name: row.one(name, "")
            for name in ("seen", "voicemail", "envelope", "officer", "interpreter")
        },
        needs=tuple(dict.fromkeys(value for _, value in row.each("needs"))),
        more_times=bool(row.one("times")) or work.doubtful(row, "times"),
    )


def _week(row: Row, work: Work) -> Week:
    """Return the safe times; none is known where one of them could not be read."""
    if work.doubtful(row, "days", "parts"):
        return NOT_KNOWN
    days = [value for _, value in row.each("days")]
    parts = [value for _, value in row.each("parts")]
    return week_of(days, parts)


def _details(row: Row) -> Details:
    return Details(**{name: row.one(name, "") for name in _DETAILS})
