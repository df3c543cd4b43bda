"""A typed postcode, street or town: found, chosen from several, or told another way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop

from safehold.domain.journey.answers import Answers, Entry
from safehold.domain.journey.checking import check
from safehold.domain.journey.place_questions import RULES
from safehold.domain.journey.sentences import Sentence
from safehold.domain.journey.specification import Field, Kind, Option, Question, holds
from safehold.public.report import in_words
from safehold.public.report.posted import Posted
from safehold.public.report.reading import FINISH, SKIP, STAY, Reading, plainly
from safehold.records.gazetteer import queries
from safehold.records.gazetteer.queries import KnownPlace, PostcodeStatus

FIND, MAP, WORDS = "find", "map", "words"
MOST_CANDIDATES = 8
NOT_IN_THAT_TOWN = Sentence(
    "We know none of that name in the town you typed. These are elsewhere: choose one only if it "
    "is the place you mean."
)
THERE_ARE_MORE = Sentence(
    "There are more than the %(shown)s shown here. If yours is missing, go back and put the town "
    "after a comma, or choose another way below.",
    shown=MOST_CANDIDATES,
)
UNKNOWN_POSTCODE = Sentence(
    "We do not know that postcode here. Check it, type a street or town instead, or choose another "
    "way below."
)
NO_POSTCODES = Sentence(
    "We cannot look postcodes up here. Type a street or a town, or choose another way below."
)
NO_SUCH_NAME = gettext_noop(
    "We know no place of that name in %(area)s. Check the spelling, type a postcode or town "
    "instead, or choose another way below."
)
POSTCODE_OUTSIDE = gettext_noop(
    "That postcode is outside %(area)s, where %(force)s cannot act: call %(phone)s to reach the "
    "police there, or tell us in your own words."
)
PLACE_OUTSIDE = gettext_noop(
    "That place is outside %(area)s, where %(force)s cannot act: call %(phone)s to reach the "
    "police there, or tell us in your own words."
)
PRECISION = RULES.tables["precision"]
OTHER_WAYS = (
    Option(MAP, gettext_noop("None of these: I will show it on a map")),
    Option(WORDS, gettext_noop("None of these: I will say it in my own words")),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: places to choose from, or the sentence that says why there is none.

    `doubts` are sentences for whoever chooses; with one, even a single place is to be confirmed.
    """

    places: tuple[KnownPlace, ...] = ()
    problem: Sentence | None = None
    doubts: tuple[Sentence, ...] = ()


def look_up(text: str) -> Found:
    """Look typed text up as a postcode, then as a name."""
    answer = queries.find_postcode(text)
    match answer.status:
        case PostcodeStatus.FOUND if answer.place is not None:
            return Found((_near_by(answer.place),))
        case PostcodeStatus.NOT_A_POSTCODE:
            return _named(text)
        case PostcodeStatus.OUTSIDE:
            return Found(problem=_outside(POSTCODE_OUTSIDE))
        case PostcodeStatus.UNKNOWN:
            return Found(problem=UNKNOWN_POSTCODE)
        case _:
            return Found(problem=NO_POSTCODES)


def read_where(question: Question, posted: Posted, answers: Answers) -> Reading:
    """Read a search, or a wish to show the place or to say it in words. What was typed is kept."""
    checked = check(question, posted.values, today=localdate())
    if checked.problems:
        return Reading(problems=checked.problems)
    typed = str(checked.entry.get("find", ""))
    kept: Entry = {"find": typed} if typed else {}
    if posted.do in {MAP, WORDS}:
        return Reading({**kept, "how": posted.do})
    if posted.do == STAY:
        unchanged = typed and typed == answers.one("where", "find")
        return Reading(answers.entry("where") if unchanged else kept, stay=True)
    if not holds(question.needed, answers) and (not typed or posted.do in {SKIP, FINISH}):
        return Reading(kept)
    if not typed:
        return Reading(problems={"find": Sentence(question.missing)})
    return _searched(typed, kept)


def _searched(typed: str, kept: Entry) -> Reading:
    if not queries.is_loaded():
        return Reading({**kept, "how": WORDS})
    found = look_up(typed)
    if found.problem:
        return Reading(problems={"find": found.problem})
    if len(found.places) > 1 or found.doubts:
        return Reading({**kept, "how": FIND, "matches": "several"})
    return Reading({**kept, "how": FIND, "matches": "one", **_as_entry(found.places[0])})


