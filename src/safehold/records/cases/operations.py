"""Opening a case, saying on what it is and whom it is about, and closing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists

from safehold.design.words import day, moment
from safehold.domain import access, retention
from safehold.domain.access import Permission, Role
from safehold.domain.case_access import Act as Asked
from safehold.domain.case_access import Part as PartOfCase
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.cases import holding, knowing, queries, standing
from safehold.records.cases.models import (
    Act,
    Case,
    CaseAct,
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
    """The case is closed: it is opened again first. The message says by whom and why."""


class ActedMeanwhile(Exception):
    """Somebody acted since the page was drawn; the message says what stands now."""


class NotADay(ValueError):
    """A case is kept until no such day; the message says which are."""


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
    found = [incidents.get(incident_id=key, by=by) for key in dict.fromkeys(incident_ids)]
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
        name(case, owner, Relation.OWNER, by=by, at=at)
    audit.append(action=Action.CASE_OPENED, by=by, subject=about(case.pk), at=at, reason=stated)
    return case


@transaction.atomic
def add_incident(*, case_id: UUID, incident_id: UUID, by: StaffMember, at: datetime) -> bool:
    """Take an incident into a case; tell whether it was not there: then nothing changes.

    Raises Refused, CaseNotFound, IncidentNotFound, Closed, or NotForThem for one of a colleague in
    a case that is not sealed.
    """
    by.must(Permission.WORK_CASES)
    case = locked(case_id, by, PartOfCase.INCIDENTS)
    incident = incidents.get(incident_id=incident_id, by=by)
    if incident.police_party and not case.sealed_to:
        raise NotForThem("This incident cannot be taken into this case.")
    if CaseIncident.objects.filter(case=case, incident=incident).exists():
        return False
    _add(case, incident, by=by, at=at)
    tell(case, {"incident": str(incident.pk)}, by=by, at=at)
    return True


@transaction.atomic
def add_party(*, case_id: UUID, identity: UUID, part: Part, by: StaffMember, at: datetime) -> bool:
    """Say that a case is about somebody; tell whether that was not said: then nothing changes.

    Raises Refused, CaseNotFound, PersonNotFound, or Closed.
    """
    by.must(Permission.WORK_CASES)
    case = locked(case_id, by, PartOfCase.PEOPLE)
    person = people.standing(identity, by=by)
    if person.sealed_to and not case.sealed_to:
        raise NotForThem("Pass the case to professional standards first: this is a colleague.")
    # By identity: another row of the same person may be there.
    if CaseParty.objects.filter(case=case, person__identity=identity, part=part).exists():
        return False
    CaseParty.objects.create(case=case, person=person, part=Part(part), added_at=at, added_by=by)
    tell(case, {"person": str(identity), "part": str(part)}, by=by, at=at)
    return True


@transaction.atomic
def restrict(*, case_id: UUID, restricted: bool, why: str, by: StaffMember, at: datetime) -> None:
    """Show a case to those who work on it alone, or to the unit again.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, ActedMeanwhile where it is so already, or
    NotForThem for a member who would not see it any more, or where nobody owns it.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    case = locked(case_id, by, PartOfCase.MEMBERS)
    if case.restricted == restricted:
        raise ActedMeanwhile(
            "Somebody restricted this case since you opened the page."
            if restricted
            else "Somebody showed this case to the unit again since you opened the page."
        )
    if restricted and not owned(case):
        raise NotForThem("A restricted case needs an owner, or nobody would see it.")
    if restricted and not queries.works_on(case, by):
        raise NotForThem("You do not work on this case, and would not see it any more.")
    Case.objects.filter(pk=case.pk).update(restricted=restricted)
    _keep_act(case, Act.RESTRICTED if restricted else Act.LIFTED, stated, by=by, at=at)
    tell(case, {"restricted": restricted}, by=by, at=at, reason=stated)


