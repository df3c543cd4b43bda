"""Tying somebody's part in an incident to a person, and taking that back.

Whether an incident may be tied at all was its reporter's choice (`domain/linking`), which the
store holds too: a part is tied through the incident's `link_key`, empty where it may not be.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import persons
from safehold.domain.access import Permission
from safehold.domain.linking import Basis
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.incidents import queries
from safehold.records.incidents.models import Incident, Part
from safehold.records.incidents.models import Role as InIncident
from safehold.records.incidents.operations import about
from safehold.records.incidents.recording import add_part_to
from safehold.records.people import operations as people
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

# Only whoever is said to have done it may be suspected or convicted.
CATEGORIES = {
    Part.VICTIM: ("victim",),
    Part.CHILD: ("victim", "witness"),
    Part.SUSPECT: ("suspect", "convicted"),
    Part.WITNESS: ("witness",),
    Part.REPORTER: ("witness", "victim"),
}


class NeverTied(PermissionError):
    """The incident's reporter did not free it to be tied to a person; the message says so."""


class NotThisPart(ValueError):
    """The category or the relationship does not fit the part."""


class NotRecordedHere(Exception):
    """The incident came by a report: who is in it is what was told."""


class TiedAlready(Exception):
    """The part is tied to a person: that is taken back first, with a reason."""


class NoSuchPart(LookupError):
    """The incident has no such part."""


@transaction.atomic
def tie(
    *,
    incident_id: UUID,
    role_id: UUID,
    identity: UUID,
    category: str,
    relationship: str = "",
    by: StaffMember,
    at: datetime,
) -> InIncident:
    """Tie a part that was told to a person. `relationship` is to the one it was done to.

    Raises Refused, IncidentNotFound, NoSuchPart, PersonNotFound, NeverTied, TiedAlready, or
    NotThisPart.
    """
    by.must(Permission.RECORD_PEOPLE)
    incident, role = _part(incident_id, role_id, by)
    if not incident.linkable:
        raise NeverTied("Whoever told us this did not free it to be tied to a person.")
    if role.person_id is not None:
        raise TiedAlready("This part is tied to a person. Take that back first.")
    if category not in CATEGORIES[Part(role.part)]:
        raise NotThisPart("Choose what this person is in law, of those that fit the part.")
    if relationship and relationship not in persons.keys("relationships"):
        raise NotThisPart("Choose a relationship from the list.")
    role.person = people.standing(identity, by=by)
    if role.person.sealed_to and not incident.police_party:
        raise NeverTied("Pass the incident to professional standards first: this is a colleague.")
    role.link_key_id = incident.link_key
    role.category, role.relationship = category, relationship
    role.tied_at, role.tied_by = at, by
    role.save()
    _tell(Action.ROLE_TIED, incident, role, identity, by=by, at=at)
    return role


@transaction.atomic
def untie(*, incident_id: UUID, role_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """Take back that a part is a person's; the audit keeps whose it was said to be.

    Raises ReasonTooThin, Refused, IncidentNotFound, or NoSuchPart where it is nobody's.
    """
    stated = meaningful(why)
    by.must(Permission.RECORD_PEOPLE)
    incident, role = _part(incident_id, role_id, by)
    if role.person is None:
        raise NoSuchPart("This part is tied to nobody any more.")
    identity = role.person.identity
    role.person, role.link_key, role.tied_at, role.tied_by = None, None, None, None
    role.category, role.relationship = "", ""
    role.save()
    _tell(Action.ROLE_UNTIED, incident, role, identity, by=by, at=at, reason=stated)


@transaction.atomic
def move_role(
    *, incident_id: UUID, role_id: UUID, to: UUID, why: str, by: StaffMember, at: datetime
) -> InIncident:
    """Say that a part is another person's than the one it is tied to; what it is in law stays.

    Raises ReasonTooThin, Refused, IncidentNotFound, NoSuchPart where it is tied to nobody,
    PersonNotFound, or TiedAlready where it is this person's.
    """
    stated = meaningful(why)
    by.must(Permission.MERGE_PEOPLE)
    incident, role = _part(incident_id, role_id, by)
    if role.person is None:
        raise NoSuchPart("This part is tied to nobody any more.")
    other, before = people.standing(to, by=by), role.person
    if before.identity == to:
        raise TiedAlready("This part is this person's already.")
    if before.sealed_to != other.sealed_to:
        raise people.PersonNotFound("There is no such person.")
    role.person, role.tied_at, role.tied_by = other, at, by
    role.save(update_fields=["person", "tied_at", "tied_by"])
    audit.append(
        action=Action.ROLE_MOVED,
        by=by,
        subject=people.about(to),
        at=at,
        reason=stated,
        detail={
            "incident": str(incident.pk),
            "part": role.part,
            "from": str(before.identity),
        },
    )
    return role


@transaction.atomic
def add_part(*, incident_id: UUID, part: str, by: StaffMember, at: datetime) -> InIncident:
    """Add a part to an incident that an officer recorded, as a further witness.

    Raises Refused, IncidentNotFound, NotThisPart, or NotRecordedHere.
    """
    by.must(Permission.RECORD_PEOPLE)
    incident = queries.get(incident_id=incident_id, by=by)
    if not takes_parts(incident):
        raise NotRecordedHere("This incident came by a report: who is in it is what was told.")
    if part not in Part.values:
        raise NotThisPart("Choose a part from the list.")
    role = add_part_to(incident, Part(part))
    audit.append(
        action=Action.PART_ADDED, by=by, subject=about(incident_id), at=at, detail={"part": part}
    )
    return role


def takes_parts(incident: Incident) -> bool:
    """Tell whether parts may be added to an incident that was given out."""
    return incident.link_basis == Basis.RECORDED


def part_of(*, incident_id: UUID, role_id: UUID, by: StaffMember) -> tuple[Incident, InIncident]:
    """Return an incident and one part in it. Raises Refused, IncidentNotFound, or NoSuchPart."""
    incident = queries.get(incident_id=incident_id, by=by)
    role = incident.roles.select_related("person").filter(pk=role_id).first()
    if role is None:
        raise NoSuchPart("The incident has no such part.")
    return incident, role


def _part(incident_id: UUID, role_id: UUID, by: StaffMember) -> tuple[Incident, InIncident]:
    incident = queries.get(incident_id=incident_id, by=by)
    rows = InIncident.objects.select_for_update(no_key=True, of=("self",))
    role = rows.filter(pk=role_id, incident=incident).first()
    if role is None:
        raise NoSuchPart("The incident has no such part.")
    return incident, role


def _tell(
    action: Action,
    incident: Incident,
    role: InIncident,
    identity: UUID,
    *,
    by: StaffMember,
    at: datetime,
    reason: str = "",
) -> None:
    audit.append(
        action=action,
        by=by,
        subject=people.about(identity),
        at=at,
        reason=reason,
        detail={"incident": str(incident.pk), "part": role.part},
    )
