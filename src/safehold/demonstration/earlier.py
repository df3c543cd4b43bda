"""Invented reports of an earlier quarter: a publication has something to say and to hide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from safehold.demonstration.chance import stream
from safehold.demonstration.places import Place

# Kind of place: what an officer calls it, how many reports, and what most of them say.
TOLD: Mapping[str, tuple[str, int, tuple[str, ...], tuple[str, ...]]] = {
    "nightclub": ("venue", 14, ("drink_drugs",), ("harassed_by_group", "blocked")),
    "bar": ("venue", 10, ("drink_drugs",), ("harassed_by_one",)),
    "bus station": ("transport", 11, ("dark", "run_down"), ("stared",)),
    "subway": ("path", 12, ("dark", "hidden_view", "no_cameras"), ("followed",)),
    "railway station": ("transport", 9, ("dark",), ()),
    "taxi rank": ("transport", 4, ("isolated",), ("from_vehicle",)),
    "park": ("park", 7, ("hidden_view",), ()),
    "campus": ("education", 6, ("dark",), ("followed",)),
}
HOME = "Entrance to flats"
AT_HOME = 6  # at the door of an invented home: counted nowhere
USUAL = 0.85  # of the reports of a place that say what most of them say


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """One invented report that was accepted before: the day, the place and coded answers."""

    day: date
    place: str  # key of a Place
    kind: str
    environment: tuple[str, ...]
    behaviours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """One invented answer about the first hot place of a kind."""

    place_kind: str
    owner: str
    status: str
    text: str
    published: bool = True


ANSWERS = (
    EarlierAnswer(
        "subway",
        "council_lighting",
        "done",
        "The lamps in the subway are mended, and are looked at every month now.",
    ),
    EarlierAnswer(
        "bus station",
        "transport",
        "looking",
        "The bus company is looking at which shelters need a light and new glass.",
    ),
    EarlierAnswer(
        "nightclub", "venue", "done", "The door staff are trained to help anyone who asks for help."
    ),
    EarlierAnswer(
        "park",
        "highways",
        "told",
        "We told the council that the hedge along the path needs cutting.",
        published=False,
    ),
)


def invent_earlier(
    seed: int, first_day: date, last_day: date, places: tuple[Place, ...]
) -> tuple[EarlierReport, ...]:
    """Invent the reports that were accepted between two days, the oldest first."""
    chance = stream(seed, "earlier reports")
    days = (last_day - first_day).days
    found = []
    for place in places:
        if not place.hot or place.kind not in TOLD:
            continue
        kind, count, around, people = TOLD[place.kind]
        for _ in range(count):
            day = first_day + timedelta(days=chance.randint(0, days))
            said = _mostly(chance, around), _mostly(chance, people)
            found.append(EarlierReport(day, place.key, kind, *said))
    quiet = next(place for place in places if not place.hot)
    found += [
        EarlierReport(first_day + timedelta(days=number), quiet.key, "home", ("dark",), ())
        for number in range(AT_HOME)
    ]
    return tuple(sorted(found, key=lambda report: (report.day, report.place)))


def _mostly(chance: Random, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys if chance.random() < USUAL)
