"""Hidden names: what the unit asks of their keepers, and each opening."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.records.reviews import ReviewedAfterwards, reviewed_by_another_person


class NameRequest(models.Model):
    """An officer asks a keeper for a hidden name; a keeper passes it on to them or says why not.

    `sealed` is the name as it was passed on, to the keys of released names. Whoever asked does not
    answer, and of a report one request waits at a time.
    """

    class Answer(models.TextChoices):
        """What came of a request."""

        WAITING = "waiting", "Waits for a keeper"
        PASSED_ON = "passed_on", "Passed on"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "No longer needed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slip = models.ForeignKey(
        "triage.TriageSlip", on_delete=models.PROTECT, related_name="name_requests"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    reason = models.TextField()
    soon = models.CharField(max_length=10)
    needed_by = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.WAITING)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.TextField(blank=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "triage_name_request"
        indexes = [
            models.Index(fields=["answer", "needed_by"], name="name_request_waiting"),
            models.Index(fields=["asked_by", "answer"], name="name_request_by_officer"),
        ]
        constraints = [
            models.CheckConstraint(name="name_request_has_a_reason", condition=~Q(reason="")),
            models.UniqueConstraint(
                fields=["slip"], condition=Q(answer="waiting"), name="name_request_one_waits"
            ),
            models.CheckConstraint(
                name="name_request_answered_by_another_person",
                condition=Q(
                    answer="waiting",
                    answered_by__isnull=True,
                    answered_at__isnull=True,
                    answer_reason="",
                )
                | Q(answer="withdrawn", answered_by=F("asked_by"), answered_at__isnull=False)
                | Q(answer__in=["passed_on", "refused"], answered_at__isnull=False)
                & Q(answered_by__isnull=False)
                & ~Q(answer_reason="")
                & ~Q(answered_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="name_request_sealed_is_passed_on",
                condition=Q(answer="passed_on", sealed__isnull=False)
                | ~Q(answer="passed_on") & Q(sealed__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip_id} by {self.asked_by_id}"


class Ground(models.TextChoices):
    """On which ground a hidden name was opened."""

    KEEPER = "keeper", "By a keeper of hidden names"
    RELEASED = "released", "Released to the unit by what the slip says"
    PASSED_ON = "passed_on", "Passed on by a keeper to whoever asked"


class IdentityOpening(ReviewedAfterwards):
    """Who opened a hidden name, when and why, and what somebody else thought of it afterwards.

    Nothing of the name. Whoever looks at it afterwards is not who opened it. `request` is what a
    keeper opened it for, or what an officer was passed it on for.
    """

    slip = models.ForeignKey(
        "triage.TriageSlip", on_delete=models.PROTECT, related_name="identity_openings"
    )
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    ground = models.CharField(max_length=10, choices=Ground, default=Ground.KEEPER)
    request = models.ForeignKey(
        NameRequest, null=True, on_delete=models.PROTECT, related_name="openings"
    )

    class Meta:
        db_table = "triage_identity_opening"
        indexes = [models.Index(fields=["reviewed_at", "at"], name="identity_opening_to_review")]
        constraints = [
            models.CheckConstraint(name="identity_opening_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="identity_opening_on_a_ground",
                condition=Q(ground="keeper")
                | Q(ground="released", request__isnull=True)
                | Q(ground="passed_on", request__isnull=False),
            ),
            reviewed_by_another_person(
                than="member", name="identity_opening_reviewed_by_another_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip_id} by {self.member_id}"
