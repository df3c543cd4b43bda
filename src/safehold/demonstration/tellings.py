"""Invented reports of what was done to somebody, and a question under Clare's Law, as answers.

Few, short and plain: enough to practise on, and nobody's story.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from safehold.demonstration.chance import stream
from safehold.demonstration.incidents import LOCAL

NO_NAME: dict[str, dict[str, Any]] = {"identity": {"how": "anonymous"}}


def _named(name: str, method: str, to: str, *, hidden: bool = False) -> dict[str, dict[str, Any]]:
    return {
        "identity": {"how": "hidden" if hidden else "named"},
        "name": {"name": name},
        "contact": {"method": method, "to": to},
        "contact_when": {"parts": ["morning"]},
        "contact_seen": {"answer": "no"},
        "code": {"word": "lantern"},
    }


# What differs between them; every other question is passed over. Numbers are kept for such use.
_TOLD: tuple[dict[str, dict[str, Any]], ...] = (
    {
        "who_for": {"who": "me"},
        "about": {"about": ["home", "control"]},
        **_named("Orla Winterbourne", "call", "07700 900461"),
        "what": {"text": "He checks my phone every evening and keeps my bank card."},
        "place": {"kind": "home"},
        "who": {"who": "partner"},
        "risk": {"risk": ["worse", "left"]},
        "children": {"answer": "yes"},
        "wish": {"wish": ["safe"]},
    },
    {
        "who_for": {"who": "me"},
        "about": {"about": ["stalking"]},
        **NO_NAME,
        "what": {"text": "The same car, three evenings, outside where I work."},
        "place": {"kind": "work_study"},
        "who": {"who": "ex"},
        "risk": {"risk": ["order"]},
    },
    {
        "who_for": {"who": "me"},
        "about": {"about": ["sexual"]},
        **_named("Neve Sandiford", "email", "neve@example.org", hidden=True),
        "what": {"text": "After a party. I do not want to say more here."},
        "place": {"kind": "other_home"},
        "who": {"who": "known"},
        "wish": {"wish": ["support", "unsure"]},
    },
    {
        "who_for": {"who": "professional"},
        "young_other": {"answer": "yes"},
        "about": {"about": ["honour"]},
        **_named("A teacher", "call", "01632 960733"),
        "may_contact": {"answer": "no", "more": "Her brother answers her phone."},
        "what": {"text": "She says that a ticket is booked and she has not been asked."},
        "who": {"who": "family"},
    },
    {
        "who_for": {"who": "witness"},
        "about": {"about": ["exposure"]},
        **NO_NAME,
        "what": {"text": "A man filmed women on the stairs at the station."},
        "place": {"kind": "transport"},
        "who": {"who": "stranger"},
    },
    {
        "who_for": {"who": "me"},
        "works": {"party": "yes"},
        "about": {"about": ["control", "online"]},
        **NO_NAME,
        "what": {"text": "He looks me up at work and tells me where I have been."},
        "who": {"who": "ex"},
    },
    {
        "now": {"danger": "not_sure"},
        "who_for": {"who": "someone"},
        "young_other": {"answer": "no"},
        "about": {"about": ["home"]},
        **NO_NAME,
        "what": {"text": "I hear it through the wall. Tonight it stopped all at once."},
        "place": {"kind": "other_home"},
        "who": {"who": "unknown"},
        "hurt": {"hurt": "not_sure"},
        "children": {"answer": "not_sure"},
    },
)


_ASKED: dict[str, dict[str, Any]] = {
    "who_asks": {"who": "someone"},
    "subject": {"name": "Col Hartwright", "other_names": "Cole Harte"},
    "relation": {"how": "beginning"},
    "children": {"answer": "yes"},
    "why": {"text": "My daughter has known him for a month and he already has her keys."},
    "name": {"name": "Bryn Ashdown"},
    "contact": {"method": "call", "to": "07700 900874"},
}


@dataclass(frozen=True, slots=True)
class Telling:
    """One invented report: of which journey, when it was sent, and the answers."""

    key: str
    journey: str
    sent: datetime
    answers: dict[str, dict[str, Any]]


def invent_tellings(seed: int, today: date) -> tuple[Telling, ...]:
    """Invent reports that a person could have sent, one a day up to yesterday."""
    chance = stream(seed, "tellings")
    told = [*(("harm", answers) for answers in _TOLD), ("ask", _ASKED)]
    return tuple(
        Telling(
            f"telling-{number:02}",
            journey,
            datetime.combine(
                today - timedelta(days=len(told) + 1 - number),
                time(chance.randrange(6, 24), chance.randrange(60)),
                LOCAL,
            ),
            answers,
        )
        for number, (journey, answers) in enumerate(told, 1)
    )
