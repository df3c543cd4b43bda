"""Markers on addresses, for whoever goes to the door: each has an end, and somebody looks again."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain import safety
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.cases.models import Case
from safehold.records.people.models import Address

_MEMBER = settings.AUTH_USER_MODEL


class AddressMarker(models.Model):
    """What whoever goes to a door has to know. After `expires` nobody relies on it.

    `case` is where it is looked after; it is not shown at the address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="markers")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="markers")
    kind = models.CharField(max_length=20, choices=safety.options("markers"))
    words = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    set_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    expires = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(_MEMBER, null=True, on_delete=models.PROTECT, related_name="+")
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "address_marker"
        constraints = [
            models.CheckConstraint(
                name="address_marker_kind_is_known", condition=Q(kind__in=safety.keys("markers"))
            ),
            models.CheckConstraint(name="address_marker_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="address_marker_expires_after_it_is_set",
                condition=Q(expires__gte=F("set_on")),
            ),
            models.CheckConstraint(
                name="address_marker_ended_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
            ),
            models.UniqueConstraint(
                fields=["address", "kind", "case"],
                condition=Q(ended_at__isnull=True),
                name="address_marker_one_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MarkerReview(WrittenOnceModel):
    """That somebody looked at a marker again before its time was over, and until when it holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    marker = models.ForeignKey(AddressMarker, on_delete=models.PROTECT, related_name="reviews")
    before = models.DateField()
    until = models.DateField()
    why = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "address_marker_review"
        constraints = [
            models.CheckConstraint(name="address_marker_review_has_a_reason", condition=~Q(why="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)
