"""What a release would say, and what it would not and why: seen by a person before anybody else."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone, localtime

from safehold.domain import public_places, suppression
from safehold.domain.access import Permission
from safehold.domain.public_places import Whereabouts
from safehold.domain.quarters import Quarter, last_full
from safehold.domain.suppression import Area, Given
from safehold.records.gazetteer import queries as gazetteer
from safehold.records.incidents.models import Incident
from safehold.records.staff.models import StaffMember

OUTSIDE = "It lies outside the force's area"


class NoBoundary(RuntimeError):
    """No boundary is loaded, so nobody can say which cells an area has."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A cell whose count is too small: what only staff see."""

    area: str
    where: Whereabouts
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a release of a quarter would give, with what it would hold back and why."""

    quarter: Quarter
    least: int
    resolution: int
    rules_version: str
    given: Given
    reasons: Mapping[str, tuple[str, ...]]
    where: Mapping[str, Whereabouts]
    held_back: tuple[HeldBack, ...]
    left_out: Mapping[str, int]
    counted: int
    digest: str


def propose(*, by: StaffMember, at: datetime) -> Proposal:
    """Return what the release of the last full quarter would be. Raises Refused, or NoBoundary.

    Reports count in the quarter in which they were accepted: none can come to a quarter later.
    """
    by.must(Permission.PREPARE_PLACES)
    quarter = last_full(localtime(at).date())
    areas = _areas()
    left_out: Counter[str] = Counter()
    said: dict[str, list[frozenset[str]]] = defaultdict(list)
    for incident in _accepted_in(quarter):
        cell, why = _cell_or_why(incident, areas)
        if why:
            left_out[why] += 1
        else:
            said[cell].append(public_places.reasons_of(incident.environment, incident.behaviours))
    return _proposal(quarter, areas, said, left_out)


def area_of(cell: str) -> str:
    """Name the area that a cell belongs to: its nearest town; empty where none is near."""
    town = gazetteer.nearest_town(*public_places.centre_of(cell))
    return town.name if town else ""


def where_in_area(cell: str) -> Whereabouts:
    """Say where a cell lies from the middle of its nearest town."""
    town = gazetteer.nearest_town(*public_places.centre_of(cell))
    if town is None:
        return Whereabouts("", 0)
    return public_places.whereabouts(cell, (town.longitude, town.latitude))


def _areas() -> Mapping[str, str]:
    """Return the area of every fixed cell that touches the force's area."""
    if gazetteer.force_boundary() is None:
        raise NoBoundary("Load the force's boundary first: it says which cells an area has.")
    return _areas_of(gazetteer.version(), public_places.rule().resolution)


@lru_cache(maxsize=2)
def _areas_of(version: str, resolution: int) -> Mapping[str, str]:
    boundary = gazetteer.force_boundary()
    rings = [part.exterior.coords for part in boundary.geoms] if boundary else []
    cells = frozenset[str]().union(
        *(public_places.cells_touching((x, y) for x, y, *_ in ring) for ring in rings)
    )
    return {cell: area_of(cell) for cell in sorted(cells)}


def _accepted_in(quarter: Quarter) -> QuerySet[Incident]:
    begins, ends = quarter.bounds(get_default_timezone())
    found = Incident.objects.filter(
        recorded_at__gte=begins, recorded_at__lt=ends, place__isnull=False
    )
    return found.select_related("place").order_by("pk")


def _cell_or_why(incident: Incident, areas: Mapping[str, str]) -> tuple[str, str]:
    place = incident.place
    if place is None:
        return "", OUTSIDE
    why = public_places.why_not_public(
        kind=place.kind,
        pointed=place.longitude is not None,
        metres=place.metres,
        police_party=incident.police_party,
    )
    if why or place.longitude is None or place.latitude is None:
        return "", why
    cell = public_places.cell_of((place.longitude, place.latitude))
    return cell, "" if cell in areas else OUTSIDE


def _proposal(
    quarter: Quarter,
    areas: Mapping[str, str],
    said: Mapping[str, list[frozenset[str]]],
    left_out: Mapping[str, int],
) -> Proposal:
    rule = public_places.rule()
    given = suppression.protect(_tables(areas, said), least=rule.least)
    shown = {cell for area in given.areas for cell in area.cells}
    reasons = {
        cell: suppression.reasons_given(_counts(said[cell]), of=len(said[cell]), least=rule.least)
        for cell in sorted(shown)
    }
    where = {cell: where_in_area(cell) for cell in sorted(shown)}
    held_back = [
        HeldBack(areas[cell], where_in_area(cell), len(reports))
        for cell, reports in said.items()
        if cell not in shown
    ]
    return Proposal(
        quarter=quarter,
        least=rule.least,
        resolution=rule.resolution,
        rules_version=rule.version,
        given=given,
        reasons=reasons,
        where=where,
        held_back=tuple(sorted(held_back, key=lambda one: (one.area, -one.count))),
        left_out=dict(sorted(left_out.items())),
        counted=sum(map(len, said.values())),
        digest=_digest(quarter, rule.version, given, reasons),
    )


def _tables(areas: Mapping[str, str], said: Mapping[str, list[frozenset[str]]]) -> Iterable[Area]:
    known = _known_cells(gazetteer.version(), public_places.rule().resolution)
    cells: dict[str, set[str]] = {name: set() for name in sorted(set(areas.values()))}
    for cell in known & areas.keys():
        cells[areas[cell]].add(cell)
    counts: dict[str, dict[str, int]] = {name: {} for name in cells}
    for cell, reports in sorted(said.items()):
        counts[areas[cell]][cell] = len(reports)
    return [Area(name, counts[name], frozenset(cells[name])) for name in cells]


@lru_cache(maxsize=2)
def _known_cells(version: str, resolution: int) -> frozenset[str]:
    """Return the cells with a street or a named place: everyone knows that people can be there."""
    return frozenset(map(public_places.cell_of, gazetteer.named_points()))


def _counts(reports: Iterable[frozenset[str]]) -> dict[str, int]:
    found = Counter(reason for said in reports for reason in said)
    return {reason: found[reason] for reason in public_places.labels()}


def _digest(
    quarter: Quarter, version: str, given: Given, reasons: Mapping[str, tuple[str, ...]]
) -> str:
    numbers = sorted((list(name), count) for name, count in suppression.numbers_of(given).items())
    text = json.dumps([quarter.key, version, numbers, sorted(reasons.items())])
    return hashlib.sha256(text.encode()).hexdigest()
