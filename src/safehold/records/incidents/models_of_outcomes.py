"""What came of an incident that is a crime."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain import outcomes
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet


class IncidentOutcome(WrittenOnceModel):
    """One outcome as somebody gave it: a type of the rules, a day, a source and why.

    Never changed: the one of the highest `number` stands. `no_support_why` and `would_have_helped`
    are keys of the rules, for the types that ask; `batch` is the import that brought it. A type may
    be one that the rules no longer have.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="outcomes"
    )
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=4)
    given_on = models.DateField()
    source = models.CharField(max_length=12, choices=outcomes.options("sources"))
    why = models.TextField()
    no_support_why = models.JSONField(default=list)
    would_have_helped = models.JSONField(default=list)
    rules_version = models.CharField(max_length=20)
    batch = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "incident_outcome"
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="outcome_in_its_order"),
            models.CheckConstraint(name="incident_outcome_has_a_reason", condition=~Q(why="")),
            models.CheckConstraint(name="incident_outcome_is_a_type", condition=~Q(outcome="")),
            models.CheckConstraint(
                name="incident_outcome_source_is_known",
                condition=Q(source__in=outcomes.keys("sources")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} of {self.incident_id}"
