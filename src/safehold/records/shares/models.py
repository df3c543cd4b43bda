"""Who must get nothing of a matter, and what was passed to whom on which lawful basis.

No word of a person's account stands here in clear. What was passed is kept as the keys of its
parts; the file itself, which nobody here can open, only until its time is over.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.records.agencies.models import Agency, AgencyKey
from safehold.records.append_only import AppendOnly, AppendOnlyQuerySet
from safehold.records.people.models import Person
from safehold.records.reviews import ReviewedAfterwards, reviewed_by_another_person

# Bases for which nobody has to agree before a file is made; a test holds the rules to it.
WITHOUT_AGREEMENT = ("consent", "vital")


class Who(models.TextChoices):
    """Somebody who must not receive, by their part in the matter and never by name."""

    SUBJECT = "subject", "The person who is asked about"
    SUSPECT = "suspect", "The person who is said to have done it"


class MustNotReceive(models.Model):
    """One entry by a part in the matter. It has no end: it stands as long as the matter lasts.

    The name stands in the sealed account of the matter and nowhere here.
    """

    matter = models.UUIDField(db_index=True)
    who = models.CharField(max_length=20, choices=Who)
    since = models.DateTimeField()

    class Meta:
        db_table = "must_not_receive"
        constraints = [
            models.UniqueConstraint(fields=["matter", "who"], name="must_not_receive_once"),
            models.CheckConstraint(
                name="must_not_receive_is_known", condition=models.Q(who__in=Who.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} of {self.matter}"


class ListEntry(models.Model):
    """An agency, or a person, that must get nothing of a matter: a report or a case.

    In `sealed` stand why and, on the list of a report, the name of a person; they are words of the
    account, and open with the keys of accounts. On that of a case a person is one of ours. An entry
    is ended by another person than whoever made it, and stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.UUIDField(db_index=True)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "must_not_receive_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "agency"],
                condition=Q(ended_at__isnull=True, agency__isnull=False),
                name="must_not_entry_agency_once",
            ),
            models.UniqueConstraint(
                fields=["matter", "person"],
                condition=Q(ended_at__isnull=True, person__isnull=False),
                name="must_not_entry_person_once",
            ),
            models.CheckConstraint(
                name="must_not_entry_is_of_one",
                condition=Q(agency__isnull=True) | Q(person__isnull=True),
            ),
            models.CheckConstraint(
                name="must_not_entry_ended_by_another_person",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | Q(ended_at__isnull=False, ended_by__isnull=False)
                & ~Q(ended_why="")
                & ~Q(ended_by=F("added_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Share(ReviewedAfterwards):
    """What was passed to one agency, or is to be: basis, purpose, parts by key, and who answers.

    `answers` say, for each person on the must-not-receive list, how the sharer knows that they will
    not read it. `file` is sealed to the agency's key and is destroyed after `until`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    once = models.UUIDField(unique=True)
    report_id = models.UUIDField(db_index=True)
    police_party = models.BooleanField(default=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=20)
    rules_version = models.CharField(max_length=20)
    statements = models.JSONField(default=dict)
    purpose = models.TextField()
    told = models.TextField()
    parts = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    agreed_why = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True)
    key = models.ForeignKey(AgencyKey, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "share"
        indexes = [
            models.Index(fields=["-asked_at"], name="share_newest"),
            models.Index(fields=["until"], name="share_files", condition=Q(file__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="share_has_a_basis",
                condition=~Q(basis="") & ~Q(purpose="") & ~Q(told="") & ~Q(parts=[]),
            ),
            models.CheckConstraint(
                name="share_agreed_by_another_person",
                condition=Q(
                    agreed__isnull=True,
                    agreed_by__isnull=True,
                    agreed_at__isnull=True,
                    agreed_why="",
                )
                | Q(agreed__isnull=False, agreed_by__isnull=False, agreed_at__isnull=False)
                & ~Q(agreed_why="")
                & ~Q(agreed_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="share_made_for_a_key",
                condition=Q(made_at__isnull=True, key__isnull=True, file__isnull=True)
                & Q(until__isnull=True, digest="")
                | Q(made_at__isnull=False, key__isnull=False, until__isnull=False) & ~Q(digest=""),
            ),
            models.CheckConstraint(
                name="share_made_when_agreed",
                condition=Q(made_at__isnull=True)
                | Q(agreed__isnull=True, basis__in=WITHOUT_AGREEMENT)
                | Q(agreed=True),
            ),
            reviewed_by_another_person(than="asked_by", name="share_reviewed_by_another_person"),
        ]

    def __str__(self) -> str:
        return self.reference


class Act(models.TextChoices):
    """What became of a file after it was made."""

    FETCHED = "fetched", "Fetched"
    HANDED_OVER = "handed_over", "Handed over"
    RECEIVED = "received", "They said that they have it"
    TAKEN_BACK = "taken_back", "Taken back: they were asked to destroy it"
    DESTROYED = "destroyed", "They said that they destroyed it"


class ShareAct(AppendOnly):
    """One thing that became of a share: never changed, and never removed."""

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=20, choices=Act)
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        db_table = "share_act"
        constraints = [
            models.CheckConstraint(
                name="share_act_says_how", condition=Q(act=Act.FETCHED) | ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share_id}: {self.act}"
