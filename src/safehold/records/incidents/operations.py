"""Recording an incident, looking at one, and deciding whether it is a crime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from safehold.domain.access import Permission, Role
from safehold.domain.answering import Waits
from safehold.domain.linking import Basis, may_be_linked
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.clocks import operations as clocks
from safehold.records.conflicts import recusals
from safehold.records.duty import operations as duty
from safehold.records.incidents import queries, reading
from safehold.records.incidents.models import (
    Classification,
    CrimeDecision,
    Incident,
    IncidentReport,
    Part,
    Sure,
    TimePrecision,
)
from safehold.records.incidents.models import (
    Role as InIncident,
)
from safehold.records.incidents.reading import Unread as Unread
from safehold.records.incidents.references import new_reference
from safehold.records.incidents.set_aside import accepted_after_all, gone_into_another
from safehold.records.places.models import Place
from safehold.records.staff.models import StaffMember

_DECIDED = frozenset(
    {
        "crime_decision",
        "crime_reason",
        "crime_decided_at",
        "crime_decided_by_id",
        "crime_settled",
    }
)


class NotAlike(Exception):
    """Two reports that cannot be one incident; the message says why, for the officer."""


class NotADecision(ValueError):
    """Neither a crime nor not a crime was said."""


class DecidedMeanwhile(Exception):
    """Somebody decided since the page was drawn; the message says so, for the officer."""


class Settled(Exception):
    """The crime registrar has decided: nobody else changes it."""


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
    basis: Basis = Basis.NOT_KNOWN,
    by: StaffMember,
    at: datetime,
) -> Incident:
    """Record an incident inside the transaction, and under the audit row, of the act that makes it.

    `report_id` is None for one that was accepted before there were reports here; `place` is None
    where it is nobody's business to have one. `basis` says whether its reporter freed it to be tied
    to a person: where it is not known, it is not.
    Whether it is a crime is not yet decided, and rests with a supervisor, or with professional
    standards where a colleague is a party. Raises ValueError for a
    classification that is not one, and IntegrityError where the report has an incident already.
    """
    incident = accepted_after_all(report_id) or Incident(
        reference=new_reference(), report_id=report_id
    )
    told = {
        "place": place,
        "starts_at": happening.starts_at,
        "ends_at": happening.ends_at,
        "time_precision": happening.time_precision,
        "days": list(happening.days),
        "parts_of_day": list(happening.parts_of_day),
        "environment": list(happening.environment),
        "behaviours": list(happening.behaviours),
        "changes": list(happening.changes),
        "rules_version": happening.rules_version,
        "classification": Classification(classification),
        "note": note,
        "police_party": police_party,
        "linkable": may_be_linked(basis),
        "link_basis": basis,
        "link_key": incident.pk if may_be_linked(basis) else None,
        "crime_rests_with": Role.PROFESSIONAL_STANDARDS if police_party else Role.SUPERVISOR,
        "recorded_at": at,
        "recorded_by": by,
    }
    for name, value in told.items():
        setattr(incident, name, value)
    incident.save()
    if report_id is not None:
        _keep_report(incident, report_id, basis=basis, note="", by=by, at=at)
    _keep_roles(incident, roles)
    return incident


def lock_to_join(*, incident_id: UUID, report_id: UUID) -> None:
    """Lock an incident, and what was recorded of a report that goes into it, in one order."""
    own = Q(report_id=report_id, set_aside=True)
    rows = Incident.objects.select_for_update(no_key=True).filter(Q(pk=incident_id) | own)
    list(rows.order_by("pk").values_list("pk", flat=True))


def add_report(
    *,
    incident_id: UUID,
    report_id: UUID,
    roles: Sequence[RoleTold],
    basis: Basis,
    note: str,
    by: StaffMember,
    at: datetime,
) -> Incident:
    """Take another report of the same happening into an incident, inside the caller's act.

    What the incident says stays as it was; a child that only this report tells of has a role too.
    Raises IncidentNotFound, NotAlike where one may be tied to a person and the other may not, and
    IntegrityError where the report is in an incident already.
    """
    incident = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    if incident is None:
        raise queries.IncidentNotFound("There is no such incident.")
    if may_be_linked(basis) != incident.linkable:
        raise NotAlike(
            "One of the two may be tied to a person and the other may not. Each stays an incident "
            "of its own."
        )
    gone_into_another(report_id)
    _keep_report(incident, report_id, basis=basis, note=note, by=by, at=at)
    if incident.crime_decision != CrimeDecision.NOT_YET:
        _stop_crime_clocks([report_id], by=by, at=at)
    known = {(role.part, role.child) for role in incident.roles.all()}
    _keep_roles(
        incident, [told for told in roles if told.child and (told.part, told.child) not in known]
    )
    return incident


def _keep_report(
    incident: Incident, report_id: UUID, *, basis: Basis, note: str, by: StaffMember, at: datetime
) -> None:
    IncidentReport.objects.create(
        report_id=report_id,
        incident=incident,
        link_basis=basis,
        link_key=report_id if may_be_linked(basis) else None,
        note=note,
        added_at=at,
        added_by=by,
    )


def _keep_roles(incident: Incident, roles: Sequence[RoleTold]) -> None:
    for role in roles:
        InIncident.objects.create(
            incident=incident, part=role.part, child=role.child or "", prompt=role.prompt
        )


def look_at_incident(*, incident_id: UUID, reason: str, by: StaffMember, at: datetime) -> Incident:
    """Record the look with its reason, then return the incident.

    Raises Refused, ReasonNeeded, or IncidentNotFound.
    """
    queries.get(incident_id=incident_id, by=by)  # a look that is refused is not a look
    audit.record_look(by=by, reason=reason, subject=about(incident_id), at=at)
    return queries.get(incident_id=incident_id, by=by)


@transaction.atomic
def decide_crime(
    *,
    incident_id: UUID,
    decision: str,
    reason: str,
    earlier: str | None = None,
    by: StaffMember,
    at: datetime,
) -> Incident:
    """Record whether an incident is a crime; the audit keeps every earlier decision.

    `earlier` is `stamp` of the decision that the member was shown; None where none was shown. Where
    another stands by now, DecidedMeanwhile is raised.

    Whoever may open accounts has read those of all its reports; whoever may open none, as the
    registrar, decides by what was recorded, and the audit says which. That of whoever may settle it
    is the last: nobody else changes it. Raises Refused, IncidentNotFound, Unread, NotADecision,
    ReasonNeeded, or Settled.
    """
    # Locked before it is asked which reports are in it: another may be taken into it meanwhile.
    before = Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    found = queries.get(incident_id=incident_id, by=by)
    subject = recusals.subject_of(found)
    by.must(Permission.DECIDE_CRIME, subject)
    settles = by.may(Permission.SETTLE_CRIME, subject)
    reports = _reports_of(found)
    reading.must_have_read(reports, to="decides whether it is a crime", by=by)
    if decision not in {CrimeDecision.CRIME, CrimeDecision.NOT_CRIME}:
        raise NotADecision("Say that it is a crime or that it is not.")
    if not reason.strip():
        raise audit.ReasonNeeded("Say why.")
    if before is None:
        raise queries.IncidentNotFound("There is no such incident.")
    _must_stand(before, shown=earlier, settles=settles)
    found.crime_decision = decision
    found.crime_reason = reason
    found.crime_decided_at = at
    found.crime_decided_by = by
    found.crime_settled = settles
    found.save(
        update_fields=[
            "crime_decision",
            "crime_reason",
            "crime_decided_at",
            "crime_decided_by",
            "crime_settled",
        ]
    )
    _stop_crime_clocks(reports, by=by, at=at)
    clocks.stop(report_id=incident_id, waits=(Waits.CRIME,), how=Action.CRIME_DECIDED, by=by, at=at)
    audit.append(
        action=Action.CRIME_DECIDED,
        by=by,
        subject=about(incident_id),
        at=at,
        reason=reason,
        detail={
            "decision": decision,
            "earlier": before.crime_decision,
            "settled": settles,
            "rests on": reading.rests_on(reports, by=by),
        },
    )
    return found


def _must_stand(before: Incident, *, shown: str | None, settles: bool) -> None:
    if shown is not None and shown != stamp(before):
        raise DecidedMeanwhile(
            "Somebody else decided this since you opened the page, and yours is not recorded. Read "
            "what stands now; press again to record yours in its place."
        )
    if before.crime_settled and not settles:
        raise Settled("The crime registrar has decided this. Ask them if you see it otherwise.")


def still_to_open(incident: Incident, *, by: StaffMember) -> list[UUID]:
    """Return the reports of an incident that was given out which a member has yet to open.

    Before they are, the member does not decide whether it is a crime.
    """
    return reading.still_to_open(_reports_of(incident), by=by)


def _reports_of(incident: Incident) -> list[UUID]:
    own = [incident.report_id] if incident.report_id is not None else []
    return sorted({*own, *queries.reports_in(incident)})


def stamp(incident: Incident) -> str:
    """Return what tells one decision on crime from another, empty before there is one."""
    decided = incident.crime_decided_at
    return decided.isoformat() if decided else ""


def about(incident_id: UUID) -> About:
    """Name an incident as the audit does: by a key that says nothing."""
    return About("incident", str(incident_id))


def pass_on(report_id: UUID, *, for_standards: bool, whole: bool = False) -> bool:
    """Say of an incident whose it is now, inside the act and audit row that passes its report.

    Where other reports are in it too, this one gets an incident of its own, not yet decided:
    tells whether it did. The others stay with whoever has them; of a `whole` one they all go.
    """
    split = False
    for incident in queries.with_report(report_id):
        others = [key for key in queries.reports_in(incident) if key != report_id]
        if others and not whole:
            incident = _apart(incident, report_id, others)
            split = True
        pass_whole([incident.pk], for_standards=for_standards)
    return split


def pass_whole(incident_ids: Sequence[UUID], *, for_standards: bool) -> None:
    """Say of incidents whose they are now, inside the act that passes what they hang on."""
    Incident.objects.filter(pk__in=incident_ids).update(
        police_party=for_standards,
        crime_rests_with=Role.PROFESSIONAL_STANDARDS if for_standards else Role.SUPERVISOR,
    )


def _apart(incident: Incident, report_id: UUID, others: Sequence[UUID]) -> Incident:
    tie = IncidentReport.objects.get(pk=report_id)
    if incident.report_id == report_id:
        Incident.objects.filter(pk=incident.pk).update(report_id=others[0])
    roles = list(incident.roles.all())
    kept = {
        field.attname: getattr(incident, field.attname)
        for field in Incident._meta.concrete_fields
        if field.attname not in {"id", "reference", "report_id", "link_key", *_DECIDED}
    }
    own = Incident(**{**kept, "note": tie.note}, reference=new_reference(), report_id=report_id)
    own.link_key = own.pk if own.linkable else None
    own.save(force_insert=True)
    for role in roles:
        InIncident.objects.create(
            incident=own, part=role.part, child=role.child, prompt=role.prompt
        )
    # Rows of this table are written once: the same tie again, to the other incident. What leads to
    # it by its key leads to it still.
    rows = IncidentReport.objects.filter(pk=report_id)
    rows._raw_delete(rows.db)
    _keep_again(tie, own)
    return own


def _keep_again(tie: IncidentReport, incident: Incident) -> None:
    IncidentReport.objects.create(
        report_id=tie.report_id,
        incident=incident,
        link_basis=tie.link_basis,
        link_key=tie.link_key,
        note=tie.note,
        added_at=tie.added_at,
        added_by=tie.added_by,
    )


def _stop_crime_clocks(report_ids: Sequence[UUID], *, by: StaffMember, at: datetime) -> None:
    # All clocks, then all alarms: the order of `records.locks` holds across reports too.
    how = Action.CRIME_DECIDED
    clocks.stop_together(report_ids=report_ids, waits=(Waits.CRIME,), how=how, by=by, at=at)
    for report_id in report_ids:
        duty.settle(report_id=report_id, owned=False, by=by, at=at)
