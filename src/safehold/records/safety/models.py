"""Safety plans, and the children of a case; the room's other rows are named here."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain import safety
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.cases.models import Case
from safehold.records.people.models import Person
from safehold.records.safety.models_of_actions import SafetyAction as SafetyAction
from safehold.records.safety.models_of_markers import AddressMarker as AddressMarker
from safehold.records.safety.models_of_markers import MarkerReview as MarkerReview
from safehold.records.safety.models_of_plans import PlanLine as PlanLine
from safehold.records.safety.models_of_plans import PlanVersion as PlanVersion
from safehold.records.safety.models_of_plans import SafetyPlan as SafetyPlan
from safehold.records.safety.models_of_referrals import Referral as Referral

__all__ = ["ChildNote", "PlanCopy"]

_MEMBER = settings.AUTH_USER_MODEL


class PlanCopy(WrittenOnceModel):
    """That a copy of a plan was given, and how it is kept safe; or that none is, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="copies")
    how = models.CharField(max_length=10, choices=safety.options("copies"))
    kept_safe = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "safety_plan_copy"
        constraints = [
            models.CheckConstraint(
                name="safety_copy_way_is_known", condition=Q(how__in=safety.keys("copies"))
            ),
            models.CheckConstraint(
                name="safety_copy_says_how_it_is_kept", condition=~Q(kept_safe="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ChildNote(WrittenOnceModel):
    """What is known of a child of a case, from one moment on; the newest number counts.

    Whether children's social care was told always has words: the proof, or why not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="child_notes")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="child_notes")
    plan = models.ForeignKey(
        SafetyPlan, null=True, on_delete=models.PROTECT, related_name="children"
    )
    number = models.PositiveIntegerField()
    lives = models.CharField(max_length=12, choices=safety.options("lives"))
    lives_words = models.CharField(max_length=200, blank=True)
    school = models.CharField(max_length=12, choices=safety.options("schools"))
    school_words = models.CharField(max_length=200, blank=True)
    told = models.CharField(max_length=10, choices=safety.options("children_told"))
    told_words = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "safety_child_note"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "child", "number"], name="safety_child_note_number"
            ),
            models.CheckConstraint(
                name="safety_child_note_is_known",
                condition=Q(
                    lives__in=safety.keys("lives"),
                    school__in=safety.keys("schools"),
                    told__in=safety.keys("children_told"),
                ),
            ),
            models.CheckConstraint(
                name="safety_child_note_says_who_was_told", condition=~Q(told_words="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
