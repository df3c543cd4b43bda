"""Orders and notices: whom each binds, whom it protects, what it says, and whether he knows."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain import orders
from safehold.domain.import_kinds import REFERENCE
from safehold.domain.persons import keys, options
from safehold.records.orders.models_of_history import Breach as Breach
from safehold.records.orders.models_of_history import Exemption as Exemption
from safehold.records.orders.models_of_history import Notified as Notified
from safehold.records.orders.models_of_history import OrderAct as OrderAct
from safehold.records.orders.models_of_history import OrderCase as OrderCase
from safehold.records.orders.models_of_history import Service as Service
from safehold.records.people.models import Person


class Precision(models.TextChoices):
    """How exactly it is known when an order was served."""

    MOMENT = "moment", "To the minute"
    DAY = "day", "On a day"
    NOT_KNOWN = "not_known", "Not known"


class Order(models.Model):
    """One order, as it stands. What a breach of it is stands in `rules/orders.toml` by its `kind`.

    Without `expires` it holds until further order. What `served_...` says is as a source gave it
    with an import; that he was served is a row of its own (`models_of_history.Service`), and so is
    each change (`OrderAct`). A notice lapses from `lapses_from` and by `lapses_at` at the latest.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(
        max_length=16, choices=[(o.key, o.label) for o in orders.ORDERS.values()]
    )
    reference = models.CharField(max_length=REFERENCE, blank=True)
    respondent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="orders_against")
    made_on = models.DateField(null=True)
    begins = models.DateField(null=True)
    expires = models.DateField(null=True)
    authority = models.CharField(max_length=200, blank=True)
    power_of_arrest = models.BooleanField(null=True)
    served_at = models.DateTimeField(null=True)
    served_precision = models.CharField(
        max_length=10, choices=Precision, default=Precision.NOT_KNOWN
    )
    served_how = models.CharField(max_length=12, choices=list(orders.METHODS.items()), blank=True)
    served_by = models.CharField(max_length=120, blank=True)
    proof = models.CharField(max_length=200, blank=True)
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)
    lapses_from = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=12, choices=options("sources"))
    batch = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "protective_order"
        indexes = [
            models.Index(
                fields=["expires", "id"], condition=Q(ended_on=None), name="order_by_its_end"
            ),
            models.Index(fields=["-recorded_at", "id"], name="order_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="order_kind_is_known", condition=Q(kind__in=list(orders.ORDERS))
            ),
            models.CheckConstraint(
                name="order_served_how_is_known",
                condition=Q(served_how__in=["", *orders.METHODS]),
            ),
            models.CheckConstraint(
                name="order_source_is_known", condition=Q(source__in=keys("sources"))
            ),
            models.CheckConstraint(
                name="order_served_with_a_precision",
                condition=Q(served_at__isnull=True, served_precision=Precision.NOT_KNOWN)
                | Q(served_at__isnull=False)
                & Q(served_precision__in=[Precision.MOMENT, Precision.DAY]),
            ),
            models.CheckConstraint(
                name="order_expires_after_it_begins",
                condition=Q(begins__isnull=True)
                | Q(expires__isnull=True)
                | Q(expires__gte=F("begins")),
            ),
            models.CheckConstraint(
                name="order_lapses_between_two_moments",
                condition=Q(lapses_from__isnull=True, lapses_at__isnull=True)
                | Q(
                    lapses_from__isnull=False,
                    lapses_at__isnull=False,
                    lapses_from__lte=F("lapses_at"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OrderProtects(models.Model):
    """Somebody whom an order protects."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="protects")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="orders_for")

    class Meta:
        db_table = "protective_order_protects"
        constraints = [
            models.UniqueConstraint(fields=["order", "person"], name="order_protects_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Condition(models.Model):
    """One thing that an order forbids or asks, in its own words; one that is replaced stays.

    `zone` is what a card says of a place in the stead of the words, without anybody's address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="conditions")
    sort = models.CharField(max_length=10, choices=list(orders.CONDITIONS.items()))
    words = models.TextField()
    zone = models.CharField(max_length=orders.LONGEST_ZONE, blank=True)
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
        db_table = "protective_order_condition"
        constraints = [
            models.CheckConstraint(
                name="order_condition_sort_is_known", condition=Q(sort__in=list(orders.CONDITIONS))
            ),
            models.CheckConstraint(name="order_condition_is_written", condition=~Q(words="")),
            models.CheckConstraint(
                name="order_condition_zone_is_of_a_place",
                condition=Q(zone="") | Q(sort__in=orders.PLACES),
            ),
            models.CheckConstraint(
                name="order_condition_ended_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
