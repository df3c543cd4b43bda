"""People's names and births, and how a name is found; the room's other rows are named here."""

from django.db import models
from django.db.models import F, Q

from safehold.domain import persons
from safehold.records.people.models_of_facts import Address as Address
from safehold.records.people.models_of_facts import AddressReader as AddressReader
from safehold.records.people.models_of_facts import Contact as Contact
from safehold.records.people.models_of_facts import Home as Home
from safehold.records.people.models_of_facts import Need as Need
from safehold.records.people.models_of_facts import PersonFlag as PersonFlag
from safehold.records.people.models_of_facts import Trait as Trait
from safehold.records.people.models_of_merging import Alike as Alike
from safehold.records.people.models_of_merging import Apart as Apart
from safehold.records.people.models_of_merging import Merge as Merge
from safehold.records.people.models_of_persons import Fact, Person

__all__ = ["BirthDate", "NameKey", "NamePair", "NameWord", "Person", "PersonName"]


class PersonName(Fact):
    """One name of a person, as it is written."""

    kind = models.CharField(max_length=12, choices=persons.options("names"))
    written = models.CharField(max_length=120)

    class Meta(Fact.Meta):
        db_table = "person_name"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="person_name_kind_is_known", condition=Q(kind__in=persons.keys("names"))
            ),
            models.CheckConstraint(name="person_name_is_written", condition=~Q(written="")),
        ]


class BirthDate(Fact):
    """When a person was born, as one source has it: between two dates, both included.

    A date that is known to the day has both alike; "about 30" has ten years between.
    """

    earliest = models.DateField()
    latest = models.DateField()
    certainty = models.CharField(max_length=12, choices=persons.options("birth_certainties"))

    class Meta(Fact.Meta):
        db_table = "person_birth_date"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="birth_date_is_in_order", condition=Q(latest__gte=F("earliest"))
            ),
            models.CheckConstraint(
                name="birth_date_certainty_is_known",
                condition=Q(certainty__in=persons.keys("birth_certainties")),
            ),
        ]


class NameWord(models.Model):
    """A word that stands in somebody's name, folded: each once, however many carry it."""

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        db_table = "person_name_word"

    def __str__(self) -> str:
        return self.word


class NameKey(models.Model):
    """What a word is found by when it is misspelt: itself with a letter gone, or how it sounds."""

    id = models.BigAutoField(primary_key=True)
    key = models.BigIntegerField()
    word = models.ForeignKey(NameWord, on_delete=models.CASCADE, related_name="keys")

    class Meta:
        db_table = "person_name_key"
        indexes = [models.Index(fields=["key", "word"], name="name_word_by_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.word_id}"


class NamePair(models.Model):
    """Two words of one name, so that both together are found at once however common each is.

    `key` is of both in order; a name of one word is its own pair.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.BigIntegerField()
    name = models.ForeignKey(PersonName, on_delete=models.CASCADE, related_name="pairs")

    class Meta:
        db_table = "person_name_pair"
        indexes = [models.Index(fields=["key", "name"], name="name_by_pair")]

    def __str__(self) -> str:
        return f"{self.key} {self.name_id}"
