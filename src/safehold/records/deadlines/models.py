"""Deadlines of cases: each by a rule as it was, with what was reckoned and all that was done."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain import deadline_rules
from safehold.domain.deadline_rules import SUPERVISOR, WATCH, Rule
from safehold.domain.deadlines import Length
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.cases.models import Case

_RUNS = Q(stopped_at__isnull=True, superseded_by__isnull=True)


class DeadlineRule(WrittenOnceModel):
    """A rule as it was when a deadline started by it, so that one that runs keeps it."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=40)
    version = models.CharField(max_length=12)
    digest = models.CharField(max_length=16)
    terms = models.JSONField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "deadline_rule"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version", "digest"], name="deadline_rule_is_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    @property
    def rule(self) -> Rule:
        """Return it as the rule that it was."""
        return deadline_rules.of_plain(self.terms)


class About(models.TextChoices):
    """What a deadline of a case is about."""

    CASE = "case", "The case"
    PERSON = "person", "A person"
    INCIDENT = "incident", "An incident"
    ORDER = "order", "An order"


class Deadline(models.Model):
    """By when something has to happen in a case.

    `owner` is whoever it was handed to; where that is nobody, or they work on the case no longer,
    it is the case's owner's. A start that nobody knows has `missing`, and no date; one that nobody
    can reckon has `no_date`. With `lapses_at` the start has to come before a moment (an order is
    served before it ends). `kept_digest` is that of a newer rule that a supervisor did not take.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    rule = models.ForeignKey(DeadlineRule, on_delete=models.PROTECT, related_name="deadlines")
    about = models.CharField(max_length=10, choices=About, default=About.CASE)
    about_id = models.UUIDField(null=True)
    enhanced = models.BooleanField(default=True)
    number = models.PositiveSmallIntegerField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField(null=True)
    missing = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    no_date = models.TextField(blank=True)
    steps = models.JSONField(default=list)
    lapses_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    escalates_at = models.DateTimeField(null=True)
    escalates_to = models.CharField(max_length=12)
    escalated_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    stopped_how = models.TextField(blank=True)
    proof = models.CharField(max_length=12, blank=True)
    superseded_by = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    kept_digest = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "deadline"
        indexes = [
            # Those without a date come with it: due_at is empty.
            models.Index(fields=["due_at", "id"], name="deadline_running", condition=_RUNS),
            models.Index(
                fields=["escalates_at"],
                name="deadline_to_escalate",
                condition=_RUNS & Q(escalated_at__isnull=True),
            ),
            models.Index(
                fields=["lapses_at"],
                name="deadline_to_lapse",
                condition=_RUNS & Q(starts_at__isnull=True, lapsed_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="deadline_is_about_something_known",
                condition=Q(about=About.CASE, about_id__isnull=True)
                | Q(about__in=[About.PERSON, About.INCIDENT, About.ORDER], about_id__isnull=False),
            ),
            models.CheckConstraint(
                name="deadline_without_a_start_has_no_date",
                condition=Q(starts_at__isnull=True, due_at__isnull=True) & ~Q(missing="")
                | Q(starts_at__isnull=False, missing=""),
            ),
            models.CheckConstraint(
                name="deadline_without_a_date_says_why",
                condition=Q(due_at__isnull=True) & ~Q(no_date="")
                | Q(due_at__isnull=False, due_at__gt=F("starts_at"), no_date=""),
            ),
            models.CheckConstraint(
                name="deadline_escalates_to_somebody",
                condition=Q(escalates_to__in=[SUPERVISOR, WATCH]),
            ),
            models.CheckConstraint(
                name="deadline_stopped_with_words",
                condition=Q(
                    stopped_at__isnull=True, stopped_by__isnull=True, stopped_how="", proof=""
                )
                | Q(stopped_at__isnull=False, stopped_by__isnull=False)
                & ~Q(stopped_how="")
                & ~Q(proof=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def length(self) -> Length:
        """Return how long it is, by its rule as it was."""
        return self.rule.rule.length(enhanced=self.enhanced, number=self.number, rung=self.rung)

    @property
    def runs(self) -> bool:
        """Tell whether nothing has stopped it and nothing stands in its place."""
        return self.stopped_at is None and self.superseded_by_id is None


class What(models.TextChoices):
    """What was done to a deadline."""

    STARTED = "started", "Started"
    START_KNOWN = "start_known", "Its start became known"
    EXTENDED = "extended", "Extended"
    HANDED_ON = "handed_on", "Handed on"
    STOPPED = "stopped", "Stopped"
    RULE_KEPT = "rule_kept", "Its rule changed: kept as it was"
    RECKONED_ANEW = "reckoned_anew", "Its rule changed: reckoned anew"
    ESCALATED = "escalated", "Somebody else was told"
    LAPSED = "lapsed", "Over before it could start"
    SEEN_TO = "seen_to", "Somebody sees to it"


class Views(models.TextChoices):
    """Whether the victim was asked what they think of an extension."""

    ASKED = "asked", "Asked"
    NOT_ASKED = "not_asked", "Not asked, and why"


class DeadlineAct(WrittenOnceModel):
    """One thing that was done to a deadline, with the dates before and after."""

    id = models.BigAutoField(primary_key=True)  # in the order in which they were written
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="acts")
    what = models.CharField(max_length=16, choices=What)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    words = models.TextField(blank=True)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    authority = models.CharField(max_length=120, blank=True)
    rank = models.CharField(max_length=32, blank=True)
    granted_at = models.DateTimeField(null=True)
    views = models.CharField(max_length=10, choices=Views, blank=True)
    views_words = models.TextField(blank=True)

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "deadline_act"
        constraints = [
            models.CheckConstraint(name="deadline_act_is_known", condition=Q(what__in=What.values)),
            models.CheckConstraint(
                name="deadline_extended_by_an_authority",
                condition=~Q(what=What.EXTENDED)
                | Q(granted_at__isnull=False) & ~Q(authority="") & ~Q(rank="") & ~Q(words=""),
            ),
            models.CheckConstraint(
                name="deadline_act_views_have_words",
                condition=Q(views="", views_words="")
                | Q(views__in=Views.values) & ~Q(views_words=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.deadline_id}"
