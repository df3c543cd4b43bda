"""Deciding whether anything is told: proposed by one, agreed to by another.

What cannot wait holds at once, with its reason, and a second person looks at it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import dvds
from safehold.domain.access import Permission
from safehold.domain.dvds import Standing, Wanted
from safehold.records.audit.actions import Action
from safehold.records.dvds import queries
from safehold.records.dvds.acting import DoneBefore, NotSecond, TooEarly, locked, saved
from safehold.records.dvds.models import Application, Decision, Proposal, Second, View
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


@dataclass(frozen=True, slots=True)
class Proposed:
    """What somebody would decide, and why it is needed, in proportion, and on which basis."""

    decision: str
    necessary: str
    proportionate: str
    basis: str
    whom: str = ""
    third_why: str = ""
    emergency_why: str = ""


def standing_of(row: Application) -> Standing:
    """Return how far an application is, as far as a decision rests on it."""
    contacts = list(queries.contacts_of(row))
    known = set(row.search_rows.values_list("source", flat=True))
    return Standing(
        asker=contacts[0].asker if contacts else "",
        danger=any(one.danger for one in contacts),
        case_linked=row.link_rows.filter(case__isnull=False).exists(),
        identity=row.identity_at is not None,
        abuser=row.abuser,
        unsearched=sum(1 for key, _ in dvds.choices("sources") if key not in known),
        agencies=View.objects.filter(application=row).values("agency").distinct().count(),
    )


@transaction.atomic
def propose(
    *, application_id: UUID, proposed: Proposed, by: StaffMember, at: datetime
) -> Application:
    """Record what the forum would decide; it holds at once only where it cannot wait.

    Raises ReasonTooThin, TooEarly, DoneBefore, Refused, or ApplicationNotFound.
    """
    told = proposed.decision == Decision.TELL
    third = proposed.third_why.strip() if told and proposed.whom != "at_risk" else ""
    made = Proposal(
        application_id=application_id,
        decision=proposed.decision,
        whom=proposed.whom if told else "",
        necessary=meaningful(proposed.necessary),
        proportionate=meaningful(proposed.proportionate),
        basis=meaningful(proposed.basis),
        third_why=meaningful(third) if third else "",
        emergency_why=meaningful(proposed.emergency_why) if proposed.emergency_why.strip() else "",
        at=at,
        by=by,
    )
    row = locked(application_id, by)
    if row.decision:
        raise DoneBefore("This was decided already.")
    if waiting_of(row) is not None:
        raise DoneBefore("A decision waits for a second person already.")
    _refuse(row, made)
    made.save()
    if made.emergency_why:
        return _hold(row, made, by=by, at=at)
    return saved(row, Action.APPLICATION_PROPOSED, by=by, at=at, detail={"decision": made.decision})


@transaction.atomic
def second(
    *, proposal_id: UUID, agreed: bool, why: str, by: StaffMember, at: datetime
) -> Application:
    """Agree or not to what somebody else decided: it holds then, or held already and is looked at.

    Raises ReasonTooThin, TooEarly, DoneBefore, NotSecond, Refused, or ApplicationNotFound.
    """
    stated = meaningful(why)
    by.must(Permission.AGREE_DVDS)
    key = Proposal.objects.filter(pk=proposal_id).values_list("application_id", flat=True).first()
    row = locked(key or proposal_id, by)
    made = Proposal.objects.select_related("by").get(pk=proposal_id)
    if Second.objects.filter(pk=made.pk).exists():
        raise DoneBefore("Somebody has looked at this before you.")
    if made.by_id == by.pk:
        raise NotSecond("You decided it: somebody else has to agree.")
    waits = not made.emergency_why
    if waits and agreed:
        _refuse(row, made)
    Second.objects.create(
        proposal=made, proposed_by=made.by, agreed=agreed, why=stated, at=at, by=by
    )
    detail = {"agreed": agreed, "afterwards": not waits}
    if waits and agreed:
        _holds(row, made, at=at)
    return saved(row, Action.APPLICATION_SECONDED, by=by, at=at, reason=stated, detail=detail)


def waiting_of(row: Application) -> Proposal | None:
    """Return the proposal of an application that waits for a second person, None without one."""
    found = Proposal.objects.filter(application=row, second=None, emergency_why="")
    return found.select_related("by").order_by("at", "pk").first()


def held(row: Application) -> Proposal | None:
    """Return the proposal by which an application was decided, None where it is not."""
    if not row.decision:
        return None
    made = Proposal.objects.filter(application=row, decision=row.decision)
    rows = made.select_related("by", "second", "second__by").order_by("-at", "pk")
    agreed = (one for one in rows if one.emergency_why or _agreed(one))
    return next(agreed, None)


def _agreed(made: Proposal) -> bool:
    second = getattr(made, "second", None)
    return second is not None and second.agreed


def _refuse(row: Application, made: Proposal) -> None:
    wanted = Wanted(made.decision, made.whom, made.third_why, made.emergency_why)
    if said := dvds.refusal(standing_of(row), wanted):
        raise TooEarly(said)


def _hold(row: Application, made: Proposal, *, by: StaffMember, at: datetime) -> Application:
    _holds(row, made, at=at)
    detail = {"decision": made.decision, "could_wait": False}
    return saved(
        row, Action.APPLICATION_DECIDED, by=by, at=at, reason=made.emergency_why, detail=detail
    )


def _holds(row: Application, made: Proposal, *, at: datetime) -> None:
    row.decision, row.decided_by, row.decided_at = made.decision, made.by, at
    row.decided_why = made.necessary
