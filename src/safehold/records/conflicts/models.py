"""The register of linked parties, and the names of colleagues who do not sign in here.

These names stand here in clear: the scheduler makes marks of them with nobody watching, and each
opening is held against them. Only professional standards are shown them.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain.names import RELATIONS
from safehold.records.conflicts.models_of_looking import HomeMark as HomeMark
from safehold.records.conflicts.models_of_looking import UnusualDay as UnusualDay
from safehold.records.conflicts.models_of_looking import UnusualNote as UnusualNote
from safehold.records.conflicts.models_of_people import Asked as Asked
from safehold.records.conflicts.models_of_people import Attempt as Attempt
from safehold.records.conflicts.models_of_people import PassedTogether as PassedTogether
from safehold.records.conflicts.models_of_people import PersonRecusal as PersonRecusal
from safehold.records.conflicts.models_of_people import RegisterKey as RegisterKey


class LinkedParty(models.Model):
    """Somebody too close to a colleague for that colleague to read about them.

    `colleague` is the member who signs in here, else `colleague_name` says who it is. One whose
    time is over is no longer compared; the row stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    relation = models.CharField(max_length=10, choices=list(RELATIONS.items()))
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    colleague_name = models.CharField(max_length=120, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "conflict_linked_party"
        indexes = [models.Index(fields=["ended_at", "added_at"], name="linked_party_in_force")]
        constraints = [
            models.CheckConstraint(
                name="linked_party_of_one_colleague",
                condition=Q(colleague__isnull=False, colleague_name="")
                | Q(colleague__isnull=True) & ~Q(colleague_name=""),
            ),
            models.CheckConstraint(
                name="linked_party_ended_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Colleague(models.Model):
    """One name of the force's staff who do not sign in here, as the last list has it."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        db_table = "conflict_colleague"

    def __str__(self) -> str:
        return str(self.pk)


class MarksMade(models.Model):
    """Of which names marks were last made, one row: to see that they changed, and no more."""

    id = models.SmallIntegerField(primary_key=True)
    version = models.UUIDField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "conflict_marks_made"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="conflict_marks_made_is_one_row")
        ]


class Recusal(models.Model):
    """A member is kept from one report, which names them or somebody linked to them.

    Only written when they tried to open it; which name it was is nowhere.
    """

    report_id = models.UUIDField()
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "conflict_recusal"
        constraints = [
            models.UniqueConstraint(fields=["report_id", "member"], name="recused_once_of_a_report")
        ]

    def __str__(self) -> str:
        return str(self.report_id)
