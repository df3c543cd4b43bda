"""What somebody did alone, and what another person thought of it afterwards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class ReviewedAfterwards(models.Model):
    """A row that another person looks at once, says whether it was right, and why."""

    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    was_right = models.BooleanField(null=True)
    review = models.TextField(blank=True)

    class Meta:
        abstract = True


def reviewed_by_another_person(*, than: str, name: str) -> models.CheckConstraint:
    """Make the constraint that a review is whole, and by another person than the column names."""
    return models.CheckConstraint(
        name=name,
        condition=Q(
            reviewed_at__isnull=True,
            reviewed_by__isnull=True,
            was_right__isnull=True,
            review="",
        )
        | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, was_right__isnull=False)
        & ~Q(review="")
        & ~Q(reviewed_by=F(than)),
    )
