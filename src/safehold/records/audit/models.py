"""The audit's rows."""

from django.db import models

from safehold.records.append_only import AppendOnly, AppendOnlyQuerySet

CHAIN = "records"


class AuditEvent(AppendOnly):
    """One act: values, not foreign keys, so that it neither blocks nor follows what it is about.

    `sequence` has no gap and each `hash` covers the row before: see `domain.audit_chain`.
    `detail` holds no content of a report and no contact of a person.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_kind = models.CharField(max_length=10)
    agency = models.CharField(max_length=80, blank=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["sequence"]
        indexes = [
            models.Index(
                fields=["subject_kind", "subject_id", "sequence"], name="audit_by_subject"
            ),
            models.Index(fields=["actor_id", "sequence"], name="audit_by_actor"),
        ]
