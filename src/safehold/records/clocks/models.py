"""Clocks: by when something has to happen, and what stopped it.

A clock is of a report. An incident that an officer recorded came by none and is decided in the same
time, so it has its one clock, that of the decision on crime, under its own key: `of_incident` says
so. Keys are drawn at random and never meet: whatever starts, stops and counts clocks is one, and
what asks for reports joins their slips and finds none. A second table, or a report's key that may
be empty, would have to be remembered in every question that is there.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain.answering import Waits


class Clock(models.Model):
    """One deadline of one report, from a rule of the version that stands beside it.

    `report_id` is the incident's own key where `of_incident` says that it came by no report.
    `stopped_how` is the act that stopped it, of the audit's words; whoever did it is its proof
    there. A clock that runs again has a new start, and the audit keeps the earlier one.
    """

    report_id = models.UUIDField()
    of_incident = models.BooleanField(default=False)
    waits = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Waits])
    rules_version = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    alarms_at = models.DateTimeField()
    alarmed = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    stopped_how = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "clock"
        indexes = [
            models.Index(
                fields=["waits", "due_at", "report_id"],
                name="clock_running",
                condition=Q(stopped_at__isnull=True),
            ),
            models.Index(
                fields=["alarms_at"],
                name="clock_to_alarm",
                condition=Q(stopped_at__isnull=True, alarmed=False),
            ),
            # Which reports are late is read from it alone, each of them once.
            models.Index(
                fields=["report_id", "due_at"],
                name="clock_by_report",
                condition=Q(stopped_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["report_id", "waits"], name="clock_once"),
            models.CheckConstraint(
                # Nobody waits for an answer, and nothing is to be read.
                name="clock_of_an_incident_is_of_crime",
                condition=Q(of_incident=False) | Q(waits=Waits.CRIME.value),
            ),
            models.CheckConstraint(
                name="clock_alarms_after_it_is_due",
                condition=Q(due_at__gt=F("starts_at")) & Q(alarms_at__gt=F("due_at")),
            ),
            models.CheckConstraint(
                name="clock_stopped_by_an_act",
                condition=Q(stopped_at__isnull=True, stopped_by__isnull=True, stopped_how="")
                | Q(stopped_at__isnull=False) & ~Q(stopped_how=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.waits} of {self.report_id}"
