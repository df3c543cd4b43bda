"""An incident in words: what was recorded, who is in it, its time to be decided, its outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from safehold.design.words import day, moment
from safehold.domain import offences, outcomes, persons
from safehold.domain.access import Permission
from safehold.domain.linking import Basis
from safehold.protection import presenters
from safehold.protection.person_words import MASKED, address_words
from safehold.records.histories import looking
from safehold.records.incidents import queries
from safehold.records.people import finding
from safehold.records.staff.queries import StaffMember

_ANSWERS = (
    ("setting", "Where"),
    ("acquainted", "Who did it"),
    ("online", "Online, or on a phone"),
    ("alcohol_or_drugs", "Alcohol or drugs"),
    ("night_time", "Places open at night"),
)


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part in an incident: in words, whose it is if anybody's, and where that is changed."""

    words: str
    tied: bool
    name: str
    person: str
    what: str
    tie: str
    untie: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome in words."""

    label: str
    counts: bool
    given: str
    why: str
    reasons: str
    helped: str


def said_of(incident: Any, *, reader: StaffMember) -> list[dict[str, Any]]:
    """Say what was reported or recorded, as rows of a summary list."""
    recorded = incident.link_basis == Basis.RECORDED
    rows = [] if recorded else presenters.said_of(incident)
    said = [("When", presenters.interval_words(incident))] if recorded else []
    for name, label in _ANSWERS:
        if recorded or getattr(incident, name) != "not_asked":
            said.append((label, getattr(incident, f"get_{name}_display")()))
    if incident.offence:
        said.append(("Offence code", offences.in_words(incident.offence)))
    if incident.address_id and reader.may(Permission.OPEN_PERSON):
        opens = looking.may_read(incident.address, reader)
        said.append(("Address", address_words(incident.address) if opens else MASKED))
    return rows + [{"key": {"text": key}, "value": {"text": value}} for key, value in said]


def part_words(role: Any) -> str:
    """Say one part, and that it is or may be a child's."""
    return presenters.role_words(role)


def part_rows(incident: Any, *, reader: StaffMember) -> list[PartRow]:
    """Say who is in an incident. Whoever may open no person is told that one is tied, not who."""
    roles = queries.roles_in(incident)
    known = {}
    if reader.may(Permission.OPEN_PERSON):
        mine = [role.person_id for role in roles if role.person_id]
        visible = finding.visible_to(reader).filter(pk__in=mine)
        known = dict(visible.values_list("pk", "identity"))
    names = finding.names_of(known.values())
    may = incident.linkable and reader.may(Permission.RECORD_PEOPLE)
    return [
        _part(incident, role, known.get(role.person_id) if role.person_id else None, names, may=may)
        for role in roles
    ]


def _part(incident: Any, role: Any, identity: Any, names: Any, *, may: bool) -> PartRow:
    tied, at = role.person_id is not None, [incident.pk, role.pk]
    what = (role.get_category_display(), _relation(role.relationship))
    return PartRow(
        words=part_words(role),
        tied=tied,
        name=next(iter(names.get(identity, [])), ""),
        person=reverse("protection:person", args=[identity]) if identity else "",
        what=", ".join(filter(None, what)),
        tie=reverse("protection:part_tie", args=at) if may and not tied else "",
        # Whom one may not know of stays with whoever may.
        untie=reverse("protection:part_untie", args=at) if may and identity else "",
    )


def _relation(key: str) -> str:
    return persons.label("relationships", key).lower() if key else ""


def due_words(clock: Any, *, at: datetime) -> tuple[str, str]:
    """Say by when an officer's incident is decided, and the class of how that stands."""
    if clock is None or clock.stopped_at is not None:
        return "", ""
    late = at >= clock.due_at
    by = f"{localtime(clock.due_at):%H:%M}, {day(clock.due_at)}"
    return f"To be decided by {by}{': late' if late else ''}.", "late" if late else ""


def outcome_rows(given: Iterable[Any]) -> list[OutcomeRow]:
    """Say the outcomes that an incident was given, the last first."""
    return [_outcome(row) for row in given]


def _outcome(row: Any) -> OutcomeRow:
    kind = outcomes.TYPES.get(row.outcome)
    return OutcomeRow(
        label=kind.label if kind else row.outcome,
        counts=bool(kind and kind.counts),
        given=f"{row.get_source_display()}, {day(row.given_on)}. Recorded by"
        f" {row.recorded_by.name}, {moment(row.recorded_at)}.",
        why=row.why,
        reasons="; ".join(outcomes.labels("no_support_why", row.no_support_why)),
        helped="; ".join(outcomes.labels("would_have_helped", row.would_have_helped)),
    )
