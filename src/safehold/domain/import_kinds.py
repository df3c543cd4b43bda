"""What may be taken from a records system's extract: kinds of rows, and the fields of each.

A field that the force maps no column to is left as not known; nothing is guessed. The words of
lists that the store holds stand here too, since a column map is read before any store is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from safehold.domain import orders, outcomes, persons
from safehold.domain.contact_profile import METHODS, NEEDS
from safehold.domain.safe_contact import DAYS
from safehold.rules import load

CLASSIFICATIONS: Final = (
    "environment", "behaviour", "domestic", "control", "sexual", "stalking", "honour", "spiking",
    "exposure", "online", "not_classified",
)  # fmt: skip
PARTS: Final = ("victim", "suspect", "witness", "reporter", "child")
ANSWERS: Final = ("yes", "no", "not_known", "not_asked")
SETTINGS: Final = ("public", "private", "online", "not_known", "not_asked")
ACQUAINTED: Final = ("stranger", "known", "not_known", "not_asked")
CASES: Final = ("protection", "investigation", "dvds", "place")
LONG: Final = 4_000  # characters of a note, or of an order's conditions
REFERENCE: Final = 60


class Sort(StrEnum):
    """How a field's value is read."""

    TEXT = "text"
    WORD = "word"
    YES = "yes"
    DAY = "day"
    MOMENT = "moment"
    BIRTH = "birth"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of ours.

    `needed` ones refuse a row that lacks them; `many` may come several times in a row; `variants`
    are the words that `as` may say, the first where a map says none. A value of a yes-or-no field
    that nobody knows counts as `unless_known`, where that is safer than nothing.
    """

    sort: Sort
    words: tuple[str, ...] = ()
    longest: int = persons.LONGEST_VALUE
    needed: bool = False
    many: bool = False
    variants: tuple[str, ...] = ()
    as_needed: bool = False
    future: bool = False
    to: str = ""
    unless_known: bool | None = None


def _text(longest: int = persons.LONGEST_VALUE, **more: object) -> Field:
    return Field(Sort.TEXT, longest=longest, **more)  # type: ignore[arg-type]  # keywords of Field


def _word(words: tuple[str, ...], **more: object) -> Field:
    return Field(Sort.WORD, words=words, **more)  # type: ignore[arg-type]  # keywords of Field


def _to(kind: str, **more: object) -> Field:
    return Field(Sort.REFERENCE, to=kind, **more)  # type: ignore[arg-type]  # keywords of Field


def _keys(name: str) -> tuple[str, ...]:
    return tuple(persons.keys(name))


_PARTS_OF_DAY = tuple(row["key"] for row in load("unsafe_places").tables["parts_of_day"]["options"])
_COLLEAGUE = Field(Sort.YES, unless_known=True)
_ABOUT_SOMEBODY: Final[Mapping[str, Field]] = {
    "name": _text(persons.LONGEST_NAME, many=True, variants=_keys("names")),
    "born": Field(Sort.BIRTH, variants=("said", "document", "guessed")),
    "contact": _text(many=True, variants=_keys("contacts"), as_needed=True),
    "home_line": _text(),
    "home_town": _text(80),
    "home_postcode": _text(10),
    "home_since": Field(Sort.DAY),
    "home_until": Field(Sort.DAY),
    "home_protected": Field(Sort.YES, unless_known=True),
    "need": _word(_keys("needs"), many=True),
    "trait": _text(variants=_keys("characteristics"), as_needed=True),
    "flag": _word(_keys("flags"), many=True),
}

KINDS: Final[Mapping[str, Mapping[str, Field]]] = {
    "people": {**_ABOUT_SOMEBODY, "colleague": _COLLEAGUE},
    # A table of its own beside the people, one row an alias, a number, an address or a flag.
    "facts": {**_ABOUT_SOMEBODY, "person": _to("people", needed=True)},
    "incidents": {
        "began": Field(Sort.MOMENT),
        "ended": Field(Sort.MOMENT),
        "classification": _word(CLASSIFICATIONS),
        "setting": _word(SETTINGS),
        "acquainted": _word(ACQUAINTED),
        "online": _word(ANSWERS),
        "alcohol_or_drugs": _word(ANSWERS),
        "night_time": _word(ANSWERS),
        "offence": _text(12),
        "crime": Field(Sort.YES),
        "note": _text(LONG),
        "address_line": _text(),
        "address_town": _text(80),
        "address_postcode": _text(10),
        "colleague": _COLLEAGUE,
    },
    "roles": {
        "incident": _to("incidents", needed=True),
        "person": _to("people", needed=True),
        "part": _word(PARTS, needed=True),
        "category": _word(_keys("categories")),
        "relationship": _word(_keys("relationships")),
    },
    "cases": {
        "kind": _word(CASES, needed=True),
        "owner": _text(150),
        "team": _text(80),
        "opened": Field(Sort.MOMENT),
        "incident": _to("incidents", many=True),
        "party": _to("people", many=True, variants=PARTS, as_needed=True),
        "restricted": Field(Sort.YES, unless_known=True),
        "colleague": _COLLEAGUE,
    },
    "orders": {
        "kind": _word(tuple(orders.ORDERS), needed=True),
        "reference": _text(REFERENCE),
        "respondent": _to("people", needed=True),
        "protected": _to("people", many=True),
        "made_on": Field(Sort.DAY),
        "begins": Field(Sort.DAY, future=True),
        "expires": Field(Sort.DAY, future=True),
        "authority": _text(),
        "condition": _text(LONG, many=True, variants=tuple(orders.CONDITIONS)),
        "power_of_arrest": Field(Sort.YES),
        "served": Field(Sort.MOMENT),
        "served_how": _word(tuple(orders.METHODS)),
        "served_by": _text(120),
        "proof": _text(),
        "ended": Field(Sort.DAY),
        "ended_why": _text(),
    },
    "marac": {
        "victim": _to("people", needed=True),
        "accused": _to("people", needed=True, many=True),
        "referred_on": Field(Sort.DAY, needed=True),
        "meeting_on": Field(Sort.DAY, future=True),
        "agency": _text(120),
    },
    "outcomes": {
        "incident": _to("incidents", needed=True),
        "outcome": _word(tuple(outcomes.TYPES), needed=True),
        "given_on": Field(Sort.DAY, needed=True),
        "why": _text(LONG),
        "no_support_why": _word(tuple(outcomes.keys("no_support_why")), many=True),
        "would_have_helped": _word(tuple(outcomes.keys("would_have_helped")), many=True),
    },
    # One row names one agency, or one person, that gets nothing of a case.
    "must_not_receive": {
        "case": _to("cases", needed=True),
        "agency": _text(120),
        "person": _to("people"),
        "why": _text(LONG),
    },
    "safe_contact": {
        "person": _to("people", needed=True),
        "method": _word(METHODS, needed=True),
        "days": _word(DAYS, many=True),
        "parts": _word(_PARTS_OF_DAY, many=True),
        "seen": _word(("yes", "no", "not_sure")),
        "voicemail": _word(("yes", "no")),
        "envelope": _word(("yes", "no")),
        "officer": _word(("woman", "man", "either")),
        "interpreter": _word(("yes", "no")),
        "needs": _word(tuple(NEEDS), many=True),
        **{
            name: _text(2_000)
            for name in (
                "name", "to", "times", "seen_by", "code", "language", "other", "never",
                "know_first", "needs_more",
            )
        },
    },
}  # fmt: skip
