"""Scheduled work and when it last ran."""

from __future__ import annotations

from django.db import models


class ScheduledJob(models.Model):
    """The last tick of one job. The row is the lock: whoever moves it runs the tick."""

    name = models.CharField(max_length=60, primary_key=True)
    every = models.DurationField()  # kept here, so that a page can tell a stalled job by its row
    lease = models.DurationField()
    urgent = models.BooleanField(default=False)
    first_seen = models.DateTimeField()
    tick = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=1)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    last_success = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)  # of the last run; "" where it went well

    class Meta:
        db_table = "scheduled_job"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(finished__isnull=True) | models.Q(error=""),
                name="a_finished_run_has_no_error",
            ),
        )

    def __str__(self) -> str:
        return self.name
