"""With whom the work of a member has to do: cases, incidents, reports, and whom they recorded."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from safehold.records.cases.models import CaseIncident, CaseMember
from safehold.records.incidents.models import Incident, IncidentReport
from safehold.records.people.models import Person
from safehold.records.staff.models import StaffMember
from safehold.records.triage.models import TriageSlip


def people_of(member: StaffMember, *, among: Collection[UUID]) -> frozenset[UUID]:
    """Return those people with whom the member's work has, or ever had, to do."""
    worked = CaseMember.objects.filter(member=member).values("case_id")
    on_cases = CaseIncident.objects.filter(case__in=worked).values("incident_id")
    owned = TriageSlip.objects.filter(owner=member).values("pk")
    reported = IncidentReport.objects.filter(pk__in=owned).values("incident_id")
    recorded = Incident.objects.filter(recorded_by=member).values("pk")
    theirs = (
        Q(cases__case__in=worked)
        | Q(roles__incident__in=on_cases)
        | Q(roles__incident__in=reported)
        | Q(roles__incident__in=recorded)
        | Q(recorded_by=member)
    )
    rows = Person.objects.filter(theirs, identity__in=list(among))
    return frozenset(rows.values_list("identity", flat=True))
