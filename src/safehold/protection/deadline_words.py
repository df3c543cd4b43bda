"""Deadlines as a reader meets them: what, by when, who sees to it, and everything done to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate, localtime

from safehold.design.words import counted, moment
from safehold.domain import deadline_rules
from safehold.domain.access import Permission
from safehold.domain.deadlines import LONDON, Due, by, last_day
from safehold.records.deadlines import queries
from safehold.records.deadlines.queries import Deadline, What
from safehold.records.orders import queries as orders
from safehold.records.staff.queries import StaffMember, names_of

NOBODY = "Nobody: the case has no owner"
_AND_NOT_STARTED = "Over before it could start"


@dataclass(frozen=True, slots=True)
class Row:
    """One deadline in words; `waits` is the class of how far it is: late, soon or nothing."""

    path: str
    label: str
    case: str
    due: str
    state: str
    waits: str
    owner: str
    runs: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was done to a deadline, in words."""

    when: str
    what: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What the first page says of deadlines; empty where nothing waits."""

    says: str
    late: bool


def rows_of(found: Iterable[Deadline], *, at: datetime) -> list[Row]:
    """Say deadlines in words; the names of who sees to them are asked for once."""
    rows = list(found)
    names = names_of({str(row.holder) for row in rows if row.holder})  # type: ignore[attr-defined]  # annotated by the question
    return [row_of(row, names, at=at) for row in rows]


def row_of(row: Any, names: dict[str, str], *, at: datetime) -> Row:
    """Say one deadline in words."""
    state, waits = _state(row, at=at)
    return Row(
        path=reverse("protection:deadline", args=[row.pk]),
        label=row.rule.rule.label,
        case=row.case.reference,
        due=due_words(row, at=at),
        state=state,
        waits=waits,
        owner=names.get(str(row.holder), NOBODY) if row.holder else NOBODY,
        runs=row.runs,
    )


def due_words(row: Any, *, at: datetime) -> str:
    """Say by when, or why there is no date."""
    if row.due_at is None:
        return f"{_AND_NOT_STARTED}. {row.no_date}" if row.lapsed_at else row.no_date
    if row.runs and last_day(row.due_at) == localdate(at):
        here = localtime(row.due_at)
        return "By the end of today" if here.time() == time() else f"By {here:%H:%M} today"
    return _capital(by(row.due_at))


def day_over(at: datetime) -> datetime:
    """Return until when something is due today: what is due by the end of the day is in it."""
    tomorrow = localdate(at) + timedelta(days=1)
    return datetime.combine(tomorrow, time(0, 1), tzinfo=LONDON)


def note(member: StaffMember, *, at: datetime) -> Note:
    """Say what of a member's own is late, due today or without a date, and of all they watch."""
    found = queries.waiting(by=member, at=at, day_over=day_over(at))
    own = [
        (found.late, "late"),
        (found.today, "due today"),
        (found.unknown, "without a date"),
    ]
    said = [f"{number:,} {words}" for number, words in own if number]
    parts = [f"Deadlines of yours: {', '.join(said)}."] if said else []
    if found.late_all > found.late:
        others = found.late_all - found.late
        are = "is" if others == 1 else "are"
        parts.append(f"{counted(others, 'deadline')} of others {are} late.")
    if found.nobodys:
        cannot_wait = counted(found.nobodys, "deadline")
        parts.append(f"{cannot_wait} that cannot wait in cases that nobody owns.")
    return Note(" ".join(parts), bool(found.late or found.late_all))


def of_case(case_id: UUID, *, member: StaffMember, at: datetime) -> dict[str, object]:
    """Return what `protection/case_deadlines.html` wants of a case."""
    rows = rows_of(queries.of_case(case_id, by=member), at=at)
    return {
        "deadlines": [row for row in rows if row.runs],
        "deadlines_over": [row for row in rows if not row.runs],
        "deadline_new": reverse("protection:deadline_new", args=[case_id])
        if member.may(Permission.KEEP_DEADLINES)
        else "",
    }


def about(row: Deadline, *, member: StaffMember) -> str:
    """Say what a deadline is about, as far as the member may know of it."""
    for each in queries.may_be_about(row.case, by=member):
        if (each.about, each.about_id) == (row.about, row.about_id):
            return each.words
    return str(row.get_about_display())


def order_path(row: Deadline, *, member: StaffMember) -> str:
    """Return where the order is that a deadline is about, empty where the member knows of none."""
    if row.about != queries.About.ORDER or row.about_id is None:
        return ""
    known = orders.knows_of(row.about_id, by=member)
    return reverse("protection:order", args=[row.about_id]) if known else ""


def told(row: Deadline) -> list[Told]:
    """Say everything that was done to a deadline, the first first."""
    return [_told(act) for act in queries.acts_of(row)]


def dates(change: queries.Changed, *, at: datetime) -> tuple[str, str]:
    """Say both dates of one whose rule has changed: as it was, and as it would be."""
    if change.anew is None:
        return due_words(change.deadline, at=at), "There is no such rule any more"
    anew = change.anew
    return due_words(change.deadline, at=at), (
        _capital(by(anew.at)) if isinstance(anew, Due) else anew.why
    )


def _told(act: Any) -> Told:
    who = act.by.name if act.by else "The system"
    lines = [act.words] if act.words else []
    if act.what == What.EXTENDED:
        rank = deadline_rules.ranks().get(act.rank, act.rank)
        lines = [f"{rank}: {act.authority}, {moment(act.granted_at)}.", *lines]
    if act.views:
        asked = "The victim was asked" if act.views == "asked" else "The victim was not asked"
        lines.append(f"{asked}: {act.views_words}")
    if act.due_before:
        lines.append(f"Before: {by(act.due_before)}.")
    if act.due_after and act.what != What.STOPPED:
        lines.append(f"Due: {by(act.due_after)}.")
    return Told(moment(act.at), f"{act.get_what_display()}: {who}", tuple(lines))


def _state(row: Any, *, at: datetime) -> tuple[str, str]:
    if row.stopped_at is not None:
        late = row.due_at is not None and row.stopped_at > row.due_at
        return f"Stopped {moment(row.stopped_at)}{', late' if late else ''}", ""
    if row.superseded_by_id is not None:
        return "Reckoned anew", ""
    if row.due_at is None:
        return (_AND_NOT_STARTED, "late") if row.lapsed_at else ("No date", "soon")
    if row.due_at <= at:
        return "Late", "late"
    if last_day(row.due_at) == localdate(at):
        return "Due today", "soon"
    return ("Soon over", "soon") if row.escalated_at else ("Runs", "")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
