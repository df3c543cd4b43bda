"""That two rows are one person, or are not: decisions by somebody, which can be taken back."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.decided import Decided
from safehold.records.people.models_of_persons import Person


class Merge(Decided):
    """Two identities put together. `moved` lists the rows that got the kept one's identity.

    Both are rows that stood for themselves then, so that all merges that hold make trees: taking
    one back cuts its branch off with exactly those rows that came by it and are still there. What
    was recorded meanwhile stays where it was recorded, and is shown for somebody to move.
    """

    decided = ("kept", "folded", "moved", "why", "at", "by_id")
    taken_back = "undone_at"

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
            models.UniqueConstraint(
                fields=["folded"],
                condition=Q(undone_at__isnull=True),
                name="person_is_folded_into_one",
            ),
            models.CheckConstraint(
                name="person_merge_undone_with_a_reason",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_why="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_why="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Apart(WrittenOnceModel):
    """Two identities that somebody found to be two people; they are not offered again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    one = models.UUIDField(db_index=True)
    other = models.UUIDField(db_index=True)
    why = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "person_apart"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="person_apart_decided_once"),
            models.CheckConstraint(name="person_apart_in_order", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(name="person_apart_has_a_reason", condition=~Q(why="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Alike(models.Model):
    """Two rows that may be one person, found by the job that looks: offered, never acted upon.

    Why is said anew for whoever reads it. It goes where somebody finds that they are two.
    """

    id = models.BigAutoField(primary_key=True)
    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    strength = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()

    class Meta:
        db_table = "person_alike"
        indexes = [models.Index(fields=["-strength", "id"], name="person_alike_strongest")]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="person_alike_once"),
            models.CheckConstraint(name="person_alike_in_order", condition=Q(one__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return str(self.pk)
