"""Applications under Clare's Law: what has to be checked before anything is told, and what was.

No name stands here: who asks, about whom and who is in danger stay in the sealed account. Each act
is written once; the database refuses an answer before the checks.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain import dvds
from safehold.records.dvds.models_of_steps import (
    Characteristics,
    Clock,
    Correction,
    FirstContact,
    Link,
    Plan,
    Proposal,
    Search,
    Second,
    Telling,
    View,
)

__all__ = [
    "Abuser",
    "Application",
    "Characteristics",
    "Clock",
    "Correction",
    "Decision",
    "FirstContact",
    "Link",
    "Plan",
    "Proposal",
    "Route",
    "Search",
    "Second",
    "Telling",
    "Told",
    "View",
]


class Route(models.TextChoices):
    """How an application began."""

    ASK = "ask", "Right to Ask"
    KNOW = "know", "Right to Know"


class Abuser(models.TextChoices):
    """Whether whoever asks may be the one who abuses, as a person judged it."""

    NOT_CHECKED = "", "Not checked yet"
    NO = "no", "Nothing points to it"
    MAY_BE = "may_be", "May be the one who abuses"


class Decision(models.TextChoices):
    """What was decided about telling."""

    NOT_YET = "", "Not decided yet"
    TELL = "tell", "Tell"
    NOT_TELL = "not_tell", "Nothing to tell, or it may not be told"


class Told(models.TextChoices):
    """Who was told, as the one best placed to protect."""

    NOBODY = "", "Nobody yet"
    AT_RISK = "at_risk", "The person in danger"
    APPLICANT = "applicant", "Whoever asked"
    OTHER = "other", "Someone else who can protect them"


class Application(models.Model):
    """One application. Each act has who, when and why; `told` is in person by definition."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report_id = models.UUIDField(null=True, unique=True)
    route = models.CharField(max_length=4, choices=Route)
    asked_at = models.DateTimeField()
    police_party = models.BooleanField(default=False)
    basis = models.TextField(blank=True)
    trigger = models.CharField(max_length=6, blank=True, choices=dvds.choices("trigger"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    identity_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    identity_at = models.DateTimeField(null=True)
    identity_how = models.TextField(blank=True)
    abuser = models.CharField(max_length=6, choices=Abuser, default=Abuser.NOT_CHECKED, blank=True)
    abuser_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    abuser_at = models.DateTimeField(null=True)
    abuser_why = models.TextField(blank=True)
    decision = models.CharField(
        max_length=8, choices=Decision, default=Decision.NOT_YET, blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_why = models.TextField(blank=True)
    told = models.CharField(max_length=9, choices=Told, default=Told.NOBODY, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(null=True)
    told_why = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dvds_application"
        indexes = [models.Index(fields=["asked_at"], name="dvds_by_day_of_asking")]
        constraints = [
            models.CheckConstraint(
                name="dvds_identity_check_is_whole",
                condition=Q(identity_at__isnull=True, identity_by__isnull=True, identity_how="")
                | Q(identity_at__isnull=False, identity_by__isnull=False) & ~Q(identity_how=""),
            ),
            models.CheckConstraint(
                name="dvds_abuser_check_is_whole",
                condition=Q(
                    abuser="", abuser_at__isnull=True, abuser_by__isnull=True, abuser_why=""
                )
                | Q(abuser__in=["no", "may_be"], abuser_at__isnull=False, abuser_by__isnull=False)
                & ~Q(abuser_why=""),
            ),
            models.CheckConstraint(
                name="dvds_decided_only_after_both_checks",
                condition=Q(
                    decision="", decided_at__isnull=True, decided_by__isnull=True, decided_why=""
                )
                | Q(
                    decision__in=["tell", "not_tell"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    identity_at__isnull=False,
                    abuser_at__isnull=False,
                )
                & ~Q(decided_why=""),
            ),
            models.CheckConstraint(
                name="dvds_told_only_what_was_decided",
                condition=Q(told="", told_at__isnull=True, told_by__isnull=True, told_why="")
                | Q(
                    told__in=["at_risk", "applicant", "other"],
                    told_at__isnull=False,
                    told_by__isnull=False,
                    decision="tell",
                )
                & ~Q(told_why=""),
            ),
            models.CheckConstraint(
                name="dvds_whoever_may_abuse_is_never_told",
                condition=~Q(told="applicant", abuser="may_be"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
