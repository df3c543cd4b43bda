"""Safety plans: one of a case and of whoever it protects, in versions that are never changed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain import safety
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.cases.models import Case
from safehold.records.people.models import Person

_MEMBER = settings.AUTH_USER_MODEL


class SafetyPlan(models.Model):
    """The plan of a case for one person; what it says is in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="safety_plans")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="safety_plans")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "safety_plan"
        constraints = [
            models.UniqueConstraint(fields=["case", "person"], name="safety_plan_once_a_person")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PlanVersion(WrittenOnceModel):
    """What a plan says from one moment on, and how far it was made with whoever it protects.

    `own_words` are theirs, apart from what anybody else wrote. One that was not made with them says
    why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    made_with = models.CharField(max_length=10, choices=safety.options("made_with"))
    why_not = models.TextField(blank=True)
    own_words = models.TextField(blank=True)
    present = models.CharField(max_length=200, blank=True)
    next_look = models.DateField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "safety_plan_version"
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="safety_plan_version_number"),
            models.CheckConstraint(
                name="safety_plan_says_how_it_was_made",
                condition=Q(made_with="yes") | (Q(made_with__in=["part", "no"]) & ~Q(why_not="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}, {self.number}"


class PlanLine(WrittenOnceModel):
    """What a version of a plan says on one topic; `acted_on` where somebody else has to act."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="lines")
    topic = models.CharField(
        max_length=12, choices=[(topic.key, topic.label) for topic in safety.TOPICS]
    )
    words = models.TextField()
    acted_on = models.BooleanField(default=False)

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "safety_plan_line"
        constraints = [
            models.UniqueConstraint(fields=["version", "topic"], name="safety_line_once_a_topic"),
            models.CheckConstraint(
                name="safety_line_topic_is_known",
                condition=Q(topic__in=[topic.key for topic in safety.TOPICS]),
            ),
            models.CheckConstraint(name="safety_line_has_words", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)
