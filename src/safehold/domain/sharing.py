"""What may be passed to a partner, and the file that it makes.

Pure. An answer goes only if it was ticked; who it is and how to reach them go only as parts of
their own; and the word that proves to us that it is them never goes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final

from safehold import rules
from safehold.domain.contact_profile import NEEDS, Details, Terms
from safehold.domain.journey.journeys import JOURNEYS
from safehold.domain.journey.reporter_questions import IDENTITY_KEYS
from safehold.domain.safe_contact import Week

NAME, CONTACT = "who_told", "safe_contact"
ABOUT_THEM: Final = (NAME, CONTACT)
JSON_BEGINS: Final = "----- The same for a computer (JSON) -----"
CONSENT: Final = "consent"
Lines = tuple[tuple[str, tuple[str, ...]], ...]


class Eyes(StrEnum):
    """Whether a second person looks at a share, and when."""

    NONE = "none"
    BEFORE = "before"
    AFTER = "after"


class NotShared(ValueError):
    """What was chosen cannot be shared; `field` names the question that the message is about."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that has to be said for a basis."""

    key: str
    label: str
    hint: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """A lawful basis as the rules have it."""

    key: str
    label: str
    law: str
    says: str
    eyes: Eyes
    states: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that can go: its key, and the words that go with it."""

    key: str
    question: str
    lines: Lines = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that a file says."""

    reference: str
    made_on: date
    sender: str
    return_to: str
    agency: str
    basis: Basis
    purpose: str
    told: str
    parts: tuple[Part, ...] = field(repr=False)


@cache
def bases() -> Mapping[str, Basis]:
    """Return every lawful basis by its key, in the order in which they are offered."""
    return {
        each["key"]: Basis(
            key=each["key"],
            label=each["label"],
            law=each["law"],
            says=each["says"],
            eyes=Eyes(each["eyes"]),
            states=tuple(
                Statement(one["key"], one["label"], one["hint"], one.get("optional", False))
                for one in each["states"]
            ),
        )
        for each in rules.load("sharing").tables["bases"]["options"]
    }


def basis_of(key: str) -> Basis:
    """Return a basis. Raises NotShared where there is none: nothing is shared without."""
    try:
        return bases()[key]
    except KeyError:
        raise NotShared("Choose on which basis it is shared.", field="basis") from None


def kinds() -> Mapping[str, str]:
    """Return the kinds of agency by key."""
    return _labels("agencies", "kinds")


def ways_to_check() -> Mapping[str, str]:
    """Return the ways by which a key can be checked."""
    return _labels("agencies", "ways")


def version() -> str:
    """Return the version of the rules that a share is made by."""
    return rules.load("sharing").version


def conditions() -> tuple[str, ...]:
    """Return the conditions of use that go with every file."""
    return tuple(rules.load("sharing").tables["conditions"]["lines"])


def file_stays() -> timedelta:
    """Return how long a file can be fetched."""
    return timedelta(hours=rules.load("sharing").tables["file"]["hours"])


def review_within() -> timedelta:
    """Return within what time somebody looks at a share that could not wait."""
    return timedelta(days=rules.load("sharing").tables["file"]["review_within_days"])


def may_be_offered(key: str) -> bool:
    """Tell whether an answer may go at all, ticked by itself."""
    never = rules.load("sharing").tables["never"]
    return bool(key) and not (
        key in never["answers"]
        or key in IDENTITY_KEYS
        or key in ABOUT_THEM
        or key.startswith(tuple(never["starts"]))
    )


def offered(answers: Iterable[Part], *, contact: tuple[Terms, Details] | None) -> tuple[Part, ...]:
    """Return what can go: what was said of the matter, then who told and how to reach them.

    `contact` is None where nothing that names them may go. Of two answers under one key, as no form
    of ours makes them, neither is offered.
    """
    said = [each for each in answers if each.lines and may_be_offered(each.key)]
    keys = [each.key for each in said]
    once = [each for each in said if keys.count(each.key) == 1]
    return (*once, *(_of_them(*contact) if contact else ()))


def chosen(parts: Sequence[Part], ticked: Collection[str]) -> tuple[Part, ...]:
    """Return what was ticked. Raises NotShared for nothing, or for what is not there."""
    if not ticked:
        raise NotShared("Tick what goes. Nothing is ticked yet.", field="parts")
    if set(ticked) - {part.key for part in parts}:
        raise NotShared(
            "Something that was ticked is not there any more. Tick again.", field="parts"
        )
    return tuple(part for part in parts if part.key in ticked)


def stated(basis: Basis, words: Mapping[str, str]) -> dict[str, str]:
    """Return what was said for a basis. Raises NotShared where something is missing."""
    for one in basis.states:
        if not one.optional and not words.get(one.key, "").strip():
            raise NotShared(f"Answer this: {one.label}", field=one.key)
    return {one.key: words.get(one.key, "").strip() for one in basis.states}


def must_not_have_refused(answer: str) -> None:
    """Raise NotShared where they said no: then consent is no basis, whatever else is said."""
    if answer == "no":
        raise NotShared(
            "They said no, so their agreement cannot be the basis of this.", field="basis"
        )


def must_have_agreed(
    *, answer: str, agency_kind: str, ticked: Collection[str], how_agreed: str
) -> None:
    """Raise NotShared unless a share that rests on consent has one.

    The form asks about name and safe contact for a support service, and nothing else: a yes there
    covers nothing else. After a no, consent is no basis.
    """
    must_not_have_refused(answer)
    support = rules.load("agencies").tables["support"]["kinds"]
    if answer == "yes" and agency_kind in support and set(ticked) <= set(ABOUT_THEM):
        return
    if not how_agreed.strip():
        raise NotShared(
            "Their answer on the form does not cover this: say when and how they agreed to it.",
            field="how_agreed",
        )


