"""The safety of a case on one page; the plan of whoever it protects, its copies and its print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from safehold.domain import access, safety
from safehold.domain.access import Permission
from safehold.protection import safety_words
from safehold.protection.safety_forms import CopyForm, PlanForm, PrintForm, SafetyLookForm
from safehold.records.cases import operations as cases
from safehold.records.cases.queries import CaseNotFound
from safehold.records.conflicts import recusals
from safehold.records.people.operations import PersonNotFound
from safehold.records.safety import plans, queries
from safehold.records.safety.actions import ActionNotFound, EndedMeanwhile, NotAnAction
from safehold.records.safety.children import NotANote, NotedMeanwhile
from safehold.records.safety.markers import (
    MarkedAlready,
    MarkerNotFound,
    NotAMarker,
    NotHolding,
)
from safehold.records.safety.plans import NotAPlan, NotSafeToSend, WrittenMeanwhile
from safehold.records.safety.referrals import AnsweredMeanwhile, NotAReferral, ReferralNotFound
from safehold.records.shares.must_not import OnTheList
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import queries as triage
from safehold.records.triage.reasons import ReasonTooThin

HERE: Final = "/staff/actions/"
_ABSENT = (CaseNotFound, PersonNotFound, ActionNotFound, ReferralNotFound, MarkerNotFound)
_REFUSED = (
    NotAPlan,
    NotAnAction,
    NotAReferral,
    NotAMarker,
    NotANote,
    WrittenMeanwhile,
    NotedMeanwhile,
    EndedMeanwhile,
    AnsweredMeanwhile,
    MarkedAlready,
    NotHolding,
    NotSafeToSend,
    OnTheList,
    ReasonTooThin,
    cases.Closed,
)


def _of_the_case(case_id: UUID) -> dict[str, Any]:
    back = reverse("protection:case", args=[case_id])
    return {"here": "/staff/cases/", "back": back, "back_to": "The case"}


@require_http_methods(["GET", "POST"])
@never_cache
@recusals.read_once()
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the safety of a case to whoever said why within this shift; ask anybody else."""
    form = SafetyLookForm(request.POST if request.method == "POST" else None)
    reason = _said_before(request, case_id)
    if request.method == "POST":
        reason = form.cleaned_data["look_reason"] if form.is_valid() else ""
    if not reason:
        page = _of_the_case(case_id) | {"title": "Safety", "form": form}
        return render(request, "protection/incident_reason.html", page)
    member, now, today = member_of(request), timezone.now(), localdate()
    cases.look_at_case(case_id=case_id, reason=reason, by=member, at=now)
    found = queries.of_case(case_id=case_id, by=member, on=today)
    page = _of_the_case(case_id) | {
        "title": "Safety",
        "case": found.case,
        "reason": reason,
        "plans": safety_words.plan_words(found.plans, case_id, on=today),
        "open": safety_words.action_words(found.open_actions, at=now),
        "closed": safety_words.action_words(
            [each for each in found.actions if each.closed_at], at=now
        ),
        "referrals": safety_words.referral_words(found, on=today),
        "markers": safety_words.marker_words(found.markers),
        "children": safety_words.child_words(found.children),
        "may_work": member.may(Permission.WORK_SAFETY) and found.case.closed_at is None,
        "reports": _to_share_from(found.case, member),
    }
    return render(request, "protection/safety.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def plan(request: HttpRequest, case_id: UUID, identity: UUID) -> HttpResponse:
    """Write a version of somebody's plan, beginning from the one that stands."""
    if not (name := protected_name(request, case_id, identity)):
        return redirect("protection:safety", case_id=case_id)
    newest = queries.version_shown(case_id=case_id, identity=identity, by=member_of(request))
    posted = request.POST if request.method == "POST" else None
    form = PlanForm(posted, initial=_as_it_stands(newest))
    if (
        posted is not None
        and form.is_valid()
        and saved(
            form,
            lambda: plans.write_plan(
                case_id=case_id,
                identity=identity,
                draft=form.draft(),
                shown=form.cleaned_data["shown"],
                by=member_of(request),
                at=timezone.now(),
            ),
        )
    ):
        return redirect("protection:safety", case_id=case_id)
    page = form_frame(case_id) | {"title": "Safety plan", "form": form, "name": name}
    page |= {"newest": newest, "contact": safety_words.sending_words(identity, at=timezone.now())}
    return render(request, "protection/safety_plan.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def copy(request: HttpRequest, case_id: UUID, identity: UUID) -> HttpResponse:
    """Note whether they have a copy, and how it is kept safe; safe contact is read first."""
    if not (name := protected_name(request, case_id, identity)):
        return redirect("protection:safety", case_id=case_id)
    newest = queries.version_shown(case_id=case_id, identity=identity, by=member_of(request))
    posted = request.POST if request.method == "POST" else None
    form = CopyForm(posted, initial={"shown": newest.number if newest else 0})
    if posted is not None and form.is_valid():
        given = form.cleaned_data
        if saved(
            form,
            lambda: plans.give_copy(
                case_id=case_id,
                identity=identity,
                version=given["shown"],
                how=given["how"],
                kept_safe=given["kept_safe"],
                read=given["read"],
                by=member_of(request),
                at=timezone.now(),
            ),
        ):
            return redirect("protection:safety", case_id=case_id)
    page = form_frame(case_id) | {"title": "A copy of the plan", "form": form, "name": name}
    page |= {
        "contact": safety_words.sending_words(identity, at=timezone.now()),
        "button": "Note it",
    }
    return render(request, "protection/safety_form.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def printed(request: HttpRequest, case_id: UUID, identity: UUID) -> HttpResponse:
    """Ask how the paper is kept safe, then show the plan to be printed, without a name."""
    if not protected_name(request, case_id, identity):
        return redirect("protection:safety", case_id=case_id)
    posted = request.POST if request.method == "POST" else None
    form = PrintForm(posted)
    found: list[Any] = []
    if (
        posted is not None
        and form.is_valid()
        and saved(
            form,
            lambda: found.append(
                plans.record_print(
                    case_id=case_id,
                    identity=identity,
                    kept_safe=form.cleaned_data["kept_safe"],
                    by=member_of(request),
                    at=timezone.now(),
                )
            ),
        )
    ):
        said = {line.topic: line.words for line in found[0].lines.all()}
        lines = [(each.paper, said[each.key]) for each in safety.TOPICS if each.key in said]
        page = {"lines": lines, "back": reverse("protection:safety", args=[case_id])}
        return render(request, "protection/safety_paper.html", page)
    page = form_frame(case_id) | {"title": "Print", "form": form, "warns": True}
    page |= {"button": "Record this and show the page to print"}
    return render(request, "protection/safety_form.html", page)


@require_GET
@never_cache
@recusals.read_once()
def actions(request: HttpRequest) -> HttpResponse:
    """List the open actions: mine, my team's, what is late; no name of anybody stands in it."""
    asked, after = request.GET.get("whose", ""), request.GET.get("after", "")
    whose = queries.Whose(asked) if asked in set(queries.Whose) else queries.Whose.MINE
    member, now = member_of(request), timezone.now()
    found = queries.listed(whose=whose, by=member, at=now, after=_key(after))
    page = {
        "title": "Actions",
        "here": HERE,
        "whose": str(whose),
        "lists": {"mine": "Mine", "team": "My team’s", "late": "Late"},
        "rows": safety_words.action_words(
            found.actions,
            at=now,
            references={each.case_id: each.case.reference for each in found.actions},
        ),
        "next": f"?whose={whose}&after={found.after}" if found.after else "",
        "first": bool(after),
    }
    return render(request, "protection/actions.html", page)


def saved(form: Form, act: Callable[[], Any]) -> bool:
    """Do an act; tell whether it was done, with one sentence in the form where it was refused.

    Raises Http404 for what the member may not know of, as for what is not there.
    """
    try:
        act()
    except _ABSENT as error:
        raise Http404(str(error)) from None
    except _REFUSED as error:
        field = getattr(error, "field", "")
        form.add_error(field if field in form.fields else None, str(error))
        return False
    return True


def looked_at(request: HttpRequest, case_id: UUID) -> Any | None:
    """Record a look at a case for a page with a form, then return it.

    None where the member has not said why within this shift: the page of the case asks. What was
    posted is never turned away for that, and the look says what for. Raises Http404.
    """
    reason = _said_before(request, case_id)
    if not reason and request.method == "POST":
        reason = "To change the safety of the case"
    if not reason:
        return None
    member = member_of(request)
    return cases.look_at_case(case_id=case_id, reason=reason, by=member, at=timezone.now())


def protected_name(
    request: HttpRequest, case_id: UUID, identity: UUID, *, child: bool = False
) -> str:
    """Return the name of somebody whom a case protects, empty where the look was not said why.

    Raises Http404 where the case has nobody of this key.
    """
    case = looked_at(request, case_id)
    if case is None:
        return ""
    names = queries.names_in(case, by=member_of(request), children=child)
    if identity not in names:
        raise Http404("There is no such person in this case.")
    return names[identity] or "Name not known"


def form_frame(case_id: UUID) -> dict[str, Any]:
    """Return what every page with a form of a case's safety has around it."""
    back = reverse("protection:safety", args=[case_id])
    return {"here": HERE, "back": back, "back_to": "Safety of the case"}


def _to_share_from(case: Any, member: StaffMember) -> list[tuple[str, str]]:
    """Return the reports of a case from which something can be shared, with their references."""
    if not member.may(Permission.SHARE_REPORT):
        return []
    keys = [str(key) for key in queries.reports_in(case)]
    return sorted(triage.references_of(keys, by=member).items(), key=lambda each: each[1])


def _said_before(request: HttpRequest, case_id: UUID) -> str:
    member, since = member_of(request), timezone.now() - access.table().shift
    try:
        opened = queries.opened_for(case_id=case_id, by=member, since=since)
    except CaseNotFound as error:
        raise Http404(str(error)) from None
    return opened[1] if opened else ""


def _as_it_stands(newest: Any | None) -> dict[str, Any]:
    if newest is None:
        return {"shown": 0}
    found: dict[str, Any] = {"shown": newest.number, "own_words": newest.own_words}
    for line in newest.lines.all():
        found |= {line.topic: line.words, f"{line.topic}_acts": line.acted_on}
    return found


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
