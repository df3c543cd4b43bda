"""Opening a case, saying who works on it and on what, and closing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission, Role
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.cases import holding, queries
from safehold.records.cases.models import (
    Case,
    CaseIncident,
    CaseKind,
    CaseMember,
    CaseParty,
    Relation,
)
from safehold.records.cases.references import new_reference
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Incident, Part
from safehold.records.people import operations as people
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NotForThem(ValueError):
    """The member may not work on this case; the message says so and no more."""


class StillOpen(Exception):
    """Something is open in the case; the message says what, and asks why it is closed over it."""


class Closed(Exception):
    """The case is closed: it is opened again first."""


def about(case_id: UUID) -> About:
    """Name a case as the audit does: by a key that says nothing."""
    return About("case", str(case_id))


@transaction.atomic
def open_case(
    *,
    kind: CaseKind,
    incident_ids: Sequence[UUID],
    why: str,
    restricted: bool,
    owner: StaffMember | None,
    team: str,
    by: StaffMember,
    at: datetime,
) -> Case:
    """Open a case on incidents; it is about whoever is tied to a part in them.

    Without an owner it is on every supervisor's first page. A restricted one needs an owner: with
    none nobody would see it. Raises ReasonTooThin, Refused, IncidentNotFound, or NotForThem.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    if restricted and owner is None:
        raise NotForThem("A restricted case needs an owner, or nobody would see it.")
    found = [incidents.get(incident_id=key, by=by) for key in incident_ids]
    sealed = any(incident.police_party for incident in found)
    case = Case.objects.create(
        reference=new_reference(),
        kind=CaseKind(kind),
        team=team,
        restricted=restricted,
        sealed_to=Role.PROFESSIONAL_STANDARDS if sealed else "",
        opened_at=at,
        opened_by=by,
        opened_why=stated,
    )
    for incident in found:
        _add(case, incident, by=by, at=at)
    if owner is not None:
        _name(case, owner, Relation.OWNER, by=by, at=at)
    audit.append(action=Action.CASE_OPENED, by=by, subject=about(case.pk), at=at, reason=stated)
    return case


@transaction.atomic
def add_incident(*, case_id: UUID, incident_id: UUID, by: StaffMember, at: datetime) -> None:
    """Take an incident into a case; one that is there already changes nothing.

    Raises Refused, CaseNotFound, IncidentNotFound, Closed, or NotForThem for one of a colleague in
    a case that is not sealed.
    """
    by.must(Permission.WORK_CASES)
    case = _open(case_id, by)
    incident = incidents.get(incident_id=incident_id, by=by)
    if incident.police_party and not case.sealed_to:
        raise NotForThem("This incident cannot be taken into this case.")
    if CaseIncident.objects.filter(case=case, incident=incident).exists():
        return
    _add(case, incident, by=by, at=at)
    _changed(case, {"incident": str(incident.pk)}, by=by, at=at)


@transaction.atomic
def add_party(*, case_id: UUID, identity: UUID, part: Part, by: StaffMember, at: datetime) -> None:
    """Say that a case is about somebody.

    Raises Refused, CaseNotFound, PersonNotFound, or Closed.
    """
    by.must(Permission.WORK_CASES)
    case = _open(case_id, by)
    person = people.standing(identity, by=by)
    CaseParty.objects.get_or_create(
        case=case, person=person, part=Part(part), defaults={"added_at": at, "added_by": by}
    )
    _changed(case, {"person": str(identity), "part": str(part)}, by=by, at=at)


@transaction.atomic
def name_member(
    *,
    case_id: UUID,
    member: StaffMember,
    relation: Relation,
    why: str,
    by: StaffMember,
    at: datetime,
) -> None:
    """Name a member to work on a case; a new owner takes the place of the one before.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, or NotForThem.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    case = _open(case_id, by)
    if relation == Relation.OWNER:
        for row in CaseMember.objects.filter(case=case, relation=relation, until=None):
            _end(row, stated, by=by, at=at)
    _name(case, member, relation, by=by, at=at)
    detail = {"member": str(member.pk), "relation": str(relation)}
    _changed(case, detail, by=by, at=at, reason=stated)


@transaction.atomic
def end_membership(
    *, case_id: UUID, membership_id: UUID, why: str, by: StaffMember, at: datetime
) -> None:
    """Say that a member works on a case no longer; the row stays.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, or NotForThem where a restricted case
    would be without an owner.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    case = _open(case_id, by)
    row = CaseMember.objects.filter(case=case, pk=membership_id, until=None).first()
    if row is None:
        raise queries.CaseNotFound("This member works on the case no longer.")
    if case.restricted and row.relation == Relation.OWNER:
        raise NotForThem("Name another owner first: nobody else would see this case.")
    _end(row, stated, by=by, at=at)
    _changed(case, {"member": str(row.member_id), "ended": True}, by=by, at=at, reason=stated)


