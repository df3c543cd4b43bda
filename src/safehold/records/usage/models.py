"""One number for each page, kind and week. There is no row for a visit or for a visitor."""

from __future__ import annotations

import uuid

from django.db import models


class Event(models.TextChoices):
    """What is counted of a page."""

    OPENED = "opened", "Opened"
    COMPLETED = "completed", "Went on from it"


class WeeklyCount(models.Model):
    """How often a page was opened, or left forwards, in the week from a Monday."""

    # Not a running number: the order of rows would tell which page was first opened when.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    week = models.DateField()
    page = models.CharField(max_length=200)
    event = models.CharField(max_length=10, choices=Event)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "usage_weeklycount"
        constraints = [
            models.UniqueConstraint(
                fields=["week", "page", "event"], name="page_is_counted_once_a_week"
            ),
            models.CheckConstraint(
                name="usage_event_is_known", condition=models.Q(event__in=Event.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.event}"
