"""Known places and boundaries, each row owned by the load that brought it."""

from __future__ import annotations

import uuid

from django.db import models

_ON_EARTH = models.Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90)


class EntryKind(models.TextChoices):
    """What a gazetteer names."""

    STREET = "street", "Streets and named map points"
    POSTCODE = "postcode", "Postcodes"
    TOWN = "town", "Towns and villages"
    PLACE = "place", "Stations, parks and other named places"


class Load(models.Model):
    """One file as it was loaded. A source has one load: a newer one takes its place whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=80, unique=True)
    file_name = models.CharField(max_length=200)
    # Of the file and of how its columns were read: either may change what is loaded.
    digest = models.CharField(max_length=64)
    kept = models.PositiveIntegerField()
    attribution = models.CharField(max_length=500, blank=True)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150)

    class Meta:
        db_table = "gazetteer_load"

    def __str__(self) -> str:
        return self.source


class Entry(models.Model):
    """A place that can be found by its name.

    `key` is the search key with a space before it, so that the start of the name and the start of
    each later word are found by one kind of comparison.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=202, db_index=True)
    town = models.CharField(max_length=100, blank=True)
    district = models.CharField(max_length=100, blank=True)
    longitude = models.FloatField()
    latitude = models.FloatField()
    weight = models.FloatField(default=0)  # of two of one name, the larger is shown first

    class Meta:
        db_table = "gazetteer_entry"
        indexes = [models.Index(fields=["kind", "latitude"], name="entry_by_kind_and_latitude")]
        constraints = [
            models.CheckConstraint(name="entry_is_on_earth", condition=_ON_EARTH),
            models.CheckConstraint(
                name="entry_kind_is_known", condition=models.Q(kind__in=EntryKind.values)
            ),
            models.CheckConstraint(
                name="entry_has_a_name", condition=~models.Q(name="") & ~models.Q(key="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """An area by its outline: the force's, a district's, a ward's. `outline` is WKB in degrees."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="boundaries")
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    code = models.CharField(max_length=40, blank=True)
    outline = models.BinaryField()

    class Meta:
        db_table = "gazetteer_boundary"
        constraints = [
            models.UniqueConstraint(
                fields=["load", "name", "code"], name="boundary_is_named_once_in_a_load"
            ),
            models.CheckConstraint(name="boundary_has_a_name", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
