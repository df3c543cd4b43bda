"""Beginning a call: a pass for the public form, on the record before it is shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from safehold.domain import retention
from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.calls.models import Call, How
from safehold.records.intake import calls as intake
from safehold.records.staff.models import StaffMember

__all__ = ["How"]
_SCHEDULER = System("scheduler")


def begin_call(*, how: str, by: StaffMember, at: datetime) -> str:
    """Record that a member begins to type for a caller, and return the pass for the form.

    Raises Refused, ValueError for another way than those of the list, and KeyFileRefused.
    """
    by.must(Permission.TYPE_REPORT)
    with transaction.atomic():
        call = Call.objects.create(how=How(how), begun_by=by, begun_at=at)
        audit.append(
            action=Action.CALL_BEGUN,
            by=by,
            subject=About("call", str(call.pk)),
            at=at,
            detail={"how": str(call.how)},
        )
    return intake.give_pass(call_id=call.pk, how=str(call.how), at=at)


def typed_words(call_id: str) -> str:
    """Say who typed a report, and how, for whoever reads its account; empty where nobody knows."""
    try:
        call = Call.objects.select_related("begun_by").filter(pk=UUID(call_id)).first()
    except ValueError:
        call = None
    if call is None:
        return ""
    return f"Typed by {call.begun_by.name} for somebody: {call.get_how_display().lower()}."


@transaction.atomic
def forget_old_calls(*, at: datetime) -> int:
    """Delete who typed for a caller, once the time in the rules is over; return how many.

    Which report it was stands in that report's sealed account alone, so its time is its own.
    """
    today = timezone.localdate(at)
    months = 12 * retention.table().calls_years
    old = Call.objects.filter(begun_at__lt=at - timedelta(days=364 * months // 12))
    over = [
        call.pk
        for call in old.only("pk", "begun_at")
        if retention.after(timezone.localdate(call.begun_at), months) <= today
    ]
    if not over:
        return 0
    Call.objects.filter(pk__in=over).delete()
    audit.append(
        action=Action.CALLS_FORGOTTEN,
        by=_SCHEDULER,
        subject=About("", ""),
        at=at,
        detail={"count": len(over)},
    )
    return len(over)
