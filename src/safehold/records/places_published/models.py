"""What the public reads about places: releases, which never change, and answers.

Nothing here was said by one person: counts have passed `domain/suppression.py`, and no row names a
report, an incident, a place or a reporter.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from safehold.domain.place_answers import AnswerStatus, OwnerKind
from safehold.records.append_only import (
    AppendOnly,
    AppendOnlyQuerySet,
    WrittenOnceModel,
    WrittenOnceQuerySet,
)


class Release(AppendOnly):
    """One publication of one whole quarter. A correction is a release more, with its reason.

    `published_by` is a name and not a key: who published lies in the other store.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    quarter = models.CharField(max_length=7)
    correction = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    last_day = models.DateField()
    least = models.PositiveSmallIntegerField()
    resolution = models.PositiveSmallIntegerField()
    rules_version = models.CharField(max_length=20)
    total = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        db_table = "places_release"
        constraints = [
            models.UniqueConstraint(
                fields=["quarter", "correction"], name="places_release_is_made_once"
            ),
            models.CheckConstraint(
                name="places_correction_has_a_reason",
                condition=Q(correction=0, reason="") | (Q(correction__gt=0) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="places_release_holds_small_counts_back", condition=Q(least__gte=2)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter}.{self.correction}"


class ReleasedArea(AppendOnly):
    """An area of a release; `rest` and `total` are empty where they are held back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="areas")
    name = models.CharField(max_length=200, blank=True)
    rest = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(null=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        db_table = "places_release_area"
        constraints = [
            models.UniqueConstraint(fields=["release", "name"], name="places_area_is_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class ReleasedCell(AppendOnly):
    """One fixed cell with its count, which is never small. `metres` from its town's middle."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(ReleasedArea, on_delete=models.PROTECT, related_name="cells")
    cell = models.CharField(max_length=15)
    bearing = models.CharField(max_length=2, blank=True)
    metres = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        db_table = "places_release_cell"
        constraints = [
            models.UniqueConstraint(fields=["area", "cell"], name="places_cell_is_given_once"),
            models.CheckConstraint(name="places_cell_count_is_not_one", condition=Q(count__gte=2)),
        ]

    def __str__(self) -> str:
        return self.cell


class PublishedAnswer(WrittenOnceModel):
    """What was done, in checked words. `answer` stays the same when a newer row replaces it.

    `cell` is empty where only the area may be named. A row can be removed, because a name that
    slipped through must be able to go.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.UUIDField(db_index=True)
    area = models.CharField(max_length=200, blank=True)
    cell = models.CharField(max_length=15, blank=True)
    bearing = models.CharField(max_length=2, blank=True)
    metres = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=20, choices=[(one.value, one.value) for one in OwnerKind])
    status = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in AnswerStatus]
    )
    text = models.CharField(max_length=400)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "places_answer"
        constraints = [
            models.CheckConstraint(
                name="places_answer_owner_is_known", condition=Q(owner__in=list(OwnerKind))
            ),
            models.CheckConstraint(
                name="places_answer_status_is_known", condition=Q(status__in=list(AnswerStatus))
            ),
            models.CheckConstraint(name="places_answer_has_words", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return str(self.answer)
