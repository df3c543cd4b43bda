"""Invented crimes in the shape in which data.police.uk publishes street-level crime."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from safehold.demonstration.chance import shares, stream
from safehold.demonstration.geography import Degrees
from safehold.demonstration.places import Place
from safehold.demonstration.streets import Street
from safehold.domain.police_uk import STREET_HEADER

MONTHS = 24
LAG = 2  # months between the last month published and today
CRIMES_A_MONTH = 1_200
HOT_SHARE = 0.38  # of violence and sexual offences, at the hot places
WITHOUT_PLACE = 0.018
VIOLENCE = "Violence and sexual offences"
ANTI_SOCIAL = "Anti-social behaviour"
NO_LOCATION = "No Location"
# Kind and its share in a hundred, as in a county of England.
CRIME_TYPES = (
    (VIOLENCE, 34),
    (ANTI_SOCIAL, 16),
    ("Shoplifting", 11),
    ("Other theft", 8),
    ("Criminal damage and arson", 7),
    ("Vehicle crime", 6),
    ("Public order", 6),
    ("Burglary", 4),
    ("Drugs", 3),
    ("Other crime", 2),
    ("Robbery", 1),
    ("Theft from the person", 1),
    ("Possession of weapons", 1),
)
OUTCOMES = (
    ("Unable to prosecute suspect", 40),
    ("Investigation complete; no suspect identified", 33),
    ("Court result unavailable", 8),
    ("Under investigation", 8),
    ("Local resolution", 4),
    ("Awaiting court outcome", 4),
    ("Offender given a caution", 2),
    ("Formal action is not in the public interest", 1),
)


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One anonymous point that crimes are snapped to."""

    label: str
    point: Degrees | None
    area_code: str
    area_name: str


def published_months(today: date) -> tuple[str, ...]:
    """Return the months published by `today`, oldest first, as YYYY-MM."""
    last = today.year * 12 + today.month - 1 - LAG
    return tuple(f"{at // 12}-{at % 12 + 1:02}" for at in range(last - MONTHS + 1, last + 1))


def street_file(
    seed: int, month: str, force: str, streets: tuple[Street, ...], places: tuple[Place, ...]
) -> Iterator[tuple[str, ...]]:
    """Yield the header and rows of one month, as published: no hour, snapped points."""
    chance = stream(seed, f"crimes/{month}")
    points = map_points(streets, places)
    hot = [_at_place(place) for place in places if place.hot]
    yield STREET_HEADER
    told: list[tuple[str, MapPoint]] = []
    counts = shares([share for _, share in CRIME_TYPES], CRIMES_A_MONTH)
    for (kind, _), count in zip(CRIME_TYPES, counts, strict=True):
        planted = round(count * HOT_SHARE) if kind == VIOLENCE else 0
        where = [
            *_spread(hot, planted),
            *(_anywhere(chance, points) for _ in range(count - planted)),
        ]
        told.extend((kind, at) for at in where)
    chance.shuffle(told)
    for number, (kind, at) in enumerate(told):
        yield _row(chance, f"{seed}/{month}/{number}", (month, force, kind), at)


def map_points(streets: tuple[Street, ...], places: tuple[Place, ...]) -> list[MapPoint]:
    """List every point that a crime can be snapped to: streets first, then places."""
    on_streets = [
        MapPoint(f"On or near {street.name}", point, street.area_code, street.area_name)
        for street in streets
        for point in street.points
    ]
    return [*on_streets, *(_at_place(place) for place in places if not place.hot)]


def _at_place(place: Place) -> MapPoint:
    label = f"On or near {place.police_uk_kind}"
    return MapPoint(label, place.point, place.area_code, place.area_name)


def _spread(hot: list[MapPoint], total: int) -> Iterator[MapPoint]:
    # The hottest place has nearly twice the least hot, and that one far more than anywhere else.
    weights = [2.0 - rank / len(hot) for rank in range(len(hot))]
    for place, count in zip(hot, shares(weights, total), strict=True):
        yield from [place] * count


def _anywhere(chance: Random, points: list[MapPoint]) -> MapPoint:
    if chance.random() < WITHOUT_PLACE:
        return MapPoint(NO_LOCATION, None, "", "")
    return chance.choice(points)


def _row(
    chance: Random, identity: str, told: tuple[str, str, str], at: MapPoint
) -> tuple[str, ...]:
    month, force, kind = told
    anti_social = kind == ANTI_SOCIAL
    longitude, latitude = at.point or ("", "")
    return (
        "" if anti_social else hashlib.sha256(identity.encode()).hexdigest(),
        month,
        force,
        force,
        f"{longitude:.6f}" if at.point else "",
        f"{latitude:.6f}" if at.point else "",
        at.label,
        at.area_code,
        at.area_name,
        kind,
        "" if anti_social else _outcome(chance),
        "",
    )


def _outcome(chance: Random) -> str:
    names = [name for name, _ in OUTCOMES]
    return chance.choices(names, [share for _, share in OUTCOMES])[0]
