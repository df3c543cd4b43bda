"""A case that leaves as a whole: who asked and why, who agreed, for whose key, and who looked."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.records.agencies.models import Agency, AgencyKey
from safehold.records.cases.models import Case
from safehold.records.reviews import ReviewedAfterwards, reviewed_by_another_person


class CaseExport(ReviewedAfterwards):
    """All of one case for one agency.

    `protected_why` says why protected addresses go too, empty where they do not. `list_answer` says
    how it is known that nobody on a must-not-receive list can read it. `file` is sealed to the
    agency's key and is destroyed after `until`; `size` and `digest` stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    once = models.UUIDField(unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exports")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    rules_version = models.CharField(max_length=20)
    purpose = models.TextField()
    protected_why = models.TextField(blank=True)
    list_answer = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    agreed_why = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True)
    key = models.ForeignKey(AgencyKey, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.BinaryField(null=True)
    size = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_export"
        indexes = [
            models.Index(fields=["-asked_at"], name="case_export_newest"),
            models.Index(
                fields=["until"], name="case_export_files", condition=Q(file__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="case_export_has_a_purpose", condition=~Q(purpose="")),
            models.CheckConstraint(
                name="case_export_agreed_by_another_person",
                condition=Q(
                    agreed__isnull=True,
                    agreed_by__isnull=True,
                    agreed_at__isnull=True,
                    agreed_why="",
                )
                | Q(agreed__isnull=False, agreed_by__isnull=False, agreed_at__isnull=False)
                & ~Q(agreed_why="")
                & ~Q(agreed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="case_export_made_when_agreed_for_a_key",
                condition=Q(made_at__isnull=True, key__isnull=True, file__isnull=True)
                & Q(until__isnull=True, size__isnull=True, digest="")
                | Q(agreed=True, made_at__isnull=False, key__isnull=False)
                & Q(until__isnull=False, size__isnull=False)
                & ~Q(digest=""),
            ),
            models.CheckConstraint(
                name="case_export_fetched_when_made",
                condition=Q(fetched_at__isnull=True) | Q(made_at__isnull=False),
            ),
            reviewed_by_another_person(
                than="asked_by", name="case_export_looked_at_by_another_person"
            ),
        ]

    def __str__(self) -> str:
        return self.reference
