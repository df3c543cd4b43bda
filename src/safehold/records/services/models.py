"""The register of support services, as the public site reads it, and every version of a row.

No column holds an address. Who wrote a version lies in the versions, which the public's role may
not read.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from safehold.domain import services
from safehold.records.append_only import AppendOnly, AppendOnlyQuerySet


class SupportService(models.Model):
    """One service as it stands. `version` counts its changes: a page names the one it shows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=120)
    about = models.CharField(max_length=400)
    serves = models.CharField(max_length=20)
    ages = models.CharField(max_length=80, blank=True)
    harms = models.JSONField(default=list)
    needs = models.JSONField(default=list)
    everywhere = models.BooleanField(default=True)
    districts = models.JSONField(default=list)
    meets_in = models.CharField(max_length=100, blank=True)
    is_refuge = models.BooleanField(default=False)
    phone = models.CharField(max_length=30, blank=True)
    text = models.CharField(max_length=30, blank=True)
    email = models.CharField(max_length=120, blank=True)
    web = models.CharField(max_length=120, blank=True)
    hours = models.JSONField(default=dict)
    languages = models.JSONField(default=list)
    interpreter = models.BooleanField(default=False)
    safe = models.JSONField(default=dict)
    verified_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "support_service"
        constraints = [
            models.CheckConstraint(
                name="support_service_has_words", condition=~Q(name="") & ~Q(about="")
            ),
            models.CheckConstraint(
                name="support_service_can_be_reached",
                condition=~Q(phone="") | ~Q(text="") | ~Q(email="") | ~Q(web=""),
            ),
            models.CheckConstraint(
                name="support_refuge_is_nowhere",
                condition=Q(is_refuge=False) | Q(meets_in="", everywhere=True),
            ),
            models.CheckConstraint(
                name="support_service_serves_somebody",
                condition=Q(serves__in=list(services.words("serves"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Act(models.TextChoices):
    """What made a version."""

    ADDED = "added", "Added"
    CHANGED = "changed", "Changed, not asked"
    CORRECTED = "corrected", "Asked again, and changed"
    VERIFIED = "verified", "Asked again, and right"
    WITHDRAWN = "withdrawn", "Taken off the public page"
    RESTORED = "restored", "Put back, asked again"


class ServiceVersion(AppendOnly):
    """What a service was at one time, who made it so, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(SupportService, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    content = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        db_table = "support_service_version"
        constraints = [
            models.UniqueConstraint(
                fields=["service", "number"], name="support_version_is_made_once"
            ),
            models.CheckConstraint(
                name="support_withdrawal_has_a_reason",
                condition=~Q(act="withdrawn") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.number}"
