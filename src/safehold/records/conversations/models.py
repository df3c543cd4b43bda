"""How far the unit has read what holders of codes wrote. Every word stays sealed in the intake."""

from django.conf import settings
from django.db import models


class ReadUpTo(models.Model):
    """The newest entry of a holder that somebody has read; `number` as the intake counts."""

    report_id = models.UUIDField(primary_key=True)
    number = models.IntegerField()
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField()

    class Meta:
        db_table = "conversation_read"

    def __str__(self) -> str:
        return f"{self.report_id} up to {self.number}"


class HolderKey(models.Model):
    """The digest of the key to which the unit first wrote: it never changes while a code lives."""

    report_id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "conversation_key"

    def __str__(self) -> str:
        return str(self.report_id)
