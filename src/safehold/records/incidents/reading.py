"""Whether whoever decides about a report has read it: what an officer wrote of it is no account."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max

from safehold.domain.access import Permission
from safehold.records.audit.actions import Action
from safehold.records.audit.models import AuditEvent
from safehold.records.staff.models import StaffMember
from safehold.records.triage.models import Opening, TriageSlip


class Unread(Exception):
    """Whoever decides has accounts still to open: `reports` are theirs, the message says so."""

    def __init__(self, reports: list[UUID], to: str) -> None:
        super().__init__(f"You have not opened the account. Whoever {to} has read it.")
        self.reports = reports


def still_to_open(report_ids: Iterable[UUID], *, by: StaffMember) -> list[UUID]:
    """Return those reports whose account a member has to open before deciding about them.

    None of what nobody can open: that came in no report, was destroyed, or did not open when this
    member tried. None for a role that opens no account at all, as the crime registrar's: what
    they decide rests on what others recorded, each of whom had to read it.
    """
    if not by.may(Permission.OPEN_ACCOUNT):
        return []
    keys = list(report_ids)
    opened = Opening.objects.filter(slip_id__in=keys, member=by).values("slip_id")
    unopened = TriageSlip.objects.filter(pk__in=keys, destroyed_at=None).exclude(pk__in=opened)
    left = sorted(unopened.values_list("pk", flat=True), key=keys.index)
    return [key for key in left if not _tried(key, by)]


def must_have_read(report_ids: Iterable[UUID], *, to: str, by: StaffMember) -> None:
    """Raise Unread where a member has accounts still to open; `to` says what for."""
    if left := still_to_open(report_ids, by=by):
        raise Unread(left, to)


def rests_on(report_ids: Iterable[UUID], *, by: StaffMember) -> str:
    """Say on what a member decides that may: on an account, or on what is recorded."""
    read = Opening.objects.filter(slip_id__in=list(report_ids), member=by)
    return "account" if read.exists() else "record"


def _tried(report_id: UUID, member: StaffMember) -> bool:
    tried = AuditEvent.objects.filter(
        subject_kind="report",
        subject_id=str(report_id),
        actor_id=str(member.pk),
        action=Action.ACCOUNT_SEALED,
    )
    last = tried.aggregate(last=Max("sequence"))["last"]
    if last is None:
        return False
    # With a key that was brought in since, it may open now: then it is read first.
    brought = AuditEvent.objects.filter(sequence__gt=last, action=Action.KEY_BROUGHT)
    return not brought.exists()
