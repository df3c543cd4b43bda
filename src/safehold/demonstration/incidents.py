"""Invented incidents to the hour, and the people in them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from safehold.demonstration.chance import stream
from safehold.demonstration.geography import Degrees, to_degrees, to_metres
from safehold.demonstration.places import Place
from safehold.demonstration.streets import Street

LOCAL = ZoneInfo("Europe/London")
WEEKS = 104
IN_A_HOT_HOUR = (9, 14)  # incidents in each planted hour of the week, over all the weeks
ELSEWHERE = 2_300
AT_HOME = 420
JITTER = 45.0  # metres: well inside the cell whose middle the place stands in

PUBLIC_KINDS = (
    ("harassment: comments or gestures", 38, False),
    ("followed on foot", 17, False),
    ("touched without consent", 15, True),
    ("exposure", 9, True),
    ("followed from a vehicle", 6, False),
    ("sexual assault", 6, True),
    ("suspected spiking", 5, True),
    ("threats", 4, True),
)
PRIVATE_KINDS = (
    ("coercive control", 24, True),
    ("assault by a partner or former partner", 26, True),
    ("stalking", 16, True),
    ("threats", 12, True),
    ("damage to her things", 8, True),
    ("non-fatal strangulation", 6, True),
    ("honour-based threats", 4, True),
    ("argument, no offence recorded", 4, False),
)


@dataclass(frozen=True, slots=True)
class Incident:
    """One invented event. `ended` is None where nobody knows; `crime` is a recorded decision."""

    key: str
    started: datetime
    ended: datetime | None
    reported: datetime
    kind: str
    crime: bool
    setting: str  # public or private
    stranger: bool
    place: str  # key of a Place, or empty
    street: str
    town: str
    district: str
    point: Degrees


def last_monday(today: date) -> date:
    """Return the Monday that begins the week before this one: incidents end before it."""
    return today - timedelta(days=today.weekday())


def invent_incidents(
    seed: int, today: date, streets: tuple[Street, ...], places: tuple[Place, ...]
) -> tuple[Incident, ...]:
    """Invent two years of incidents: planted hours at hot places, and a thin rest everywhere."""
    chance = stream(seed, "incidents")
    first = last_monday(today) - timedelta(weeks=WEEKS)
    found = [
        *_planted(chance, first, places),
        *_elsewhere(chance, first, places, streets),
        *_at_home(chance, first, streets),
    ]
    end = datetime.combine(last_monday(today), time(0), LOCAL)
    found.sort(key=lambda incident: (incident.started, incident.point, incident.kind))
    return tuple(
        replace(incident, key=f"incident-{number:05}", reported=min(incident.reported, end))
        for number, incident in enumerate(found, 1)
    )


def local_hour(chance: Random, monday: date, weekday: int, hour: int) -> datetime:
    """Return a moment inside that hour of that week, local time.

    A night on which the clocks change is swapped for the one a week before, so that the hour
    planted is the hour read.
    """
    day = monday + timedelta(days=weekday)
    moment = datetime.combine(day, time(hour, chance.randrange(60)), LOCAL)
    earlier = moment - timedelta(days=7)
    changes = moment.utcoffset() != (moment - timedelta(hours=4)).utcoffset() or (
        moment.utcoffset() != (moment + timedelta(hours=4)).utcoffset()
    )
    return earlier if changes else moment


def _planted(chance: Random, first: date, places: tuple[Place, ...]) -> list[Incident]:
    found = []
    for place in places:
        for hours in place.hot:
            for weekday, hour in hours.slots:
                for _ in range(chance.randint(*IN_A_HOT_HOUR)):
                    monday = first + timedelta(weeks=chance.randrange(1, WEEKS))
                    moment = local_hour(chance, monday, weekday, hour)
                    found.append(_at_place(chance, place, moment))
    return found


def _elsewhere(
    chance: Random, first: date, places: tuple[Place, ...], streets: tuple[Street, ...]
) -> list[Incident]:
    quiet = [place for place in places if not place.hot]
    found = []
    for _ in range(ELSEWHERE):
        moment = _any_moment(chance, first)
        if chance.random() < 0.35:
            found.append(_at_place(chance, chance.choice(quiet), moment))
        else:
            found.append(_in_street(chance, chance.choice(streets), moment, private=False))
    return found


def _at_home(chance: Random, first: date, streets: tuple[Street, ...]) -> list[Incident]:
    return [
        _in_street(chance, chance.choice(streets), _any_moment(chance, first), private=True)
        for _ in range(AT_HOME)
    ]


def _any_moment(chance: Random, first: date) -> datetime:
    monday = first + timedelta(weeks=chance.randrange(1, WEEKS))
    return local_hour(chance, monday, chance.randrange(7), chance.randrange(24))


def _at_place(chance: Random, place: Place, moment: datetime) -> Incident:
    kind, crime = _kind(chance, PUBLIC_KINDS)
    return Incident(
        key="",
        started=moment,
        ended=moment + timedelta(minutes=chance.randint(1, 25)),
        reported=moment + timedelta(minutes=chance.randint(5, 4_000)),
        kind=kind,
        crime=crime,
        setting="public",
        stranger=chance.random() < 0.8,
        place=place.key,
        street="",
        town=place.town,
        district=place.district,
        point=_near(chance, place.point),
    )


def _in_street(chance: Random, street: Street, moment: datetime, *, private: bool) -> Incident:
    kind, crime = _kind(chance, PRIVATE_KINDS if private else PUBLIC_KINDS)
    return Incident(
        key="",
        started=moment,
        ended=None if private and chance.random() < 0.4 else moment + timedelta(minutes=20),
        reported=moment + timedelta(minutes=chance.randint(5, 40_000)),
        kind=kind,
        crime=crime,
        setting="private" if private else "public",
        stranger=not private and chance.random() < 0.7,
        place="",
        street=street.name,
        town=street.town,
        district=street.district,
        point=chance.choice(street.points),
    )


def _kind(chance: Random, kinds: tuple[tuple[str, int, bool], ...]) -> tuple[str, bool]:
    kind, _, crime = chance.choices(kinds, [share for _, share, _ in kinds])[0]
    return kind, crime


def _near(chance: Random, point: Degrees) -> Degrees:
    x, y = to_metres(point)
    reach = JITTER / 2**0.5
    return to_degrees((x + chance.uniform(-reach, reach), y + chance.uniform(-reach, reach)))