def read_which(question: Question, posted: Posted, answers: Answers) -> Reading:
    """Read the choice among several places of the same name."""
    read = plainly(question, posted, answers)
    for place in _candidates(answers):
        if read.entry.get("pick") == _key(place):
            return replace(read, entry={**read.entry, **_as_entry(place)})
    return read


def which_as_asked(question: Question, answers: Answers) -> Question:
    """Give the question with the places found as its answers."""
    options = [Option(_key(place), place.label) for place in _candidates(answers)]
    pick = Field("pick", Kind.ONE, question.heading, options=(*options, *OTHER_WAYS), shown=False)
    return replace(question, fields=(pick,))


def shown_where(answers: Answers) -> dict[str, Any]:
    """Give what the search page shows besides its box."""
    return {"searchable": queries.is_loaded(), "mapped": queries.force_boundary() is not None}


def shown_which(answers: Answers) -> dict[str, Any]:
    """Give what to know when choosing, and the text that the page carries if the draft is lost."""
    typed = answers.one("where", "find")
    doubts = look_up(typed).doubts if typed else ()
    return {"typed": typed, "doubts": [in_words.sentence(each) for each in doubts]}


def understood(answers: Answers) -> str:
    """Name the place that a search came to, or give an empty text."""
    return answers.one("which", "label") or answers.one("where", "label")


def shown_words(answers: Answers) -> dict[str, Any]:
    """Give the place that is to be told more exactly."""
    return {"understood": in_words.place(understood(answers))}


def words_so_far(answers: Answers) -> Entry:
    """Give what is already written of the place in words, a search that led here included."""
    entry = answers.entry("words")
    if not entry and answers.one("where", "how") == WORDS:
        return {"text": answers.one("where", "find")}
    return entry


def nearby(answers: Answers) -> KnownPlace | None:
    """Give the place that was found or searched for, to put a map over it."""
    entry = answers.entry("which") if answers.one("which", "lon") else answers.entry("where")
    if "lon" in entry:
        return KnownPlace(
            name=str(entry["label"]),
            kind=str(entry["kind"]),
            town="",
            district="",
            longitude=float(str(entry["lon"])),
            latitude=float(str(entry["lat"])),
        )
    return next(iter(_candidates(answers)), None)


def _candidates(answers: Answers) -> tuple[KnownPlace, ...]:
    typed = answers.one("where", "find")
    return look_up(typed).places if typed else ()


def _named(text: str) -> Found:
    named = queries.find_places(text, limit=4 * MOST_CANDIDATES, area_name=settings.FORCE.area_name)
    if not named.places:
        return Found(problem=Sentence(NO_SUCH_NAME, area=settings.FORCE.area_name))
    ours = [place for place in named.places if not _is_outside(place)]
    if not ours:
        return Found(problem=_outside(PLACE_OUTSIDE))
    doubts = []
    if named.town_unknown:
        doubts.append(NOT_IN_THAT_TOWN)
    if named.more or len(ours) > MOST_CANDIDATES:
        doubts.append(THERE_ARE_MORE)
    return Found(tuple(ours[:MOST_CANDIDATES]), doubts=tuple(doubts))


def _near_by(postcode: KnownPlace) -> KnownPlace:
    # A postcode alone does not show a slip of the finger; the street that it led to does.
    lon, lat = postcode.longitude, postcode.latitude
    street, town = queries.nearest_named(lon, lat), queries.nearest_town(lon, lat)
    return replace(
        postcode,
        name=(
            in_words.NEAR_BY % {"postcode": postcode.name, "street": street.name}
            if street
            else postcode.name
        ),
        town=postcode.town or (town.name if town else ""),
    )


def _is_outside(place: KnownPlace) -> bool:
    return queries.inside_force_area(place.longitude, place.latitude) is False


def _outside(message: str) -> Sentence:
    force = settings.FORCE
    return Sentence(
        message, area=force.area_name, force=force.name, phone=force.phones.non_emergency
    )


def _key(place: KnownPlace) -> str:
    return f"{place.longitude:.5f} {place.latitude:.5f} {place.kind}"


def _as_entry(place: KnownPlace) -> Entry:
    metres = int(PRECISION[place.kind])
    return {
        "label": place.label,
        "lon": f"{place.longitude:.6f}",
        "lat": f"{place.latitude:.6f}",
        "metres": str(metres),
        "kind": place.kind,
        "rough": "yes" if metres > PRECISION["rough_from"] else "no",
    }
