"""What is recorded on the way of an application: each row written once, a later one beside it.

No name of whoever asks, is in danger or is asked about stands here. What was said when somebody was
told stands in `Telling`, and no page but the application's own reads it.
"""

from __future__ import annotations

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain import dvds
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.cases.models import Case
from safehold.records.deadlines.models import DeadlineRule
from safehold.records.people.models import Person

_MEMBER: Final = settings.AUTH_USER_MODEL
_APPLICATION: Final = "dvds.Application"


class Clock(models.Model):
    """By when a step has to be done, by its rule as it was on the day of asking."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(_APPLICATION, on_delete=models.PROTECT, related_name="clocks")
    rule = models.ForeignKey(DeadlineRule, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    steps = models.JSONField(default=list)
    escalates_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dvds_clock"
        indexes = [
            models.Index(
                fields=["due_at"], name="dvds_clock_running", condition=Q(stopped_at__isnull=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["application", "rule"], name="dvds_clock_once_a_step"),
            models.CheckConstraint(
                name="dvds_clock_is_due_later", condition=Q(due_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.rule_id}"


class Recorded(WrittenOnceModel):
    """One thing that somebody recorded on an application at a moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        _APPLICATION, on_delete=models.PROTECT, related_name="%(class)s_rows"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Link(Recorded):
    """A case or a person that an officer found the application to be about."""

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=8, blank=True, choices=dvds.choices("of"))

    class Meta:
        db_table = "dvds_link"
        constraints = [
            models.CheckConstraint(
                name="dvds_link_is_to_one_thing",
                condition=Q(case__isnull=False, person__isnull=True, part="")
                | Q(case__isnull=True, person__isnull=False) & ~Q(part=""),
            ),
            models.UniqueConstraint(fields=["application", "case"], name="dvds_link_case_once"),
            models.UniqueConstraint(
                fields=["application", "person", "part"], name="dvds_link_person_once"
            ),
        ]


class FirstContact(Recorded):
    """The first word with them: who asked, whether there is danger now, and what was done."""

    asker = models.CharField(max_length=6, choices=dvds.choices("asker"))
    danger = models.BooleanField()
    words = models.TextField()

    class Meta:
        db_table = "dvds_first_contact"
        constraints = [
            models.CheckConstraint(name="dvds_first_contact_has_words", condition=~Q(words=""))
        ]


class Search(Recorded):
    """A source that was searched on a day, or was not, and why."""

    source = models.CharField(max_length=16, choices=dvds.choices("sources"))
    on = models.DateField(null=True, blank=True)
    words = models.TextField()

    class Meta:
        db_table = "dvds_search"
        constraints = [models.CheckConstraint(name="dvds_search_has_words", condition=~Q(words=""))]

    @property
    def searched(self) -> bool:
        """Tell whether it was searched."""
        return self.on is not None


class View(Recorded):
    """An agency that was asked, when, and what it thinks: tell, not tell, or no answer yet."""

    agency = models.CharField(max_length=16, choices=dvds.choices("agencies"))
    asked_on = models.DateField()
    view = models.CharField(max_length=9, choices=dvds.choices("views"))
    attended = models.BooleanField()
    words = models.TextField(blank=True)

    class Meta:
        db_table = "dvds_view"
        constraints = [
            models.CheckConstraint(
                name="dvds_view_has_words", condition=Q(view="no_answer") | ~Q(words="")
            )
        ]


