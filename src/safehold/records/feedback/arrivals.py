"""Feedback as the scheduler finds it among what has arrived."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from safehold.domain.triage_slip import TriageSlip
from safehold.records.audit.actors import About
from safehold.records.feedback.models import Feedback


def about(report_id: UUID) -> About:
    """Name feedback as the audit does: by a key that says nothing."""
    return About("feedback", str(report_id))


def is_kept(report_id: UUID) -> bool:
    """Tell whether feedback with this key is known."""
    return Feedback.objects.filter(pk=report_id).exists()


def keep(
    *,
    report_id: UUID,
    arrival: int,
    reference: str,
    received_at: datetime,
    slip: TriageSlip,
    at: datetime,
) -> Feedback:
    """Write down what a slip says of feedback, inside the caller's transaction and audit row.

    `at` is cut to the hour. Raises IntegrityError where it is known already.
    """
    return Feedback.objects.create(
        report_id=report_id,
        arrival=arrival,
        reference=reference,
        received_at=received_at,
        prompts=[{"prompt": one.prompt, "reason": one.reason} for one in slip.danger],
        danger=bool(slip.danger),
        party_is_police=slip.party_is_police,
        opened_at=at,
    )


def party_of(report_id: UUID) -> str:
    """Return what is said of a party in feedback, empty where there is no such feedback."""
    found = Feedback.objects.filter(pk=report_id).values_list("party_is_police", flat=True).first()
    return found or ""


def pass_on(report_id: UUID, *, party: str) -> None:
    """Say of feedback whose it is now, inside the act and audit row that passes it on."""
    Feedback.objects.filter(pk=report_id).update(party_is_police=party)


def last_arrival() -> int:
    """Return the number of the last feedback that has a row, 0 where none has."""
    last: int | None = Feedback.objects.aggregate(last=Max("arrival"))["last"]
    return last or 0
