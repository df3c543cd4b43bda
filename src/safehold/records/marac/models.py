"""Referrals to a MARAC: whom each is for, whom it accuses, and which months are whole here."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain.persons import keys, options
from safehold.records.people.models import Person


class Referral(models.Model):
    """One referral of somebody, by an agency, on a day: from that day the months run."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    victim = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="marac_referrals")
    referred_on = models.DateField()
    meeting_on = models.DateField(null=True)
    agency = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=12, choices=options("sources"))
    batch = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "marac_referral"
        indexes = [models.Index(fields=["victim", "-referred_on"], name="marac_last_referral")]
        constraints = [
            models.CheckConstraint(
                name="marac_referral_source_is_known", condition=Q(source__in=keys("sources"))
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Accused(models.Model):
    """Somebody whom a referral says that she is in danger from."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="accused")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accused_in")

    class Meta:
        db_table = "marac_referral_accused"
        constraints = [
            models.UniqueConstraint(fields=["referral", "person"], name="marac_accused_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Coverage(models.Model):
    """Between two days, both included, every referral is here: an import brought all of them.

    Without a row over the months in question, an absent referral says nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.CharField(max_length=30)
    starts = models.DateField()
    ends = models.DateField()
    batch = models.UUIDField(unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "marac_coverage"
        constraints = [
            models.CheckConstraint(
                name="marac_coverage_is_in_order", condition=Q(ends__gte=F("starts"))
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
