"""Deciding how long one report is kept: a hold, the lifting of a hold, a later day."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from safehold.domain import retention
from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.retention import facts, queries
from safehold.records.retention.facts import Looked
from safehold.records.retention.models import Destruction, DueReport, Keep, LegalHold, State
from safehold.records.staff.models import StaffMember
from safehold.records.triage.arrivals import locked
from safehold.records.triage.openings import about
from safehold.records.triage.queries import ReportNotFound, subject_of
from safehold.records.triage.reasons import ReasonTooThin, meaningful

__all__ = ["ReasonTooThin", "ReportNotFound"]


class NotAGround(ValueError):
    """A ground of a hold that the rules do not know."""


class NotADay(ValueError):
    """A day until which nothing can be kept: over, or too far away; the message says which."""


class NothingToLift(LookupError):
    """No hold of this id stands."""


class SamePerson(Exception):
    """A second person has to do this, and this is the first; the message says so."""


class TooLate(Exception):
    """The report is being destroyed: it is past a hold."""


def look_at(*, report_id: UUID, by: StaffMember, at: datetime) -> Looked:
    """Record the look, then say until when a report is kept. Raises Refused, or ReportNotFound."""
    queries.of_report(report_id=report_id, by=by, at=at)  # a look that is refused is not a look
    reason = f"{by.role_label}: how long it is kept"
    audit.record_look(by=by, reason=reason, subject=about(report_id), at=at)
    return queries.of_report(report_id=report_id, by=by, at=at)


@transaction.atomic
def set_hold(
    *, report_id: UUID, ground: str, reason: str, by: StaffMember, at: datetime
) -> LegalHold:
    """Put a report on hold: nothing of it goes until another person lifts it.

    Raises ReasonTooThin, NotAGround, Refused, ReportNotFound, or TooLate.
    """
    stated = meaningful(reason)
    if ground not in retention.table().grounds:
        raise NotAGround("Choose a ground from the list.")
    slip = locked(report_id)
    by.must(Permission.HOLD_REPORT, subject_of(slip))
    if Destruction.objects.filter(report_id=report_id, state=State.DESTROYING).exists():
        raise TooLate("It is being destroyed: there is nothing left to hold.")
    hold = LegalHold.objects.create(
        report_id=report_id, ground=ground, reason=stated, set_by=by, set_at=at
    )
    DueReport.objects.filter(pk=report_id).delete()
    audit.append(
        action=Action.HOLD_SET,
        by=by,
        subject=about(report_id),
        at=at,
        reason=stated,
        detail={"ground": ground, "hold": str(hold.pk)},
    )
    return hold


@transaction.atomic
def lift_hold(*, hold_id: UUID, reason: str, by: StaffMember, at: datetime) -> LegalHold:
    """Lift a hold that somebody else set, once.

    Raises ReasonTooThin, Refused, NothingToLift, or SamePerson.
    """
    stated = meaningful(reason)
    waiting = LegalHold.objects.filter(pk=hold_id, lifted_at=None)
    report_id = waiting.values_list("report_id", flat=True).first()
    slip = locked(report_id) if report_id is not None else None
    hold = waiting.select_for_update(no_key=True).first()
    if slip is None or hold is None:
        raise NothingToLift("There is no such hold, or it was lifted.")
    by.must(Permission.HOLD_REPORT, subject_of(slip))
    if hold.set_by_id == by.pk:
        raise SamePerson("You set this hold yourself: another person lifts it.")
    hold.lifted_by, hold.lifted_at, hold.lift_reason = by, at, stated
    hold.save()
    audit.append(
        action=Action.HOLD_LIFTED,
        by=by,
        subject=about(hold.report_id),
        at=at,
        reason=stated,
        detail={"hold": str(hold.pk)},
    )
    return hold


@transaction.atomic
def keep_longer(
    *, report_id: UUID, until: date, reason: str, by: StaffMember, at: datetime
) -> Keep:
    """Decide that a report is kept until a day, whatever its rule says.

    An earlier decision for a later day stands. Raises ReasonTooThin, NotADay, Refused,
    ReportNotFound, or TooLate.
    """
    stated = meaningful(reason)
    today = timezone.localdate(at)
    furthest = retention.after(today, 12 * retention.table().most_years)
    if until <= today:
        raise NotADay("That day is over. Give one that is still to come.")
    if until > furthest:
        raise NotADay(f"Give a day up to {retention.day(furthest)}: then somebody decides again.")
    slip = locked(report_id)
    by.must(Permission.REVIEW_RETENTION, subject_of(slip))
    if Destruction.objects.filter(report_id=report_id, state=State.DESTROYING).exists():
        raise TooLate("It is being destroyed: there is nothing left to keep.")
    keep = Keep.objects.create(
        report_id=report_id, until=until, reason=stated, decided_by=by, decided_at=at
    )
    DueReport.objects.filter(pk=report_id).delete()
    audit.append(
        action=Action.KEPT_LONGER,
        by=by,
        subject=about(report_id),
        at=at,
        reason=stated,
        detail={"until": until.isoformat()},
    )
    return keep


def note_what_is_due(*, at: datetime) -> int:
    """Write down anew which reports are due, for the unit's first page; return how many.

    Nothing else changes: when a report is due a person decides.
    """
    rows = [
        DueReport(
            report_id=one.slip.pk,
            reference=one.slip.reference,
            police_party=one.slip.police_party,
            status=str(one.facts.status),
            standing=str(one.found.standing),
            until=one.found.until,
            why=one.found.why,
            seen_at=at,
        )
        for one in facts.over(today=timezone.localdate(at))
        if one.found.until is not None
    ]
    with transaction.atomic():  # not sooner: to look at all reports takes long
        DueReport.objects.all().delete()
        DueReport.objects.bulk_create(rows, batch_size=500)
    return sum(row.standing == retention.Standing.DUE for row in rows)
