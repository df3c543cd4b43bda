"""A release and the answers in the words of the page, and the map that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext
from markupsafe import Markup

from safehold.design import maps
from safehold.design.map_ground import Degrees, Frame, Ground, Name, frame_over
from safehold.design.words import from_the_middle, whereabouts
from safehold.domain import public_places
from safehold.domain.place_answers import OWNERS, STATUSES
from safehold.domain.quarters import parse
from safehold.records.gazetteer import queries as gazetteer
from safehold.records.places_published import queries
from safehold.records.places_published.queries import Answer, Shown

MAP_KEY = "told"
MAP_WIDTH = 1_000
_TOWNS = 30
_ABOVE = 28  # units of the drawing, between a town's name and its northernmost area
_ROOM = 0.012  # degrees, somewhat more than a cell
_MANY = 40  # lines, from which each town is folded away


@dataclass(frozen=True, slots=True)
class Line:
    """One area with its number on the list and the map."""

    number: int
    where: str
    count: int
    said: str


@dataclass(frozen=True, slots=True)
class Town:
    """The areas of one town; `rest` is None where it is held back."""

    name: str
    lines: tuple[Line, ...]
    first: int
    rest: int | None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer in words."""

    where: str
    owner: str
    status: str
    done: bool
    text: str
    day: date


def of_release(key: UUID) -> Mapping[str, Any]:
    """Return what the page shows of a release, made once for this process: it never changes."""
    return _prepared(key, gazetteer.version(), get_language() or "")


@lru_cache(maxsize=4)
def _prepared(key: UUID, version: str, language: str) -> Mapping[str, Any]:
    release = queries.shown(key)
    towns, number = [], 0
    labels = {key: gettext(label) for key, label in public_places.labels().items()}
    for area in release.areas:
        first = number + 1
        lines = []
        for cell in area.cells:
            number += 1
            said = ". ".join(labels[key] for key in cell.reasons if key in labels)
            where = from_the_middle(cell.where.bearing, cell.where.metres)
            lines.append(Line(number, where, cell.count, said))
        name = area.name or gettext("Away from towns")
        towns.append(Town(name, tuple(lines), first, area.rest))
    largest = max((line.count for town in towns for line in town.lines), default=0)
    return {
        "release": release,
        "quarter": parse(release.quarter),
        "towns": towns,
        "folded": number > _MANY,
        "map": _map(release) if number else None,
        "legend": _legend(largest, release.least),
    }


def answer_lines(answers: Sequence[Answer], key: UUID | None) -> list[AnswerLine]:
    """Say answers in words: a cell that the release in force does not name is said as its town."""
    release = of_release(key)["release"] if key else None
    return [
        AnswerLine(
            where=whereabouts(one.area, one.where.bearing, one.where.metres)
            if one.cell and release is not None and release.cell(one.cell) is not None
            else one.area or gettext("Away from towns"),
            owner=gettext(_words_of(OWNERS, one.owner)),
            status=gettext(_words_of(STATUSES, one.status)),
            done=one.status == "done",
            text=one.text,
            day=one.day,
        )
        for one in answers
    ]


def _names(release: Shown, frame: Frame) -> list[Name]:
    """Name each listed town above its areas, then the other large towns where they are."""
    above = _ABOVE / frame.units_per_degree_north
    listed = []
    for area in release.areas:
        corners = [at for one in area.cells for at in public_places.outline_of(one.cell)]
        if area.name and corners:
            middle = sum(east for east, _ in corners) / len(corners)
            listed.append(Name(area.name, (middle, max(north for _, north in corners) + above)))
    named = {name.text for name in listed}
    others = (town for town in gazetteer.towns()[:_TOWNS] if town.name not in named)
    return [*listed, *(Name(town.name, (town.longitude, town.latitude)) for town in others)]


def _around(points: Sequence[Degrees]) -> tuple[float, float, float, float]:
    easts, norths = [point[0] for point in points], [point[1] for point in points]
    return (
        min(easts) - 2 * _ROOM,
        min(norths) - _ROOM,
        max(easts) + 2 * _ROOM,
        max(norths) + _ROOM,
    )


def _legend(largest: int, least: int) -> list[maps.Step]:
    # The ramp begins where counts do: nothing on this map is smaller than the least.
    steps = maps.legend(maps.class_limits(largest - least + 1), MAP_KEY)
    return [
        replace(step, first=step.first + least - 1, last=step.last + least - 1) for step in steps
    ]


def _words_of(words: Any, key: str) -> str:
    return next((said for known, said in words.items() if known == key), key)


def _map(release: Shown) -> Markup:
    outline = gazetteer.force_boundary()
    cells = [one for area in release.areas for one in area.cells]
    hexes = [
        maps.Hex(
            corners=public_places.outline_of(one.cell),
            count=one.count - release.least + 1,
            number=str(number),
        )
        for number, one in enumerate(cells, 1)
    ]
    points = [corner for one in hexes for corner in one.corners]
    frame = frame_over(_around(points), MAP_WIDTH)
    return maps.hex_map(
        hexes,
        ground=Ground(frame, MAP_KEY, outline, names=_names(release, frame)),
        title=gettext("The areas of the list on a map"),
        description=gettext(
            "Each number is the area’s number on the list. Darker means more reports. North is up."
        ),
    )
