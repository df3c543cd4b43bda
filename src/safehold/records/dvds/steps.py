"""What is done before anybody decides: links, the first contact, searches, agencies, who they are.

Each is a row of its own; a later one stands beside the earlier, and the newest counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import models, transaction
from django.utils.timezone import localdate

from safehold.domain import dvds
from safehold.records.audit.actions import Action
from safehold.records.cases import queries as cases
from safehold.records.dvds import queries
from safehold.records.dvds.acting import DoneBefore, TooEarly, locked, saved
from safehold.records.dvds.models import (
    Application,
    Characteristics,
    FirstContact,
    Link,
    Plan,
    Search,
    View,
)
from safehold.records.people import queries as people
from safehold.records.people.models import Person
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NotFound(LookupError):
    """No case or person that the member may know of has this reference."""


class NotADay(ValueError):
    """A day that cannot be: it is still to come."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of somebody, or that it was not asked: one option of each list."""

    gender: str
    age: str
    ethnicity: str
    ethnicity_seen: str
    disability: str
    sexuality: str


@transaction.atomic
def link_case(
    *, application_id: UUID, reference: str, by: StaffMember, at: datetime
) -> Application:
    """Link a case that the member may know of; whoever may not no longer meets the application.

    Raises NotFound, DoneBefore, Refused, or ApplicationNotFound.
    """
    row = locked(application_id, by)
    try:
        case_id = cases.by_reference(reference.strip(), by=by)
    except cases.CaseNotFound as error:
        raise NotFound(str(error)) from None
    if Link.objects.filter(application=row, case=case_id).exists():
        raise DoneBefore("This case is linked already.")
    Link.objects.create(application=row, case_id=case_id, at=at, by=by)
    return _saved(row, "case linked", by=by, at=at)


@transaction.atomic
def link_person(
    *, application_id: UUID, reference: str, part: str, by: StaffMember, at: datetime
) -> Application:
    """Link somebody whom the member may know of. Raises as `link_case` does."""
    row = locked(application_id, by)
    identity = people.by_reference(reference=reference.strip(), by=by)
    if identity is None:
        raise NotFound("No person that you may know of has this reference.")
    person = Person.objects.filter(identity=identity).order_by("pk").first()
    if Link.objects.filter(application=row, person__identity=identity, part=part).exists():
        raise DoneBefore("They are linked already.")
    Link.objects.create(application=row, person=person, part=part, at=at, by=by)
    return _saved(row, "person linked", by=by, at=at)


@transaction.atomic
def contact_first(
    *, application_id: UUID, asker: str, danger: bool, words: str, by: StaffMember, at: datetime
) -> Application:
    """Record a contact: who asked, whether there is danger now, and what was done.

    A later one adds danger and takes none away, nor says that another asked: that is a correction.
    Raises ReasonTooThin, TooEarly, Refused, or ApplicationNotFound.
    """
    said = meaningful(words)
    row = locked(application_id, by)
    if queries.contacts_of(row).exclude(asker=asker).exists():
        raise TooEarly("That somebody else asked was recorded: say first that it was wrong.")
    _once(FirstContact(application=row, asker=asker, danger=danger, words=said, at=at, by=by))
    return _saved(row, "first contact", by=by, at=at)


@transaction.atomic
def search(
    *,
    application_id: UUID,
    source: str,
    on: date | None,
    words: str,
    by: StaffMember,
    at: datetime,
) -> Application:
    """Record that a source was searched on a day and what was found, or without a day why not.

    Raises ReasonTooThin, NotADay, Refused, or ApplicationNotFound.
    """
    said = meaningful(words)
    _refuse_day(on, at)
    row = locked(application_id, by)
    _once(Search(application=row, source=source, on=on, words=said, at=at, by=by))
    return _saved(row, "source searched" if on else "source not searched", by=by, at=at)


@transaction.atomic
def hear(
    *,
    application_id: UUID,
    agency: str,
    asked_on: date,
    view: str,
    attended: bool,
    words: str,
    by: StaffMember,
    at: datetime,
) -> Application:
    """Record that an agency was asked, and what it thinks, or that it has not answered.

    Raises ReasonTooThin for a view without words, NotADay, Refused, or ApplicationNotFound.
    """
    said = words.strip() if view == "no_answer" else meaningful(words)
    _refuse_day(asked_on, at)
    row = locked(application_id, by)
    _once(
        View(
            application=row,
            agency=agency,
            asked_on=asked_on,
            view=view,
            attended=attended,
            words=said,
            at=at,
            by=by,
        )
    )
    return _saved(row, "agency heard", by=by, at=at)


@transaction.atomic
def plan(
    *,
    application_id: UUID,
    place: str,
    goes: str,
    not_learn: str,
    reached: str,
    by: StaffMember,
    at: datetime,
) -> Application:
    """Plan the telling in person: where it is safe, who goes, and who must not learn of it.

    Raises ReasonTooThin, TooEarly, Refused, or ApplicationNotFound.
    """
    where, who, kept = meaningful(place), meaningful(goes), meaningful(not_learn)
    row = locked(application_id, by)
    _once(
        Plan(
            application=row,
            place=where,
            goes=who,
            not_learn=kept,
            reached=reached,
            at=at,
            by=by,
        )
    )
    return _saved(row, "telling planned", by=by, at=at)


@transaction.atomic
def describe(
    *, application_id: UUID, of: str, said: Said, by: StaffMember, at: datetime
) -> Application:
    """Record who somebody is, as it is counted. Raises Refused, or ApplicationNotFound."""
    row = locked(application_id, by)
    values = {name: getattr(said, name) for name in dvds.COUNTED}
    _once(Characteristics(application=row, of=of, at=at, by=by, **values))
    return _saved(row, "who they are", by=by, at=at)


def _once(row: models.Model) -> None:
    row.full_clean(validate_unique=False)
    row.save()


def _refuse_day(on: date | None, at: datetime) -> None:
    if on is not None and on > localdate(at):
        raise NotADay("Write the day on which it was done: that is still to come.")


def _saved(row: Application, step: str, *, by: StaffMember, at: datetime) -> Application:
    return saved(row, Action.APPLICATION_STEP, by=by, at=at, detail={"step": step})
