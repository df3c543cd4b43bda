"""Referrals: that somebody was referred, on which basis, and what came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain import safety, sharing
from safehold.records.agencies.models import Agency
from safehold.records.cases.models import Case
from safehold.records.people.models import Person
from safehold.records.safety.models_of_actions import SafetyAction

_MEMBER = settings.AUTH_USER_MODEL


class Referral(models.Model):
    """One referral to an agency, or to a service of the register. Nothing is sent by it.

    A service lies in the other store: its key is `service`, and `to` is the name as it was then.
    Without agreement it says why, and on which basis.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="referrals")
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    service = models.UUIDField(null=True)
    to = models.CharField(max_length=200)
    purpose = models.TextField()
    agreed = models.CharField(max_length=12, choices=safety.options("agreements"))
    basis = models.CharField(
        max_length=20, choices=[(each.key, each.label) for each in sharing.bases().values()]
    )
    why = models.TextField(blank=True)
    action = models.ForeignKey(
        SafetyAction, null=True, on_delete=models.PROTECT, related_name="referrals"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField()
    answer = models.CharField(max_length=10, choices=safety.options("referral_answers"), blank=True)
    answer_words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(_MEMBER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "safety_referral"
        constraints = [
            models.CheckConstraint(
                name="safety_referral_is_to_one",
                condition=Q(agency__isnull=False, service__isnull=True)
                | Q(agency__isnull=True, service__isnull=False),
            ),
            models.CheckConstraint(
                name="safety_referral_without_agreement_says_why",
                condition=Q(agreed="yes", basis="consent", why="")
                | (Q(agreed__in=["no", "raise_risk"]) & ~Q(why="") & ~Q(basis="consent")),
            ),
            models.CheckConstraint(
                name="safety_referral_basis_is_known", condition=Q(basis__in=list(sharing.bases()))
            ),
            models.CheckConstraint(
                name="safety_referral_answered_by_someone",
                condition=Q(
                    answer="", answer_words="", answered_at__isnull=True, answered_by__isnull=True
                )
                | (
                    Q(answer__in=safety.keys("referral_answers"))
                    & ~Q(answer_words="")
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
