"""Rows of the audit as a reader meets them: names and references, each leading to its own rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from safehold.design.words import moment
from safehold.domain.access import Permission
from safehold.protection.presenters import hour_words
from safehold.records.agencies import queries as agencies
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, ActorKind
from safehold.records.audit.presenters import Line, present
from safehold.records.cases import queries as cases
from safehold.records.exports import queries as exports
from safehold.records.feedback import queries as feedback
from safehold.records.incidents import queries as incidents
from safehold.records.people import queries as people
from safehold.records.places import queries as places
from safehold.records.risk import queries as risk
from safehold.records.shares import queries as shares
from safehold.records.staff.queries import StaffMember, names_of
from safehold.records.triage import queries as triage

# The worker's rows are kept to the hour, so that no minute tells when a report came.
_KEPT_TO_THE_HOUR = {Action.SLIP_OPENED, Action.SLIP_SEALED}
_RECORDS = (
    "report",
    "feedback",
    "incident",
    "place",
    "application",
    "contact",
    "call",
    "share",
    "agency",
    "pile",
    "linked",
    "person",
    "case",
    "export",
    "address",
    "import",
    "assessment",
    "deadline",
    "order",
)
_A_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row in words; `sentence` is markup with its links."""

    sequence: int
    when: str
    sentence: Markup
    agency: str
    reason: str


def rows_of(events: Iterable[Any], *, reader: StaffMember) -> list[Row]:
    """Say audit rows in words, telling the reader no more of a subject than they may know."""
    lines = [present(event) for event in events]
    names = _names(lines, reader)
    return [_row(line, names) for line in lines]


def is_well_formed(subject: About) -> bool:
    """Tell whether a subject may be one of ours: a row, or an address, can hold any text."""
    if subject.kind == "member":
        return re.fullmatch(r"[0-9]{1,18}", subject.identifier) is not None
    if subject.kind == "key":
        return re.fullmatch(r"[0-9a-f]{16}", subject.identifier) is not None
    return subject.kind in _RECORDS and _A_KEY.fullmatch(subject.identifier) is not None


def subject_words(subject: About, *, reader: StaffMember) -> str:
    """Name one subject for the heading of its rows."""
    words = _words(subject, _named([subject], reader))
    return words[:1].upper() + words[1:]


def _row(line: Line, names: _Names) -> Row:
    by_a_person = line.actor_kind == ActorKind.PERSON
    actor = About("member", line.actor_id) if by_a_person else None
    who = _link(actor, names) if actor else Markup.escape(f"The {line.actor}")
    before, _, after = line.verb.partition("{subject}")
    coarse = not by_a_person and line.action in _KEPT_TO_THE_HOUR
    return Row(
        sequence=line.sequence,
        when=hour_words(line.at) if coarse else moment(line.at),
        sentence=Markup("{} {}{}{}").format(who, before, _link(line.subject, names), after),
        agency=line.agency,
        reason=line.reason,
    )


def _names(lines: Sequence[Line], reader: StaffMember) -> _Names:
    actors = [About("member", line.actor_id) for line in lines]
    return _named([*actors, *(_looked_into(line.subject) for line in lines)], reader)


def _looked_into(subject: About) -> About:
    # Whoever reads the rows of a subject leaves a row about that: "audit", then the subject.
    kind, _, identifier = subject.identifier.partition(" ")
    return About(kind, identifier) if subject.kind == "audit" else subject


def _named(subjects: Iterable[About], reader: StaffMember) -> _Names:
    asked: dict[str, set[str]] = {}
    for subject in filter(is_well_formed, subjects):
        asked.setdefault(subject.kind, set()).add(subject.identifier)
    sees_places = reader.may(Permission.SEE_PLACES)
    found = {
        "member": names_of(asked.get("member", ())),
        "report": triage.references_of(asked.get("report", ()), by=reader),
        "feedback": feedback.references_of(asked.get("feedback", ()), by=reader),
        "incident": incidents.references_of(asked.get("incident", ()), by=reader),
        "person": people.references_of(asked.get("person", ()), by=reader),
        "case": cases.references_of(asked.get("case", ()), by=reader),
        "export": exports.references_of(asked.get("export", ()), by=reader),
        "assessment": risk.references_of(asked.get("assessment", ()), by=reader),
        "share": shares.references_of(asked.get("share", ()), by=reader),
        "agency": agencies.names_of(asked.get("agency", ())),
        "place": places.names_of(asked.get("place", ()), by=reader) if sees_places else {},
    }
    return {
        (kind, identifier): name
        for kind, names in found.items()
        for identifier, name in names.items()
    }


def _words(subject: About, names: _Names) -> str:
    name = names.get((subject.kind, subject.identifier), "")
    if subject.kind == "member":
        return name or ("a member who is gone" if subject.identifier else "an unknown name")
    if subject.kind == "keys":
        return "the keys"
    if subject.kind in _RECORDS:
        return f"{subject.kind} {name or subject.identifier[:8]}"
    return str(subject)


def _link(subject: About, names: _Names) -> Markup:
    inner = _looked_into(subject)
    words = _words(inner, names)
    if is_well_formed(inner):
        query = urlencode({"about": inner.kind, "id": inner.identifier})
        address = f"{reverse('protection:looks')}?{query}"
        words = Markup('<a href="{}">{}</a>').format(address, words)
    if subject.kind != "audit":
        return Markup.escape(words)
    return Markup("who looked at {}").format(words) if inner.kind else Markup("who looked")
