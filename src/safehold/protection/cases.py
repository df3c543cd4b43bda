"""Lists of cases, opening one, and one case's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from safehold.design.unsaved import words_of
from safehold.domain import access
from safehold.domain.access import Permission
from safehold.protection import (
    case_words,
    deadline_words,
    order_words,
    person_words,
    risk_words,
    safety_words,
)
from safehold.protection.case_forms import CaseLookForm, FindCaseForm, NewCaseForm
from safehold.records.cases import listing, operations, queries, timeline
from safehold.records.cases.listing import State
from safehold.records.conflicts import recusals
from safehold.records.histories import queries as histories
from safehold.records.incidents.queries import IncidentNotFound
from safehold.records.orders import queries as orders
from safehold.records.retention import of_cases
from safehold.records.safety import queries as safety
from safehold.records.staff import queries as staff
from safehold.records.staff.queries import StaffMember, member_of

HERE = "/staff/cases/"
STATES = {
    State.MINE: "Mine",
    State.TEAM: "My team’s",
    State.OPEN: "All that are open",
    State.UNOWNED: "Without an owner",
    State.CLOSED: "Closed",
    State.OVER: "Time over",
}
_FRAME: dict[str, Any] = {"here": HERE, "back": HERE, "back_to": "Cases"}


@require_GET
@never_cache
@recusals.read_once()
def cases(request: HttpRequest) -> HttpResponse:
    """List cases by state, or lead to one by its reference."""
    member = member_of(request)
    form = FindCaseForm(request.GET if "reference" in request.GET else None)
    if form.is_valid():
        try:
            found = queries.by_reference(form.cleaned_data["reference"], by=member)
        except queries.CaseNotFound as error:
            form.add_error("reference", str(error))
        else:
            return redirect("protection:case", case_id=found)
    offered = listing.states_of(member)
    state = next((each for each in offered if each == request.GET.get("state")), State.MINE)
    shown = listing.page(
        state=state, after=_key(request.GET.get("after", "")), by=member, today=localdate()
    )
    page = {
        "title": "Cases",
        "here": HERE,
        "form": form,
        "state": state,
        "states": [(each, STATES[each]) for each in offered],
        "rows": case_words.rows(shown),
        "held": _held(state, shown, member),
        "after": shown.after,
        "later": "after" in request.GET,
        "may_work": member.may(Permission.WORK_CASES),
        "may_hand_on": member.may(Permission.HAND_ON_OTHERS),
    }
    return render(request, "protection/cases.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Open a case, on an incident where one is named."""
    member = member_of(request)
    owners = [(str(each.pk), each.name) for each in queries.who_may_work(_side(member))]
    teams = [(team, team) for team in _teams()]
    started = {"owner": str(member.pk), "team": member.team}
    if key := _key(request.GET.get("incident", "")):
        started["references"] = queries.reference_of_incident(key, by=member)
    form = NewCaseForm(
        request.POST if request.method == "POST" else None,
        owners=owners,
        teams=teams,
        initial=started,
    )
    if request.method == "POST" and form.is_valid():
        made = _opened(form, member)
        if made is not None:
            return redirect("protection:case", case_id=made)
    page = _FRAME | {"title": "Open a case", "form": form}
    return render(request, "protection/case_new.html", page)


def _opened(form: NewCaseForm, member: StaffMember) -> UUID | None:
    said = form.cleaned_data
    known = queries.incidents_by_reference(said["references"], by=member)
    if unknown := [each for each in said["references"] if each not in known]:
        form.add_error("references", f"No incident that you can see: {', '.join(unknown)}.")
        return None
    owner = staff.by_key(int(said["owner"])) if said["owner"] else None
    if said["owner"] and owner is None:
        form.add_error("owner", "Choose a name from the list, or nobody.")
        return None
    try:
        made = operations.open_case(
            kind=said["kind"],
            incident_ids=list(known.values()),
            why=said["why"],
            restricted=said["restricted"],
            owner=owner,
            team=said["team"],
            by=member,
            at=timezone.now(),
        )
    except (operations.NotForThem, IncidentNotFound, access.Hidden) as error:
        form.add_error("owner" if owner else None, str(error))
        return None
    return made.pk


