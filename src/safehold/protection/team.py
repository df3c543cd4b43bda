"""The team board: how much each has, what of it is late, and what waits for somebody else.

A supervisor meets only what they may know of: what is restricted or kept from them is in no count.
Another kind of work comes in as one more `Source`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from safehold.design.paging import page_number, pages_of
from safehold.design.words import day
from safehold.domain import access, deadlines, risk
from safehold.domain.access import Permission
from safehold.protection import deadline_words, risk_words
from safehold.records.cases import owning
from safehold.records.cases import queries as cases
from safehold.records.conflicts import recusals
from safehold.records.deadlines import queries as due
from safehold.records.dvds import queries as dvds
from safehold.records.exports import queries as exports
from safehold.records.phones import queries as phones
from safehold.records.risk import queries as assessed
from safehold.records.safety import queries as safety
from safehold.records.shares import queries as shares
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import waiting

HERE = "/staff/team/"
OFFICERS_A_PAGE = 50
SHOWN = 100  # of one kind of work, on the page of a member
NOT_GRADED = "Not graded"
Counts = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work: what it is, when it was due, and where it is done."""

    what: str
    when: str
    path: str


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of late work: how much of it each member has, and which it is of one."""

    key: str
    label: str
    counts: Callable[[Collection[int], StaffMember, datetime], Counts]
    items: Callable[[int, StaffMember, datetime], list[Item]]


@dataclass(frozen=True, slots=True)
class Officer:
    """One member's row: open cases by grade, and how much of each source."""

    name: str
    path: str
    team: str
    cases: int
    grades: tuple[tuple[str, int], ...]
    late: tuple[tuple[Source, int], ...]


@dataclass(frozen=True, slots=True)
class Waits:
    """How much waits for whoever looks, and where it is decided."""

    what: str
    count: int
    path: str


def _deadlines(members: Collection[int], by: StaffMember, at: datetime) -> Counts:
    return due.late_by_holder(members, by=by, at=at)


def _deadline_items(member: int, by: StaffMember, at: datetime) -> list[Item]:
    return [
        Item(
            f"{row.rule.rule.label}, {row.case.reference}",
            deadlines.by(row.due_at) if row.due_at else "",
            reverse("protection:deadline", args=[row.pk]),
        )
        for row in due.late_of(member, by=by, at=at, limit=SHOWN)
    ]


def _actions(members: Collection[int], by: StaffMember, at: datetime) -> Counts:
    return safety.late_by_owner(members, by=by, at=at)


def _action_items(member: int, by: StaffMember, at: datetime) -> list[Item]:
    return [
        Item(
            f"{row.get_kind_display()}, {row.case.reference}",
            day(row.due_at),
            _safety_path(row.case_id),
        )
        for row in safety.late_of(member, by=by, at=at, limit=SHOWN)
    ]


def _looks(members: Collection[int], by: StaffMember, at: datetime) -> Counts:
    return Counter(owner for owner, _ in safety.looks_late(members, by=by, on=localdate(at)))


def _look_items(member: int, by: StaffMember, at: datetime) -> list[Item]:
    found = safety.looks_late([member], by=by, on=localdate(at), limit=SHOWN)
    return [
        Item(row.plan.case.reference, day(row.next_look), _safety_path(row.plan.case_id))
        for _, row in found
    ]


def _begun(members: Collection[int], by: StaffMember, at: datetime) -> Counts:
    return Counter(row.started_by_id for row in assessed.begun_by(members, by=by))


def _begun_items(member: int, by: StaffMember, at: datetime) -> list[Item]:
    found = assessed.begun_by([member], by=by)[:SHOWN]
    return [
        Item(f"{row.reference}, {row.case.reference}", day(row.started_at), risk_words.path_of(row))
        for row in found
    ]


def _safety_path(case_id: Any) -> str:
    return reverse("protection:safety", args=[case_id])


SOURCES: tuple[Source, ...] = (
    Source("deadlines", "Deadlines late", _deadlines, _deadline_items),
    Source("actions", "Actions late", _actions, _action_items),
    Source("looks", "Plans: look late", _looks, _look_items),
    Source("assessments", "Begun, not graded", _begun, _begun_items),
)


