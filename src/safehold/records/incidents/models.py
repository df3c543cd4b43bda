"""Incidents: something that happened, and what has been decided about it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from safehold.domain import persons
from safehold.domain.linking import Basis, may_be_linked
from safehold.records.append_only import WrittenOnceModel, WrittenOnceQuerySet
from safehold.records.incidents.models_of_outcomes import IncidentOutcome as IncidentOutcome
from safehold.records.people.models import Address, Person
from safehold.records.places.models import Place

BASES = [(basis.value, basis.value) for basis in Basis]
LINKABLE = [basis.value for basis in Basis if may_be_linked(basis)]
NOT_LINKABLE = [basis.value for basis in Basis if not may_be_linked(basis)]


class Classification(models.TextChoices):
    """What kind of happening it is, before and apart from any offence."""

    ENVIRONMENT = "environment", "A place that feels unsafe, no behaviour reported"
    BEHAVIOUR = "behaviour", "Behaviour that made someone feel unsafe"
    DOMESTIC = "domestic", "Domestic abuse"
    CONTROL = "control", "Controlling or coercive behaviour"
    SEXUAL = "sexual", "Rape or another sexual offence, as told"
    STALKING = "stalking", "Stalking or harassment"
    HONOUR = "honour", "Honour-based abuse, forced marriage or FGM"
    SPIKING = "spiking", "Spiking"
    EXPOSURE = "exposure", "Exposure or unwanted attention"
    ONLINE = "online", "Online or image-based abuse"
    NOT_CLASSIFIED = "not_classified", "Not classified"


# What a report about a place can be; the rest is what a report of what was done can be.
ABOUT_A_PLACE = (
    Classification.ENVIRONMENT,
    Classification.BEHAVIOUR,
    Classification.NOT_CLASSIFIED,
)


class Part(models.TextChoices):
    """The part that somebody has in an incident, as an account tells it: an allegation."""

    VICTIM = "victim", "The person it was done to"
    SUSPECT = "suspect", "Said to have done it"
    WITNESS = "witness", "Saw or heard it"
    REPORTER = "reporter", "Told us for someone else"
    CHILD = "child", "A child there"


class Sure(models.TextChoices):
    """Whether somebody is a child, as it was told."""

    YES = "yes", "Yes"
    NOT_SURE = "not_sure", "May be"


class TimePrecision(models.TextChoices):
    """How exactly it is known when something happened."""

    HOURS = "hours", "Within some hours"
    DAY = "day", "Within a day"
    WEEK = "week", "Within a week"
    BETWEEN = "between", "Some time between two days"
    BEFORE = "before", "Some time before"
    OFTEN = "often", "Often, or always"
    NOT_SAID = "not said", "Not said"


class Answered(models.TextChoices):
    """An answer to a question of yes or no, or why there is none."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_KNOWN = "not_known", "Not known"
    NOT_ASKED = "not_asked", "Not asked"


class Setting(models.TextChoices):
    """Where it was, as far as others could see it: asked first, with whom it was."""

    PUBLIC = "public", "In public"
    PRIVATE = "private", "In private"
    ONLINE = "online", "Online alone"
    NOT_KNOWN = "not_known", "Not known"
    NOT_ASKED = "not_asked", "Not asked"


class Acquainted(models.TextChoices):
    """Whether the two knew one another."""

    STRANGER = "stranger", "A stranger"
    KNOWN = "known", "Known to the person"
    NOT_KNOWN = "not_known", "Not known"
    NOT_ASKED = "not_asked", "Not asked"


class CrimeDecision(models.TextChoices):
    """Whether an incident is recorded as a crime: a decision by a named person, or none yet."""

    NOT_YET = "not_yet", "Not yet decided"
    CRIME = "crime", "Crime"
    NOT_CRIME = "not_crime", "Not a crime"


