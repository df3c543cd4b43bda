"""Batches of an import, and what each row of a records system became here.

No value of a row stands here: a batch counts and names lines and columns. `Imported` holds the
source's own key, so that the same row is known again, and a keyed digest of what it said.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Batch(models.Model):
    """One file that somebody imported, and why. Without `finished_at` it was broken off."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    map_digest = models.CharField(max_length=64)
    file_digest = models.CharField(max_length=64)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    told = models.JSONField(default=dict)

    class Meta:
        db_table = "import_batch"
        indexes = [models.Index(fields=["-begun_at"], name="import_batch_newest")]
        constraints = [
            models.CheckConstraint(name="import_batch_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Imported(models.Model):
    """What one key of a records system became: `target` is our row, of the table of its kind.

    `made` lists what was written of it, so that a later import ends its own and no one else's;
    `waits` says that something it names was not here, so the row is read again next time.
    """

    id = models.BigAutoField(primary_key=True)
    system = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=160)
    target = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=40)
    made = models.JSONField()
    waits = models.BooleanField(default=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows")

    class Meta:
        db_table = "import_row"
        constraints = [
            models.UniqueConstraint(fields=["system", "kind", "key"], name="import_row_of_a_key")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Earlier(models.Model):
    """What a row said before an import changed it: nothing is overwritten unseen."""

    id = models.BigAutoField(primary_key=True)
    row = models.ForeignKey(Imported, on_delete=models.PROTECT, related_name="earlier")
    said = models.JSONField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "import_row_earlier"

    def __str__(self) -> str:
        return str(self.pk)
