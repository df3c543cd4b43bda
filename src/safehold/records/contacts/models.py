"""Safe-contact profiles: how somebody may be reached, by when, and when their way was passed by.

No name, number, address or code word stands here in clear: those are in `sealed`, an envelope that
opens with the keys of accounts, with those of hidden names where the name is one, with those of
released names once the unit may see it, or with professional standards' where a colleague is a
party.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.people.models import Person
from safehold.records.reviews import ReviewedAfterwards, reviewed_by_another_person


class Profile(models.Model):
    """How whoever sent one report, or one person, may be reached. What it says is in its versions.

    Of a `hidden` name nothing but this flag stands in clear: all of it is for its keepers. Once the
    unit has opened a name that was released to it, the profile is `released` and as any other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report_id = models.UUIDField(null=True, unique=True)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="contact_profiles"
    )
    police_party = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "contact_profile"
        constraints = [
            models.CheckConstraint(
                name="contact_profile_released_is_for_the_unit",
                condition=Q(released_at__isnull=True) | Q(hidden=False, police_party=False),
            ),
            models.CheckConstraint(
                name="contact_profile_of_a_report_or_a_person",
                condition=Q(report_id__isnull=False, person__isnull=True)
                | Q(report_id__isnull=True, person__isnull=False, hidden=False),
            ),
            models.UniqueConstraint(fields=["person"], name="contact_profile_of_a_person_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def released(self) -> bool:
        """Tell whether it is of a hidden name that the unit may see."""
        return self.released_at is not None


class Version(WrittenOnceModel):
    """What a profile says from one moment on. The first of a report is as told: nobody wrote it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    method = models.CharField(max_length=10)
    week = models.JSONField(default=list)
    seen = models.CharField(max_length=10, blank=True)
    voicemail = models.CharField(max_length=3, blank=True)
    envelope = models.CharField(max_length=3, blank=True)
    officer = models.CharField(max_length=10, blank=True)
    interpreter = models.CharField(max_length=3, blank=True)
    may_contact = models.CharField(max_length=10, blank=True)
    needs = models.JSONField(default=list)
    more_times = models.BooleanField(default=False)
    sealed = models.BinaryField()
    why = models.TextField(blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "contact_version"
        constraints = [
            models.UniqueConstraint(fields=["profile", "number"], name="contact_version_number"),
            models.CheckConstraint(
                name="contact_version_corrected_by_someone",
                condition=Q(number=1, written_by__isnull=True, why="")
                | Q(written_by__isnull=False) & ~Q(why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id}, {self.number}"


class Due(models.Model):
    """Somebody has to be reached by a time: set by a member, ended by whoever reached them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="dues")
    due_at = models.DateTimeField()
    why = models.CharField(max_length=10)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    how_ended = models.TextField(blank=True)

    class Meta:
        db_table = "contact_due"
        indexes = [models.Index(fields=["ended_at", "due_at"], name="contact_due_open")]
        constraints = [
            models.CheckConstraint(
                name="contact_due_ended_by_someone",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, how_ended="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(how_ended=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} by {self.due_at}"


class Opening(models.Model):
    """Who opened who it is and where, and when; nothing of what was in it.

    The audit holds the same for whoever checks. This row is for the question whether whoever
    decides on another way has read what must never be done.
    """

    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="openings")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "contact_opening"
        indexes = [
            models.Index(fields=["profile", "member", "at"], name="contact_opening_by_reader")
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} by {self.member_id}"


class Override(ReviewedAfterwards):
    """Her way was passed by: on which ground, by which means, on whose authority, and why.

    It answers the one clock that it was decided for, `due`, if there was one. Whoever looks at it
    afterwards is not whoever decided it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="overrides")
    due = models.ForeignKey(Due, null=True, on_delete=models.PROTECT, related_name="overrides")
    ground = models.CharField(max_length=10)
    means = models.CharField(max_length=20)
    reason = models.TextField()
    why_not_less = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "contact_override"
        indexes = [models.Index(fields=["reviewed_at", "decided_at"], name="override_to_review")]
        constraints = [
            models.CheckConstraint(name="contact_override_has_a_reason", condition=~Q(reason="")),
            reviewed_by_another_person(
                than="decided_by", name="contact_override_reviewed_by_another_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
