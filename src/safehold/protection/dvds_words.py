"""Applications under Clare's Law in words: what is next, by when, and what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from safehold.design.words import day, moment
from safehold.domain import deadlines, dvds


@dataclass(frozen=True, slots=True)
class Row:
    """One application in the list."""

    path: str
    asked: str
    route: str
    next: str
    step: str
    due: str
    late: bool


@dataclass(frozen=True, slots=True)
class ClockSaid:
    """One clock in words; `confirmed` where its length is."""

    label: str
    due: str
    state: str
    late: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that has, or has not, been recorded; `earlier` counts what it stands beside."""

    label: str
    says: str
    words: str
    by: str
    done: bool
    earlier: int


def row(found: Any, *, at: datetime) -> Row:
    """Say one application of the list; its clocks were asked for with it."""
    running = [clock for clock in found.clocks.all() if clock.stopped_at is None]
    first = running[0] if running else None
    return Row(
        path=reverse("protection:application", args=[found.pk]),
        asked=day(found.asked_at),
        route=found.get_route_display(),
        next=_next(found),
        step=_short(first.rule.rule.label) if first else "",
        due=deadlines.by(first.due_at) if first else "",
        late=first is not None and first.due_at <= at,
    )


def clocks(found: Iterable[Any], *, at: datetime) -> list[ClockSaid]:
    """Say the clocks of an application, the first due first."""
    return [
        ClockSaid(
            label=_short(clock.rule.rule.label),
            due=deadlines.by(clock.due_at),
            state=_state(clock, at=at),
            late=clock.stopped_at is None and clock.due_at <= at,
            confirmed=clock.rule.rule.confirmed,
        )
        for clock in found
    ]


def to_second(made: Any) -> dict[str, str]:
    """Say a decision that waits for a second person."""
    afterwards = bool(made.emergency_why)
    return {
        "path": reverse("protection:application_second", args=[made.pk]),
        "what": made.get_decision_display(),
        "says": f"{made.by.name}, {moment(made.at)}",
        "waits": "It could not wait: look at it afterwards" if afterwards else "Waits for you",
    }


def links(found: Iterable[Any]) -> list[tuple[str, str, str]]:
    """Say what an application is linked to: what, its reference, and where it is read."""
    said = []
    for link in found:
        if link.case is not None:
            path = reverse("protection:case", args=[link.case_id])
            said.append(("Case", link.case.reference, path))
        else:
            path = reverse("protection:person", args=[link.person.identity])
            said.append((link.get_part_display(), link.person.reference, path))
    return said


def sources(found: Sequence[Any]) -> list[Line]:
    """Say of every source whether it was searched, in the order of the list."""
    return _lines("sources", "source", found, _searched, "Nothing recorded yet")


def agencies(found: Sequence[Any]) -> list[Line]:
    """Say of the agencies that were asked what they think, in the order of the list."""
    return [one for one in _lines("agencies", "agency", found, _viewed, "") if one.done]


def described(found: Sequence[Any]) -> list[Line]:
    """Say of whom it was recorded who they are, as it is counted."""
    return _lines("of", "of", found, _who, "Not recorded yet")


def _lines(name: str, column: str, found: Sequence[Any], say: Any, nothing: str) -> list[Line]:
    lines = []
    for key, label in dvds.choices(name):
        rows = [row for row in found if getattr(row, column) == key]  # the newest first
        if rows:
            said, words = say(rows[0])
            lines.append(Line(label, said, words, rows[0].by.name, True, len(rows) - 1))
        else:
            lines.append(Line(label, nothing, "", "", False, 0))
    return lines


def _searched(row: Any) -> tuple[str, str]:
    return (f"Searched {day(row.on)}" if row.on else "Not searched"), row.words


def _viewed(row: Any) -> tuple[str, str]:
    attended = ", attended" if row.attended else ""
    return f"{row.get_view_display()}. Asked {day(row.asked_on)}{attended}", row.words


def _who(row: Any) -> tuple[str, str]:
    said = [dvds.label(name, getattr(row, name)) for name in dvds.COUNTED]
    names = ("gender", "age", "ethnic background", "ethnic appearance", "disabled", "sexuality")
    return "; ".join(f"{a}: {b}" for a, b in zip(names, said, strict=True)), ""


def _next(found: Any) -> str:
    if found.identity_at is None:
        return "Check the identity"
    if not found.abuser:
        return "Check who may abuse"
    if not found.decision:
        proposals = found.proposal_rows.all()
        waits = any(not hasattr(one, "second") and not one.emergency_why for one in proposals)
        return "Waits for a second person" if waits else "Decide"
    return "Tell in person"


def _state(clock: Any, *, at: datetime) -> str:
    if clock.stopped_at is not None:
        late = ", late" if clock.stopped_at > clock.due_at else ""
        return f"Done {moment(clock.stopped_at)}{late}"
    if clock.due_at <= at:
        return "Late"
    return "A supervisor was told" if clock.escalated_at else "Runs"


def _short(label: str) -> str:
    return label.removeprefix("Clare’s Law: ").capitalize()
