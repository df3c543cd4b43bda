"""Triage slips: what arrived and how urgent it looks, before anybody has opened the account."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain.flooding import SHAPE_BYTES
from safehold.domain.triage_slip import FOR_STANDARDS, Cause, Said, causes
from safehold.records.triage.models_of_names import Ground as Ground
from safehold.records.triage.models_of_names import IdentityOpening as IdentityOpening
from safehold.records.triage.models_of_names import NameRequest as NameRequest
from safehold.records.triage.models_of_passing import AccountMark as AccountMark
from safehold.records.triage.models_of_passing import Passing as Passing
from safehold.records.triage.models_of_passing import SealedAgain as SealedAgain

SAID = [(said.value, said.value) for said in Said]


class State(models.TextChoices):
    """Where a report stands with the unit."""

    NEW = "new", "New"
    ACCEPTED = "accepted", "Accepted"
    SET_ASIDE = "set_aside", "Set aside"
    SEALED = "sealed", "Cannot be opened"


class FloodState(models.TextChoices):
    """What was decided about a pile."""

    OPEN = "open", "Not decided"
    PUT_BACK = "put_back", "Put back into the list"
    SET_ASIDE = "set_aside", "Set aside together"


class Flood(models.Model):
    """A pile: reports of one kind that came in a flood, out of the list until somebody decides.

    Reports about colleagues have piles of their own, and so have those with a danger prompt. What
    is in it is every slip that points here and is `piled`. `opened_at` is cut to the hour.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    danger = models.BooleanField()
    police_party = models.BooleanField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=FloodState, default=FloodState.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_reason = models.TextField(blank=True)

    class Meta:
        db_table = "triage_flood"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "danger", "police_party"],
                condition=Q(state=FloodState.OPEN),
                name="triage_flood_one_open_of_a_kind",
            ),
            models.CheckConstraint(
                name="triage_flood_decided_by_someone_with_a_reason",
                condition=Q(
                    state=FloodState.OPEN,
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    reason="",
                )
                | Q(
                    state__in=[FloodState.PUT_BACK, FloodState.SET_ASIDE],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="triage_flood_confirmed_by_another_person",
                condition=Q(
                    confirmed_at__isnull=True, confirmed_by__isnull=True, confirmed_reason=""
                )
                | Q(
                    state=FloodState.SET_ASIDE,
                    danger=True,
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                )
                & ~Q(confirmed_reason="")
                & ~Q(confirmed_by=F("decided_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TriageSlip(models.Model):
    """One report, as far as its slip says.

    The key is the report's own id, so that reading an envelope twice makes one row. A slip that
    could not be opened is a row too: `problem` says why, and nothing else is known of it.
    `arrival` is the number of the report's event, from which reading goes on. `received_at` and
    `opened_at` are cut to the hour, as the intake store cuts them: the minute would tell an insider
    who it was that had a phone in her hand. `ended_at` is when the work on it was over: from then
    its time is counted, and nothing ends before there is a decision on crime. `handed_at` is when
    it was last handed on, by whom and why, for whoever has it now. `destroyed_at` is when nothing
    was left of it but this row, without its words (records/retention). `shape` is equal for slips
    that say the same; `flood` is the pile that it came in, and `piled` says that it is still there
    and not in the list.
    """

    report_id = models.UUIDField(primary_key=True)
    arrival = models.BigIntegerField(unique=True)
    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, blank=True)
    prompts = models.JSONField(default=list)
    danger = models.BooleanField(default=False)
    danger_now = models.BooleanField(default=False)
    cell = models.CharField(max_length=20, blank=True)
    child_present = models.CharField(max_length=10, choices=SAID, default=Said.NOT_ASKED)
    party_is_police = models.CharField(max_length=10, choices=SAID, default=Said.NOT_ASKED)
    wants_reply = models.CharField(max_length=10, choices=SAID, default=Said.NOT_ASKED)
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    tried_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    team = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    handed_reason = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    set_aside_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_reason = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_reason = models.TextField(blank=True)
    destroyed_at = models.DateTimeField(null=True)
    shape = models.CharField(max_length=2 * SHAPE_BYTES, blank=True)
    flood = models.ForeignKey(Flood, null=True, on_delete=models.PROTECT, related_name="slips")
    piled = models.BooleanField(default=False)

    class Meta:
        db_table = "triage_slip"
        indexes = [
            models.Index(
                fields=["received_at", "kind", "danger", "arrival"], name="triage_slip_by_hour"
            ),
            models.Index(
                fields=["flood", "piled", "state", "-danger_now", "received_at", "arrival"],
                name="triage_slip_by_flood",
            ),
            models.Index(
                fields=["cell", "received_at"],
                name="triage_slip_by_cell",
                condition=~Q(cell=""),
            ),
            # What decides whether and where a row stands in a list is in the index of the list: it
            # is counted, and its page found, from there alone.
            models.Index(
                fields=[
                    "state",
                    "piled",
                    "-danger",
                    "-danger_now",
                    "received_at",
                    "arrival",
                    "kind",
                    "party_is_police",
                    "destroyed_at",
                    "report_id",
                ],
                name="triage_slip_by_urgency",
            ),
            models.Index(
                fields=[
                    "state",
                    "team",
                    "-danger",
                    "-danger_now",
                    "received_at",
                    "arrival",
                    "piled",
                    "owner",
                    "party_is_police",
                ],
                name="triage_slip_by_team",
            ),
            models.Index(
                fields=[
                    "owner",
                    "state",
                    "piled",
                    "ended_at",
                    "destroyed_at",
                    "danger",
                    "danger_now",
                    "received_at",
                    "arrival",
                    "kind",
                    "party_is_police",
                    "report_id",
                ],
                name="triage_slip_by_owner",
            ),
            models.Index(
                fields=["party_is_police", "state", "received_at", "report_id"],
                name="triage_slip_by_party",
            ),
            # For those that another table names, as the clocks name what is late.
            models.Index(
                fields=[
                    "report_id",
                    "piled",
                    "party_is_police",
                    "state",
                    "team",
                    "owner",
                    "danger",
                    "danger_now",
                    "kind",
                    "arrival",
                ],
                name="triage_slip_by_report",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="triage_slip_sealed_says_why",
                condition=(Q(state=State.SEALED, opened_at__isnull=True) & ~Q(problem=""))
                | (~Q(state=State.SEALED) & Q(opened_at__isnull=False, problem="")),
            ),
            models.CheckConstraint(
                name="triage_slip_danger_now_is_danger",
                condition=Q(danger=True) | Q(danger_now=False),
            ),
            models.CheckConstraint(
                name="triage_slip_piled_in_a_pile",
                condition=Q(piled=False)
                | Q(
                    flood__isnull=False, owner__isnull=True, state__in=[State.NEW, State.SET_ASIDE]
                ),
            ),
            models.CheckConstraint(
                name="triage_slip_taken_by_someone",
                condition=Q(owner__isnull=False) | Q(taken_at__isnull=True),
            ),
            models.CheckConstraint(
                name="triage_slip_handed_on_by_someone_with_a_reason",
                condition=Q(handed_at__isnull=True, handed_by__isnull=True, handed_reason="")
                | Q(handed_at__isnull=False, handed_by__isnull=False) & ~Q(handed_reason=""),
            ),
            models.CheckConstraint(
                name="triage_slip_closed_by_someone",
                condition=Q(
                    state__in=[State.NEW, State.SEALED],
                    closed_at__isnull=True,
                    closed_by__isnull=True,
                )
                | Q(
                    state__in=[State.ACCEPTED, State.SET_ASIDE],
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="triage_slip_ended_by_someone_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_reason="")
                | Q(
                    state__in=[State.ACCEPTED, State.SET_ASIDE],
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                )
                & ~Q(ended_reason=""),
            ),
            models.CheckConstraint(
                name="triage_slip_set_aside_with_a_reason",
                condition=(Q(state=State.SET_ASIDE) & ~Q(set_aside_reason=""))
                | (~Q(state=State.SET_ASIDE) & Q(set_aside_reason="")),
            ),
            models.CheckConstraint(
                name="triage_slip_confirmed_by_another_person",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                & Q(confirmed_reason="")
                | Q(state=State.SET_ASIDE, confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(confirmed_reason="")
                & ~Q(confirmed_by=F("closed_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.report_id)

    @property
    def police_party(self) -> bool:
        """Tell whether someone in it works for the police, as far as the slip says."""
        return self.party_is_police in FOR_STANDARDS

    @property
    def releases_name(self) -> tuple[Cause, ...]:
        """Return why a hidden name of it is released to the unit, as far as the slip says."""
        return causes(
            danger=self.danger,
            child_present=self.child_present,
            for_standards=self.police_party,
        )


class Opening(models.Model):
    """Who opened an account, when and with what reason; nothing of what was in it.

    The audit holds the same for whoever checks. This row is for the question whether whoever
    decides about a report has read it.
    """

    slip = models.ForeignKey(TriageSlip, on_delete=models.PROTECT, related_name="openings")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        db_table = "triage_opening"
        indexes = [models.Index(fields=["slip", "member", "at"], name="triage_opening_by_reader")]
        constraints = [
            models.CheckConstraint(
                name="triage_opening_has_a_reason", condition=~models.Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip_id} by {self.member_id}"
