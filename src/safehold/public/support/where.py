"""A typed postcode, half a postcode, town or district, as the districts that it lies in.

Only the districts go on: a postcode names some fifteen houses, and one of them may be hers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext

from safehold.domain import place_names, postcodes
from safehold.records.gazetteer import queries as gazetteer
from safehold.records.gazetteer.queries import KnownPlace, PostcodeStatus

UNKNOWN: Final = "unknown"
OUTSIDE: Final = "outside"
TOWN: Final = "town"


@dataclass(frozen=True, slots=True)
class Where:
    """The districts of a place; none where it is anywhere. `problem` says what is wrong."""

    districts: frozenset[str] = frozenset()
    problem: str = ""


def can_look_up() -> bool:
    """Tell whether a place means anything here."""
    return bool(gazetteer.districts())


def look_up(typed: str) -> Where:
    """Find the districts of what was typed; empty, or the name of the whole area, is anywhere."""
    key = place_names.search_key(typed)
    if not key or key == place_names.search_key(settings.FORCE.area_name):
        return Where()
    named = {area.name for area in gazetteer.districts()}
    wanted = {one for one in named if place_names.search_key(one) == key}
    return Where(frozenset(wanted)) if wanted else _looked_up(typed)


def sentence(problem: str) -> str:
    """Say what is wrong with a place and what to do; empty where nothing is."""
    force = settings.FORCE
    if problem == UNKNOWN:
        return gettext(
            "We do not know that place here. Check the spelling, type a larger town, or leave the "
            "box empty to see services for all of %(area)s."
        ) % {"area": force.area_name}
    if problem == OUTSIDE:
        return gettext(
            "That place is outside %(area)s. Leave the box empty to see services that help by "
            "telephone, or call %(phone)s to reach the police where you are."
        ) % {"area": force.area_name, "phone": force.phones.non_emergency}
    return ""


def _looked_up(typed: str) -> Where:
    answer = gazetteer.find_postcode(typed)
    if answer.status is PostcodeStatus.FOUND and answer.place is not None:
        return _in_districts([answer.place])
    if answer.status is PostcodeStatus.OUTSIDE:
        return Where(problem=OUTSIDE)
    if answer.postcode is None and (half := postcodes.first_half(typed)):
        return _in_districts(gazetteer.with_first_half(half))
    if answer.postcode is None:
        return _named(typed)
    return Where(problem=UNKNOWN)


def _named(typed: str) -> Where:
    found = gazetteer.find_places(typed, 20, area_name=settings.FORCE.area_name).places
    key = place_names.search_key(typed.split(",")[0])
    exact = [one for one in found if place_names.search_key(one.name) == key]
    towns = [one for one in exact if one.kind == TOWN] or [one for one in found if one.kind == TOWN]
    return _in_districts(towns or exact or found)


def _in_districts(places: list[KnownPlace] | tuple[KnownPlace, ...]) -> Where:
    if not places:
        return Where(problem=UNKNOWN)
    ours = [one for one in places if _is_ours(one)]
    if not ours:
        return Where(problem=OUTSIDE)
    known = {area.name for area in gazetteer.districts()}
    names = {
        one.district
        if one.district in known
        else gazetteer.district_of(one.longitude, one.latitude)
        for one in ours
    }
    found = frozenset(names - {""})
    return Where(found) if found else Where(problem=UNKNOWN)


def _is_ours(place: KnownPlace) -> bool:
    return gazetteer.inside_force_area(place.longitude, place.latitude) is not False