@require_http_methods(["GET", "POST"])
@never_cache
@recusals.read_once()
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case to whoever said why within this shift; ask anybody else."""
    form = CaseLookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not form.is_valid():
        _must_be_there(request, case_id)
        return _ask(request, form)
    reason = form.cleaned_data["look_reason"] if request.method == "POST" else ""
    found = looked_at(request, case_id, reason=reason)
    if found is None:
        return _ask(request, form)
    return render(request, "protection/case.html", _FRAME | _page(request, *found))


def looked_at(request: HttpRequest, case_id: UUID, *, reason: str = "") -> tuple[Any, str] | None:
    """Record a look at a case for a reason, or that of this shift, and return it with the reason.

    None where there is no reason. Raises Http404 where there is no such case for the member.
    """
    look: dict[str, Any] = {"case_id": case_id, "by": member_of(request), "at": timezone.now()}
    try:
        if not reason:
            return operations.look_again(**look)
        return operations.look_at_case(reason=reason, **look), reason
    except queries.CaseNotFound as error:
        raise Http404(str(error)) from None


def ask_first(request: HttpRequest) -> HttpResponse:
    """Ask why somebody opens a case, with what they typed where the shift ended meanwhile."""
    return _ask(request, CaseLookForm())


def _ask(request: HttpRequest, form: CaseLookForm) -> HttpResponse:
    case_id = request.resolver_match.kwargs["case_id"] if request.resolver_match else ""
    page = _FRAME | {
        "title": "Case",
        "form": form,
        "action": reverse("protection:case", args=[case_id]),
    }
    if request.method == "POST" and not form.is_bound:
        page["unsaved"] = words_of(request.POST)
    return render(request, "protection/case_reason.html", page)


def _must_be_there(request: HttpRequest, case_id: UUID) -> None:
    try:
        queries.get(case_id=case_id, by=member_of(request))
    except queries.CaseNotFound as error:
        raise Http404(str(error)) from None


def _page(request: HttpRequest, found: Any, reason: str) -> dict[str, Any]:
    member, today = member_of(request), localdate()
    parties = queries.parties_of(found, by=member)
    members = queries.members_of(found)
    sees, changes = queries.may_see(found, by=member)
    if "people" not in sees:  # whoever stands beside somebody sees whom, and nobody else
        parties = [party for party in parties if queries.protects(party)]
    history = histories.of_case(found.pk, [party.identity for party in parties], by=member)
    searched, not_searched = person_words.searched_words(history)
    rows = person_words.entry_rows(history, by=member)
    return {
        "title": "Case",
        "case": found,
        "reason": reason,
        "kept": case_words.kept(found) if found.closed_at else "",
        "flags": case_words.flags(queries.flags_of(parties), on=today),
        "parties": parties,
        "members": members,
        "owned": any(one.row.relation == "owner" and one.able for one in members),
        "incidents": rows,
        "entries": case_words.timeline(history, rows, timeline.of_case(found, by=member)),
        "more": history.more,
        "searched": searched,
        "not_searched": not_searched,
        **_blocks(found, sees, changes, member),
        "sees": sees,
        "me": member.pk,
        "changes": changes,
        "may_work": "case" in changes,
        "works_on": any(one.row.member_id == member.pk for one in members),
    }


def _blocks(
    found: Any, sees: frozenset[str], changes: frozenset[str], member: StaffMember
) -> dict[str, Any]:
    """Return what other rooms show on the page of a case, of the parts that a member sees."""
    now = timezone.now()
    shown: dict[str, Any] = {"here_is_elsewhere": True}
    if "risk" in sees and member.may(Permission.ASSESS_RISK):
        shown["risk"] = risk_words.case_risk(found.pk, by=member, at=now)
    if "safety" in sees and member.may(Permission.SEE_SAFETY):
        shown["actions"] = safety_words.action_words(
            safety.open_of_case(found.pk, by=member), at=now
        )
    if "orders" in sees and member.may(Permission.SEE_ORDERS):
        shown["orders"] = order_words.order_rows(orders.of_case(found, by=member), at=now)
        may = "orders" in changes and found.closed_at is None and member.may(Permission.KEEP_ORDERS)
        shown["order_new"] = reverse("protection:case_order_new", args=[found.pk]) if may else ""
    if "deadlines" in sees and member.may(Permission.SEE_DEADLINES):
        shown |= deadline_words.of_case(found.pk, member=member, at=now)
    return shown


def _held(state: State, shown: listing.Listed, member: StaffMember) -> dict[str, list[str]]:
    """Say of each case whose time is over what holds it all the same, by its address."""
    if state is not State.OVER:
        return {}
    cases = [case for case, _ in shown.rows]
    found = of_cases.what_holds(cases, by=member, today=localdate())
    return {
        reverse("protection:case", args=[key]): [each.says for each in held]
        for key, held in found.items()
    }


def _side(member: StaffMember) -> str:
    """Return the role to which the member's own cases are sealed, empty for the unit's."""
    return "" if member.role not in access.table().police_party_roles else member.role


def _teams() -> list[str]:
    return sorted({each.team for each in staff.active() if each.team})


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
