"""What is kept of an account that was opened or passed on: marks of its words, and new seals."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain.triage_slip import Said
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet

_TO = [(said.value, said.value) for said in Said]


class AccountMark(models.Model):
    """A keyed mark of the words of an account that somebody opened: equal where the words are.

    It tells nothing to whoever lacks the key that opens the account itself. One for each key.
    """

    slip = models.ForeignKey("triage.TriageSlip", on_delete=models.PROTECT, related_name="marks")
    mark = models.CharField(max_length=40)

    class Meta:
        db_table = "triage_account_mark"
        indexes = [models.Index(fields=["mark"], name="triage_account_mark_by_mark")]
        constraints = [
            models.UniqueConstraint(fields=["slip", "mark"], name="triage_account_mark_once")
        ]

    def __str__(self) -> str:
        return str(self.slip_id)


class Passing(WrittenOnceModel):
    """A report, or feedback, was passed on: to professional standards, or by them to the unit.

    `to` says which and why, as the slip does. Without a reason it was a name that was met when
    `by` opened it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report_id = models.UUIDField()
    turn = models.PositiveIntegerField()
    to = models.CharField(max_length=10, choices=_TO)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "triage_passing"
        constraints = [
            models.UniqueConstraint(fields=["report_id", "turn"], name="passing_once_a_turn"),
            models.CheckConstraint(
                name="passing_has_a_reason_or_met_a_name",
                condition=Q(to=Said.NAME_LATER, reason="")
                | Q(to__in=[Said.PASSED, Said.NOT_OURS]) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.report_id)


class SealedAgain(WrittenOnceModel):
    """One envelope of a report that was passed on, sealed to the keys of whoever has it now.

    What arrived stays as it came in the intake store, where the chain holds it to what it was.
    `number` is that of a message, and 0 of what there is one of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    number = models.PositiveIntegerField(default=0)
    turn = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "triage_sealed_again"
        constraints = [
            models.UniqueConstraint(
                fields=["report_id", "kind", "number", "turn"], name="sealed_again_once_a_turn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id}, {self.kind}"