@require_GET
@never_cache
@recusals.read_once()
def board(request: HttpRequest) -> HttpResponse:
    """Show what each member has, what waits for a second person, and what nobody owns."""
    member, now = member_of(request), timezone.now()
    found = Paginator(_team(member), OFFICERS_A_PAGE).get_page(page_number(request))
    page = {
        "title": "The team",
        "here": HERE,
        "officers": _rows(list(found), member, now),
        "sources": SOURCES,
        "waits": [one for one in _waiting(member) if one.count],
        "unowned": [one for one in _unowned(member, now) if one.count],
        "pages": pages_of(request, found),
    }
    return render(request, "protection/team.html", page)


@require_GET
@never_cache
@recusals.read_once()
def of_member(request: HttpRequest, member_id: int) -> HttpResponse:
    """Show the work of one member, to go to it or to hand it to somebody else."""
    by, now = member_of(request), timezone.now()
    shown = next((one for one in _team(by) if one.pk == member_id), None)
    if shown is None:
        raise Http404("There is no such member.")
    owned = owning.open_by_owner([shown.pk], by=by).get(shown.pk, [])
    grades = assessed.highest_in([case.pk for case in owned], by=by)
    page = {
        "title": "Work of one member",
        "here": HERE,
        "back": HERE,
        "back_to": "The team",
        "member": shown,
        "cases": [(case, _grade(grades.get(case.pk, ""))) for case in owned[:SHOWN]],
        "more_cases": max(0, len(owned) - SHOWN),
        "lists": [(source, source.items(shown.pk, by, now)) for source in SOURCES],
    }
    return render(request, "protection/team_member.html", page)


def _team(by: StaffMember) -> list[StaffMember]:
    """Return whose work a supervisor watches: those of the side that has it."""
    apart = by.role in access.table().police_party_roles
    return cases.who_may_work(by.role if apart else "")


def _rows(members: list[StaffMember], by: StaffMember, at: datetime) -> list[Officer]:
    keys = [member.pk for member in members]
    owned = owning.open_by_owner(keys, by=by)
    grades = assessed.highest_in([case.pk for some in owned.values() for case in some], by=by)
    counts = [(source, source.counts(keys, by, at)) for source in SOURCES]
    return [
        Officer(
            name=member.name,
            path=reverse("protection:team_member", args=[member.pk]),
            team=member.team,
            cases=len(owned.get(member.pk, [])),
            grades=_by_grade(owned.get(member.pk, []), grades),
            late=tuple((source, found.get(member.pk, 0)) for source, found in counts),
        )
        for member in members
    ]


def _by_grade(owned: list[Any], grades: Mapping[Any, str]) -> tuple[tuple[str, int], ...]:
    found = Counter(_grade(grades.get(case.pk, "")) for case in owned)
    order = [*reversed(list(risk.GRADE_LABELS.values())), NOT_GRADED]
    return tuple((label, found[label]) for label in order if found[label])


def _grade(key: str) -> str:
    return risk.GRADE_LABELS.get(key, NOT_GRADED)


def _waiting(by: StaffMember) -> list[Waits]:
    """Return what waits for whoever looks as a second person; another kind is one more line."""
    downgrades = (
        len(assessed.waiting_to_be_agreed(by=by)) if by.may(Permission.AGREE_DOWNGRADE) else 0
    )
    return [
        Waits("Lower grades of risk", downgrades, reverse("protection:downgrades")),
        Waits(
            "Decisions under Clare’s Law",
            len(dvds.waiting_second(by=by)),
            reverse("protection:applications"),
        ),
        Waits(
            "Exports of a whole case", len(exports.to_agree(by=by)), reverse("partnership:exports")
        ),
        Waits(
            "Shares without agreement", len(shares.to_agree(by=by)), reverse("partnership:shares")
        ),
        Waits("Phones to approve", phones.count_to_approve(by=by), reverse("protection:phones")),
    ]


def _unowned(by: StaffMember, at: datetime) -> list[Waits]:
    found = due.waiting(by=by, at=at, day_over=deadline_words.day_over(at))
    return [
        Waits("Cases", cases.to_hand_on(by=by).count(), reverse("protection:cases_hand_on")),
        Waits("Reports", waiting.all_unowned(by=by).count(), reverse("protection:inbox")),
        Waits(
            "Deadlines due today, late or without a date",
            found.nobodys,
            f"{reverse('protection:deadlines')}?of=all",
        ),
    ]
