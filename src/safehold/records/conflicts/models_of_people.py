"""Which members are kept from which people, and what they tried to see all the same."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.people.models_of_persons import Person


class RegisterKey(models.Model):
    """One number under which a member's own name is looked up, or that of somebody linked to them.

    `linked` is the entry of the register that it comes from, None for the member's own name. Made
    from names alone, so it can be made again at any time.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.BigIntegerField()
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    linked = models.ForeignKey(
        "conflicts.LinkedParty", null=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        db_table = "conflict_register_key"
        indexes = [models.Index(fields=["key"], name="register_key_by_number")]

    def __str__(self) -> str:
        return str(self.key)


class PersonRecusal(models.Model):
    """A member is kept from a person who may be themselves, or somebody too close to them.

    Kept of the row whose name was met, so it stays with that name through every merge and parting;
    whoever is kept from one row of a person is kept from all of that person. It ends when
    professional standards find that it is another person of that name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recusals")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked = models.ForeignKey(
        "conflicts.LinkedParty", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_why = models.TextField(blank=True)

    class Meta:
        db_table = "conflict_person_recusal"
        indexes = [models.Index(fields=["lifted_at", "at"], name="person_recusal_in_force")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "member"],
                condition=Q(linked__isnull=True),
                name="recused_once_of_a_person_as_oneself",
            ),
            models.UniqueConstraint(
                fields=["person", "member", "linked"],
                condition=Q(linked__isnull=False),
                name="recused_once_of_a_person_as_linked",
            ),
            models.CheckConstraint(
                name="person_recusal_lifted_with_a_reason",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_why="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_why=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Asked(models.Model):
    """Something that a member asked for, until the scheduler has sorted it: within a minute.

    Every search is noted, and every address that answered as not there, whether there was something
    behind it or not: so a request that met what is hidden did nothing that another did not.
    """

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    subject_kind = models.CharField(max_length=20)  # empty of a search by name
    subject_id = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "conflict_asked"

    def __str__(self) -> str:
        return str(self.pk)


class Ground(models.TextChoices):
    """Why somebody may not know of what they tried to see."""

    KEPT = "kept", "Their own name, or of somebody close to them"
    SEALED = "sealed", "About a colleague"


class Attempt(models.Model):
    """A member tried to see what they may not know of: for professional standards alone.

    `nearness` is how near what they typed was to the name, in hundredths; 100 for an address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ground = models.CharField(max_length=8, choices=Ground)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=40)
    words = models.CharField(max_length=120, blank=True)
    nearness = models.SmallIntegerField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_why = models.TextField(blank=True)

    class Meta:
        db_table = "conflict_attempt"
        indexes = [
            models.Index(
                fields=["settled_at", "member", "subject_kind", "subject_id"],
                name="attempt_by_whom_on_what",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="attempt_ground_is_known", condition=Q(ground__in=Ground.values)
            ),
            models.CheckConstraint(
                name="attempt_nearness_in_hundredths",
                condition=Q(nearness__gte=0, nearness__lte=120),
            ),
            models.CheckConstraint(
                name="attempt_settled_with_words",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, settled_why="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(settled_why=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PassedTogether(WrittenOnceModel):
    """That somebody or something was passed to professional standards or back, and what with it."""

    id = models.BigAutoField(primary_key=True)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    to_standards = models.BooleanField()
    went = models.JSONField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "conflict_passed_together"
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "at"], name="passed_together_last")
        ]
        constraints = [
            models.CheckConstraint(name="passed_together_has_a_reason", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return str(self.pk)
