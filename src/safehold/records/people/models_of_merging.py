"""That two rows are one person, or are not: decisions by somebody, which can be taken back."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Merge(models.Model):
    """Two identities put together. `moved` lists the rows that got the kept one's identity.

    Taking it back gives exactly those rows their own again; what was recorded meanwhile stays
    where it was recorded, and is shown for somebody to move.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.UUIDField(db_index=True)
    folded = models.UUIDField(db_index=True)
    moved = models.JSONField()
    why = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_why = models.TextField(blank=True)

    class Meta:
        db_table = "person_merge"
        constraints = [
            models.CheckConstraint(name="person_merge_of_two", condition=~Q(kept=F("folded"))),
            models.CheckConstraint(name="person_merge_has_a_reason", condition=~Q(why="")),
            models.CheckConstraint(
                name="person_merge_undone_with_a_reason",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_why="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_why="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Apart(models.Model):
    """Two identities that somebody found to be two people; they are not offered again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    one = models.UUIDField()
    other = models.UUIDField()
    why = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "person_apart"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="person_apart_decided_once"),
            models.CheckConstraint(name="person_apart_in_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(name="person_apart_has_a_reason", condition=~Q(why="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)
