"""A person, and what every fact about one has in common.

A person is a row that never goes: two rows of one person are put together by a decision
(`models_of_merging`), which gives them one `identity` and can be taken back. Whatever asks about
a person asks by identity.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain import persons


class Person(models.Model):
    """Somebody whom an incident or a case is about, as one source first told of them.

    `identity` is the row's own id until a merge gives it another's. `sealed_to` names the one role
    that may know of them, empty for most. `look_for_alike` says that something was recorded since
    the job looked for others who may be this person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    identity = models.UUIDField(db_index=True)
    sealed_to = models.CharField(max_length=40, blank=True)
    look_for_alike = models.BooleanField(default=True, db_default=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "person"
        indexes = [
            models.Index(
                fields=["id"], condition=Q(look_for_alike=True), name="person_to_look_for_alike"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Fact(models.Model):
    """Something recorded of a person: never changed, only ended with a reason, and by whom.

    `source` says where it came from and `source_words` which; `batch` is the import that brought
    it, None for what was typed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="%(class)ss")
    source = models.CharField(max_length=12, choices=persons.options("sources"))
    source_words = models.CharField(max_length=200, blank=True)
    batch = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_why = models.TextField(blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ended_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
            ),
            models.CheckConstraint(
                name="%(class)s_source_is_known",
                condition=Q(source__in=persons.keys("sources")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
