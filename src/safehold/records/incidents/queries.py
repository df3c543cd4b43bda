"""Questions about incidents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from safehold.domain import alike
from safehold.domain.access import Permission, Subject
from safehold.domain.linking import Basis
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.audit.models import AuditEvent
from safehold.records.audit.queries import events_about
from safehold.records.conflicts import kept_people, recusals
from safehold.records.incidents.models import (
    ABOUT_A_PLACE,
    Classification,
    CrimeDecision,
    Incident,
    IncidentReport,
    Role,
    TimePrecision,
)
from safehold.records.people import doors
from safehold.records.staff.models import StaffMember

__all__ = ["ABOUT_A_PLACE", "Basis", "Classification", "CrimeDecision", "TimePrecision"]
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
    doors.give_addresses([found])
    _must_see(incident_id, recusals.subject_of(found), by)
    return found


def _must_see(incident_id: UUID, subject: Subject, member: StaffMember) -> None:
    member.must(Permission.SEE_INCIDENTS, subject)
    if kept_from(member).filter(pk=incident_id).exists():
        raise IncidentNotFound("There is no such incident.")


def roles_in(incident: Incident) -> list[Role]:
    """Return the parts that people have in an incident that was given out, children first."""
    return sorted(incident.roles.all(), key=lambda role: (not role.child, role.part))


def handling(*, incident_id: UUID, by: StaffMember) -> Handling:
    """Return in whose hands an incident is, without the incident.

    Raises IncidentNotFound, or Refused where the member may not see it.
    """
    columns = ("report_id", "recorded_by_id", "crime_decision", "police_party")
    found = Incident.objects.filter(pk=incident_id).values(*columns).first()
    if found is None:
        raise IncidentNotFound("There is no such incident.")
    _must_see(incident_id, recusals.subject_of(Incident(**found)), by)
    return Handling(
        report_id=found["report_id"],
        recorded_by_id=found["recorded_by_id"],
        decided=found["crime_decision"] != CrimeDecision.NOT_YET,
        police_party=found["police_party"],
    )


def decided_by(incident_id: UUID, member: StaffMember) -> bool:
    """Tell whether the decision on crime that stands is a member's."""
    return Incident.objects.filter(pk=incident_id, crime_decided_by=member).exists()


def earlier_decisions(incident: Incident) -> list[AuditEvent]:
    """Return the decisions on crime that were replaced, of an incident that was given out."""
    made = events_about(About("incident", str(incident.pk))).filter(action=Action.CRIME_DECIDED)
    return list(made[1:20]) if incident.crime_decided_at else list(made[:20])


def of_report(report_id: UUID) -> Incident | None:
    """Return the incident that a report was accepted into, None where it was not."""
    into = IncidentReport.objects.filter(pk=report_id).values("incident_id")
    return Incident.objects.select_related("recorded_by").filter(pk__in=into).first()


def decision_of(report_id: UUID) -> Incident | None:
    """Return the incident in which it is decided whether a report is of a crime, set aside or not.

    None where the report is neither accepted nor set aside yet.
    """
    into = IncidentReport.objects.filter(pk=report_id).values("incident_id")
    found = Incident.objects.select_related("crime_decided_by")
    return found.filter(Q(pk__in=into) | Q(report_id=report_id, set_aside=True)).first()


def by_report(report_ids: Iterable[UUID]) -> dict[UUID, Incident]:
    """Return the incidents of reports by report, accepted or set aside."""
    keys = list(report_ids)
    aside = Incident.objects.filter(report_id__in=keys, set_aside=True)
    found = {each.report_id: each for each in aside if each.report_id is not None}
    return found | incidents_of(keys)


def with_report(report_id: UUID) -> list[Incident]:
    """Return the incident that a report is in, or that was recorded when it was set aside."""
    into = IncidentReport.objects.filter(pk=report_id).values("incident_id")
    return list(Incident.objects.filter(Q(pk__in=into) | Q(report_id=report_id)))


def accepted(report_id: UUID) -> Incident:
    """Return the incident that a report was accepted into. Raises IncidentNotFound."""
    found = of_report(report_id)
    if found is None:
        raise IncidentNotFound("This report is in no incident.")
    return found


def reports_in(incident: Incident) -> list[UUID]:
    """Return the reports that an incident that was given out was taken from, the first first."""
    others = list(incident.reports.order_by("added_at", "pk").values_list("pk", flat=True))
    return sorted(others, key=lambda key: key != incident.report_id)


def notes_in(incident: Incident) -> list[str]:
    """Return what was noted when another report was taken into an incident that was given out."""
    kept = incident.reports.exclude(note="").order_by("added_at", "pk")
    return list(kept.values_list("note", flat=True))


def basis_of(report_id: UUID) -> Basis | None:
    """Return on what an accepted report may be tied to a person or not, None before it is."""
    found = IncidentReport.objects.filter(pk=report_id).values_list("link_basis", flat=True).first()
    return Basis(found) if found else None


