"""What is known of a file that came with a report, once somebody has looked at it.

Nothing of what it shows, and not its name: both are in the sealed account and in sealed parts.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet


class Exhibit(models.Model):
    """One file: what was found out at the first look. The original stays in the intake store.

    `sealed` holds the key of the clean copy, for whoever may open the account. `cleaned_digest` is
    empty where nothing could be cleaned, `kind` where nothing was looked into. `scan` is the worst
    that a scanner ever said: what it once found stays found. `place` says that the original holds
    where it was made.
    """

    id = models.UUIDField(primary_key=True)
    report_id = models.UUIDField(db_index=True)
    police_party = models.BooleanField(default=False)
    kind = models.CharField(max_length=10)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    cleaned_kind = models.CharField(max_length=10, blank=True)
    cleaned_digest = models.CharField(max_length=64, blank=True)
    cleaned_parts = models.PositiveIntegerField(default=0)
    sealed = models.BinaryField()
    intimate = models.BooleanField(default=False)
    place = models.BooleanField(default=False)
    scan = models.CharField(max_length=12)
    first_look_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    first_look_at = models.DateTimeField()

    class Meta:
        db_table = "exhibit"

    def __str__(self) -> str:
        return str(self.pk)


class CleanedPart(WrittenOnceModel):
    """One part of a clean copy, locked under a key of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="cleaned")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "exhibit_cleaned_part"
        constraints = [
            models.UniqueConstraint(fields=["exhibit", "number"], name="cleaned_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.exhibit_id}, {self.number}"
