"""What somebody decided about two reports: written once, every decision kept."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.incidents.models import IncidentReport
from safehold.records.triage.models import TriageSlip


class Verdict(models.TextChoices):
    """What two reports are to each other, as somebody who has read both decided."""

    SAME = "same", "The same happening"
    CONNECTED = "connected", "Not the same, but connected"
    PERSON = "person", "Not the same, but about the same person, as told"
    NOT_SAME = "not_same", "Not the same"
    UNSURE = "unsure", "Cannot tell yet"


class Comparison(WrittenOnceModel):
    """One decision about two reports, whichever was looked at first.

    A later decision about the two is another row. That both are about one person can be said only
    where both reporters freed their report for it: both ends then point at the key of a report that
    may be tied to a person, and a report that may not has none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    one = models.ForeignKey(TriageSlip, on_delete=models.PROTECT, related_name="+", db_index=False)
    other = models.ForeignKey(TriageSlip, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    one_link = models.ForeignKey(
        IncidentReport,
        to_field="link_key",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    other_link = models.ForeignKey(
        IncidentReport,
        to_field="link_key",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "report_comparison"
        indexes = [models.Index(fields=["one", "other", "decided_at"], name="comparison_of_a_pair")]
        constraints = [
            models.CheckConstraint(
                name="comparison_pair_has_no_order", condition=Q(one__lt=F("other"))
            ),
            models.CheckConstraint(name="comparison_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="comparison_verdict_is_known", condition=Q(verdict__in=Verdict.values)
            ),
            models.CheckConstraint(
                name="comparison_of_a_person_only_where_both_were_freed",
                # An equation with nothing in it is no refusal to a database: both must be there.
                condition=Q(
                    verdict=Verdict.PERSON,
                    one_link__isnull=False,
                    other_link__isnull=False,
                    one_link=F("one"),
                    other_link=F("other"),
                )
                | ~Q(verdict=Verdict.PERSON) & Q(one_link__isnull=True, other_link__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
