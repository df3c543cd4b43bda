"""Phones, what was begun on them, and sealed answers until somebody takes them over."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.risk.models import Assessment, ItemAnswer

_MEMBER = settings.AUTH_USER_MODEL


class Phone(models.Model):
    """A browser that may send sealed answers of one member, once somebody else has approved it.

    It holds a secret, of which `digest` is the hash. `mark` is what both see of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    mark = models.CharField(max_length=9)
    asked_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(_MEMBER, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(_MEMBER, null=True, on_delete=models.PROTECT, related_name="+")
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "phone"
        constraints = [
            models.CheckConstraint(
                name="phone_approved_by_another",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | (Q(approved_at__isnull=False) & ~Q(approved_by=F("member"))),
            ),
            models.CheckConstraint(
                name="phone_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
            ),
        ]

    def __str__(self) -> str:
        return self.mark


class PhoneStart(models.Model):
    """That an officer began an assessment on a phone; until all of it is here, it is out.

    Begun without a connection it belongs to no assessment until its officer says to which.
    `count` is how many answers the phone wrote, as it says when the officer has finished. It is
    over once all of them are taken over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone = models.ForeignKey(Phone, on_delete=models.PROTECT, related_name="starts")
    member = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(
        Assessment, null=True, on_delete=models.PROTECT, related_name="phone_starts"
    )
    instrument = models.CharField(max_length=16)
    began_at = models.DateTimeField()
    told_at = models.DateTimeField()
    count = models.PositiveIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(_MEMBER, null=True, on_delete=models.PROTECT, related_name="+")
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "phone_start"
        indexes = [
            models.Index(
                fields=["began_at"],
                name="phone_start_under_way",
                condition=Q(over_at__isnull=True, ended_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="phone_start_finished_says_how_many",
                condition=Q(finished_at__isnull=True, count__isnull=True)
                | Q(finished_at__isnull=False, count__isnull=False),
            ),
            models.CheckConstraint(
                name="phone_start_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PhoneAnswer(WrittenOnceModel):
    """One answer as it came, sealed. It goes when it is taken over: the unit keeps no second one.

    Its key is the phone's own, so that what comes twice is here once.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    start = models.ForeignKey(PhoneStart, on_delete=models.PROTECT, related_name="sealed")
    sealed = models.BinaryField()
    received_at = models.DateTimeField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "phone_answer"

    def __str__(self) -> str:
        return str(self.pk)


class PhoneTaken(WrittenOnceModel):
    """One answer from a phone, opened: as it was said there, and the row that stands for it."""

    id = models.UUIDField(primary_key=True, editable=False)
    start = models.ForeignKey(PhoneStart, on_delete=models.PROTECT, related_name="taken")
    item = models.CharField(max_length=40)
    given = models.CharField(max_length=20, blank=True)
    options = models.JSONField(default=list)
    words = models.TextField(blank=True)
    order = models.PositiveIntegerField()
    said_at = models.DateTimeField()
    answer = models.ForeignKey(ItemAnswer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "phone_taken"

    def __str__(self) -> str:
        return str(self.pk)
