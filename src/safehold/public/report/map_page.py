"""The map: a picture that is itself a button, moved and zoomed by buttons, without any script.

Each press adds a page to the browser's history, all at one address: Chromium puts a page in place
of the last only where nothing was posted, and what is pressed must not stand in an address. So the
page has a way back of its own, which skips them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from safehold.domain.journey.answers import Answers, Entry
from safehold.domain.journey.sentences import Sentence
from safehold.domain.journey.specification import Question, holds
from safehold.public.report import drafts, finding, in_words, map_picture
from safehold.public.report.map_view import PIXELS, STEPS, MapView, step_over
from safehold.public.report.posted import Posted
from safehold.public.report.reading import SKIP, STAY, Reading
from safehold.records.gazetteer import queries

MOVES = frozenset({"north", "south", "west", "east"})
ZOOMS = {"closer": -1, "further": 1}
MIDDLE = "middle"
POINT_OUTSIDE = gettext_noop(
    "That point is outside %(area)s, where %(force)s cannot act: choose a point inside, call "
    "%(phone)s to reach the police there, or go back and say it in your own words."
)
# A finger is about 9 mm wide: some twenty pixels of the picture.
FINGER = 20
_TOWNS_FROM = 8_000
_KIND_ACROSS = {"postcode": 1_000, "place": 1_000, "street": 2_000, "town": 4_000}


def read_point(question: Question, posted: Posted, answers: Answers) -> Reading:
    """Read a press on the picture, a move of the map, or the wish to go on."""
    view = view_of(answers)
    entry = {**answers.entry(question.key), **_as_entry(view)}
    if posted.do in MOVES:
        return Reading({**entry, **_as_entry(view.moved(posted.do))}, stay=True)
    if posted.do in ZOOMS:
        return Reading({**entry, **_as_entry(view.zoomed(ZOOMS[posted.do]))}, stay=True)
    pressed = _pressed(posted)
    if pressed is not None:
        return _chosen(entry, view, pressed)
    if posted.do == STAY:
        return Reading(entry, stay=True)
    needed = holds(question.needed, answers)
    if posted.do == SKIP and not needed:
        return Reading()
    if needed and "lon" not in entry:
        return Reading(problems={"point": Sentence(question.missing)})
    return Reading(entry)


def shown_point(answers: Answers) -> dict[str, Any]:
    """Give what the map page shows: what was chosen, and what the picture covers."""
    view = view_of(answers)
    near = queries.nearest_named(view.lon, view.lat, view.across / 1_000)
    town = queries.nearest_town(view.lon, view.lat)
    return {
        "understood": in_words.place(finding.understood(answers)),
        "chosen": in_words.place(answers.one("point", "label")),
        "pixels": PIXELS,
        "across": view.across,
        "middle": near.label if near else town.label if town else settings.FORCE.area_name,
        "closest": view.across == STEPS[0],
        "furthest": view.across == STEPS[-1],
    }


def view_of(answers: Answers) -> MapView:
    """Give the window: as it was last moved, else over the place found, else the whole area."""
    centre = [answers.one("point", name) for name in ("centre_lon", "centre_lat", "across")]
    if all(centre):
        return MapView(float(centre[0]), float(centre[1]), int(centre[2]))
    found = finding.nearby(answers)
    if found is not None:
        return MapView(found.longitude, found.latitude, _KIND_ACROSS.get(found.kind, 4_000))
    area = queries.force_boundary()
    if area is None:
        return _over_the_towns()
    west, south, east, north = area.bounds
    middle = MapView((west + east) / 2, (south + north) / 2, STEPS[0])
    width, height = middle.degrees
    metres = middle.across * max((east - west) / width, (north - south) / height)
    return replace(middle, across=step_over(metres))


def _over_the_towns() -> MapView:
    towns = queries.towns()
    lon, lat = (towns[0].longitude, towns[0].latitude) if towns else (0.0, 0.0)
    return MapView(lon, lat, STEPS[-1])


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """Draw the map of the draft that this browser holds. It sets nothing and tells nothing."""
    answers = drafts.held(request, at=now()).answers
    view = view_of(answers)
    lon, lat = (answers.one("point", name) for name in ("lon", "lat"))
    chosen = (float(lon), float(lat)) if lon and lat else None
    svg = map_picture.draw(view, queries.force_boundary(), _names(view), chosen)
    return HttpResponse(svg, content_type="image/svg+xml")


def _names(view: MapView) -> list[map_picture.Named]:
    west, south, east, north = view.bounds
    towns = [
        map_picture.Named(town.name, town.longitude, town.latitude, large=True)
        for town in queries.towns()
        if west < town.longitude < east and south < town.latitude < north
    ]
    if view.across > _TOWNS_FROM:
        return towns
    streets: dict[str, map_picture.Named] = {}
    for street in queries.streets_around(view.lon, view.lat, view.across / 2_000):
        named = map_picture.Named(street.name, street.longitude, street.latitude)
        streets.setdefault(street.name, named)
    return [*towns, *streets.values()]


def _pressed(posted: Posted) -> tuple[int, int] | None:
    """Give the pixel that was pressed; the middle where the picture was pressed by keyboard."""
    if posted.do == MIDDLE:
        return PIXELS // 2, PIXELS // 2
    try:
        x, y = int(posted.first("at.x")), int(posted.first("at.y"))
    except ValueError:
        return None
    if (x, y) == (0, 0):
        return PIXELS // 2, PIXELS // 2
    return min(max(x, 0), PIXELS), min(max(y, 0), PIXELS)


def _chosen(entry: Entry, view: MapView, pressed: tuple[int, int]) -> Reading:
    lon, lat = view.to_lonlat(*pressed)
    if queries.inside_force_area(lon, lat) is False:
        force = settings.FORCE
        outside = Sentence(
            POINT_OUTSIDE,
            area=force.area_name,
            force=force.name,
            phone=force.phones.non_emergency,
        )
        return Reading(problems={"point": outside})
    near = queries.nearest_named(lon, lat) or queries.nearest_town(lon, lat)
    return Reading(
        {
            **entry,
            "lon": f"{lon:.6f}",
            "lat": f"{lat:.6f}",
            "metres": str(max(20, round(view.across * FINGER / PIXELS))),
            "kind": "point",
            "label": in_words.NEAR % {"place": near.label} if near else in_words.A_POINT,
        },
        stay=True,
    )


def _as_entry(view: MapView) -> dict[str, str]:
    return {
        "centre_lon": f"{view.lon:.6f}",
        "centre_lat": f"{view.lat:.6f}",
        "across": str(view.across),
    }
