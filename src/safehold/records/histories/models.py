"""That somebody searched a source for a person, or could not: what a history is worth."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain.sources import SOURCES
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet


class Outcome(models.TextChoices):
    """What came of looking."""

    FOUND = "found", "Something found"
    NOTHING = "nothing", "Nothing found"
    NOT_DONE = "not_done", "Not searched, and why"


class SourceSearch(WrittenOnceModel):
    """One source, searched for one person at one moment; a later search is a new row.

    `words` say what was found, in brief, or why it was not searched.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identity = models.UUIDField()
    source = models.CharField(
        max_length=16, choices=[(each.key, each.label) for each in SOURCES.values()]
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "source_search"
        indexes = [models.Index(fields=["identity", "source", "at"], name="source_search_latest")]
        constraints = [
            models.CheckConstraint(
                name="source_search_source_is_known", condition=Q(source__in=list(SOURCES))
            ),
            models.CheckConstraint(
                name="source_search_outcome_is_known", condition=Q(outcome__in=Outcome.values)
            ),
            models.CheckConstraint(
                name="source_search_says_what_or_why",
                condition=Q(outcome=Outcome.NOTHING) | ~Q(words=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
