"""Places: where something happened, as exactly as it was given and no more."""

import uuid

from django.conf import settings
from django.db import models

from safehold.domain.place_answers import AnswerStatus, OwnerKind


class Precision(models.TextChoices):
    """How exactly a place is known; it decides what a map may claim."""

    POINT = "point", "A point chosen on a map"
    STREET = "street", "A street"
    POSTCODE = "postcode", "A postcode"
    TOWN = "town", "A town or an area"
    WORDS = "words", "In words only"


class PlaceKind(models.TextChoices):
    """What sort of place it is, as the officer judged it."""

    NOT_SAID = "not_said", "Sort not decided"
    STREET = "street", "Street"
    PATH = "path", "Path or underpass"
    PARK = "park", "Park or open space"
    TRANSPORT = "transport", "Station, stop or vehicle"
    CAR_PARK = "car_park", "Car park"
    VENUE = "venue", "Pub, club or other venue"
    SHOP = "shop", "Shop or shopping area"
    EDUCATION = "education", "School, college or university"
    WORK = "work", "Workplace"
    HOME = "home", "Someone's home or its entrance"
    OTHER = "other", "Something else"


class Place(models.Model):
    """A place that people have told us about.

    Two rows may mean one place: a person decides, software only points at neighbours. A place in
    words has no point, and is never given one by guessing; `metres` is how far off a point may be.
    `name` is what an officer calls it: what a reporter said of it stays in the sealed account.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    metres = models.PositiveIntegerField(null=True)
    precision = models.CharField(max_length=10, choices=Precision)
    kind = models.CharField(max_length=12, choices=PlaceKind, default=PlaceKind.NOT_SAID)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        db_table = "place"
        indexes = [models.Index(fields=["latitude", "longitude"], name="place_by_position")]
        constraints = [
            models.CheckConstraint(
                name="place_point_is_whole_and_on_earth",
                # A comparison with NULL passes a check, so each half is asked for by name.
                condition=models.Q(longitude__isnull=True, latitude__isnull=True)
                | models.Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__range=(-180, 180),
                    latitude__range=(-90, 90),
                ),
            ),
            models.CheckConstraint(
                name="place_in_words_has_no_point",
                condition=models.Q(longitude__isnull=True) | ~models.Q(precision=Precision.WORDS),
            ),
            models.CheckConstraint(name="place_has_a_name", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="place_precision_is_known", condition=models.Q(precision__in=Precision.values)
            ),
            models.CheckConstraint(
                name="place_kind_is_known", condition=models.Q(kind__in=PlaceKind.values)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PlaceAnswer(models.Model):
    """What was done about a place, as the officer who knows it wrote it down.

    A new answer is a new row. `matter` is one for a place and an owner, says nothing, and is the
    only thing that the public side is given to tell that a later answer replaces an earlier one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="answers")
    matter = models.UUIDField(default=uuid.uuid4)
    owner = models.CharField(max_length=20, choices=[(one.value, one.value) for one in OwnerKind])
    status = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in AnswerStatus]
    )
    text = models.CharField(max_length=400)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "place_answer"
        constraints = [
            models.CheckConstraint(
                name="place_answer_owner_is_known", condition=models.Q(owner__in=list(OwnerKind))
            ),
            models.CheckConstraint(
                name="place_answer_status_is_known",
                condition=models.Q(status__in=list(AnswerStatus)),
            ),
            models.CheckConstraint(name="place_answer_has_words", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="place_answer_publication_is_whole",
                condition=models.Q(published_at__isnull=True, published_by__isnull=True)
                | models.Q(published_at__isnull=False, published_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