@transaction.atomic
def restrict(*, case_id: UUID, restricted: bool, why: str, by: StaffMember, at: datetime) -> None:
    """Show a case to those who work on it alone, or to the unit again.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, or NotForThem.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    case = _open(case_id, by)
    owned = CaseMember.objects.filter(case=case, relation=Relation.OWNER, until=None).exists()
    if restricted and not owned:
        raise NotForThem("A restricted case needs an owner, or nobody would see it.")
    Case.objects.filter(pk=case.pk).update(restricted=restricted)
    _changed(case, {"restricted": restricted}, by=by, at=at, reason=stated)


@transaction.atomic
def close(*, case_id: UUID, why: str, why_open: str = "", by: StaffMember, at: datetime) -> None:
    """Close a case. What is still open in it needs a word of its own on why: `why_open`.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed where it is, or StillOpen.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    case = _open(case_id, by)
    if left := holding.still_open(case.pk):
        if not why_open.strip():
            raise StillOpen(f"Still open: {'; '.join(left)}. Say why the case is closed over it.")
        stated = f"{stated} Still open: {'; '.join(left)}. {meaningful(why_open)}"
    case.closed_at, case.closed_by, case.closed_why = at, by, stated
    case.save(update_fields=["closed_at", "closed_by", "closed_why"])
    audit.append(action=Action.CASE_CLOSED, by=by, subject=about(case.pk), at=at, reason=stated)


def look_at_case(*, case_id: UUID, reason: str, by: StaffMember, at: datetime) -> Case:
    """Record the look with its reason, then return the case.

    Raises Refused, ReasonNeeded, or CaseNotFound.
    """
    queries.get(case_id=case_id, by=by)  # a look that is refused is not a look
    audit.record_look(by=by, reason=reason, subject=about(case_id), at=at)
    return queries.get(case_id=case_id, by=by)


def _open(case_id: UUID, by: StaffMember) -> Case:
    seen = queries.seen_by(by).filter(pk=case_id).values("pk")
    case = Case.objects.select_for_update(no_key=True).filter(pk__in=seen).first()
    if case is None:
        raise queries.CaseNotFound("There is no such case.")
    if case.closed_at is not None:
        raise Closed("This case is closed.")
    return case


def _add(case: Case, incident: Incident, *, by: StaffMember, at: datetime) -> None:
    CaseIncident.objects.create(case=case, incident=incident, added_at=at, added_by=by)
    for role in incident.roles.exclude(person=None).select_related("person"):
        if role.person is None:
            continue
        CaseParty.objects.get_or_create(
            case=case,
            person=role.person,
            part=role.part,
            defaults={"added_at": at, "added_by": by},
        )


def _name(
    case: Case, member: StaffMember, relation: Relation, *, by: StaffMember, at: datetime
) -> None:
    # The sentence is the same whatever the reason: nobody may learn who is kept from what.
    if not (member.may(Permission.SEE_CASES) and case.sealed_to in {"", member.role}):
        raise NotForThem("This member cannot work on this case.")
    if not queries.may_work_on(case, member):
        raise NotForThem("This member cannot work on this case.")
    if CaseMember.objects.filter(case=case, member=member, relation=relation, until=None).exists():
        return
    CaseMember.objects.create(case=case, member=member, relation=relation, since=at, named_by=by)


def _end(row: CaseMember, why: str, *, by: StaffMember, at: datetime) -> None:
    row.until, row.ended_by, row.ended_why = at, by, why
    row.save(update_fields=["until", "ended_by", "ended_why"])


def _changed(
    case: Case, detail: Mapping[str, object], *, by: StaffMember, at: datetime, reason: str = ""
) -> None:
    audit.append(
        action=Action.CASE_CHANGED,
        by=by,
        subject=about(case.pk),
        at=at,
        reason=reason,
        detail=detail,
    )