class Proposal(Recorded):
    """What somebody would decide, and why. It holds once a second person has agreed.

    One that could not wait holds at once, with its reason; a second person looks at it afterwards.
    """

    decision = models.CharField(max_length=8, choices=dvds.choices("decisions"))
    whom = models.CharField(max_length=9, blank=True, choices=dvds.choices("told"))
    necessary = models.TextField()
    proportionate = models.TextField()
    basis = models.TextField()
    third_why = models.TextField(blank=True)
    emergency_why = models.TextField(blank=True)

    class Meta:
        db_table = "dvds_proposal"
        constraints = [
            models.CheckConstraint(
                name="dvds_proposal_says_why",
                condition=~Q(necessary="") & ~Q(proportionate="") & ~Q(basis=""),
            ),
            models.CheckConstraint(
                name="dvds_proposal_says_whom",
                condition=Q(decision="not_tell", whom="", third_why="")
                | Q(decision="tell", whom__in=["at_risk", "applicant", "other"]),
            ),
            models.CheckConstraint(
                name="dvds_proposal_to_another_by_two",
                condition=~Q(whom="other") | ~Q(third_why="") & Q(emergency_why=""),
            ),
        ]


class Second(WrittenOnceModel):
    """What a second person said of a proposal: before it holds, or after it could not wait."""

    proposal = models.OneToOneField(
        Proposal, primary_key=True, on_delete=models.PROTECT, related_name="second"
    )
    proposed_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField()
    why = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "dvds_second"
        constraints = [
            models.CheckConstraint(
                name="dvds_second_is_another_person", condition=~Q(by=F("proposed_by"))
            ),
            models.CheckConstraint(name="dvds_second_says_why", condition=~Q(why="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Plan(Recorded):
    """How somebody is told in person: where, by whom, reached how, and who must not learn of it.

    There is no way here that leaves anything written.
    """

    place = models.TextField()
    goes = models.TextField()
    not_learn = models.TextField()
    reached = models.CharField(max_length=10, choices=dvds.choices("reached"))

    class Meta:
        db_table = "dvds_plan"
        constraints = [
            models.CheckConstraint(
                name="dvds_plan_leaves_nothing_written",
                condition=Q(reached__in=["in_person", "call", "supporter"]),
            )
        ]


class Telling(Recorded):
    """That somebody was told in person, also that there is nothing to tell; what was said.

    `said` never leaves: no print, export, share or message reads this table.
    """

    whom = models.CharField(max_length=9, choices=dvds.choices("whom"))
    nothing = models.BooleanField()
    said = models.TextField()
    private = models.CharField(max_length=10, choices=dvds.choices("private"))
    safety = models.TextField()

    class Meta:
        db_table = "dvds_telling"
        constraints = [
            models.UniqueConstraint(fields=["application"], name="dvds_told_once"),
            models.CheckConstraint(
                name="dvds_telling_has_words", condition=~Q(said="") & ~Q(safety="")
            ),
        ]


class Correction(Recorded):
    """That something recorded was wrong: what it was, who had recorded it, and why it is wrong.

    The act is open again where nothing rests on it; what was recorded stays here.
    """

    act = models.CharField(max_length=8, choices=dvds.choices("acts"))
    was = models.TextField()
    was_at = models.DateTimeField()
    was_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    why = models.TextField()
    reopened = models.BooleanField()

    class Meta:
        db_table = "dvds_correction"
        constraints = [
            models.CheckConstraint(
                name="dvds_correction_says_why", condition=~Q(why="") & ~Q(was="")
            )
        ]


class Characteristics(Recorded):
    """Who somebody of an application is, as it is counted; nobody is found by it.

    Each is an option, `declined`, or `not_asked`. The newest row of each counts.
    """

    of = models.CharField(max_length=8, choices=dvds.choices("of"))
    gender = models.CharField(max_length=10, choices=dvds.choices("gender"))
    age = models.CharField(max_length=10, choices=dvds.choices("age"))
    ethnicity = models.CharField(max_length=10, choices=dvds.choices("ethnicity"))
    ethnicity_seen = models.CharField(max_length=10, choices=dvds.choices("ethnicity_seen"))
    disability = models.CharField(max_length=10, choices=dvds.choices("disability"))
    sexuality = models.CharField(max_length=10, choices=dvds.choices("sexuality"))

    class Meta:
        db_table = "dvds_characteristics"
