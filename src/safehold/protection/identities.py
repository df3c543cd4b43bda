"""Hidden names: opened and passed on by their keepers, looked at afterwards by somebody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.protection import name_words, presenters
from safehold.protection.forms import OpenIdentityForm, RefuseNameForm, ReviewForm
from safehold.records.staff.queries import member_of
from safehold.records.triage import identities, name_requests
from safehold.records.triage import queries as triage
from safehold.records.triage.identities import IdentitySealed, NothingToReview, OwnOpening


@require_http_methods(["GET", "POST"])
@never_cache
def identity(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Ask why a hidden name should be opened; show it once."""
    now, form = timezone.now(), OpenIdentityForm(request.POST or None)
    slip = _slip(request, report_id)
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            answers = identities.open_identity(
                report_id=report_id, reason=reason, by=member_of(request), at=now
            )
            shown = {"reason": reason, "answers": answers}
        except IdentitySealed as error:
            form.add_error(None, str(error))
    return _identity_page(request, slip, form=form, **shown)


@require_POST
@never_cache
def pass_on(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Pass a hidden name that was opened for a request on to whoever asked."""
    slip, form = _slip(request, _report_of(request, request_id)), OpenIdentityForm()
    try:
        name_requests.pass_on(request_id=request_id, by=member_of(request), at=timezone.now())
    except (name_requests.NotOpenedYet, IdentitySealed) as error:
        return _identity_page(request, slip, form=form, problem=str(error), status=409)
    except name_requests.AnsweredBefore:
        pass  # the page says by whom
    return redirect("protection:identity", report_id=slip.pk)


@require_POST
@never_cache
def refuse(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Say to whoever asked why a hidden name is not passed on."""
    slip, form = _slip(request, _report_of(request, request_id)), RefuseNameForm(request.POST)
    if not form.is_valid():
        return _identity_page(request, slip, form=OpenIdentityForm(), refusing=form)
    try:
        name_requests.refuse(
            request_id=request_id,
            reason=form.cleaned_data["why_not"],
            by=member_of(request),
            at=timezone.now(),
        )
    except name_requests.AnsweredBefore as error:
        form.add_error(None, str(error))
        return _identity_page(request, slip, form=OpenIdentityForm(), refusing=form, status=409)
    return redirect("protection:identity", report_id=slip.pk)


def _report_of(request: HttpRequest, request_id: UUID) -> UUID:
    try:
        return name_requests.of_report(request_id=request_id, by=member_of(request))
    except name_requests.RequestNotFound as error:
        raise Http404(str(error)) from None


def _slip(request: HttpRequest, report_id: UUID) -> Any:
    try:
        return triage.slip(report_id=report_id, by=member_of(request))
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None


def _identity_page(
    request: HttpRequest, slip: Any, *, form: OpenIdentityForm, status: int = 200, **shown: Any
) -> HttpResponse:
    now, member = timezone.now(), member_of(request)
    asked = name_requests.last_of(slip, at=now)
    page = {
        "title": "Hidden name",
        "here": "/staff/reports/",
        "back": reverse("protection:report", args=[slip.pk]),
        "back_to": "The report",
        "row": presenters.slip_row(slip, at=now),
        "form": shown.get("refusing") or form,
        "opening": form,
        "refusing": RefuseNameForm(),
        "opened_at": now,
        "answers": (),
        "hidden": identities.is_hidden(slip.pk),
        "asked": asked and name_words.words_of(asked, by=member, at=now),
        "opened_for_it": asked is not None and name_requests.was_opened(asked.request, by=member),
        **shown,
    }
    return render(request, "protection/identity.html", page, status=status)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List the openings of hidden names that nobody has looked at yet."""
    return _listing(request)


@require_POST
def review(request: HttpRequest, opening_id: int) -> HttpResponse:
    """Record whether a hidden name was rightly opened."""
    form = ReviewForm(request.POST, prefix=str(opening_id))
    if not form.is_valid():
        return _listing(request, form=form, of=opening_id)
    try:
        identities.review_opening(
            opening_id=opening_id,
            was_right=form.cleaned_data["right"] == "yes",
            review=form.cleaned_data["review"],
            by=member_of(request),
            at=timezone.now(),
        )
    except (NothingToReview, OwnOpening) as error:
        form.add_error(None, str(error))
        return _listing(request, form=form, of=opening_id)
    return redirect("protection:identities")


def _listing(request: HttpRequest, *, form: ReviewForm | None = None, of: int = 0) -> HttpResponse:
    waiting = [
        (
            opening,
            name_words.prompts_of(opening.slip),
            form if form and opening.pk == of else ReviewForm(prefix=str(opening.pk)),
        )
        for opening in identities.to_review(by=member_of(request))
    ]
    page = {
        "title": "Hidden names",
        "here": "/staff/hidden-names/",
        "waiting": waiting,
        "form": form,
    }
    status = 409 if form and form.non_field_errors() else 200
    return render(request, "protection/identities.html", page, status=status)
