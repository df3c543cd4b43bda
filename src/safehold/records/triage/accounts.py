"""An opened account, read tolerantly: what this version does not know is shown as it came."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from safehold.domain import linking
from safehold.domain.contact_profile import Details, Terms, told
from safehold.domain.journey.harm import KINDS as HARM_KINDS
from safehold.domain.journey.journeys import JOURNEYS
from safehold.domain.journey.made import SAFEGUARDING
from safehold.domain.journey.summary import under_labels
from safehold.records.incidents.models import Part, Sure, TimePrecision
from safehold.records.incidents.operations import Happening, RoleTold
from safehold.records.places.models import Precision
from safehold.records.places.operations import Spot
from safehold.records.triage.own_words import own_words

PLACE_REPORT = "place"
_KNOWN = {
    "kind",
    "journey",
    "sent_in_hour",
    "route",
    "must_not_receive",
    "place",
    "when",
    "roles",
    "answers",
    "files",
    "proof",
    "typed",
}
# What an officer reads before any call, in one place.
BEFORE_CONTACT = frozenset(
    {
        "name",
        "contact",
        "contact_when",
        "contact_seen",
        "voicemail",
        "letter",
        "code",
        "language",
        "if_urgent",
        "officer",
        "may_contact",
        "needs",
    }
)
_KNOWN_OF_AN_ANSWER = {"key", "question", "fields", "said", "labels", "notice", "skipped"}
_A_KEY = re.compile(r"[a-z0-9_.-]{1,40}")
# What a page called "you" is somebody else to whoever reads it.
_AS_READ = {"About you": "About who told us", "You": "Who told us"}
_PRECISIONS = {
    "point": Precision.POINT,
    "street": Precision.STREET,
    "postcode": Precision.POSTCODE,
    "town": Precision.TOWN,
}


class AccountUnreadable(ValueError):
    """What was opened is not an account."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question as it was put, and what was said; no lines where nothing was.

    `parts` are the same lines under the labels of their fields; a label is empty where the
    question says it, and in accounts from before labels were kept.
    """

    question: str
    lines: tuple[str, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one part of a journey, in the order in which they were given."""

    name: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a report: what her device called it, and the key of its parts."""

    file_id: UUID
    name: str
    key: str = field(repr=False)
    size: int
    parts: int
    intimate: bool
    place: bool


@dataclass(frozen=True, slots=True)
class Account:
    """What a person told us, in memory for one request; never stored opened.

    `place_name` is the gazetteer's, empty for a place in words alone. `unknown` holds parts that
    this version has no place for, as text.
    """

    report_id: UUID
    kind: str
    groups: tuple[Group, ...]
    place_name: str
    place_words: str
    spot: Spot
    happening: Happening
    roles: tuple[RoleTold, ...]
    route: str
    before_contact: tuple[Answer, ...]
    contact: tuple[Terms, Details] | None
    how_told: str
    may_share: str
    files: tuple[SentFile, ...]
    call_id: str
    basis: linking.Basis
    own_words: str = field(repr=False)
    unknown: tuple[tuple[str, str], ...]

    @property
    def about_somebody(self) -> bool:
        """Tell whether it is about what was done to somebody, and so has no place of its own."""
        return self.kind in HARM_KINDS


def read_identity(payload: bytes) -> tuple[Answer, ...]:
    """Read a hidden name from what was sealed. Raises AccountUnreadable where it is none."""
    answers = _answers(_content(payload).get("answers"))
    return tuple(_answer(each) for each in answers if each.get("notice") is not True)


def read_hidden_contact(payload: bytes) -> tuple[Terms, Details] | None:
    """Read from a hidden name how to reach whoever it is; None without a way.

    Raises AccountUnreadable where it is none.
    """
    return told(_given(_answers(_content(payload).get("answers"))))


def read_account(payload: bytes, *, report_id: UUID) -> Account:
    """Read an account from what was sealed. Raises AccountUnreadable where it is none."""
    content = _content(payload)
    place, answers = _mapping(content.get("place")), _answers(content.get("answers"))
    label, words = _text(place.get("label")), _text(place.get("words"))
    return Account(
        report_id=report_id,
        kind=_text(content.get("kind")),
        groups=tuple(_groups(answers, _text(_mapping(content.get("journey")).get("key")))),
        place_name=label[:200],
        place_words=", ".join(part for part in (label, words) if part) or "Not said",
        spot=_spot(place),
        happening=_happening(content, answers),
        roles=tuple(_roles(content.get("roles"))),
        before_contact=tuple(
            _answer(each)
            for each in answers
            if _text(each.get("key")) in BEFORE_CONTACT and _words(each.get("said"))
        ),
        contact=told(_given(answers)),
        how_told=_first(_given(answers), "identity", "how"),
        may_share=_first(_given(answers), "share", "answer"),
        route=_one_of(content.get("route"), ("ask", "know")),
        call_id=_text(_mapping(content.get("typed")).get("call_id")),
        own_words=own_words(answers, _text(_mapping(content.get("journey")).get("key"))),
        basis=_basis(_text(content.get("kind")), _given(answers)),
        files=tuple(_files(content.get("files"))),
        unknown=tuple(_unknown(content, answers)),
    )


def _basis(kind: str, given: Mapping[str, Mapping[str, tuple[str, ...]]]) -> linking.Basis:
    def first(question: str, name: str) -> str:
        return next(iter(given.get(question, {}).get(name, ())), "")

    return linking.basis_of(
        about_somebody=kind in HARM_KINDS,
        how=first("identity", "how"),
        name=first("name", "name"),
        said=first(linking.QUESTION, linking.FIELD),
    )


def _content(payload: bytes) -> dict[str, Any]:
    try:
        content = json.loads(payload)
    except ValueError as error:
        raise AccountUnreadable("What was opened is not an account.") from error
    if not isinstance(content, dict):
        raise AccountUnreadable("What was opened is not an account.")
    return content


def _answer(answer: Mapping[str, Any]) -> Answer:
    lines = _words(answer.get("said"))
    return Answer(
        _text(answer.get("question")) or "Question",
        lines,
        under_labels(zip(_labels(answer, len(lines)), lines, strict=True)),
        _text(answer.get("key")),
    )


def _labels(answer: Mapping[str, Any], count: int) -> tuple[str, ...]:
    given = answer.get("labels")
    if not isinstance(given, list) or len(given) != count:
        return ("",) * count
    return tuple(_text(label) for label in given)


def _spot(place: Mapping[str, Any]) -> Spot:
    longitude, latitude = _number(place.get("lon")), _number(place.get("lat"))
    if longitude is None or latitude is None or abs(longitude) > 180 or abs(latitude) > 90:
        return Spot(None, None, None, Precision.WORDS)
    metres = _number(place.get("metres"))
    return Spot(
        longitude,
        latitude,
        None if metres is None else round(abs(metres)),
        _PRECISIONS.get(_text(place.get("kind")), Precision.TOWN),
    )


def _happening(content: Mapping[str, Any], answers: Iterable[Mapping[str, Any]]) -> Happening:
    when = _mapping(content.get("when"))
    by_key = {_text(answer.get("key")): _mapping(answer.get("fields")) for answer in answers}
    start, end = _moment(when.get("start")), _moment(when.get("end"))
    precision = _text(when.get("precision"))
    if precision not in TimePrecision.values or (start and end and end < start):
        start = end = None
        precision = TimePrecision.NOT_SAID
    return Happening(
        starts_at=start,
        ends_at=end,
        time_precision=TimePrecision(precision),
        days=_keys(when.get("days")),
        parts_of_day=_keys(when.get("parts")),
        environment=_keys(by_key.get("around", {}).get("reasons")),
        behaviours=_keys(by_key.get("people", {}).get("reasons")),
        changes=_keys(by_key.get("changed", {}).get("changes")),
        rules_version="".join(_keys(_mapping(content.get("journey")).get("version")))[:20],
    )


def _files(value: object) -> Iterator[SentFile]:
    for each in _answers(value):
        try:
            file_id = UUID(_text(each.get("id")))
        except ValueError:
            continue
        size, parts = _number(each.get("size")), _number(each.get("parts"))
        yield SentFile(
            file_id=file_id,
            name=_text(each.get("name")),
            key=_text(each.get("key")),
            size=int(size or 0),
            parts=int(parts or 0),
            intimate=each.get("intimate") is True,
            place=each.get("place") is True,
        )


def _roles(value: object) -> Iterator[RoleTold]:
    # Stored unsealed like the keys below: only what the lists of parts know, in words of ours.
    for each in _answers(value):
        part, child = _text(each.get("role")), _text(each.get("child"))
        if part not in Part.values:
            continue
        if part == Part.CHILD and child not in Sure.values:
            child = Sure.NOT_SURE
        if child in Sure.values:
            yield RoleTold(Part(part), Sure(child), SAFEGUARDING)
        else:
            yield RoleTold(Part(part))


def _groups(answers: Iterable[Mapping[str, Any]], journey: str) -> list[Group]:
    gathered: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.get("notice") is True:
            continue
        said = _answer(answer)
        gathered.setdefault(_group_name(journey, _text(answer.get("key"))), []).append(said)
    return [Group(name, tuple(said)) for name, said in gathered.items()]


def _group_name(journey: str, key: str) -> str:
    try:
        name = JOURNEYS[journey].question(key).group or "Other answers"
    except KeyError:
        return "Other answers"
    return _AS_READ.get(name, name)


def _unknown(
    content: Mapping[str, Any], answers: Iterable[Mapping[str, Any]]
) -> list[tuple[str, str]]:
    found = [(key, value) for key, value in content.items() if key not in _KNOWN]
    for answer in answers:
        found += [(key, value) for key, value in answer.items() if key not in _KNOWN_OF_AN_ANSWER]
    return [(key, json.dumps(value, ensure_ascii=False)) for key, value in found]


def _answers(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _chosen(answer: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: _words(value) for name, value in _mapping(answer.get("fields")).items()}


def _given(answers: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {_text(each.get("key")): _chosen(each) for each in answers}


def _first(given: Mapping[str, Mapping[str, tuple[str, ...]]], question: str, field: str) -> str:
    return next(iter(given.get(question, {}).get(field, ())), "")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _words(value: object) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [value]
    return tuple(each for each in given if isinstance(each, str) and each)


def _keys(value: object) -> tuple[str, ...]:
    # These are stored unsealed, so nothing passes that could be a sentence of hers.
    return tuple(word for word in _words(value) if _A_KEY.fullmatch(word))


def _one_of(value: object, known: tuple[str, ...]) -> str:
    said = _text(value)
    return said if said in known else ""


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e9 else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
