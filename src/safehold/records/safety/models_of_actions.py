"""Actions for somebody's safety: each has an owner and a time, and an end that says how."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain import safety
from safehold.records.agencies.models import Agency
from safehold.records.cases.models import Case
from safehold.records.safety.models_of_plans import PlanLine

_MEMBER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """What became of an action. Each is one of these, and none goes."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    NOT_DONE = "not_done", "Not done"
    HANDED_ON = "handed_on", "Handed on"


class Origin(models.TextChoices):
    """What started an action."""

    TYPED = "typed", "Written down"
    PLAN = "plan", "The safety plan"
    ASSESSMENT = "assessment", "An assessment"
    GRADE = "grade", "A grade"
    FLAG = "flag", "A flag of somebody"
    HANDED = "handed", "Handed on by whoever had it before"


class SafetyAction(models.Model):
    """Something that somebody does for safety, by a time.

    It is a member's, or an agency's: responsibility stays with each agency, and `answers` is who
    there answers for it, `owner` being the member who follows it up. `started_from` is the key of
    what started it where that is a row of another room, so that nothing starts the same twice;
    `team` is the owner's when it was given. One that was handed on is closed, and another goes on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="safety_actions")
    kind = models.CharField(max_length=20, choices=safety.options("action_kinds"))
    words = models.TextField(blank=True)
    owner = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    team = models.CharField(max_length=80, blank=True)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField()
    origin = models.CharField(max_length=12, choices=Origin)
    started_from = models.UUIDField(null=True)
    line = models.ForeignKey(PlanLine, null=True, on_delete=models.PROTECT, related_name="actions")
    before = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="after")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    proof = models.CharField(max_length=10, choices=safety.options("proofs"), blank=True)
    closed_words = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(_MEMBER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "safety_action"
        indexes = [
            # Each list of what is open is read from one of these, the soonest first.
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="action_open_of_owner",
            ),
            models.Index(
                fields=["team", "due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="action_open_of_team",
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="action_open_by_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="safety_action_kind_is_known",
                condition=Q(kind__in=safety.keys("action_kinds"), origin__in=Origin.values),
            ),
            models.CheckConstraint(
                name="safety_action_of_an_agency_is_answered_for",
                condition=Q(agency__isnull=True, answers="")
                | (Q(agency__isnull=False) & ~Q(answers="")),
            ),
            models.CheckConstraint(
                name="safety_action_ends_in_words",
                condition=Q(
                    state="open",
                    closed_at__isnull=True,
                    closed_by__isnull=True,
                    closed_words="",
                    proof="",
                )
                | (
                    Q(state__in=["done", "not_done", "handed_on"])
                    & Q(closed_at__isnull=False, closed_by__isnull=False)
                    & ~Q(closed_words="")
                ),
            ),
            models.CheckConstraint(
                name="safety_action_done_has_a_proof",
                condition=(Q(state="done") & Q(proof__in=safety.keys("proofs")))
                | (~Q(state="done") & Q(proof="")),
            ),
            models.UniqueConstraint(
                fields=["started_from", "kind"],
                condition=Q(before__isnull=True),
                name="safety_action_started_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