def may_be_same(incident: Incident) -> list[Incident]:
    """Return incidents whose times lie with this one's: at its place, or of its sort to the hour.

    Only of its own side of the border to professional standards, and not many.
    """
    if not (incident.starts_at and incident.ends_at):
        return []
    around = Incident.objects.filter(
        police_party=incident.police_party,
        starts_at__lte=incident.ends_at + alike.HOURS,
        ends_at__gte=incident.starts_at - alike.HOURS,
    ).exclude(pk=incident.pk)
    if incident.place_id is not None:
        found = around.filter(place_id=incident.place_id)
    elif incident.time_precision == TimePrecision.HOURS:
        # Known to the hour, it is short: whatever overlaps began less than two days before.
        found = around.filter(
            place=None,
            classification=incident.classification,
            time_precision=TimePrecision.HOURS,
            starts_at__gte=incident.starts_at - 2 * alike.HOURS,
        )
    else:
        return []
    return list(found.order_by("-starts_at", "pk")[: alike.MOST_INCIDENTS])


def reports_of(incidents: Iterable[Incident]) -> dict[UUID, Incident]:
    """Return the reports of incidents that were given out, each with its incident."""
    by_key = {incident.pk: incident for incident in incidents}
    rows = IncidentReport.objects.filter(incident_id__in=by_key)
    return {key: by_key[into] for key, into in rows.values_list("pk", "incident_id")}


def incidents_of(report_ids: Iterable[UUID]) -> dict[UUID, Incident]:
    """Return the incidents of those reports that are in one."""
    rows = IncidentReport.objects.filter(pk__in=list(report_ids)).select_related("incident")
    return {row.pk: row.incident for row in rows}


def references_of(incident_ids: Iterable[str], *, by: StaffMember) -> dict[str, str]:
    """Return the references of incidents by key, as text, of those that the member may know of.

    Whoever checks the audit and sees no incident knows every reference, which says nothing.
    """
    rows = seen_by(by) if by.may(Permission.SEE_INCIDENTS) else Incident.objects.all()
    found = rows.filter(pk__in=list(incident_ids)).values_list("pk", "reference")
    return {str(key): reference for key, reference in found}


def at_place(*, place_id: UUID, by: StaffMember, limit: int = 100) -> list[Incident]:
    """Return the newest incidents at a place that the member may see."""
    return list(seen_by(by).filter(place_id=place_id).order_by("-recorded_at", "pk")[:limit])


def undecided(*, by: StaffMember, limit: int = 20) -> list[Incident]:
    """Return the oldest incidents of which nobody has decided whether they are crimes."""
    waiting = all_undecided(by=by).select_related("place")
    return list(waiting.order_by("recorded_at", "pk")[:limit])


def all_undecided(*, by: StaffMember) -> QuerySet[Incident]:
    """Return every incident of which nobody has decided whether it is a crime, in no order."""
    return seen_by(by).filter(crime_decision=CrimeDecision.NOT_YET)


def made_of(report_ids: Iterable[UUID]) -> list[str]:
    """Return the keys of what was made of these reports, as the audit writes them."""
    found = Incident.objects.filter(report_id__in=list(report_ids)).values_list("pk", flat=True)
    return [str(key) for key in found]


def about_colleagues() -> list[str]:
    """Return the keys of what is for professional standards alone, as the audit writes them."""
    found = Incident.objects.filter(police_party=True).values_list("pk", flat=True)
    return [str(key) for key in found]


def seen_by(member: StaffMember) -> QuerySet[Incident]:
    """Return the incidents that a member may see, to be asked further by other rooms."""
    incidents = Incident.objects.exclude(kept(member))
    if not member.may(Permission.SEE_INCIDENTS):
        return incidents.none()
    if member.may(Permission.SEE_INCIDENTS, _POLICE_PARTY):
        return incidents
    return incidents.exclude(police_party=True)


def kept_from(member: StaffMember) -> QuerySet[Any, UUID]:
    """Return the incidents that a member is kept from, as a question to be asked inside another.

    With a report that names them, or somebody in it who may be the member or close to them.
    """
    return Incident.objects.filter(kept(member)).order_by().values_list("pk", flat=True)


def kept(member: StaffMember, at: str = "") -> Q:
    """Return the condition under which a member is kept from the incident that `at` leads to.

    Of a row by itself: a store that had to list all of them first would go through every incident.
    """
    reports = recusals.kept_from(member)
    people = Role.objects.filter(person__identity__in=kept_people.identities_kept_from(member))
    joined = IncidentReport.objects.filter(pk__in=reports)
    return (
        Q(**{f"{at}report_id__in": reports})
        | Q(**{f"{at}pk__in": joined.values("incident_id")})
        | Q(**{f"{at}pk__in": people.values("incident_id")})
    )
