"""Triage slips: what arrived and how urgent it looks, before anybody has opened the account."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain.triage_slip import FOR_STANDARDS, Said
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet

SAID = [(said.value, said.value) for said in Said]


class State(models.TextChoices):
    """Where a report stands with the unit."""

    NEW = "new", "New"
    ACCEPTED = "accepted", "Accepted"
    SET_ASIDE = "set_aside", "Set aside"
    SEALED = "sealed", "Cannot be opened"


class TriageSlip(models.Model):
    """One report, as far as its slip says.

    The key is the report's own id, so that reading an envelope twice makes one row. A slip that
    could not be opened is a row too: `problem` says why, and nothing else is known of it.
    `arrival` is the number of the report's event, from which reading goes on. `received_at` and
    `opened_at` are cut to the hour, as the intake store cuts them: the minute would tell an insider
    who it was that had a phone in her hand. `ended_at` is when the work on it was over: from then
    its time is counted, and nothing ends before there is a decision on crime.
    """

    report_id = models.UUIDField(primary_key=True)
    arrival = models.BigIntegerField(unique=True)
    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, blank=True)
    prompts = models.JSONField(default=list)
    danger = models.BooleanField(default=False)
    danger_now = models.BooleanField(default=False)
    cell = models.CharField(max_length=20, blank=True)
    child_present = models.CharField(max_length=10, choices=SAID, default=Said.NOT_ASKED)
    party_is_police = models.CharField(max_length=10, choices=SAID, default=Said.NOT_ASKED)
    wants_reply = models.CharField(max_length=10, choices=SAID, default=Said.NOT_ASKED)
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    tried_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    set_aside_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_reason = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_reason = models.TextField(blank=True)

    class Meta:
        db_table = "triage_slip"
        indexes = [
            models.Index(
                fields=["state", "-danger", "received_at", "-danger_now", "arrival"],
                name="triage_slip_by_urgency",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="triage_slip_sealed_says_why",
                condition=(Q(state=State.SEALED, opened_at__isnull=True) & ~Q(problem=""))
                | (~Q(state=State.SEALED) & Q(opened_at__isnull=False, problem="")),
            ),
            models.CheckConstraint(
                name="triage_slip_danger_now_is_danger",
                condition=Q(danger=True) | Q(danger_now=False),
            ),
            models.CheckConstraint(
                name="triage_slip_taken_by_someone",
                condition=Q(owner__isnull=False) | Q(taken_at__isnull=True),
            ),
            models.CheckConstraint(
                name="triage_slip_closed_by_someone",
                condition=Q(
                    state__in=[State.NEW, State.SEALED],
                    closed_at__isnull=True,
                    closed_by__isnull=True,
                )
                | Q(
                    state__in=[State.ACCEPTED, State.SET_ASIDE],
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="triage_slip_ended_by_someone_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_reason="")
                | Q(
                    state__in=[State.ACCEPTED, State.SET_ASIDE],
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                )
                & ~Q(ended_reason=""),
            ),
            models.CheckConstraint(
                name="triage_slip_set_aside_with_a_reason",
                condition=(Q(state=State.SET_ASIDE) & ~Q(set_aside_reason=""))
                | (~Q(state=State.SET_ASIDE) & Q(set_aside_reason="")),
            ),
            models.CheckConstraint(
                name="triage_slip_confirmed_by_another_person",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                & Q(confirmed_reason="")
                | Q(state=State.SET_ASIDE, confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(confirmed_reason="")
                & ~Q(confirmed_by=F("closed_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.report_id)

    @property
    def police_party(self) -> bool:
        """Tell whether someone in it works for the police, as far as the slip says."""
        return self.party_is_police in FOR_STANDARDS


class Opening(models.Model):
    """Who opened an account, when and with what reason; nothing of what was in it.

    The audit holds the same for whoever checks. This row is for the question whether whoever
    decides about a report has read it.
    """

    slip = models.ForeignKey(TriageSlip, on_delete=models.PROTECT, related_name="openings")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        db_table = "triage_opening"
        indexes = [models.Index(fields=["slip", "member", "at"], name="triage_opening_by_reader")]
        constraints = [
            models.CheckConstraint(
                name="triage_opening_has_a_reason", condition=~models.Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip_id} by {self.member_id}"


class IdentityOpening(models.Model):
    """Who opened a hidden name, when and why, and what somebody else thought of it afterwards.

    Nothing of the name. Whoever looks at it afterwards is not who opened it.
    """

    slip = models.ForeignKey(TriageSlip, on_delete=models.PROTECT, related_name="identity_openings")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    was_right = models.BooleanField(null=True)
    review = models.TextField(blank=True)

    class Meta:
        db_table = "triage_identity_opening"
        indexes = [models.Index(fields=["reviewed_at", "at"], name="identity_opening_to_review")]
        constraints = [
            models.CheckConstraint(name="identity_opening_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="identity_opening_reviewed_by_another_person",
                condition=Q(
                    reviewed_at__isnull=True,
                    reviewed_by__isnull=True,
                    was_right__isnull=True,
                    review="",
                )
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, was_right__isnull=False)
                & ~Q(review="")
                & ~Q(reviewed_by=F("member")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip_id} by {self.member_id}"


class Passing(WrittenOnceModel):
    """A report, or feedback, was passed on: to professional standards, or by them to the unit.

    `to` says which and why, as the slip does. Without a reason it was a name that was met when
    `by` opened it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report_id = models.UUIDField()
    turn = models.PositiveIntegerField()
    to = models.CharField(max_length=10, choices=SAID)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "triage_passing"
        constraints = [
            models.UniqueConstraint(fields=["report_id", "turn"], name="passing_once_a_turn"),
            models.CheckConstraint(
                name="passing_has_a_reason_or_met_a_name",
                condition=Q(to=Said.NAME_LATER, reason="")
                | Q(to__in=[Said.PASSED, Said.NOT_OURS]) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.report_id)


class SealedAgain(WrittenOnceModel):
    """One envelope of a report that was passed on, sealed to the keys of whoever has it now.

    What arrived stays as it came in the intake store, where the chain holds it to what it was.
    `number` is that of a message, and 0 of what there is one of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    number = models.PositiveIntegerField(default=0)
    turn = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "triage_sealed_again"
        constraints = [
            models.UniqueConstraint(
                fields=["report_id", "kind", "number", "turn"], name="sealed_again_once_a_turn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id}, {self.kind}"