def question_of(key: str) -> str:
    """Return the question behind the key of a part, as our forms put it; else the key."""
    if key in _OF_THEM:
        return _OF_THEM[key]
    for name in ("harm", "ask", "place"):
        with suppress(KeyError):
            return JOURNEYS[name].question(key).heading
    return key


def fingerprint(parts: Iterable[Part]) -> str:
    """Return what is the same only where exactly the same words go."""
    plain = json.dumps([_part_as_data(part) for part in parts], ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def written(parcel: Parcel) -> str:
    """Write the file: first to be read, then the same as JSON after a line of its own.

    What somebody said stands indented, so that no words of theirs can look like a line of ours.
    """
    head = (
        f"Share {parcel.reference}, {parcel.made_on.isoformat()}",
        f"From: {parcel.sender}",
        f"To: {parcel.agency}",
        f"Basis: {parcel.basis.label} ({parcel.basis.law})",
        f"Purpose: {_one_line(parcel.purpose)}",
        f"What they were told about this: {_one_line(parcel.told)}",
        f"Return and questions: {parcel.return_to}",
    )
    text = ["Official-sensitive. Read this first.", *head, "", "Conditions"]
    text += [f"- {line}" for line in conditions()]
    for part in parcel.parts:
        text += ["", _one_line(part.question), *_indented(part.lines)]
    return "\n".join([*text, "", JSON_BEGINS, _as_json(parcel), ""])


def _as_json(parcel: Parcel) -> str:
    data = {
        "format": "share-1",
        "reference": parcel.reference,
        "made_on": parcel.made_on.isoformat(),
        "from": parcel.sender,
        "to": parcel.agency,
        "return_to": parcel.return_to,
        "basis": {"key": parcel.basis.key, "words": parcel.basis.label, "law": parcel.basis.law},
        "purpose": parcel.purpose,
        "told": parcel.told,
        "conditions": list(conditions()),
        "parts": [_part_as_data(part) for part in parcel.parts],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _part_as_data(part: Part) -> dict[str, Any]:
    said = [{"label": label, "words": list(words)} for label, words in part.lines]
    return {"key": part.key, "question": part.question, "said": said}


def with_colon(label: str) -> str:
    """Write a label as it stands before what it labels."""
    return label if not label or label.endswith("?") else f"{label}:"


def _indented(lines: Lines) -> list[str]:
    text = []
    for label, words in lines:
        if label:
            text.append(f"  {with_colon(_one_line(label))}")
        text += [f"    {line}" for each in words for line in each.splitlines() or [""]]
    return text


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _of_them(terms: Terms, details: Details) -> list[Part]:
    parts = []
    if details.name:
        parts.append(Part(NAME, _OF_THEM[NAME], (("Name", (details.name,)),)))
    rows = [(label, words) for label, words in _contact_rows(terms, details) if words]
    parts.append(
        Part(CONTACT, _OF_THEM[CONTACT], tuple((label, (words,)) for label, words in rows))
    )
    return parts


def _contact_rows(terms: Terms, details: Details) -> list[tuple[str, str]]:
    return [
        ("Never do this", details.never),
        ("Way", _WAYS.get(terms.method, "")),
        ("Number or address, or who to ask", details.to),
        ("Safe times", _week_words(terms.week)),
        ("Times when nobody must", details.times),
        ("Could anyone else see or hear it?", _SURE.get(terms.seen, "")),
        ("Who, and what they must not know", details.seen_by),
        ("A message if nobody answers", _MESSAGE.get(terms.voicemail, "")),
        ("An envelope that shows the sender", _ENVELOPE.get(terms.envelope, "")),
        ("May the person it was done to be contacted?", _SURE.get(terms.may_contact, "")),
        ("To know first", details.know_first),
        ("Another way that is safe", details.other),
        ("Language", details.language),
        ("Interpreter", {"yes": "Yes, never from the family"}.get(terms.interpreter, "")),
        (
            "Needs",
            "; ".join([*(NEEDS[key] for key in terms.needs), details.needs_more]).strip("; "),
        ),
    ]


_OF_THEM = {NAME: "Who told us", CONTACT: "How and when they can be reached safely"}
_WAYS = {
    "call": "A phone call",
    "text": "A text message",
    "email": "An email",
    "post": "A letter",
    "person": "Through someone they trust",
}
_SURE = {"yes": "Yes", "no": "No", "not_sure": "They are not sure: take it that it is not safe"}
_MESSAGE = {"yes": "Yes", "no": "No: ring off, and leave nothing"}
_ENVELOPE = {"yes": "Yes", "no": "No: a plain envelope"}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _week_words(week: Week) -> str:
    if not week.known:
        return "Not known: ask us before any contact"
    if len(set(week.days)) == 1:
        return f"Every day {_spans(week.days[0])}"
    return "; ".join(
        f"{name} {_spans(spans)}" for name, spans in zip(_DAYS, week.days, strict=True) if spans
    )


def _spans(spans: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"{_clock(start)} to {_clock(end)}" for start, end in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _labels(name: str, table: str) -> Mapping[str, str]:
    return {one["key"]: one["label"] for one in rules.load(name).tables[table]["options"]}
