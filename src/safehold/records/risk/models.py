"""Assessments of risk: answers that are never overwritten, grades by named people."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain import instruments, risk
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.cases.models import Case
from safehold.records.people.models import Person

_MEMBER = settings.AUTH_USER_MODEL


class Aggressor(models.TextChoices):
    """Who of two people is taken for the primary aggressor, where allegations go both ways."""

    NOT_ASKED = "", "No allegation goes the other way"
    ACCUSED = "accused", "Whoever is said to do it here"
    VICTIM = "victim", "Whoever this assessment is about"
    NOT_CLEAR = "not_clear", "Not clear yet"


class InstrumentKept(WrittenOnceModel):
    """An instrument as it was when somebody filled it in: another version changes nothing of it.

    `digest` is of the whole definition, with the wording that was asked.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    key = models.CharField(max_length=16)
    version = models.CharField(max_length=16)
    wording = models.CharField(max_length=12)
    definition = models.JSONField()
    kept_at = models.DateTimeField()

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "risk_instrument"

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Assessment(models.Model):
    """One filling of an instrument in a case, about a victim and whoever is said to do it.

    `accused` is None where nobody knows who it is. One that an answer of another called for
    `follows` that one, and is graded with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    instrument = models.ForeignKey(InstrumentKept, on_delete=models.PROTECT, related_name="+")
    victim = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assessed")
    accused = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="assessed_from"
    )
    follows = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="followers"
    )
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(_MEMBER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "risk_assessment"
        indexes = [models.Index(fields=["victim", "started_at"], name="risk_assessment_of_victim")]
        constraints = [
            models.CheckConstraint(
                name="risk_assessment_is_about_two",
                condition=Q(accused__isnull=True) | ~Q(accused=F("victim")),
            ),
            models.CheckConstraint(
                name="risk_assessment_submitted_by_somebody",
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ItemAnswer(WrittenOnceModel):
    """One answer to one item, by one member at one moment; a later one stands in its place.

    `instead_of` holds the keys of the answers that its author saw standing. Of two who wrote
    without having seen each other's neither is in the other's place: both stand.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=40)
    given = models.CharField(max_length=20, blank=True)
    options = models.JSONField(default=list)
    words = models.TextField(blank=True)
    instead_of = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "risk_answer"
        indexes = [models.Index(fields=["assessment", "item"], name="risk_answer_of_an_item")]
        constraints = [
            models.CheckConstraint(
                name="risk_answer_not_asked_says_why",
                condition=~Q(given=risk.NOT_ASKED) | ~Q(words=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Grade(WrittenOnceModel):
    """A person's grade, with what was counted and prompted when they gave it.

    One that is lower than a grade that stands names it (`lowers`), and holds only once a second
    person has agreed (`GradeAgreement`). `instead_of` holds the keys of the grades in whose place
    it stands then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="grades")
    grade = models.CharField(
        max_length=10, choices=[(key, risk.GRADE_LABELS[key]) for key in instruments.GRADES]
    )
    rationale = models.TextField()
    aggressor = models.CharField(max_length=10, blank=True, choices=Aggressor)
    indicators = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    left_open = models.PositiveSmallIntegerField()
    suggested = models.CharField(max_length=10, blank=True)
    prompts = models.JSONField(default=list)
    routes = models.JSONField(default=list)
    rules_version = models.CharField(max_length=16)
    lowers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    instead_of = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "risk_grade"
        constraints = [
            models.CheckConstraint(
                name="risk_grade_is_known", condition=Q(grade__in=instruments.GRADES)
            ),
            models.CheckConstraint(name="risk_grade_has_a_rationale", condition=~Q(rationale="")),
            models.CheckConstraint(
                name="risk_grade_aggressor_is_known", condition=Q(aggressor__in=Aggressor.values)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class GradeAgreement(WrittenOnceModel):
    """That a second person agreed to a lower grade or did not, with a rationale of their own."""

    grade = models.OneToOneField(
        Grade, primary_key=True, on_delete=models.PROTECT, related_name="agreement"
    )
    agreed = models.BooleanField()
    rationale = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "risk_grade_agreement"
        constraints = [
            models.CheckConstraint(
                name="risk_grade_agreement_has_a_rationale", condition=~Q(rationale="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Started(models.Model):
    """Something that a grade or a sign of suicide started, with an owner and a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="started")
    grade = models.ForeignKey(Grade, null=True, on_delete=models.PROTECT, related_name="started")
    kind = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    owner = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")
    why = models.TextField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "risk_started"
        constraints = [
            models.CheckConstraint(
                name="risk_started_kind_is_known", condition=Q(kind__in=risk.kinds())
            ),
            models.CheckConstraint(
                name="risk_started_by_a_grade_or_suicide",
                condition=Q(kind=risk.SUICIDE_KIND, grade__isnull=True)
                | (~Q(kind=risk.SUICIDE_KIND) & Q(grade__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(kind=risk.SUICIDE_KIND),
                name="risk_suicide_pathway_once_an_assessment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.assessment_id}"
