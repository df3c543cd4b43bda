"""Calls: a member types a report for somebody at the telephone or the counter.

Which report came of it stands in that report's sealed account alone.
"""

import uuid

from django.conf import settings
from django.db import models


class How(models.TextChoices):
    """Where the caller is."""

    TELEPHONE = "telephone", "By telephone"
    COUNTER = "counter", "At the counter"


class Call(models.Model):
    """One call: who typed, and when it began."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    how = models.CharField(max_length=10, choices=How)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField()

    class Meta:
        db_table = "call"
        constraints = [
            models.CheckConstraint(name="call_how_is_known", condition=models.Q(how__in=How.values))
        ]

    def __str__(self) -> str:
        return str(self.pk)
