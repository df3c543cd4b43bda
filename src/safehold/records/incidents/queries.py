"""Questions about incidents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from safehold.domain.access import Permission, Subject
from safehold.records.conflicts import recusals
from safehold.records.incidents.models import (
    ABOUT_A_PLACE,
    Classification,
    CrimeDecision,
    Incident,
    Role,
    TimePrecision,
)
from safehold.records.staff.models import StaffMember

__all__ = ["ABOUT_A_PLACE", "Classification", "CrimeDecision", "TimePrecision"]
_POLICE_PARTY = Subject(police_party=True)


class IncidentNotFound(LookupError):
    """No incident has this id."""


@dataclass(frozen=True, slots=True)
class Handling:
    """In whose hands an incident is, and nothing of what happened."""

    report_id: UUID | None
    recorded_by_id: int
    decided: bool
    police_party: bool


def get(*, incident_id: UUID, by: StaffMember) -> Incident:
    """Return one incident. Raises IncidentNotFound, or Refused where the member may not see it."""
    related = Incident.objects.select_related("place", "recorded_by", "crime_decided_by")
    found = related.filter(pk=incident_id).first()
    if found is None:
        raise IncidentNotFound("There is no such incident.")
    by.must(Permission.SEE_INCIDENTS, recusals.subject_of(found))
    return found


def roles_in(incident: Incident) -> list[Role]:
    """Return the parts that people have in an incident that was given out, children first."""
    return sorted(incident.roles.all(), key=lambda role: (not role.child, role.part))


def handling(incident_id: UUID) -> Handling:
    """Return in whose hands an incident is, without the incident. Raises IncidentNotFound."""
    columns = ("report_id", "recorded_by_id", "crime_decision", "police_party")
    found = Incident.objects.filter(pk=incident_id).values(*columns).first()
    if found is None:
        raise IncidentNotFound("There is no such incident.")
    return Handling(
        report_id=found["report_id"],
        recorded_by_id=found["recorded_by_id"],
        decided=found["crime_decision"] != CrimeDecision.NOT_YET,
        police_party=found["police_party"],
    )


def of_report(report_id: UUID) -> Incident | None:
    """Return the incident that a report was accepted into, None where it was not."""
    return Incident.objects.select_related("recorded_by").filter(report_id=report_id).first()


def references_of(incident_ids: Iterable[str]) -> dict[str, str]:
    """Return the references of incidents by key, as text; one that is not there is left out."""
    found = Incident.objects.filter(pk__in=list(incident_ids)).values_list("pk", "reference")
    return {str(key): reference for key, reference in found}


def at_place(*, place_id: UUID, by: StaffMember, limit: int = 100) -> list[Incident]:
    """Return the newest incidents at a place that the member may see."""
    return list(_seen_by(by).filter(place_id=place_id).order_by("-recorded_at", "pk")[:limit])


def undecided(*, by: StaffMember, limit: int = 20) -> list[Incident]:
    """Return the oldest incidents of which nobody has decided whether they are crimes."""
    waiting = _seen_by(by).filter(crime_decision=CrimeDecision.NOT_YET).select_related("place")
    return list(waiting.order_by("recorded_at", "pk")[:limit])


def count_undecided(*, by: StaffMember) -> int:
    """Count the incidents of which nobody has decided whether they are crimes."""
    return _seen_by(by).filter(crime_decision=CrimeDecision.NOT_YET).count()


def about_colleagues() -> list[str]:
    """Return the keys of what is for professional standards alone, as the audit writes them."""
    found = Incident.objects.filter(police_party=True).values_list("pk", flat=True)
    return [str(key) for key in found]


def _seen_by(member: StaffMember) -> QuerySet[Incident]:
    incidents = Incident.objects.all()
    if kept_from := recusals.kept_from(member):
        # Not by `exclude` alone: one from before there were reports has none to be kept from.
        incidents = incidents.filter(Q(report_id=None) | ~Q(report_id__in=kept_from))
    if not member.may(Permission.SEE_INCIDENTS):
        return incidents.none()
    if member.may(Permission.SEE_INCIDENTS, _POLICE_PARTY):
        return incidents
    return incidents.exclude(police_party=True)
