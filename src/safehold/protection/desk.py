"""The first page and the list of what has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_GET

from safehold.design.paging import page_number, pages_of
from safehold.domain import answering
from safehold.domain.access import Permission, Subject
from safehold.protection import (
    areas,
    clock_words,
    contact_words,
    deadline_words,
    duty,
    message_words,
    name_words,
    order_words,
    phone_words,
    presenters,
    safety_words,
    troubles,
)
from safehold.protection.forms import FindForm
from safehold.records import tally
from safehold.records.cases import glass
from safehold.records.cases import queries as cases
from safehold.records.conflicts import asked, attempts, recusals
from safehold.records.conflicts.unusual import count_for
from safehold.records.contacts import queries as contacts
from safehold.records.dvds import queries as dvds
from safehold.records.exports import queries as exports
from safehold.records.feedback import queries as feedback
from safehold.records.incidents import queries as incidents
from safehold.records.incidents import recorded
from safehold.records.retention import queries as retention
from safehold.records.safety import queries as safety
from safehold.records.shares import queries as shares
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import identities, piles, waiting
from safehold.records.triage import queries as triage

SHOWN_FIRST = 8
TOLD_FOR = timedelta(days=7)  # an owner is told so long that a case of theirs was opened
_STATES = {"new": "New", "late": "Late", "accepted": "Accepted", "set_aside": "Set aside"}


@require_GET
@recusals.read_once()
@areas.as_loaded()
def work(request: HttpRequest) -> HttpResponse:
    """Show what waits: what may be dangerous and has no owner, what is mine, what is undecided."""
    member, now = member_of(request), timezone.now()
    open_piles = piles.open_piles(by=member)
    count, since = triage.waiting_since(by=member)
    decides = member.may(Permission.DECIDE_CRIME)
    alarms = duty.dangers(member, open_piles, shown=SHOWN_FIRST, at=now)
    page = {
        "title": "My work",
        "here": "/staff/",
        "finding": presenters.finding(count, since, at=now) if count else "",
        **_counts(member, alarmed=bool(alarms.count)),
        "waiting": count,
        "watch_alarms": alarms,
        **_lists(member, open_piles, at=now),
        **_watched(member, at=now),
        "danger_piles": piles.count_danger(open_piles),
        "piles_aside": piles.to_confirm(by=member),
        "for_standards": member.may(Permission.KEEP_CONFLICTS),
        "attempts": attempts.count_open(by=member),
        "unusual": count_for(by=member),
        "set_aside": [
            presenters.slip_row(slip, at=now) for slip in triage.danger_set_aside(by=member)
        ],
        "handed": [
            (presenters.slip_row(slip, at=now), presenters.handed_words(slip))
            for slip in waiting.handed_to(by=member)
        ],
        "decides_crime": decides,
        "undecided": incidents.undecided(by=member, limit=SHOWN_FIRST) if decides else [],
        "alarms": [
            contact_words.clock_words(clock, at=now) for clock in contacts.alarms(by=member, at=now)
        ],
        **message_words.waiting(member, at=now, shown=SHOWN_FIRST),
        "own_opened": glass.of_own_cases(by=member, since=now - TOLD_FOR),
        "due": deadline_words.note(member, at=now),
        "orders_soon": order_words.soon(member, at=now),
        "asked_for": name_words.waiting(by=member, at=now),
        "my_requests": name_words.mine(by=member, at=now),
        "cases_own": cases.own(by=member),
        "own_actions": _own_actions(member, at=now),
        "looks_late": safety.looks_late([member.pk], by=member, on=localdate(now), limit=50),
        "applications": dvds.count_late(by=member, at=now),
        "applications_second": len(dvds.waiting_second(by=member)),
        "exports_to_look_at": exports.to_look_at(by=member),
        "troubles": troubles.notices(member, at=now),
        **phone_words.notes(member, at=now),
    }
    return render(request, "protection/work.html", page)


def _lists(
    member: StaffMember, open_piles: Sequence[piles.Pile], *, at: datetime
) -> dict[str, list[Any]]:
    """Return the reports that a member sees first, each with its clock.

    Whoever watches over the unit sees what nobody owns and all that is late, and the others what is
    new and what of theirs is late.
    """
    watches = member.may(Permission.END_REPORT)
    found: dict[str, list[Any]] = {
        "about_colleagues": triage.about_colleagues_new(by=member, limit=SHOWN_FIRST),
        "mine": triage.owned(by=member),
        "late": waiting.late(by=member, at=at, own=not watches, limit=SHOWN_FIRST),
    }
    if watches:
        found["unowned"] = waiting.unowned(by=member, limit=SHOWN_FIRST)
    else:
        found["urgent"] = triage.most_urgent(by=member, piles=open_piles, limit=SHOWN_FIRST)
    running = waiting.running(
        {slip.pk for slips in found.values() for slip in slips if hasattr(slip, "pk")}
    )
    return {name: clock_words.with_clocks(slips, running, at=at) for name, slips in found.items()}


def _watched(member: StaffMember, *, at: datetime) -> dict[str, object]:
    """Return how much is late, and what whoever watches over the unit has to see of all of it."""
    of_officers = recorded.count_undecided(by=member, at=at)
    undecided, crime_late = waiting.count_undecided_crime(by=member, at=at)
    late, watches = waiting.late_counts(by=member, at=at), member.may(Permission.END_REPORT)
    found: dict[str, object] = {
        "crime_waits": undecided,
        "crime_late": crime_late,
        "recorded_waits": of_officers.count,
        "recorded_late": of_officers.late,
        "late_heading": clock_words.late_heading(late, of_all=watches),
        "late_count": late.count if watches else late.own,
    }
    if watches:
        queues = waiting.by_team(by=member, late=late)
        return found | {
            "queues": clock_words.queue_rows(queues, at=at),
        }
    if member.may(Permission.TAKE_REPORT):
        found["late_others"] = clock_words.late_others(late)
    return found


def _counts(member: StaffMember, *, alarmed: bool) -> dict[str, int]:
    """Return how much waits in the lists of which the page says only that."""
    waits: dict[str, QuerySet[Any]] = {
        "feedback_danger": feedback.danger_unopened(by=member),
        "feedback_opened": feedback.danger_opened(by=member),
        "feedback_new": feedback.new(by=member),
        "emergencies": glass.waiting(by=member),
        "overrides": contacts.waiting(by=member),
        "worked_on": triage.worked_on(by=member),
        "cases_unowned": cases.to_hand_on(by=member),
        "retention_due": retention.to_decide(by=member),
        "retention_lists": retention.to_confirm(by=member),
        "hidden_names": identities.waiting(by=member),
        **shares.waiting(by=member),
        **exports.waiting(by=member),
    }
    if not alarmed:
        waits["danger"] = triage.danger_without_owner(by=member)
    if member.may(Permission.END_REPORT):
        waits["unowned_count"] = waiting.all_unowned(by=member)
    if member.may(Permission.DECIDE_CRIME):
        waits["undecided_count"] = incidents.all_undecided(by=member)
    return {"danger": 0, "undecided_count": 0, **tally.counted(waits)}


def _own_actions(member: StaffMember, *, at: datetime) -> list[Any]:
    """Return a member's own actions that are late, or due before the day is over."""
    day_over = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    found = safety.due_by(by=member, until=day_over, limit=SHOWN_FIRST + 1)
    references = {each.case_id: each.case.reference for each in found}
    return safety_words.action_words(found, at=at, references=references)


