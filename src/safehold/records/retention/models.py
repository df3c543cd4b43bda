"""Holds, decisions to keep, lists of what is to be destroyed, and certificates of what was.

Nothing of what anybody told stands here. Reasons are words of staff; with a report its holds and
decisions go too, and the audit keeps them.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain.retention import Status, table
from safehold.records.append_only import AppendOnly, AppendOnlyQuerySet

STATUSES = [str(status) for status in Status]


class LegalHold(models.Model):
    """While one stands nothing of a report goes. Whoever lifts it is not whoever set it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report_id = models.UUIDField(db_index=True)
    ground = models.CharField(max_length=20)
    reason = models.TextField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.TextField(blank=True)

    class Meta:
        db_table = "retention_hold"
        constraints = [
            models.CheckConstraint(name="retention_hold_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="retention_hold_lifted_by_another_person",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False)
                & ~Q(lift_reason="")
                & ~Q(lifted_by=F("set_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ground} on {self.report_id}"

    @property
    def ground_label(self) -> str:
        """Return the ground in the rules' words; one that they no longer have as it is kept."""
        return table().grounds.get(self.ground, self.ground)


class Keep(models.Model):
    """A decision to keep a report longer than its rule says, until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report_id = models.UUIDField(db_index=True)
    until = models.DateField()
    reason = models.TextField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "retention_keep"
        constraints = [
            models.CheckConstraint(name="retention_keep_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} until {self.until}"


class DueReport(models.Model):
    """A report whose time is over, as the nightly look found it. Whoever acts looks again."""

    report_id = models.UUIDField(primary_key=True)
    reference = models.CharField(max_length=40)
    police_party = models.BooleanField(default=False)
    status = models.CharField(max_length=20)
    standing = models.CharField(max_length=10)
    until = models.DateField()
    why = models.TextField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "retention_due"
        indexes = [models.Index(fields=["until", "report_id"], name="retention_due_in_order")]

    def __str__(self) -> str:
        return str(self.report_id)


class Run(models.Model):
    """A list that one person proposes and another confirms, by the digest of what is on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64)
    police_party = models.BooleanField(default=False)
    reason = models.TextField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "retention_run"
        constraints = [
            models.CheckConstraint(name="retention_run_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="retention_run_confirmed_by_another_person",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(confirmed_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class State(models.TextChoices):
    """How far the destruction of one report has come."""

    PROPOSED = "proposed", "Proposed"
    CONFIRMED = "confirmed", "Confirmed"
    DESTROYING = "destroying", "Being destroyed"
    CERTIFIED = "certified", "Destroyed"
    CALLED_OFF = "called_off", "Called off"


class Destruction(models.Model):
    """One report of a list. Its id is that of the certificate to come.

    The stores share no transaction, so it is written down before anything goes what there was
    (`inventory`, by digests): whoever goes on after a crash can still certify it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="reports")
    report_id = models.UUIDField()
    reference = models.CharField(max_length=40)
    police_party = models.BooleanField(default=False)
    status = models.CharField(max_length=20)
    rules_version = models.CharField(max_length=20)
    until = models.DateField()
    why = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    inventory = models.JSONField(default=dict)
    begun_at = models.DateTimeField(null=True)
    called_off_why = models.TextField(blank=True)

    class Meta:
        db_table = "retention_destruction"
        indexes = [models.Index(fields=["state", "run"], name="retention_destruction_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["report_id"],
                condition=~Q(state=State.CALLED_OFF),
                name="retention_destruction_once",
            ),
            models.CheckConstraint(
                name="retention_destruction_state_is_known", condition=Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="retention_destruction_called_off_says_why",
                condition=(Q(state=State.CALLED_OFF) & ~Q(called_off_why=""))
                | (~Q(state=State.CALLED_OFF) & Q(called_off_why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}, {self.state}"


class Certificate(AppendOnly):
    """What was destroyed, under which rule, by whose decision; no word of what it was.

    `content` is the text that `digest` and the signature cover, and the audit holds the digest.
    """

    id = models.UUIDField(primary_key=True)
    report_id = models.UUIDField(unique=True)
    reference = models.CharField(max_length=40)
    police_party = models.BooleanField(default=False)
    destroyed_on = models.DateField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        db_table = "retention_certificate"
        indexes = [
            models.Index(fields=["-destroyed_on", "id"], name="retention_certificate_in_order")
        ]

    def __str__(self) -> str:
        return str(self.pk)
