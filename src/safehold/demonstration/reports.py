"""Invented reports of places that feel unsafe, as answers to the journey that takes them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from safehold.demonstration.chance import stream
from safehold.demonstration.incidents import LOCAL
from safehold.demonstration.places import Place
from safehold.demonstration.streets import Street
from safehold.domain.journey.place_questions import RULES

REPORTS = 48
ABOUT_HER = tuple(f"you_{key}" for key in RULES.tables["about_you"] if key != "source")
DAYS = 45  # reports came in over this many days before today
AT_HOT_PLACES = 0.6
# What cannot wait, among the newest: counted from the last report, which is 1.
PLANTED = {2: "danger_now", 3: "followed_now", 5: "danger_unsure", 7: "child"}

WORDS = {
    "around": (
        "Three of the lamps have been out since the clocks changed.",
        "The hedge has grown over the path and you cannot see who is behind it.",
        "The shutters come down at six and then there is nobody.",
        "",
        "",
    ),
    "people": (
        "The same two men, most evenings, and they know which way I walk.",
        "He kept level with me and would not look away.",
        "It was only words, but I was on my own.",
        "",
        "",
    ),
    "words": (
        "Between the bike racks and the side gate",
        "The bench nearest the water, by the second lamp",
        "The far end, where the path turns",
    ),
    "changed": ("I ring my sister and pretend to talk.", "", ""),
}


@dataclass(frozen=True, slots=True)
class Report:
    """One invented report: when it was sent, the answers, and which place it is about."""

    key: str
    sent: datetime
    about: str  # key of a Place, or empty for a street
    answers: dict[str, dict[str, Any]]


def invent_reports(
    seed: int, today: date, streets: tuple[Street, ...], places: tuple[Place, ...]
) -> tuple[Report, ...]:
    """Invent reports that a person could have sent: every answer is one the journey offers."""
    chance = stream(seed, "reports")
    hot = [place for place in places if place.hot]
    reports = []
    for number in range(REPORTS):
        day = today - timedelta(days=DAYS - number * DAYS // REPORTS)
        sent = datetime.combine(day, time(chance.randrange(6, 24), chance.randrange(60)), LOCAL)
        if chance.random() < AT_HOT_PLACES:
            place = chance.choice(hot)
            where, about = _at_a_place(chance, place), place.key
        else:
            where, about = _in_a_street(chance.choice(streets)), ""
        answers = {**_first(), **where, **_reasons(chance), **_times(chance, day), **_since(chance)}
        answers = _with_what_cannot_wait(answers, PLANTED.get(REPORTS - number, ""))
        reports.append(Report(f"report-{number + 1:03}", sent, about, answers))
    # Earlier than today only, so that none comes from the future.
    return tuple(report for report in reports if report.sent.date() < today)


def _with_what_cannot_wait(
    answers: dict[str, dict[str, Any]], kind: str
) -> dict[str, dict[str, Any]]:
    if kind in {"danger_now", "danger_unsure"}:
        danger = "yes" if kind == "danger_now" else "not_sure"
        return {**answers, "now": {"danger": danger}, "call": {}}
    if kind == "followed_now":
        people = {**answers["people"], "reasons": ["followed"]}
        return {**answers, "people": people, "still": {"following": "now"}, "call_again": {}}
    if kind == "child":
        skipped: dict[str, dict[str, Any]] = {key: {} for key in ABOUT_HER}
        age = {"you_age": {"answer": "under_18"}}
        return {**answers, "about_you": {"ask": "yes"}, **skipped, **age}
    return answers


def _first() -> dict[str, dict[str, Any]]:
    return {"now": {"danger": "no"}, "happened": {"to_you": "no"}}


def _at_a_place(chance: Random, place: Place) -> dict[str, dict[str, Any]]:
    longitude, latitude = place.point
    point = {"label": "A point on the map", "lon": str(longitude), "lat": str(latitude)}
    return {
        "where": {"how": "map"},
        "point": {**point, "metres": "25", "kind": "point"},
        "words": {"text": f"{place.name}, {place.town}. {chance.choice(WORDS['words'])}"},
    }


def _in_a_street(street: Street) -> dict[str, dict[str, Any]]:
    longitude, latitude = street.middle
    return {
        "where": {
            "find": f"{street.name}, {street.town}",
            "how": "search",
            "label": f"{street.name}, {street.town}",
            "lon": str(longitude),
            "lat": str(latitude),
            "metres": "150",
            "kind": "street",
        },
        "words": {},
    }


def _reasons(chance: Random) -> dict[str, dict[str, Any]]:
    people = _some(chance, "behaviour", 0, 2)
    answers: dict[str, dict[str, Any]] = {
        "around": _with_words(chance, "around", {"reasons": _some(chance, "environment", 1, 3)}),
        "people": _with_words(chance, "people", {"reasons": people} if people else {}),
    }
    if "followed" in people:
        answers["still"] = {"following": "over"}
    return answers


def _times(chance: Random, day: date) -> dict[str, dict[str, Any]]:
    said = chance.choice(("today", "this_week", "often", "often", "longer_ago", "not_sure"))
    answers: dict[str, dict[str, Any]] = {"when": {"when": said, "asked_on": day.isoformat()}}
    if said in {"this_week", "often", "longer_ago"}:
        answers["days"] = {"days": _some(chance, "days", 1, 3)}
    answers["part"] = {"parts": _some(chance, "parts_of_day", 1, 2)}
    return answers


def _since(chance: Random) -> dict[str, dict[str, Any]]:
    keys = [key for key in _keys("changes") if key != "nothing"]
    picked = sorted(chance.sample(keys, chance.randint(1, 3)), key=keys.index)
    return {
        "changed": _with_words(chance, "changed", {"changes": picked}),
        "about_you": {"ask": "no"},
    }


def _with_words(chance: Random, question: str, answer: dict[str, Any]) -> dict[str, Any]:
    words = chance.choice(WORDS[question])
    return {**answer, "more": words} if words else answer


def _some(chance: Random, table: str, least: int, most: int) -> list[str]:
    keys = _keys(table)
    return sorted(chance.sample(keys, chance.randint(least, most)), key=keys.index)


def _keys(table: str) -> list[str]:
    return [option["key"] for option in RULES.tables[table]["options"]]