def _with_clocks(slips: list[Any]) -> list[Any]:
    running = waiting.running([slip.pk for slip in slips if hasattr(slip, "pk")])
    return clock_words.with_clocks(slips, running, at=timezone.now())


@require_GET
@recusals.read_once()
@areas.as_loaded()
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reports in one state: the most urgent first; or lead to one by its reference."""
    form = FindForm(request.GET) if "reference" in request.GET else FindForm()
    if form.is_valid():
        try:
            found_one = triage.by_reference(
                reference=form.cleaned_data["reference"], by=member_of(request)
            )
        except triage.ReportNotFound as error:
            typed = form.cleaned_data["reference"]
            asked.note_reference(typed, by=member_of(request), at=timezone.now())
            form.add_error("reference", str(error))
        else:
            return redirect("protection:report", report_id=found_one)
    return _list(request, form)


def _teams_of(member: StaffMember) -> list[answering.Team]:
    """Return the teams of which the member may see what waits."""
    colleagues = member.may(Permission.SEE_INBOX, Subject(police_party=True))
    return [team for team in answering.teams() if colleagues or team.key != answering.STANDARDS]


def _list(request: HttpRequest, form: FindForm) -> HttpResponse:
    asked = request.GET.get("state", "new")
    state = asked if asked in _STATES else "new"
    teams = _teams_of(member_of(request))
    team = request.GET.get("team", "")
    team = team if team in {one.key for one in teams} else ""
    member, number = member_of(request), page_number(request)
    if state == "late":
        found = waiting.late_page(by=member, at=timezone.now(), team=team, page=number)
    else:
        found = triage.inbox(by=member, state=state, team=team, page=number)
    page = {
        "title": "Reports",
        "here": "/staff/reports/",
        "state": state,
        "states": _STATES,
        "team": team,
        "teams": teams,
        "rows": _with_clocks(list(found)),
        "pages": pages_of(request, found),
        "form": form,
    }
    return render(request, "protection/inbox.html", page)
