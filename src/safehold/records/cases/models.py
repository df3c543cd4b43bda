"""Cases: what they are work on, whom they are about, and who works on them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.incidents.models import Incident, Part
from safehold.records.people.models import Person
from safehold.records.reviews import ReviewedAfterwards, reviewed_by_another_person


class CaseKind(models.TextChoices):
    """What sort of work it is."""

    PROTECTION = "protection", "Protection"
    INVESTIGATION = "investigation", "Investigation"
    DVDS = "dvds", "Clare’s Law"
    PLACE = "place", "A place to mend"


class Relation(models.TextChoices):
    """What a member is to a case: on it rests what they see of it."""

    OWNER = "owner", "Owns it"
    TEAM = "team", "Works on it"
    SUPERVISOR = "supervisor", "Supervises it"
    ADVOCATE = "advocate", "Advocate of whoever it protects"


class Act(models.TextChoices):
    """What was done with a case as a whole; the rows of its members say who worked on it."""

    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Opened again"
    RESTRICTED = "restricted", "Restricted to those who work on it"
    LIFTED = "lifted", "Shown to the unit again"
    KEPT = "kept", "To be kept longer"


class Case(models.Model):
    """Work on incidents, by one owner.

    A `restricted` case is there for those who work on it alone: nobody else sees that it is, in a
    list, a search or a count. A case without an owner is on every supervisor's first page.
    `kept_until` is what somebody decided when its time was over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=16, choices=CaseKind)
    team = models.CharField(max_length=80, blank=True)
    restricted = models.BooleanField(default=False)
    sealed_to = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_why = models.TextField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_why = models.TextField(blank=True)
    kept_until = models.DateField(null=True)

    class Meta:
        db_table = "work_case"
        indexes = [
            models.Index(
                fields=["-opened_at", "id"], condition=Q(closed_at=None), name="case_open_newest"
            ),
            models.Index(
                fields=["-closed_at", "id"],
                condition=Q(closed_at__isnull=False),
                name="case_closed_newest",
            ),
            models.Index(
                fields=["team", "-opened_at"], condition=Q(closed_at=None), name="case_open_of_team"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_kind_is_known", condition=Q(kind__in=CaseKind.values)
            ),
            models.CheckConstraint(name="case_has_a_reason", condition=~Q(opened_why="")),
            models.CheckConstraint(
                name="case_closed_with_a_reason",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closed_why="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_why="")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class CaseIncident(models.Model):
    """An incident that a case is work on; one may be worked on in several cases."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="incidents")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="cases")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "work_case_incident"
        constraints = [
            models.UniqueConstraint(fields=["case", "incident"], name="case_has_an_incident_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CaseParty(models.Model):
    """Somebody whom a case is about, and the part that they have in it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    part = models.CharField(max_length=10, choices=Part)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "work_case_party"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "part"], name="case_party_has_a_part_once"
            ),
            models.CheckConstraint(
                name="case_party_part_is_known", condition=Q(part__in=Part.values)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CaseMember(models.Model):
    """That a member works on a case, from one moment to another; the row stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_memberships"
    )
    relation = models.CharField(max_length=12, choices=Relation)
    since = models.DateTimeField()
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    until = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "work_case_member"
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(relation="owner", until__isnull=True),
                name="case_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["case", "member", "relation"],
                condition=Q(until__isnull=True),
                name="case_member_named_once",
            ),
            models.CheckConstraint(
                name="case_member_relation_is_known", condition=Q(relation__in=Relation.values)
            ),
            models.CheckConstraint(
                name="case_member_ended_with_a_reason",
                condition=Q(until__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(until__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CaseAct(WrittenOnceModel):
    """That a case was closed, opened again, restricted or shown again: each, and not the last."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=12, choices=Act)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    why = models.TextField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "work_case_act"
        constraints = [
            models.CheckConstraint(name="case_act_is_known", condition=Q(act__in=Act.values)),
            models.CheckConstraint(name="case_act_has_a_reason", condition=~Q(why="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Glass(ReviewedAfterwards):
    """Somebody broke the glass: opened, in an emergency, what of a person is not shown to them.

    There is a row also where nothing more was there. Whoever looks at it afterwards is somebody
    else; `cases` says what it opened, until `until`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "work_case_glass"
        indexes = [
            models.Index(fields=["reviewed_at", "at"], name="glass_to_review"),
            models.Index(fields=["member", "until"], name="glass_of_member"),
        ]
        constraints = [
            models.CheckConstraint(name="glass_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="glass_lasts", condition=Q(until__gt=models.F("at"))),
            reviewed_by_another_person(than="member", name="glass_reviewed_by_another_person"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class GlassCase(models.Model):
    """A case that was opened in an emergency."""

    glass = models.ForeignKey(Glass, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "work_case_glass_case"
        constraints = [
            models.UniqueConstraint(fields=["glass", "case"], name="glass_opens_a_case_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