class Incident(models.Model):
    """Something that happened, with its interval and its place, as accepted from a report.

    What a person said about herself, and her own words, stay in the sealed account: the lists here
    hold keys of `rules/unsafe_places`, of the version that `rules_version` names. An incident out
    of a report of what was done to somebody has no place: most are somebody's home. One of a
    report that was `set_aside` says nothing of what happened: it is there so that a decision on
    crime is made and seen. `crime_settled` is the registrar's last word. `linkable` says whether it
    may ever be tied to a person, and `link_basis` on what: the reporter's choice. Whatever ties it
    to one points at `link_key`: the incident's own id where it may be, empty where not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    report_id = models.UUIDField(null=True, unique=True)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="incidents")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    time_precision = models.CharField(max_length=10, choices=TimePrecision)
    days = models.JSONField(default=list)
    parts_of_day = models.JSONField(default=list)
    classification = models.CharField(max_length=20, choices=Classification)
    environment = models.JSONField(default=list)
    behaviours = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    rules_version = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    set_aside = models.BooleanField(default=False)
    crime_decision = models.CharField(
        max_length=10, choices=CrimeDecision, default=CrimeDecision.NOT_YET
    )
    crime_rests_with = models.CharField(max_length=40)
    crime_reason = models.TextField(blank=True)
    crime_decided_at = models.DateTimeField(null=True)
    crime_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    crime_settled = models.BooleanField(default=False)
    police_party = models.BooleanField(default=False)
    linkable = models.BooleanField(default=False)
    link_basis = models.CharField(max_length=12, choices=BASES, default=Basis.NOT_KNOWN.value)
    link_key = models.UUIDField(null=True, unique=True)
    setting = models.CharField(max_length=10, choices=Setting, default=Setting.NOT_ASKED)
    acquainted = models.CharField(max_length=10, choices=Acquainted, default=Acquainted.NOT_ASKED)
    online = models.CharField(max_length=10, choices=Answered, default=Answered.NOT_ASKED)
    alcohol_or_drugs = models.CharField(max_length=10, choices=Answered, default=Answered.NOT_ASKED)
    night_time = models.CharField(max_length=10, choices=Answered, default=Answered.NOT_ASKED)
    offence = models.CharField(max_length=12, blank=True)
    address = models.ForeignKey(
        Address, null=True, on_delete=models.PROTECT, related_name="incidents"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "incident"
        indexes = [
            models.Index(fields=["recorded_at"], name="incident_by_recording"),
            models.Index(fields=["classification", "starts_at"], name="incident_by_time"),
            # Few of them, among all that were ever decided.
            models.Index(
                fields=["recorded_at"],
                condition=Q(crime_decision="not_yet"),
                name="incident_undecided",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="incident_ends_after_it_starts",
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(ends_at__gte=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="incident_crime_decision_is_whole",
                condition=Q(
                    crime_decision=CrimeDecision.NOT_YET,
                    crime_decided_at__isnull=True,
                    crime_decided_by__isnull=True,
                    crime_reason="",
                )
                | (
                    Q(
                        crime_decision__in=[CrimeDecision.CRIME, CrimeDecision.NOT_CRIME],
                        crime_decided_at__isnull=False,
                        crime_decided_by__isnull=False,
                    )
                    & ~Q(crime_reason="")
                ),
            ),
            models.CheckConstraint(
                name="incident_settled_is_decided",
                condition=Q(crime_settled=False) | ~Q(crime_decision=CrimeDecision.NOT_YET),
            ),
            models.CheckConstraint(
                name="incident_set_aside_has_no_place",
                condition=Q(set_aside=False) | Q(place__isnull=True),
            ),
            models.CheckConstraint(
                name="incident_classification_is_known",
                condition=Q(classification__in=Classification.values),
            ),
            models.CheckConstraint(
                name="incident_time_precision_is_known",
                condition=Q(time_precision__in=TimePrecision.values),
            ),
            models.CheckConstraint(
                name="incident_linkable_only_where_it_was_chosen",
                condition=Q(linkable=True, link_basis__in=LINKABLE, place__isnull=True)
                | Q(linkable=False, link_basis__in=NOT_LINKABLE),
            ),
            models.CheckConstraint(
                name="incident_link_key_only_where_it_was_chosen",
                condition=Q(linkable=True, link_key__isnull=False, link_key=F("id"))
                | Q(linkable=False, link_key__isnull=True),
            ),
            models.CheckConstraint(
                name="incident_address_only_where_it_may_be_linked",
                condition=Q(address__isnull=True) | Q(linkable=True),
            ),
            *(
                models.CheckConstraint(
                    name=f"incident_{name}_is_known", condition=Q(**{f"{name}__in": kind.values})
                )
                for name, kind in (
                    ("setting", Setting),
                    ("acquainted", Acquainted),
                    ("online", Answered),
                    ("alcohol_or_drugs", Answered),
                    ("night_time", Answered),
                )
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Role(models.Model):
    """Somebody's part in an incident, as told, and whom it was tied to, if anybody.

    A child has a `prompt`: whose safety comes first, and that somebody must be told. A role is tied
    to a person through the incident's `link_key`, so the store refuses where its reporter did not
    free it. `relationship` is what whoever has this part is to the one it was done to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="roles")
    part = models.CharField(max_length=10, choices=Part)
    child = models.CharField(max_length=10, choices=Sure, blank=True)
    prompt = models.CharField(max_length=200, blank=True)
    relationship = models.CharField(
        max_length=16, choices=persons.options("relationships"), blank=True
    )
    category = models.CharField(max_length=12, choices=persons.options("categories"), blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="roles")
    link_key = models.ForeignKey(
        Incident, null=True, to_field="link_key", on_delete=models.PROTECT, related_name="+"
    )
    tied_at = models.DateTimeField(null=True)
    tied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "incident_role"
        constraints = [
            models.CheckConstraint(
                name="incident_role_tied_only_where_it_was_chosen",
                condition=Q(
                    person__isnull=True,
                    link_key__isnull=True,
                    tied_at__isnull=True,
                    tied_by__isnull=True,
                )
                | Q(
                    person__isnull=False,
                    link_key__isnull=False,
                    link_key=F("incident"),
                    tied_at__isnull=False,
                    tied_by__isnull=False,
                )
                & ~Q(category=""),
            ),
            models.CheckConstraint(
                name="incident_role_words_are_known",
                condition=Q(relationship__in=["", *persons.keys("relationships")])
                & Q(category__in=["", *persons.keys("categories")]),
            ),
            models.CheckConstraint(
                name="incident_role_is_known", condition=Q(part__in=Part.values)
            ),
            models.CheckConstraint(
                name="incident_role_of_a_child_has_a_prompt",
                condition=(Q(child="", prompt="") & ~Q(part=Part.CHILD))
                | (Q(child__in=Sure.values) & ~Q(prompt="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} in {self.incident_id}"


class IncidentReport(WrittenOnceModel):
    """One report of an incident: the one that it came from, or another of the same happening.

    `link_key` is the report's own id where it may be tied to a person, and empty where it may not:
    whatever ties a report to a person points at this key, so that the store itself refuses it.
    """

    report_id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    link_basis = models.CharField(max_length=12, choices=BASES)
    link_key = models.UUIDField(null=True, unique=True)
    note = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        db_table = "incident_report"
        constraints = [
            models.CheckConstraint(
                name="incident_report_linked_only_where_it_was_chosen",
                condition=Q(
                    link_basis__in=LINKABLE, link_key__isnull=False, link_key=F("report_id")
                )
                | Q(link_key__isnull=True, link_basis__in=NOT_LINKABLE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} in {self.incident_id}"
