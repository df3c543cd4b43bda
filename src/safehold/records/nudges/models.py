"""Nudges that wait, and when the last one went. No address and no word of one stands here."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import Q


class Problem(StrEnum):
    """Why a nudge could not be sent."""

    NO_WAY = "no way"  # nothing is set up that it could go by
    NOT_DELIVERED = "not delivered"
    REFUSED = "refused"  # the address itself
    SEALED = "sealed"
    TOO_LATE = "too late"
    NOT_SAFE = "not safe"  # by what was written down since of how to reach them


class Due(models.Model):
    """The nudges of one report. One waits where `because_at` is there: since when there is news.

    `not_before` is when to look at it again, and holds the least time between two. `last_text` is
    the key of the words that went last, so that the next ones differ.
    """

    report_id = models.UUIDField(primary_key=True)
    because_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_text = models.CharField(max_length=20, blank=True)
    problem = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "nudge_due"
        indexes = [models.Index(fields=["not_before"], name="nudge_due_waiting")]
        constraints = [
            models.CheckConstraint(
                name="nudge_due_known_problem",
                condition=Q(problem__in=["", *map(str, Problem)]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.report_id)
