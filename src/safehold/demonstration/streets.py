"""Streets, quarters and postcodes of the invented towns."""

import math
from dataclasses import dataclass
from random import Random

from safehold.demonstration.chance import shares, stream
from safehold.demonstration.geography import Bends, Degrees, Metres, Town, to_degrees

# No postcode area of the United Kingdom begins with Q, so none of these can be anyone's address.
POSTCODE_AREA = "QM"
POSTCODES = 1_500
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # the letters that inward codes use

SHORE_WORDS = """
    Bittern Bladderwrack Brent Brine Bulrush Cockle Cordgrass Cormorant Curlew Dabchick Dulse
    Dunlin Eelgrass Eider Estuary Fenwick Fulmar Gannet Glasswort Godwit Grebe Guillemot Gurnard
    Heron Kelp Kittiwake Lapwing Limpet Mallow Marram Mooring Mudlark Mussel Osier Oystercatcher
    Petrel Pilchard Pintail Plover Pochard Quayle Redshank Reedmace Salicorn Saltern Samphire
    Sandling Sandpiper Scoter Sedge Shearwater Shelduck Shingle Skerry Snipe Spindrift Sprat
    Starfish Stonechat Sundew Tamarisk Teasel Tern Thrift Turnstone Wader Watermint Whelk
    Whimbrel Wigeon Withy Wrack
"""
FIRST_WORDS = tuple(SHORE_WORDS.split())
LAST_WORDS = (
    "Road",
    "Street",
    "Lane",
    "Close",
    "Avenue",
    "Way",
    "Drive",
    "Gardens",
    "Court",
    "Terrace",
    "Walk",
    "Row",
)
# The same name in every town, as in life: a search by street alone must ask which.
SHARED_NAMES = ("Station Road", "Market Street", "High Street")

BLOCK = 130.0  # metres between parallel streets
STREETS_AN_AREA = 12
POINT_SPACING = 170.0  # metres between the points that crimes are snapped to


@dataclass(frozen=True, slots=True)
class Street:
    """An invented street. `points` are the anonymous map points on it, as police.uk has them."""

    name: str
    town: str
    district: str
    quarter: str
    line: tuple[Degrees, ...]
    points: tuple[Degrees, ...]
    area_code: str
    area_name: str

    @property
    def middle(self) -> Degrees:
        """Return the map point nearest to the middle of the street."""
        return self.points[len(self.points) // 2]


@dataclass(frozen=True, slots=True)
class Postcode:
    """An invented postcode, and the point on the street that has it."""

    postcode: str
    street: str
    town: str
    district: str
    point: Degrees


def lay_streets(seed: int, towns: tuple[Town, ...]) -> tuple[Street, ...]:
    """Lay out the streets of every town, each name once in the county but for the shared ones."""
    chance = stream(seed, "streets")
    names = [f"{first} {last}" for first in FIRST_WORDS for last in LAST_WORDS]
    chance.shuffle(names)
    streets: list[Street] = []
    for number, town in enumerate(towns, 1):
        taken = names[: town.streets - len(SHARED_NAMES)]
        del names[: len(taken)]
        streets.extend(_town_streets(chance, town, number, [*SHARED_NAMES, *taken]))
    return tuple(streets)


def give_postcodes(seed: int, streets: tuple[Street, ...]) -> tuple[Postcode, ...]:
    """Give every street its postcodes, in an area that does not exist."""
    chance = stream(seed, "postcodes")
    counts = [chance.uniform(2.5, 5.0) for _ in streets]
    units: dict[str, list[str]] = {}
    found = []
    for street, count in zip(streets, shares(counts, POSTCODES), strict=True):
        sector = _sector(street)
        left = units.setdefault(sector, _shuffled_units(chance))
        for number in range(count):
            point = street.points[number * len(street.points) // count]
            found.append(
                Postcode(f"{sector}{left.pop()}", street.name, street.town, street.district, point)
            )
    return tuple(found)


def _town_streets(chance: Random, town: Town, number: int, names: list[str]) -> list[Street]:
    bends = Bends(chance, ((1_400.0, 55.0), (600.0, 14.0)))
    runs = sorted(_runs(chance, town.radius), key=_distance_of_middle)[: town.streets]
    # The shared names belong to the middle of the town.
    middle, outer = names[: len(SHARED_NAMES)], names[len(SHARED_NAMES) :]
    chance.shuffle(outer)
    streets = []
    seen: dict[str, int] = {}
    for name, run in zip([*middle, *outer], runs, strict=True):
        quarter = _quarter(town, run)
        seen[quarter] = seen.get(quarter, -1) + 1
        part = town.quarters.index(quarter) * 10 + seen[quarter] // STREETS_AN_AREA
        streets.append(
            Street(
                name=name,
                town=town.name,
                district=town.district,
                quarter=quarter,
                line=_drawn(run, bends, town.centre, 60.0),
                points=_drawn(run, bends, town.centre, POINT_SPACING),
                area_code=f"Z0100{number:02}{part:02}",
                area_name=f"{town.name} {part // 10 + 1:03}{chr(65 + part % 10)}",
            )
        )
    return streets


def _runs(chance: Random, radius: float) -> list[tuple[Metres, Metres]]:
    """Cut a grid of lines into streets of two to six blocks, with gaps, around a middle."""
    turn = chance.random() * math.pi
    lines = int(radius * 1.25 // BLOCK)
    runs = []
    for across in (False, True):
        for line in range(-lines, lines + 1):
            at = -radius * 1.25 + chance.uniform(0, BLOCK)
            while at < radius * 1.25:
                length = BLOCK * chance.choice((2, 2, 3, 3, 4, 6))
                ends = ((at, line * BLOCK), (at + length, line * BLOCK))
                if across:
                    ends = ((ends[0][1], ends[0][0]), (ends[1][1], ends[1][0]))
                runs.append((_turned(ends[0], turn), _turned(ends[1], turn)))
                at += length + chance.choice((0.0, BLOCK, 2 * BLOCK))
    return [run for run in runs if chance.random() < 0.62]


def _turned(point: Metres, turn: float) -> Metres:
    x, y = point
    return x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)


def _distance_of_middle(run: tuple[Metres, Metres]) -> float:
    (x1, y1), (x2, y2) = run
    return math.hypot((x1 + x2) / 2, (y1 + y2) / 2)


def _quarter(town: Town, run: tuple[Metres, Metres]) -> str:
    (x1, y1), (x2, y2) = run
    if _distance_of_middle(run) < town.radius * 0.34:
        return town.quarters[0]
    angle = math.atan2(y1 + y2, x1 + x2) + math.pi
    others = town.quarters[1:]
    return others[min(len(others) - 1, int(angle / (2 * math.pi) * len(others)))]


def _drawn(
    run: tuple[Metres, Metres], bends: Bends, centre: Metres, step: float
) -> tuple[Degrees, ...]:
    (x1, y1), (x2, y2) = run
    pieces = max(1, round(math.hypot(x2 - x1, y2 - y1) / step))
    points = []
    for n in range(pieces + 1):
        x, y = bends.bend((x1 + (x2 - x1) * n / pieces, y1 + (y2 - y1) * n / pieces))
        points.append(to_degrees((centre[0] + x, centre[1] + y)))
    return tuple(points)


def _sector(street: Street) -> str:
    town, part = int(street.area_code[5:7]), int(street.area_code[7:])
    return f"{POSTCODE_AREA}{town} {part % 9 + 1}"


def _shuffled_units(chance: Random) -> list[str]:
    units = [first + second for first in UNIT_LETTERS for second in UNIT_LETTERS]
    chance.shuffle(units)
    return units
