"""Feedback as the staff side knows it: what its slip says, who read it, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain.triage_slip import FOR_STANDARDS, Said
from safehold.records.triage.models import SAID


class FeedbackState(models.TextChoices):
    """What came of it."""

    NEW = "new", "New"
    READ = "read", "Read"
    REPORT = "report", "Made a report"


class Feedback(models.Model):
    """One piece of feedback, as far as its slip says; what was written stays sealed.

    The key is that of the sealed report, which it is in the intake store. `received_at` is cut to
    the hour. `note` is what a member wrote on what changes, in words of their own.
    """

    report_id = models.UUIDField(primary_key=True)
    arrival = models.BigIntegerField(unique=True)
    reference = models.CharField(max_length=40)
    prompts = models.JSONField(default=list)
    danger = models.BooleanField(default=False)
    party_is_police = models.CharField(max_length=10, choices=SAID, default=Said.NOT_ASKED)
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=FeedbackState, default=FeedbackState.NEW)
    note = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "feedback"
        indexes = [
            models.Index(
                fields=["state", "-danger", "received_at", "arrival"], name="feedback_by_urgency"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="feedback_closed_by_someone",
                condition=Q(state=FeedbackState.NEW, closed_at__isnull=True, closed_by__isnull=True)
                | Q(
                    state__in=[FeedbackState.READ, FeedbackState.REPORT],
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="feedback_read_with_a_note",
                condition=(Q(state=FeedbackState.READ) & ~Q(note=""))
                | (~Q(state=FeedbackState.READ) & Q(note="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.report_id)

    @property
    def police_party(self) -> bool:
        """Tell whether its words say that someone in it works for the police."""
        return self.party_is_police in FOR_STANDARDS


class Reading(models.Model):
    """Who opened feedback, when and with what reason; nothing of what was in it."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="readings")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        db_table = "feedback_reading"
        indexes = [
            models.Index(fields=["feedback", "member", "at"], name="feedback_reading_by_reader")
        ]
        constraints = [
            models.CheckConstraint(
                name="feedback_reading_has_a_reason", condition=~models.Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feedback_id} by {self.member_id}"
