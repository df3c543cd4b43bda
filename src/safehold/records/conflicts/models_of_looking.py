"""Days on which somebody looked unusually, what came of each, and marks of where members live."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain.looking import Outcome
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet


class HomeMark(models.Model):
    """A member's home address as a keyed mark: compared with where people live, and never shown."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    mark = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "conflict_home_mark"

    def __str__(self) -> str:
        return str(self.pk)


class UnusualDay(models.Model):
    """One member's looks of one day, with each reason why somebody should ask about them.

    Made again from the audit as often as wanted, by the rules of `version`; one that somebody has
    noted something on stays as they read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    looks = models.PositiveIntegerField()
    reasons = models.JSONField()  # how often each
    said = models.JSONField()  # what they gave as their reasons
    version = models.CharField(max_length=20)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "conflict_unusual_day"
        indexes = [models.Index(fields=["-day", "id"], name="unusual_day_latest")]
        constraints = [
            models.UniqueConstraint(fields=["member", "day"], name="unusual_day_of_a_member_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class UnusualNote(WrittenOnceModel):
    """What came of asking about a day, in whose words; a later one is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unusual = models.ForeignKey(UnusualDay, on_delete=models.PROTECT, related_name="notes")
    outcome = models.CharField(max_length=16)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "conflict_unusual_note"
        constraints = [
            models.CheckConstraint(
                name="unusual_note_outcome_is_known",
                condition=Q(outcome__in=[str(each) for each in Outcome]),
            ),
            models.CheckConstraint(name="unusual_note_has_words", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)
