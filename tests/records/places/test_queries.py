"""Neighbours are those within the distance, wherever on earth, nearest first."""

from math import cos, radians

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from safehold.domain.access import Refused, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.places import operations, queries
from safehold.records.places.models import Place, Precision
from tests.desk import AT, member
from tests.told_places import told

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]

METRES = 111_195


@pytest.fixture
def officer():
    return member()


def place(by, *, longitude=2.1, latitude=54.1, name="Elm Row", **changes):
    given_place = {
        "name": name,
        "longitude": longitude,
        "latitude": latitude,
        "precision": Precision.STREET,
        "added_at": AT,
        "added_by": by,
        **changes,
    }
    return Place.objects.create(**given_place)


def off(longitude, latitude, *, east=0.0, north=0.0):
    return (
        longitude + east / METRES / cos(radians(latitude)),
        latitude + north / METRES,
    )


def test_neighbours_come_nearest_first_and_no_further_than_asked(officer):
    for name, east in [("far", 120), ("near", 40), ("nearer", 10)]:
        longitude, latitude = off(2.1, 54.1, east=east)
        place(officer, name=name, longitude=longitude, latitude=latitude)
    place(officer, name="in words", longitude=None, latitude=None, precision=Precision.WORDS)
    found = queries.near(longitude=2.1, latitude=54.1, by=officer)
    assert [(one.place.name, one.metres) for one in found] == [("nearer", 10), ("near", 40)]


@settings(max_examples=60, deadline=None)
@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(0, 300), st.floats(0, 6.28))
def test_a_place_is_a_neighbour_exactly_within_the_distance(longitude, latitude, metres, turn):
    with transaction.atomic():
        by = queries.Place.objects.first()
        officer = by.added_by if by else member()
        x, y = off(longitude, latitude, east=metres * cos(turn), north=metres * cos(turn - 1.5708))
        made = place(officer, longitude=x, latitude=y)
        found = {
            one.place.pk for one in queries.near(longitude=longitude, latitude=latitude, by=officer)
        }
        if metres < 98:
            assert made.pk in found
        if metres > 102:
            assert made.pk not in found
        transaction.set_rollback(True)


def test_a_place_is_not_its_own_neighbour(officer):
    first, second = place(officer), place(officer, name="The same again")
    assert [one.place for one in queries.near_to(first, by=officer)] == [second]


@pytest.mark.parametrize(
    "wrong",
    [
        {"longitude": 2.1, "latitude": None},
        {"longitude": 190.0},
        {"precision": Precision.WORDS},
        {"name": ""},
        {"precision": "guess"},
        {"kind": "lair"},
    ],
)
def test_the_store_refuses_a_place_that_cannot_be(officer, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        place(officer, **wrong)


def test_a_look_at_a_place_is_recorded_also_where_there_is_none(officer):
    with pytest.raises(queries.PlaceNotFound):
        operations.look_at_place(place_id=place(officer).pk.__class__(int=1), by=officer, at=AT)
    assert AuditEvent.objects.filter(action="looked", subject_kind="place").count() == 1


def test_an_editor_has_no_business_at_places(officer):
    with pytest.raises(Refused):
        operations.look_at_place(place_id=place(officer).pk, by=member(Role.EDITOR), at=AT)


def test_a_place_of_reports_about_a_colleague_alone_is_there_for_nobody_else(officer):
    standards = member(Role.PROFESSIONAL_STANDARDS)
    hidden, mixed, plain = place(officer, name="h"), place(officer, name="m"), place(officer)
    told(hidden, 2, by=officer, police_party=True)
    told(mixed, 2, by=officer, police_party=True)
    told(mixed, 1, by=officer)

    def counts(by):
        return {one.pk: one.incident_count for one in queries.listing(by=by)}

    assert counts(officer) == {mixed.pk: 1, plain.pk: 0}
    assert counts(standards) == {hidden.pk: 2, mixed.pk: 3, plain.pk: 0}
    for by in (officer, member(Role.SUPERVISOR), member(Role.ANALYST)):
        with pytest.raises(queries.PlaceNotFound):
            queries.get(hidden.pk, by=by)
        assert hidden not in queries.on_map(by=by)
        assert hidden not in [one.place for one in queries.near_to(plain, by=by)]
        assert queries.names_of([str(hidden.pk)], by=by) == {}
    assert queries.get(hidden.pk, by=standards) == hidden
