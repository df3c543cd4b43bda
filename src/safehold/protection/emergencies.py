"""Breaking the glass on a person's page, and what somebody else thought of it afterwards."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.domain import case_access
from safehold.protection.forms import ReasonField, ReviewForm
from safehold.records.cases import glass
from safehold.records.cases.glass import NothingToReview, OwnGlass
from safehold.records.people.operations import PersonNotFound
from safehold.records.people.queries import identity_of
from safehold.records.staff.queries import member_of
from safehold.records.triage.reasons import ReasonTooThin


class GlassForm(forms.Form):
    """What danger there is, and why it cannot wait for whoever works on it."""

    reason = ReasonField(
        label="What is the danger, and why can it not wait?",
        help_text="Whoever owns what you open is told, and somebody else looks at it afterwards.",
    )


@require_http_methods(["GET", "POST"])
@never_cache
def break_glass(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Open what of a person is not shown, in an emergency; say what there was."""
    member = member_of(request)
    form = GlassForm(request.POST if request.method == "POST" else None)
    page = {
        "title": "In an emergency",
        "here": "/staff/people/",
        "back": reverse("protection:person", args=[identity]),
        "back_to": "The person",
        "form": form,
        "hours": round(case_access.table().glass_lasts.total_seconds() / 3600),
    }
    try:
        identity_of(identity, by=member)
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            opening, cases = glass.break_glass(
                identity=identity, reason=reason, by=member, at=timezone.now()
            )
            page |= {"opening": opening, "cases": cases}
    except PersonNotFound as error:
        raise Http404(str(error)) from None
    except ReasonTooThin as error:
        form.add_error("reason", str(error))
    return render(request, "protection/glass.html", page)


@require_GET
@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """List the openings in an emergency that nobody has looked at yet."""
    return _listing(request)


@require_POST
def review(request: HttpRequest, glass_id: UUID) -> HttpResponse:
    """Record whether it was right to open it."""
    form = ReviewForm(request.POST, prefix=str(glass_id))
    if not form.is_valid():
        return _listing(request, form=form, of=glass_id)
    try:
        glass.review(
            glass_id=glass_id,
            was_right=form.cleaned_data["right"] == "yes",
            words=form.cleaned_data["review"],
            by=member_of(request),
            at=timezone.now(),
        )
    except (NothingToReview, OwnGlass) as error:
        form.add_error(None, str(error))
        return _listing(request, form=form, of=glass_id)
    return redirect("protection:emergencies")


def _listing(
    request: HttpRequest, *, form: ReviewForm | None = None, of: UUID | None = None
) -> HttpResponse:
    waiting = [
        (one, form if form and one.glass.pk == of else ReviewForm(prefix=str(one.glass.pk)))
        for one in glass.to_review(by=member_of(request), at=timezone.now())
    ]
    page = {
        "title": "Opened in an emergency",
        "here": "/staff/emergencies/",
        "waiting": waiting,
        "form": form,
    }
    status = 409 if form and form.non_field_errors() else 200
    return render(request, "protection/emergencies.html", page, status=status)
