"""One report: its slip, its account, and what the unit decides about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.domain.access import Permission
from safehold.domain.journey.ask import KIND as DVDS
from safehold.domain.journey.harm import KINDS as ABOUT_SOMEBODY
from safehold.protection import account_page, clock_words, message_words, name_words, presenters
from safehold.protection.forms import (
    NEW_PLACE,
    AcceptForm,
    AcceptPersonForm,
    ConfirmForm,
    OpenForm,
    SetAsideForm,
)
from safehold.protection.looking import looked_at
from safehold.protection.passing import how_it_came
from safehold.records.beside import queries as beside
from safehold.records.contacts import queries as contacts
from safehold.records.dvds import queries as dvds
from safehold.records.incidents import queries as incidents
from safehold.records.places import queries as places
from safehold.records.retention import queries as retention
from safehold.records.shares import queries as shares
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage import handing_on, operations, waiting
from safehold.records.triage import queries as triage
from safehold.records.triage.operations import Decisions

# Of a report a title says no more than this: it stays in a history.
_TITLES = {"new": "New report", "accepted": "Accepted report", "set_aside": "Report set aside"}


@require_GET
@never_cache
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show the slip of a report and ask why its account should be opened."""
    return _report_page(request, report_id, OpenForm())


def _report_page(
    request: HttpRequest,
    report_id: UUID,
    form: OpenForm,
    *,
    problem: str = "",
    taken: str = "",
    status: int = 200,
) -> HttpResponse:
    slip = looked_at(request, report_id)
    if slip.destroyed_at is not None:
        return _destroyed(request, slip)
    incident = incidents.of_report(report_id)
    page = {
        "title": _TITLES.get(slip.state, "Report"),
        "back": reverse("protection:inbox"),
        "back_to": "All reports",
        "here": "/staff/reports/",
        "slip": slip,
        "row": presenters.slip_row(slip, at=timezone.now()),
        "incident": incident,
        "opening": triage.last_opening(report_id=report_id, by=member_of(request)),
        "application": dvds.of_report(report_id),
        "must_not": shares.listed(report_id),
        "must_not_agencies": shares.listed_agencies(report_id),
        "must_not_people": shares.count_listed_people(report_id),
        "shared": shares.of_report(report_id),
        "conversation": message_words.standing(member_of(request), report_id),
        "files": operations.count_files(report_id),
        "contact": contacts.of_report(report_id),
        "decision": incidents.decision_of(report_id),
        "clocks": clock_words.clock_rows(waiting.clocks_of(report_id), at=timezone.now()),
        "name": name_words.panel(slip, by=member_of(request), at=timezone.now()),
        "kept": _kept(request, report_id),
        "beside": beside.count(report_id=report_id, by=member_of(request)),
        "handed": presenters.handed_words(slip),
        "may_hand_on": handing_on.may_hand_on(slip, by=member_of(request)),
        "may_take": _may_be_taken(slip, by=member_of(request)),
        "came": how_it_came(slip, by=member_of(request)),
        "problem": problem,
        "taken": taken,
        "form": form,
    }
    return render(request, "protection/report.html", page, status=status)


def _may_be_taken(slip: Any, *, by: StaffMember) -> bool:
    if not by.may(Permission.TAKE_REPORT) or slip.owner_id == by.pk:
        return False
    if slip.state == "accepted":  # somebody works on it: it is handed on, and not taken over
        return handing_on.free_to_take(slip)
    return slip.state in {"new", "sealed"}


def _kept(request: HttpRequest, report_id: UUID) -> Any:
    """Say until when it is kept, to whoever may know; the look at the slip is on record."""
    member = member_of(request)
    if not member.may(Permission.SEE_RETENTION):
        return None
    return retention.of_report(report_id=report_id, by=member, at=timezone.now()).found


def _destroyed(request: HttpRequest, slip: Any) -> HttpResponse:
    page = {
        "title": "Destroyed report",
        "back": reverse("protection:inbox"),
        "back_to": "All reports",
        "here": "/staff/reports/",
        "slip": slip,
        "incident": incidents.of_report(slip.pk),
        "certificate": retention.certificate_of(slip.pk),
    }
    return render(request, "protection/report_destroyed.html", page)


