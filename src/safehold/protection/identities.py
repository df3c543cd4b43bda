"""Hidden names: opened by their keepers, looked at afterwards by somebody else."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.protection import presenters
from safehold.protection.forms import OpenIdentityForm, ReviewForm
from safehold.records.staff.queries import member_of
from safehold.records.triage import identities
from safehold.records.triage import queries as triage
from safehold.records.triage.identities import IdentitySealed, NothingToReview, OwnOpening


@require_http_methods(["GET", "POST"])
@never_cache
def identity(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Ask why a hidden name should be opened; show it once."""
    now = timezone.now()
    try:
        slip = triage.slip(report_id=report_id, by=member_of(request))
    except triage.ReportNotFound as error:
        raise Http404(str(error)) from None
    form = OpenIdentityForm(request.POST or None)
    page = {
        "title": "Hidden name",
        "here": "/staff/reports/",
        "back": reverse("protection:report", args=[report_id]),
        "back_to": "The report",
        "row": presenters.slip_row(slip, at=now),
        "form": form,
        "opened_at": now,
        "answers": (),
        "hidden": identities.is_hidden(report_id),
    }
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        page["reason"] = reason
        try:
            page["answers"] = identities.open_identity(
                report_id=report_id, reason=reason, by=member_of(request), at=now
            )
        except IdentitySealed as error:
            form.add_error(None, str(error))
    return render(request, "protection/identity.html", page)


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
    except NothingToReview as error:
        raise Http404(str(error)) from None
    except OwnOpening as error:
        form.add_error(None, str(error))
        return _listing(request, form=form, of=opening_id)
    return redirect("protection:identities")


def _listing(request: HttpRequest, *, form: ReviewForm | None = None, of: int = 0) -> HttpResponse:
    waiting = [
        (opening, form if form and opening.pk == of else ReviewForm(prefix=str(opening.pk)))
        for opening in identities.to_review(by=member_of(request))
    ]
    page = {
        "title": "Hidden names",
        "here": "/staff/hidden-names/",
        "waiting": waiting,
        "form": form,
    }
    return render(request, "protection/identities.html", page)
