"""Every journey that there is, by its key."""

from __future__ import annotations

from types import MappingProxyType

from safehold.domain.journey.ask_questions import ASK
from safehold.domain.journey.harm_questions import HARM
from safehold.domain.journey.place_questions import PLACE

JOURNEYS = MappingProxyType({journey.key: journey for journey in (PLACE, HARM, ASK)})

_ENDS = {"check": "Checking the answers", "sent": "The receipt"}


def step_words(step: str) -> str:
    """Say a step, such as `place.where`, as its question; one that is no more as it is kept."""
    key, _, question = step.partition(".")
    if key in JOURNEYS and question in _ENDS:
        return _ENDS[question]
    try:
        return JOURNEYS[key].question(question).heading
    except KeyError:
        return step
