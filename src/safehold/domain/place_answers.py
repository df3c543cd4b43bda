"""Answers about a place: whose matter it is, how far it is, and what may not stand in the words."""

from __future__ import annotations

import re
from enum import StrEnum

SHORTEST, LONGEST = 10, 400  # characters
_CLOCK = re.compile(r"\b\d{1,2}\s?[:.]\s?\d{2}\b|\b\d{1,2}\s?(am|pm)\b|\bo.?clock\b", re.IGNORECASE)
_REACHED = re.compile(r"@|https?:|www\.|(\d[\s-]?){6,}", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
_HOUSE = re.compile(r"\b\d+[a-z]?\s+[A-Z][a-z]+\s+(Road|Street|Lane|Row|Avenue|Close|Way|Drive)\b")


class OwnerKind(StrEnum):
    """Who can do something about a place; never which person."""

    LIGHTING = "council_lighting"
    HIGHWAYS = "highways"
    VENUE = "venue"
    TRANSPORT = "transport"
    POLICE = "police"
    OTHER = "other"


class AnswerStatus(StrEnum):
    """How far it is."""

    TOLD = "told"
    LOOKING = "looking"
    DONE = "done"
    WILL_NOT = "will_not"


OWNERS = {
    OwnerKind.LIGHTING: "The council, for street lights",
    OwnerKind.HIGHWAYS: "The council, for roads and paths",
    OwnerKind.VENUE: "A pub, club or shop",
    OwnerKind.TRANSPORT: "Buses, trains or taxis",
    OwnerKind.POLICE: "The police",
    OwnerKind.OTHER: "Someone else",
}
STATUSES = {
    AnswerStatus.TOLD: "Told",
    AnswerStatus.LOOKING: "Being looked at",
    AnswerStatus.DONE: "Done",
    AnswerStatus.WILL_NOT: "Will not be done",
}


def trouble_with(text: str) -> str:
    """Say what is wrong with the words of an answer, in one sentence; empty where nothing is.

    A machine finds times, addresses and numbers. Names and someone's story only a person finds.
    """
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        return f"Say it in {SHORTEST} to {LONGEST} letters."
    if _CLOCK.search(text):
        return "Leave out the time of day: it tells when nobody is there, or when she was."
    if _POSTCODE.search(text) or _HOUSE.search(text):
        return "Leave out postcodes and house numbers: the page names an area, never a door."
    if _REACHED.search(text):
        return "Leave out phone numbers, email addresses and links."
    return ""
