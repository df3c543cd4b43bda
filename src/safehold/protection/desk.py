"""The first page and the list of what has arrived."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from safehold.domain.access import Permission
from safehold.protection import contact_words, presenters, troubles
from safehold.protection.forms import FindForm
from safehold.protection.paging import page_number, pages_of
from safehold.records.contacts import queries as contacts
from safehold.records.conversations import operations as conversations
from safehold.records.feedback import queries as feedback
from safehold.records.incidents import queries as incidents
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import identities, piles
from safehold.records.triage import queries as triage

SHOWN_FIRST = 8
_STATES = {"new": "New", "accepted": "Accepted", "set_aside": "Set aside"}


@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """Show what waits: what may be dangerous and has no owner, what is mine, what is undecided."""
    member, now = member_of(request), timezone.now()
    urgent = [
        presenters.line(listed, at=now)
        for listed in triage.most_urgent(by=member, limit=SHOWN_FIRST)
    ]
    waiting = triage.count_waiting(by=member)
    page = {
        "title": "My work",
        "here": "/staff/",
        "finding": presenters.finding(waiting, urgent) if urgent else "",
        "danger": triage.count_danger_without_owner(by=member),
        "danger_piles": piles.count_danger(by=member),
        "piles_aside": piles.to_confirm(by=member),
        "waiting": waiting,
        "feedback_danger": feedback.count_danger_unopened(by=member),
        "feedback_opened": feedback.count_danger_opened(by=member),
        "feedback_new": feedback.count_new(by=member),
        "urgent": urgent,
        "set_aside": [
            presenters.slip_row(slip, at=now) for slip in triage.danger_set_aside(by=member)
        ],
        "mine": [presenters.slip_row(slip, at=now) for slip in triage.owned(by=member)],
        "undecided": _undecided(request),
        "alarms": [
            contact_words.clock_words(clock, at=now) for clock in contacts.alarms(by=member, at=now)
        ],
        "wrote_again": _wrote_again(member),
        "overrides": contacts.count_to_review(by=member),
        "hidden_names": identities.count_to_review(by=member),
        "troubles": troubles.notices(member, at=now),
    }
    return render(request, "protection/work.html", page)


def _undecided(request: HttpRequest) -> dict[str, object] | None:
    member = member_of(request)
    if not member.may(Permission.DECIDE_CRIME):
        return None
    return {
        "count": incidents.count_undecided(by=member),
        "oldest": incidents.undecided(by=member, limit=SHOWN_FIRST),
    }


def _wrote_again(member: StaffMember) -> list[tuple[str, str]]:
    waiting = [str(key) for key in conversations.unread(by=member)[:SHOWN_FIRST]]
    references = triage.references_of(waiting, by=member)
    return [(key, references[key]) for key in waiting if key in references]


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reports in one state: the most urgent first; or lead to one by its reference."""
    form = FindForm(request.GET) if "reference" in request.GET else FindForm()
    if form.is_valid():
        try:
            found_one = triage.by_reference(
                reference=form.cleaned_data["reference"], by=member_of(request)
            )
        except triage.ReportNotFound as error:
            form.add_error("reference", str(error))
        else:
            return redirect("protection:report", report_id=found_one)
    return _list(request, form)


def _list(request: HttpRequest, form: FindForm) -> HttpResponse:
    asked = request.GET.get("state", "new")
    state = asked if asked in _STATES else "new"
    found = triage.inbox(by=member_of(request), state=state, page=page_number(request))
    now = timezone.now()
    page = {
        "title": "Reports",
        "here": "/staff/reports/",
        "state": state,
        "states": _STATES,
        "rows": [presenters.line(listed, at=now) for listed in found],
        "pages": pages_of(request, found),
        "form": form,
    }
    return render(request, "protection/inbox.html", page)
