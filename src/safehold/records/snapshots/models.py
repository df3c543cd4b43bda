"""Pages as the public site serves them: finished bytes, one row a path and language."""

import uuid

from django.db import models


class Edition(models.Model):
    """How often the published pages have changed: one row, the first thing a server asks."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "snapshot_edition"
        constraints = [
            models.CheckConstraint(name="snapshot_edition_is_one_row", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Snapshot(models.Model):
    """One published page in one language, compressed once, when an editor publishes it.

    `published_by` is a name and not a key: who published lies in the other store. `review_by` is
    the day by which somebody has to have read the page again, or null.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    path = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="en-GB")
    edition = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    html = models.BinaryField()
    brotli = models.BinaryField()
    gzip = models.BinaryField()
    title = models.CharField(max_length=255, default="")
    review_by = models.DateField(null=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=150)

    class Meta:
        db_table = "snapshot"
        constraints = [
            models.UniqueConstraint(
                name="snapshot_stands_once_in_a_language", fields=["path", "language"]
            ),
            models.CheckConstraint(
                name="snapshot_path_is_a_folder",
                condition=models.Q(path__startswith="/") & models.Q(path__endswith="/"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} ({self.language})"
