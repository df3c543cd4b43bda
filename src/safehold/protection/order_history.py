"""What happened with an order, in one order: who, when and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from safehold.design.words import day, moment
from safehold.domain import order_zones, orders
from safehold.protection import order_words
from safehold.records.orders import serving
from safehold.records.orders.queries import Came, Whole


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened."""

    when: str
    what: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service or attempt; `wrong` says why it does not hold, `end` where that is said."""

    what: str
    words: str
    wrong: str
    late: bool
    end: str


@dataclass(frozen=True, slots=True)
class BreachRow:
    """One incident that may be a breach, and what was decided."""

    path: str
    reference: str
    opened: str
    crime: str
    becomes: str
    decide: str


def history(found: Whole, *, secret: frozenset[str]) -> list[Told]:
    """Say all that happened with an order, the last first."""
    entries = [*_acts(found), *_services(found), *_conditions(found), *_told(found)]
    entries += [*_exempt(found), *_broken(found)]
    entries.sort(key=lambda each: each[0], reverse=True)
    return [
        Told(
            moment(at),
            what,
            tuple(order_zones.shown(line, secret) for line in lines if line),
        )
        for at, what, lines in entries
    ]


def service_rows(found: Whole, *, secret: frozenset[str]) -> list[ServiceRow]:
    """Say how an order was served, with the attempts and what was wrong."""
    order = found.standing.order
    return [
        ServiceRow(
            what=one.get_came_display(),
            words=order_zones.shown(order_words.service_words(one), secret),
            wrong=f"{one.ended_by.name}, {moment(one.ended_at)}: {one.ended_why}"
            if one.ended_by and one.ended_at
            else "",
            late=one.ended_at is None and serving.came_too_late(order, one),
            end=reverse("protection:order_end_row", args=[order.pk, "service", one.pk])
            if one.ended_at is None
            else "",
        )
        for one in found.services
    ]


def breach_rows(found: Whole) -> list[BreachRow]:
    """Say which incidents may be a breach, and what was decided of each."""
    crime = found.standing.sort.breach_is_a_crime
    return [
        BreachRow(
            path=reverse("protection:incident", args=[one.incident_id]),
            reference=one.incident.reference,
            opened=f"{moment(one.recorded_at)}, {one.recorded_by.name}",
            crime=one.incident.get_crime_decision_display(),
            becomes="" if crime else one.get_decided_display(),
            decide=""
            if crime or one.decided
            else reverse("protection:order_breach_decide", args=[one.pk]),
        )
        for one in found.breaches
    ]


def told_lines(found: Whole, *, secret: frozenset[str]) -> list[str]:
    """Say what he told the police, the last first."""
    return [order_zones.shown(_notified(one), secret) for one in found.notified]


_Entry = tuple[datetime, str, list[str]]


def _acts(found: Whole) -> Iterator[_Entry]:
    for act in found.acts:
        lines = [
            f"{label}: {before or 'nothing'}, now {after or 'nothing'}"
            for label, before, after in act.changes
        ]
        if act.on:
            lines.append(f"On {day(act.on)}")
        yield act.at, f"{act.get_what_display()}: {act.by.name}", [*lines, _quoted(act.why)]


def _services(found: Whole) -> Iterator[_Entry]:
    for one in found.services:
        words = order_words.service_words(one)
        late = serving.came_too_late(found.standing.order, one)
        more = "That was when it was over already: it proves nothing" if late else ""
        what = f"{one.get_came_display()}: recorded by {one.recorded_by.name}"
        yield one.recorded_at, what, [words, more]
        if one.ended_at is not None and one.ended_by is not None:
            wrong = "This service was wrong" if one.came == Came.SERVED else "This try was wrong"
            yield one.ended_at, f"{wrong}: {one.ended_by.name}", [words, _quoted(one.ended_why)]


def _conditions(found: Whole) -> Iterator[_Entry]:
    for one in found.ended_conditions:
        if one.ended_at is not None and one.ended_by is not None:
            lines = [f"{orders.CONDITIONS[one.sort]}: {one.words}", _quoted(one.ended_why)]
            yield one.ended_at, f"A condition ended: {one.ended_by.name}", lines


def _told(found: Whole) -> Iterator[_Entry]:
    for one in found.notified:
        yield one.recorded_at, f"Recorded by {one.recorded_by.name}", [_notified(one)]


def _exempt(found: Whole) -> Iterator[_Entry]:
    for one in found.exemptions:
        what = f"Nothing is asked of him under this order: {one.recorded_by.name}"
        yield one.recorded_at, what, [orders.EXEMPTIONS[one.basis], _quoted(one.why)]
        if one.ended_at is not None and one.ended_by is not None:
            what = f"It is asked of him again: {one.ended_by.name}"
            yield one.ended_at, what, [_quoted(one.ended_why)]


def _broken(found: Whole) -> Iterator[_Entry]:
    for one in found.breaches:
        what = f"Incident {one.incident.reference} on a breach: {one.recorded_by.name}"
        yield one.recorded_at, what, []
        if one.decided_at is not None and one.decided_by is not None:
            what = f"{one.get_decided_display()}: {one.decided_by.name}"
            yield one.decided_at, what, [_quoted(one.decided_why)]


def _notified(one: Any) -> str:
    told = f"He told us on {day(one.told_on)}" if one.told_on else one.get_sort_display()
    changed = f"changed on {day(one.changed_on)}" if one.changed_on else ""
    home = "he has no home" if one.no_home else one.home
    return ", ".join(filter(None, (told, changed, one.names, home, one.words)))


def _quoted(words: str) -> str:
    return f"“{words}”" if words else ""
