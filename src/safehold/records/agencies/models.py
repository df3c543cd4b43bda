"""Partner agencies, what was written of them before, and the keys that files for them go to."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.records.append_only import AppendOnly, AppendOnlyQuerySet

LONGEST_NAME = 120


class Agency(models.Model):
    """One agency as it stands now; `version` is the number of its newest version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=20)
    contact = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "agency"
        constraints = [
            models.CheckConstraint(
                name="agency_ended_by_someone_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgencyVersion(AppendOnly):
    """What was written of an agency from one moment on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=20)
    contact = models.TextField(blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        db_table = "agency_version"
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="agency_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}, {self.number}"


class AgencyKey(models.Model):
    """An age public key of an agency: entered by one member, confirmed by a second.

    Nothing is sealed to it before. The second one types what the agency read out, `how` and with
    `whom`; `public` never changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="keys")
    public = models.CharField(max_length=80)
    came = models.TextField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=20, blank=True)
    whom = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "agency_key"
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(ended_at__isnull=True, confirmed_at__isnull=True),
                name="agency_key_one_to_confirm",
            ),
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(ended_at__isnull=True, confirmed_at__isnull=False),
                name="agency_key_one_in_use",
            ),
            models.CheckConstraint(
                name="agency_key_confirmed_by_another_person",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True, how="", whom="")
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(how="")
                & ~Q(whom="")
                & ~Q(confirmed_by=F("entered_by")),
            ),
            models.CheckConstraint(
                name="agency_key_ended_by_someone_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.public[:12]}"
