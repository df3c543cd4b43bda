"""What happened with an order: served, changed, notified, broken; rows that stay."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain import orders
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.cases.models import Case
from safehold.records.incidents.models import Incident


class Came(models.TextChoices):
    """What came of going to serve an order."""

    SERVED = "served", "Served"
    FAILED = "failed", "Tried, and not served"


class Timed(models.TextChoices):
    """How exactly it is known when that was."""

    MOMENT = "moment", "To the minute"
    DAY = "day", "On a day"
    NOT_KNOWN = "not_known", "Not known"


class What(models.TextChoices):
    """What was done to an order."""

    RECORDED = "recorded", "Recorded"
    AMENDED = "amended", "Completed or put right"
    VARIED = "varied", "A condition added"
    EXTENDED = "extended", "Extended"
    HEARD = "heard", "Heard by a court"
    ENDED = "ended", "Ended"
    HOLDS_AGAIN = "holds_again", "Its end taken back"


class Sort(models.TextChoices):
    """What he told the police, or did not."""

    FIRST = "first", "Told us name and home"
    CHANGE = "change", "Told us of a change"
    NOT_TOLD = "not_told", "Has changed something, and has not told us"


class Becomes(models.TextChoices):
    """What becomes of a breach that is for the court."""

    NOT_YET = "", "Not yet decided"
    COURT = "court", "He is brought before the court"
    NOT_TAKEN = "not_taken", "It is not taken to the court"
    NO_BREACH = "no_breach", "It was no breach"


class Service(models.Model):
    """That an order was served, or that somebody tried; one that is wrong is ended with a reason.

    It never changes. `at` is the day's first minute where only the day is known.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="services")
    came = models.CharField(max_length=6, choices=Came)
    at = models.DateTimeField(null=True)
    precision = models.CharField(max_length=10, choices=Timed, default=Timed.NOT_KNOWN)
    how = models.CharField(max_length=12, choices=list(orders.METHODS.items()), blank=True)
    by_whom = models.CharField(max_length=120, blank=True)
    proof = models.CharField(max_length=200, blank=True)
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
        db_table = "protective_order_service"
        constraints = [
            models.CheckConstraint(name="order_service_came", condition=Q(came__in=Came.values)),
            models.CheckConstraint(
                name="order_service_how_is_known", condition=Q(how__in=["", *orders.METHODS])
            ),
            models.CheckConstraint(
                name="order_service_has_a_precision",
                condition=Q(at__isnull=True, precision=Timed.NOT_KNOWN)
                | Q(at__isnull=False, precision__in=[Timed.MOMENT, Timed.DAY]),
            ),
            models.CheckConstraint(
                name="order_service_ended_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OrderAct(WrittenOnceModel):
    """One thing that was done to an order: who, when and why, and what stood before and after.

    `on` is the day on which a court or an officer did it, where that is another than its recording.
    """

    id = models.BigAutoField(primary_key=True)  # in the order in which they were written
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="acts")
    what = models.CharField(max_length=12, choices=What)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(null=True)
    why = models.TextField(blank=True)
    changes = models.JSONField(default=list)

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "protective_order_act"
        constraints = [
            models.CheckConstraint(name="order_act_is_known", condition=Q(what__in=What.values)),
            models.CheckConstraint(
                name="order_act_has_a_reason", condition=Q(what=What.RECORDED) | ~Q(why="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.order_id}"


class Notified(WrittenOnceModel):
    """What he told the police as an order asks, or a change that he did not tell of.

    `no_home` says that he has none, which he has to tell as well.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="notified")
    sort = models.CharField(max_length=8, choices=Sort)
    names = models.CharField(max_length=200, blank=True)
    home = models.CharField(max_length=200, blank=True)
    no_home = models.BooleanField(default=False)
    changed_on = models.DateField(null=True)
    told_on = models.DateField(null=True)
    words = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "protective_order_notified"
        constraints = [
            models.CheckConstraint(
                name="order_notified_is_known", condition=Q(sort__in=Sort.values)
            ),
            models.CheckConstraint(
                name="order_notified_on_a_day",
                condition=Q(sort=Sort.NOT_TOLD, told_on__isnull=True)
                | (~Q(sort=Sort.NOT_TOLD) & Q(told_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="order_notified_has_a_home_or_none", condition=Q(home="") | Q(no_home=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Exemption(models.Model):
    """That he has to tell the police by another law already, until somebody ends that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="exemptions")
    basis = models.CharField(max_length=8, choices=list(orders.EXEMPTIONS.items()))
    why = models.TextField()
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
        db_table = "protective_order_exemption"
        constraints = [
            models.CheckConstraint(
                name="order_exemption_is_known", condition=Q(basis__in=list(orders.EXEMPTIONS))
            ),
            models.CheckConstraint(name="order_exemption_has_a_reason", condition=~Q(why="")),
            models.CheckConstraint(
                name="order_exemption_ended_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(ended_at__isnull=True),
                name="order_has_one_exemption",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class OrderCase(models.Model):
    """A case in which an order's deadlines run."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="orders")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "protective_order_case"
        constraints = [
            models.UniqueConstraint(fields=["order", "case"], name="order_is_in_a_case_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Breach(models.Model):
    """An incident that may be a breach of an order.

    Whether it is a crime is decided of the incident, as of any; what becomes of a breach that is
    for the court is decided here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="breaches")
    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="breach")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided = models.CharField(max_length=9, choices=Becomes, default=Becomes.NOT_YET, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_why = models.TextField(blank=True)

    class Meta:
        db_table = "protective_order_breach"
        constraints = [
            models.CheckConstraint(
                name="order_breach_decided_by_somebody",
                condition=Q(
                    decided="", decided_at__isnull=True, decided_by__isnull=True, decided_why=""
                )
                | Q(
                    decided__in=["court", "not_taken", "no_breach"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                & ~Q(decided_why=""),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
