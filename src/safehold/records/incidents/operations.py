"""Recording an incident, looking at one, and deciding whether it is a crime."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission, Role
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.conflicts import recusals
from safehold.records.incidents import queries
from safehold.records.incidents.models import (
    Classification,
    CrimeDecision,
    Incident,
    Part,
    Sure,
    TimePrecision,
)
from safehold.records.incidents.models import (
    Role as InIncident,
)
from safehold.records.places.models import Place
from safehold.records.staff.models import StaffMember

# Without I, L, O, U, 0 and 1: a reference is read out over a radio.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_REFERENCE_LETTERS = 8


class NotADecision(ValueError):
    """Neither a crime nor not a crime was said."""


@dataclass(frozen=True, slots=True)
class RoleTold:
    """Somebody's part as an account tells it. A child has a prompt; `child` may be not sure."""

    part: Part
    child: Sure | None = None
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """What an account says happened, without the person who said it.

    Both ends are aware, None where open; lists hold keys of `rules/unsafe_places`.
    """

    starts_at: datetime | None
    ends_at: datetime | None
    time_precision: TimePrecision
    days: tuple[str, ...]
    parts_of_day: tuple[str, ...]
    environment: tuple[str, ...]
    behaviours: tuple[str, ...]
    changes: tuple[str, ...]
    rules_version: str


def record_incident(
    *,
    report_id: UUID | None,
    place: Place | None,
    happening: Happening,
    classification: str,
    note: str,
    police_party: bool,
    roles: Sequence[RoleTold] = (),
    by: StaffMember,
    at: datetime,
) -> Incident:
    """Record an incident inside the transaction, and under the audit row, of the act that makes it.

    `report_id` is None for one that was accepted before there were reports here; `place` is None
    where it is nobody's business to have one.
    Whether it is a crime is not yet decided, and rests with a supervisor, or with professional
    standards where a colleague is a party. Raises ValueError for a
    classification that is not one, and IntegrityError where the report has an incident already.
    """
    incident = Incident.objects.create(
        reference=_new_reference(),
        report_id=report_id,
        place=place,
        starts_at=happening.starts_at,
        ends_at=happening.ends_at,
        time_precision=happening.time_precision,
        days=list(happening.days),
        parts_of_day=list(happening.parts_of_day),
        environment=list(happening.environment),
        behaviours=list(happening.behaviours),
        changes=list(happening.changes),
        rules_version=happening.rules_version,
        classification=Classification(classification),
        note=note,
        police_party=police_party,
        crime_rests_with=Role.PROFESSIONAL_STANDARDS if police_party else Role.SUPERVISOR,
        recorded_at=at,
        recorded_by=by,
    )
    for told in roles:
        InIncident.objects.create(
            incident=incident, part=told.part, child=told.child or "", prompt=told.prompt
        )
    return incident


def look_at_incident(*, incident_id: UUID, reason: str, by: StaffMember, at: datetime) -> Incident:
    """Record the look with its reason, then return the incident.

    Raises Refused, ReasonNeeded, or IncidentNotFound.
    """
    queries.get(incident_id=incident_id, by=by)  # a look that is refused is not a look
    audit.record_look(by=by, reason=reason, subject=about(incident_id), at=at)
    return queries.get(incident_id=incident_id, by=by)


@transaction.atomic
def decide_crime(
    *, incident_id: UUID, decision: str, reason: str, by: StaffMember, at: datetime
) -> Incident:
    """Record whether an incident is a crime; the audit keeps every earlier decision.

    Raises Refused, IncidentNotFound, NotADecision, or ReasonNeeded.
    """
    found = queries.get(incident_id=incident_id, by=by)
    by.must(Permission.DECIDE_CRIME, recusals.subject_of(found))
    if decision not in {CrimeDecision.CRIME, CrimeDecision.NOT_CRIME}:
        raise NotADecision("Say that it is a crime or that it is not.")
    if not reason.strip():
        raise audit.ReasonNeeded("Say why.")
    earlier = Incident.objects.select_for_update().get(pk=incident_id).crime_decision
    found.crime_decision = decision
    found.crime_reason = reason
    found.crime_decided_at = at
    found.crime_decided_by = by
    found.save(
        update_fields=[
            "crime_decision",
            "crime_reason",
            "crime_decided_at",
            "crime_decided_by",
        ]
    )
    audit.append(
        action=Action.CRIME_DECIDED,
        by=by,
        subject=about(incident_id),
        at=at,
        reason=reason,
        detail={"decision": decision, "earlier": earlier},
    )
    return found


def about(incident_id: UUID) -> About:
    """Name an incident as the audit does: by a key that says nothing."""
    return About("incident", str(incident_id))


def _new_reference() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_REFERENCE_LETTERS))
    return f"I-{letters[:4]}-{letters[4:]}"


def pass_on(report_id: UUID, *, for_standards: bool) -> None:
    """Say of an incident whose it is now, inside the act and audit row that passes its report."""
    Incident.objects.filter(report_id=report_id).update(police_party=for_standards)