@transaction.atomic
def close(*, case_id: UUID, why: str, why_open: str = "", by: StaffMember, at: datetime) -> None:
    """Close a case. What is still open in it needs a word of its own on why: `why_open`.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed where it is, or StillOpen.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    case = locked(case_id, by, PartOfCase.CASE)
    if left := holding.still_open(case.pk):
        if not why_open.strip():
            raise StillOpen(f"Still open: {'; '.join(left)}. Say why the case is closed over it.")
        stated = f"{stated} Still open: {'; '.join(left)}. {meaningful(why_open)}"
    case.closed_at, case.closed_by, case.closed_why = at, by, stated
    case.save(update_fields=["closed_at", "closed_by", "closed_why"])
    _keep_act(case, Act.CLOSED, stated, by=by, at=at)
    audit.append(action=Action.CASE_CLOSED, by=by, subject=about(case.pk), at=at, reason=stated)


@transaction.atomic
def reopen(*, case_id: UUID, why: str, by: StaffMember, at: datetime) -> None:
    """Open a closed case again; who works on it is as it was.

    Raises ReasonTooThin, Refused, CaseNotFound, or ActedMeanwhile where it is open.
    """
    stated = meaningful(why)
    by.must(Permission.WORK_CASES)
    case = locked(case_id, by, PartOfCase.CASE, closed=True)
    case.closed_at, case.closed_by, case.closed_why, case.kept_until = None, None, "", None
    case.save(update_fields=["closed_at", "closed_by", "closed_why", "kept_until"])
    _keep_act(case, Act.REOPENED, stated, by=by, at=at)
    audit.append(action=Action.CASE_REOPENED, by=by, subject=about(case.pk), at=at, reason=stated)


@transaction.atomic
def keep_longer(*, case_id: UUID, until: date, why: str, by: StaffMember, at: datetime) -> None:
    """Decide that a closed case, and what is told in it, is kept until a later day.

    Raises ReasonTooThin, Refused, CaseNotFound, ActedMeanwhile where it is open, or NotADay.
    """
    stated = meaningful(why)
    by.must(Permission.REVIEW_RETENTION)
    case = locked(case_id, by, PartOfCase.CASE, closed=True)
    most = retention.after(at.date(), 12 * retention.table().most_years)
    if not at.date() < until <= most:
        raise NotADay(f"Choose a day after today, and not after {day(most)}.")
    if case.kept_until is not None and until < case.kept_until:
        raise NotADay(f"It was decided to keep it until {day(case.kept_until)}.")
    Case.objects.filter(pk=case.pk).update(kept_until=until)
    _keep_act(case, Act.KEPT, stated, by=by, at=at)
    tell(case, {"kept until": until.isoformat()}, by=by, at=at, reason=stated)


def look_at_case(*, case_id: UUID, reason: str, by: StaffMember, at: datetime) -> Case:
    """Record the look with its reason, then return the case.

    Raises Refused, ReasonNeeded, or CaseNotFound.
    """
    queries.get(case_id=case_id, by=by)  # a look that is refused is not a look
    return _recorded_look(case_id, reason, by=by, at=at)


def look_again(*, case_id: UUID, by: StaffMember, at: datetime) -> tuple[Case, str] | None:
    """Record a look for the reason of this shift, then return the case with that reason.

    None, and no look, where the member gave none within the shift. Raises CaseNotFound.
    """
    since = at - access.table().shift
    reason = queries.reason_since(case_id=case_id, by=by, since=since)
    return (_recorded_look(case_id, reason, by=by, at=at), reason) if reason else None


def _recorded_look(case_id: UUID, reason: str, *, by: StaffMember, at: datetime) -> Case:
    audit.record_look(by=by, reason=reason, subject=about(case_id), at=at)
    return queries.get(case_id=case_id, by=by)


def locked(
    case_id: UUID, by: StaffMember, part: PartOfCase | None, *, closed: bool | None = False
) -> Case:
    """Lock a case of which a member may change a part, to the end of the transaction.

    Without a `part` whoever may know of it may go on: the caller says what else it takes. `closed`
    is what it has to be, None for either. Raises CaseNotFound, Refused where the part is not
    theirs, Closed where it is, or ActedMeanwhile where it should be and is not.
    """
    seen = queries.seen_by(by).filter(pk=case_id).values("pk")
    case = Case.objects.select_for_update(no_key=True).filter(pk__in=seen).first()
    if case is None:
        raise queries.CaseNotFound("There is no such case.")
    # It may have been hidden while this waited for whoever held it.
    if not queries.seen_by(by).filter(pk=case_id).exists():
        raise queries.CaseNotFound("There is no such case.")
    if part is not None:
        standing.must(case, by, part, Asked.CHANGE)
    if case.closed_at is None and closed:
        raise ActedMeanwhile("This case is open: somebody opened it again.")
    if case.closed_at is not None and closed is False:
        closer = case.closed_by.name if case.closed_by else ""
        raise Closed(
            f"This case was closed {moment(case.closed_at)} by {closer}: “{case.closed_why}”. Open "
            "it again first."
        )
    return case


def owned(case: Case) -> bool:
    """Tell whether somebody owns a case who can still work on it."""
    return Case.objects.filter(Exists(knowing.able(Relation.OWNER)), pk=case.pk).exists()


def name(
    case: Case, member: StaffMember, relation: Relation, *, by: StaffMember, at: datetime
) -> None:
    """Write down that a member works on a case, inside the caller's act. Raises NotForThem."""
    # The sentence is the same whatever the reason: nobody may learn who is kept from what.
    if not (member.may(Permission.SEE_CASES) and case.sealed_to in {"", member.role}):
        raise NotForThem("This member cannot work on this case.")
    if not knowing.may_know(case, member):
        raise NotForThem("This member cannot work on this case.")
    if not standing.fits(member, relation):
        raise NotForThem(f"{member.name} cannot be that: an advocate is of a partner agency.")
    if CaseMember.objects.filter(case=case, member=member, relation=relation, until=None).exists():
        return
    CaseMember.objects.create(case=case, member=member, relation=relation, since=at, named_by=by)


def tell(
    case: Case, detail: Mapping[str, object], *, by: StaffMember, at: datetime, reason: str = ""
) -> None:
    """Write the audit row of a change to a case, last in its transaction."""
    audit.append(
        action=Action.CASE_CHANGED,
        by=by,
        subject=about(case.pk),
        at=at,
        reason=reason,
        detail=detail,
    )


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


def _keep_act(case: Case, act: Act, why: str, *, by: StaffMember, at: datetime) -> None:
    CaseAct.objects.create(case=case, act=act, at=at, by=by, why=why)