@require_POST
def take(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Make the officer the owner of a report; ask first where somebody else took it meanwhile."""
    try:
        operations.take_report(
            report_id=report_id,
            owner=request.POST.get("owner", ""),
            by=member_of(request),
            at=timezone.now(),
        )
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    except operations.TakenMeanwhile as error:
        taken = presenters.taken_words(error.slip)
        return _report_page(request, report_id, OpenForm(), taken=taken, status=409)
    return redirect("protection:report", report_id=report_id)


@require_http_methods(["GET", "POST"])
@never_cache
def account(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Open an account for this one answer: to see it again is to ask again."""
    if request.method == "GET":
        return redirect("protection:report", report_id=report_id)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _report_page(request, report_id, form)
    try:
        opened = operations.open_account(
            report_id=report_id,
            reason=form.cleaned_data["reason"],
            by=member_of(request),
            at=timezone.now(),
        )
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    except operations.AccountSealed as error:
        return _report_page(request, report_id, form, problem=str(error), status=409)
    return account_page.shown(request, opened, reason=form.cleaned_data["reason"])


@require_http_methods(["GET", "POST"])
@never_cache
def accept(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Accept a report into an incident; a second time leads to the same incident."""
    slip = looked_at(request, report_id)
    if slip.kind == DVDS:
        return redirect("protection:report", report_id=report_id)
    if not _has_read(request, slip):
        return _read_first(request, slip)
    form = _accept_form(request, slip)
    if request.method == "POST" and form.is_valid():
        decisions = _decisions(form)
        try:
            incident = operations.accept_report(
                report_id=report_id, decisions=decisions, by=member_of(request), at=timezone.now()
            )
        except operations.AccountSealed as error:
            form.add_error(None, str(error))
        except operations.AlreadyAccepted as error:
            form.add_error(None, presenters.accepted_words(error.incident, note=decisions.note))
        else:
            return redirect("protection:incident", incident_id=incident.pk)
    return _decision_page(request, slip, form, "protection/accept.html", "Accept this report")


def _accept_form(request: HttpRequest, slip: Any) -> AcceptForm | AcceptPersonForm:
    if slip.kind in ABOUT_SOMEBODY:
        initial = {"classification": presenters.suggested(slip.kind)}
        return AcceptPersonForm(request.POST or None, initial=initial)
    return AcceptForm(request.POST or None, places=_offered(request), initial={"place": NEW_PLACE})


def _decisions(form: AcceptForm | AcceptPersonForm) -> Decisions:
    cleaned = form.cleaned_data
    where: dict[str, Any] = {"place_id": None, "place_name": "", "place_kind": ""}
    if isinstance(form, AcceptForm):
        where = {
            "place_id": form.place_id,
            "place_name": cleaned["name"].strip(),
            "place_kind": cleaned["kind"],
        }
    return Decisions(
        **where, classification=cleaned["classification"], note=cleaned["note"].strip()
    )


def _offered(request: HttpRequest) -> list[tuple[str, str]]:
    # The neighbours were worked out from an account that is closed again by now: what was chosen
    # among them is checked on its own.
    try:
        chosen = places.get(UUID(request.POST.get("place", "")), by=member_of(request))
    except (ValueError, places.PlaceNotFound):
        return []
    return [(str(chosen.pk), chosen.name)]


@require_http_methods(["GET", "POST"])
@never_cache
def set_aside(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Set a report aside with a reason; it is kept."""
    slip = looked_at(request, report_id)
    if not _has_read(request, slip):
        return _read_first(request, slip)
    form = SetAsideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_aside_report(
                report_id=report_id,
                reason=form.cleaned_data["set_aside_reason"],
                by=member_of(request),
                at=timezone.now(),
            )
        except operations.AlreadyAccepted as error:
            form.add_error(None, presenters.accepted_words(error.incident))
        else:
            return redirect("protection:report", report_id=report_id)
    return _decision_page(request, slip, form, "protection/set_aside.html", "Set this report aside")


@require_http_methods(["GET", "POST"])
@never_cache
def confirm(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Confirm that a report with a danger prompt, set aside by someone else, stays there."""
    slip = looked_at(request, report_id)
    if not _has_read(request, slip):
        return _read_first(request, slip)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.confirm_set_aside(
                report_id=report_id,
                reason=form.cleaned_data["confirm_reason"],
                by=member_of(request),
                at=timezone.now(),
            )
        except (operations.NotSetAside, operations.SamePerson) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:report", report_id=report_id)
    return _decision_page(
        request, slip, form, "protection/confirm.html", "Set aside with a danger prompt"
    )


def _has_read(request: HttpRequest, slip: Any) -> bool:
    return triage.last_opening(report_id=slip.pk, by=member_of(request)) is not None


def _read_first(request: HttpRequest, slip: Any) -> HttpResponse:
    status = 409 if request.method == "POST" else 200
    return _decision_page(
        request,
        slip,
        OpenForm(),
        "protection/read_first.html",
        "Open the account first",
        status=status,
    )


def _decision_page(
    request: HttpRequest, slip: Any, form: Form, template: str, title: str, *, status: int = 200
) -> HttpResponse:
    page = {
        "title": title,
        "back": reverse("protection:report", args=[slip.pk]),
        "back_to": "The report",
        "here": "/staff/reports/",
        "slip": slip,
        "row": presenters.slip_row(slip, at=timezone.now()),
        "form": form,
    }
    return render(request, template, page, status=status)
