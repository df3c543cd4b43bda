"""The whole invented force at once, and what is known to be true of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from safehold.demonstration.casework import Casework, invent_casework
from safehold.demonstration.crimes import VIOLENCE, published_months
from safehold.demonstration.geography import Land, draw_land
from safehold.demonstration.incidents import Incident, invent_incidents
from safehold.demonstration.people import Person, invent_people, namesakes
from safehold.demonstration.places import HOT_RESOLUTION, Place, build_places
from safehold.demonstration.reports import PLANTED, Report, invent_reports
from safehold.demonstration.streets import Postcode, Street, give_postcodes, lay_streets
from safehold.demonstration.tellings import Telling, invent_tellings

DEFAULT_SEED = 1116
VERSION = 6  # raised whenever the same seed would give anything else
LABEL = "Invented for practice. No such place, person or event exists."


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is invented, from one seed on one day."""

    seed: int
    today: date
    force: str
    land: Land
    streets: tuple[Street, ...]
    postcodes: tuple[Postcode, ...]
    places: tuple[Place, ...]
    incidents: tuple[Incident, ...]
    people: tuple[Person, ...]
    casework: Casework
    reports: tuple[Report, ...]
    tellings: tuple[Telling, ...]


def imagine(*, today: date, force: str, seed: int = DEFAULT_SEED) -> World:
    """Invent the force named `force` as it is on the day `today`."""
    land = draw_land(seed)
    streets = lay_streets(seed, land.towns)
    postcodes = give_postcodes(seed, streets)
    places = build_places(seed, streets)
    incidents = invent_incidents(seed, today, streets, places)
    people = invent_people(seed, today, postcodes)
    return World(
        seed=seed,
        today=today,
        force=force,
        land=land,
        streets=streets,
        postcodes=postcodes,
        places=places,
        incidents=incidents,
        people=people,
        casework=invent_casework(seed, today, people, incidents),
        reports=invent_reports(seed, today, streets, places),
        tellings=invent_tellings(seed, today),
    )


def truths(world: World) -> dict[str, Any]:
    """Tell what was planted, in a form that tests and benchmarks can hold results against."""
    hot = [place for place in world.places if place.hot]
    work = world.casework
    return {
        "label": LABEL,
        "seed": world.seed,
        "version": VERSION,
        "today": world.today.isoformat(),
        "hot_cells": {
            "resolution": HOT_RESOLUTION,
            "crime_type": VIOLENCE,
            "months": list(published_months(world.today)),
            "cells": sorted(place.cell for place in hot),
        },
        "hot_hours": {
            "resolution": HOT_RESOLUTION,
            "setting": "public",
            "weekday": "0 is Monday, on which the hour itself falls, local time",
            "places": [_hot_place(place) for place in hot],
        },
        "repeat_suspects": {
            person: [seen.key for seen in work.appearances if seen.person == person]
            for person in work.repeat_suspects
        },
        "who_appears": {seen.key: seen.person for seen in work.appearances},
        "different_people_with_one_name": [list(pair) for pair in namesakes(world.people)],
        "deadlines_about_to_lapse": list(work.about_to_lapse),
        "deadlines_lapsed": list(work.lapsed),
        "colleagues_who_are_a_party": [
            dict(zip(("colleague", "person", "incident", "role"), party, strict=True))
            for party in work.parties
        ],
        "allegation_in_reverse": {
            "incidents_before": list(work.reversal.before),
            "reversed_in": work.reversal.reversed_in,
            "primary_victim": work.reversal.primary,
            "accuser": work.reversal.accuser,
        },
        "reports_that_cannot_wait": {
            kind: world.reports[len(world.reports) - back].key for back, kind in PLANTED.items()
        },
        "reports_by_place": {
            place.key: sum(1 for report in world.reports if report.about == place.key)
            for place in hot
        },
    }


def _hot_place(place: Place) -> dict[str, Any]:
    slots = sorted(slot for hours in place.hot for slot in hours.slots)
    return {
        "place": place.key,
        "name": place.name,
        "town": place.town,
        "cell": place.cell,
        "longitude": place.point[0],
        "latitude": place.point[1],
        "weekday_and_hour": [list(slot) for slot in slots],
    }
