"""Triage slips: what arrived and how urgent it looks, before anybody has opened the account."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain.flooding import SHAPE_BYTES
from safehold.domain.triage_slip import FOR_STANDARDS, Cause, Said, causes

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
    its time is counted, and nothing ends before there is a decision on crime. `destroyed_at` is
    when nothing was left of it but this row, without its words (records/retention). `shape` is
    equal for slips that say the same; `flood` is the pile that it came in, and `piled` says that it
    is still there and not in the list.
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
                fields=["flood", "piled", "state", "received_at", "-danger_now", "arrival"],
                name="triage_slip_by_flood",
            ),
            models.Index(
                fields=["cell", "received_at"],
                name="triage_slip_by_cell",
                condition=~Q(cell=""),
            ),
            # With the party, so that whoever may not know of some counts from the index alone.
            models.Index(
                fields=[
                    "state",
                    "piled",
                    "-danger",
                    "received_at",
                    "-danger_now",
                    "arrival",
                    "party_is_police",
                ],
                name="triage_slip_by_urgency",
            ),
            models.Index(
                fields=["state", "team", "-danger", "received_at", "-danger_now", "arrival"],
                name="triage_slip_by_team",
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


class AccountMark(models.Model):
    """A keyed mark of the words of an account that somebody opened: equal where the words are.

    It tells nothing to whoever lacks the key that opens the account itself. One for each key.
    """

    slip = models.ForeignKey(TriageSlip, on_delete=models.PROTECT, related_name="marks")
    mark = models.CharField(max_length=40)

    class Meta:
        db_table = "triage_account_mark"
        indexes = [models.Index(fields=["mark"], name="triage_account_mark_by_mark")]
        constraints = [
            models.UniqueConstraint(fields=["slip", "mark"], name="triage_account_mark_once")
        ]

    def __str__(self) -> str:
        return str(self.slip_id)


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
    slip = models.ForeignKey(TriageSlip, on_delete=models.PROTECT, related_name="name_requests")
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


class IdentityOpening(models.Model):
    """Who opened a hidden name, when and why, and what somebody else thought of it afterwards.

    Nothing of the name. Whoever looks at it afterwards is not who opened it. `request` is what a
    keeper opened it for, or what an officer was passed it on for.
    """

    slip = models.ForeignKey(TriageSlip, on_delete=models.PROTECT, related_name="identity_openings")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    ground = models.CharField(max_length=10, choices=Ground, default=Ground.KEEPER)
    request = models.ForeignKey(
        NameRequest, null=True, on_delete=models.PROTECT, related_name="openings"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    was_right = models.BooleanField(null=True)
    review = models.TextField(blank=True)

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
            models.CheckConstraint(
                name="identity_opening_reviewed_by_another_person",
                condition=Q(
                    reviewed_at__isnull=True,
                    reviewed_by__isnull=True,
                    was_right__isnull=True,
                    review="",
                )
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, was_right__isnull=False)
                & ~Q(review="")
                & ~Q(reviewed_by=F("member")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip_id} by {self.member_id}"
