"""What is recorded of a person beside names and birth: ways to reach them, homes, needs, flags."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from safehold.domain import persons
from safehold.domain.reachable import LONGEST_KEY
from safehold.records.people.models_of_persons import Fact


def as_compared() -> models.Func:
    """Give the value of a contact as it is compared: with no space, in small letters.

    Its words are in the template, since SQLite finds no index by an expression with parameters.
    """
    return models.Func(
        "value",
        template="LOWER(REPLACE(%(expressions)s, ' ', ''))",
        output_field=models.CharField(),
    )


class Contact(Fact):
    """A number or an address that is somebody's. Whether it is safe stands in the safe contact.

    `key` is what it is found by (`domain/reachable`), however it was typed.
    """

    kind = models.CharField(max_length=12, choices=persons.options("contacts"))
    value = models.CharField(max_length=200)
    key = models.CharField(max_length=LONGEST_KEY, db_index=True)

    class Meta(Fact.Meta):
        db_table = "person_contact"
        indexes = [models.Index(as_compared(), name="contact_as_compared")]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="contact_kind_is_known", condition=Q(kind__in=persons.keys("contacts"))
            ),
            models.CheckConstraint(name="contact_has_a_value", condition=~Q(value="")),
            models.CheckConstraint(name="contact_has_a_key", condition=~Q(key="")),
        ]


class Address(models.Model):
    """A home or another place where people live or work; one row for one door.

    `key` is the line and the postcode as they are compared (`domain/addresses`). A `protected` one
    is shown to whoever is named in `AddressReader` and to nobody else, and is masked elsewhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.CharField(max_length=200)
    town = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    key = models.CharField(max_length=120, db_index=True)
    protected = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "address"
        constraints = [models.CheckConstraint(name="address_has_a_line", condition=~Q(line=""))]

    def __str__(self) -> str:
        return str(self.pk)


class HoldingReaders(models.Manager["AddressReader"]):
    """Those who may open an address now."""

    def get_queryset(self) -> "models.QuerySet[AddressReader]":
        """Leave out whoever was taken off."""
        return super().get_queryset().filter(ended_at=None)


class AddressReader(models.Model):
    """A member who may open one protected address; each named, and taken off, with a reason.

    `objects` are those who may now: whoever asks who could once asks `ever`.
    """

    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="readers")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    named_at = models.DateTimeField()
    why = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_why = models.TextField(blank=True)

    objects = HoldingReaders()
    ever = models.Manager["AddressReader"]()

    class Meta:
        db_table = "address_reader"
        constraints = [
            models.UniqueConstraint(
                fields=["address", "member"],
                condition=Q(ended_at=None),
                name="address_reader_named_once",
            ),
            models.CheckConstraint(name="address_reader_has_a_reason", condition=~Q(why="")),
            models.CheckConstraint(
                name="address_reader_ended_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Home(Fact):
    """That a person lives, lived or works at an address; either end may be open."""

    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="homes")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta(Fact.Meta):
        db_table = "person_home"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="home_is_in_order",
                condition=Q(since__isnull=True)
                | Q(until__isnull=True)
                | Q(until__gte=models.F("since")),
            ),
        ]


class Need(Fact):
    """Something that a person needs so that we can talk, meet or write."""

    kind = models.CharField(max_length=16, choices=persons.options("needs"))
    words = models.CharField(max_length=200, blank=True)

    class Meta(Fact.Meta):
        db_table = "person_need"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="need_kind_is_known", condition=Q(kind__in=persons.keys("needs"))
            ),
        ]


class Trait(Fact):
    """A characteristic as somebody says it of themselves; "rather not say" is an answer too."""

    kind = models.CharField(max_length=16, choices=persons.options("characteristics"))
    answer = models.CharField(max_length=12, choices=persons.options("answers"))
    value = models.CharField(max_length=200, blank=True)

    class Meta(Fact.Meta):
        db_table = "person_trait"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="trait_kind_is_known", condition=Q(kind__in=persons.keys("characteristics"))
            ),
            models.CheckConstraint(
                # What was not asked says why; what was rather not said says nothing.
                name="trait_answer_is_whole",
                condition=(Q(answer__in=["said", "not_asked"]) & ~Q(value=""))
                | Q(answer="rather_not", value=""),
            ),
        ]


class PersonFlag(Fact):
    """One concept that whoever meets a person must know; `until` is when it is looked at again."""

    kind = models.CharField(max_length=16, choices=persons.options("flags"))
    words = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True)

    class Meta(Fact.Meta):
        db_table = "person_flag"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="personflag_kind_is_known", condition=Q(kind__in=persons.keys("flags"))
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(ended_at__isnull=True),
                name="person_has_one_flag_of_a_concept",
            ),
        ]
