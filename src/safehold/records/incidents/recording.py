"""An incident that an officer records, without a report through the public site.

It waits for the same decision on crime as one that came by a report, for as long, by a clock of its
own (`records.clocks`): started here, stopped by that decision.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission, Role
from safehold.domain.linking import Basis
from safehold.domain.offences import tidy
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.clocks import operations as clocks
from safehold.records.incidents.models import (
    Acquainted,
    Answered,
    Classification,
    Incident,
    Part,
    Setting,
    Sure,
    TimePrecision,
)
from safehold.records.incidents.models import Role as InIncident
from safehold.records.incidents.operations import about
from safehold.records.incidents.references import new_reference
from safehold.records.people import doors
from safehold.records.staff.models import StaffMember

__all__ = ["Acquainted", "Answered", "Part", "Setting"]
CHILD_PROMPT = "A child was there. Their safety comes first, and somebody must be told."


class NotAnInterval(ValueError):
    """The end of an incident lies before its start, or its start in the future."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an officer says of an incident: both moments aware, None where open.

    `setting` and `acquainted` are asked first: on them rests what is looked at next. With a
    `colleague` in it, it is for professional standards alone from the first moment.
    """

    classification: Classification
    setting: Setting
    acquainted: Acquainted
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    time_precision: TimePrecision = TimePrecision.NOT_SAID
    online: Answered = Answered.NOT_ASKED
    alcohol_or_drugs: Answered = Answered.NOT_ASKED
    night_time: Answered = Answered.NOT_ASKED
    offence: str = ""
    address_id: UUID | None = None
    door: doors.Door | None = None
    note: str = ""
    colleague: bool = False
    parts: tuple[Part, ...] = field(default=())


@transaction.atomic
def record_by_officer(*, said: Recorded, by: StaffMember, at: datetime) -> Incident:
    """Record an incident as an officer has it. It may be tied to people.

    `door` is an address as it was typed, `address_id` one that is known. Raises Refused,
    NotAnInterval, or NotACode for an offence.
    """
    by.must(Permission.RECORD_INCIDENTS)
    if said.starts_at and said.starts_at > at:
        raise NotAnInterval("An incident cannot begin in the future.")
    if said.starts_at and said.ends_at and said.ends_at < said.starts_at:
        raise NotAnInterval("The end of the incident lies before its start.")
    incident = Incident(
        reference=new_reference(),
        classification=said.classification,
        setting=said.setting,
        acquainted=said.acquainted,
        starts_at=said.starts_at,
        ends_at=said.ends_at,
        time_precision=said.time_precision,
        online=said.online,
        alcohol_or_drugs=said.alcohol_or_drugs,
        night_time=said.night_time,
        offence=tidy(said.offence),
        address_id=_address_of(said, by=by, at=at),
        note=said.note,
        linkable=True,
        link_basis=Basis.RECORDED,
        police_party=said.colleague,
        crime_rests_with=Role.PROFESSIONAL_STANDARDS if said.colleague else Role.SUPERVISOR,
        recorded_at=at,
        recorded_by=by,
    )
    incident.link_key = incident.pk
    incident.save(force_insert=True)
    for part in said.parts:
        add_part_to(incident, part)
    clocks.start_of_incident(incident_id=incident.pk, starts_at=at)
    audit.append(action=Action.INCIDENT_RECORDED, by=by, subject=about(incident.pk), at=at)
    return incident


def add_part_to(incident: Incident, part: Part) -> InIncident:
    """Add a part to an incident, inside the caller's act: tied to nobody yet."""
    child = part == Part.CHILD
    return InIncident.objects.create(
        incident=incident,
        part=part,
        child=Sure.YES if child else "",
        prompt=CHILD_PROMPT if child else "",
    )


def _address_of(said: Recorded, *, by: StaffMember, at: datetime) -> UUID | None:
    return doors.kept(said.door, by=by, at=at).pk if said.door else said.address_id
