"""Safe contact on the unit's desk: when and how, who and where, and another way on authority."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.protection import contact_words
from safehold.protection.contact_forms import (
    CorrectForm,
    DueForm,
    EndedForm,
    OpenContactForm,
    OverrideForm,
    as_typed,
)
from safehold.protection.forms import ReviewForm
from safehold.records.contacts import lists, operations, queries
from safehold.records.contacts.operations import ContactSealed, ProfileNotFound
from safehold.records.staff.queries import member_of
from safehold.records.triage import queries as triage
from safehold.records.triage import releases
from safehold.records.triage.reasons import ReasonTooThin


@require_http_methods(["GET", "POST"])
@never_cache
def contact(request: HttpRequest, profile_id: UUID) -> HttpResponse:
    """Show when and how somebody may be reached; who and where once, after a reason."""
    if request.method == "GET":
        return _page(request, profile_id)
    form = OpenContactForm(request.POST)
    details = None
    if form.is_valid():
        try:
            details = operations.open_details(
                profile_id=profile_id,
                reason=form.cleaned_data["reason"],
                by=member_of(request),
                at=timezone.now(),
            )
        except ProfileNotFound as error:
            raise Http404(str(error)) from None
        except ContactSealed as error:
            form.add_error(None, str(error))
    shown = {} if details is None else {"details": contact_words.detail_rows(details)}
    return _page(request, profile_id, opening=form, **shown)


@require_POST
def set_due(request: HttpRequest, profile_id: UUID) -> HttpResponse:
    """Set by when somebody has to be reached."""
    form = DueForm(request.POST)
    if not form.is_valid():
        return _page(request, profile_id, due=form)
    try:
        operations.set_due(
            profile_id=profile_id, by=member_of(request), at=timezone.now(), **form.cleaned_data
        )
    except ProfileNotFound as error:
        raise Http404(str(error)) from None
    except (operations.TimeOver, operations.TimeTooFar) as error:
        form.add_error("due_at", str(error))
        return _page(request, profile_id, due=form)
    return redirect("protection:contact", profile_id=profile_id)


@require_POST
def ended(request: HttpRequest, profile_id: UUID, due_id: UUID) -> HttpResponse:
    """Record that somebody was reached, or need not be any more."""
    form = EndedForm(request.POST, prefix=str(due_id))
    if form.is_valid():
        try:
            operations.end_due(
                due_id=due_id,
                how=form.cleaned_data["how"],
                by=member_of(request),
                at=timezone.now(),
            )
        except ProfileNotFound as error:
            raise Http404(str(error)) from None
        except operations.EndedBefore as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:contact", profile_id=profile_id)
    return _page(request, profile_id, ending=form)


@require_http_methods(["GET", "POST"])
@never_cache
def correct(request: HttpRequest, profile_id: UUID) -> HttpResponse:
    """Write down how somebody may be reached now, after talking to them."""
    found = _looked(request, profile_id)
    operations.must_not_be_hidden(found)
    newest = queries.versions(found)[0]
    form = CorrectForm(request.POST or None, initial=as_typed(queries.terms_of(newest)))
    if request.method == "POST" and form.is_valid():
        try:
            operations.correct(
                profile_id=profile_id,
                terms=form.terms(),
                changes=form.changes(),
                remove=form.cleaned_data["remove"],
                why=form.cleaned_data["why"],
                by=member_of(request),
                at=timezone.now(),
            )
        except operations.WayWithoutWhere as error:
            form.add_error("to", str(error))
        except ContactSealed as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:contact", profile_id=profile_id)
    return render(request, "protection/contact_correct.html", _within(found) | {"form": form})


@require_http_methods(["GET", "POST"])
@never_cache
def override(request: HttpRequest, profile_id: UUID, due_id: UUID | None = None) -> HttpResponse:
    """Decide that somebody is reached another way than theirs, for one clock if there is one."""
    found, now = _looked(request, profile_id), timezone.now()
    operations.must_not_be_hidden(found)
    form = OverrideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.override(
                profile_id=profile_id,
                due_id=due_id,
                by=member_of(request),
                at=now,
                **form.cleaned_data,
            )
        except ProfileNotFound as error:
            raise Http404(str(error)) from None
        except operations.NotReadYet as error:
            form.add_error(None, str(error))
        except (operations.LessWouldDo, ReasonTooThin) as error:
            form.add_error("why_not_less", str(error))
        else:
            return redirect("protection:contact", profile_id=profile_id)
    page = _within(found) | {
        "form": form,
        "clock": _clock(found, due_id, at=now),
        "has_read": queries.has_read(found, by=member_of(request), at=now),
        "review_days": lists.REVIEW_WITHIN.days,
    }
    return render(request, "protection/contact_override.html", page)


@require_GET
def overrides(request: HttpRequest) -> HttpResponse:
    """List the overrides that nobody has looked at yet."""
    return _overrides(request)


@require_POST
def review(request: HttpRequest, override_id: UUID) -> HttpResponse:
    """Record whether it was right to pass somebody's way by."""
    form = ReviewForm(request.POST, prefix=str(override_id))
    if not form.is_valid():
        return _overrides(request, form=form, of=override_id)
    try:
        operations.review_override(
            override_id=override_id,
            was_right=form.cleaned_data["right"] == "yes",
            review=form.cleaned_data["review"],
            by=member_of(request),
            at=timezone.now(),
        )
    except (operations.NothingToReview, operations.OwnOverride) as error:
        form.add_error(None, str(error))
        return _overrides(request, form=form, of=override_id)
    return redirect("protection:overrides")


def _overrides(
    request: HttpRequest, *, form: ReviewForm | None = None, of: UUID | None = None
) -> HttpResponse:
    waiting = [
        (each, form if form is not None and each.pk == of else _review_form(each.pk))
        for each in queries.to_review(by=member_of(request))
    ]
    page = {
        "title": "Reached another way",
        "here": "/staff/overrides/",
        "waiting": waiting,
        "late_before": timezone.now() - lists.REVIEW_WITHIN,
        "grounds": lists.GROUNDS,
        "means": lists.MEANS,
        "form": form,
    }
    status = 409 if form is not None and form.non_field_errors() else 200
    return render(request, "protection/overrides.html", page, status=status)


def _clock(found: Any, due_id: UUID | None, *, at: datetime) -> contact_words.ClockWords | None:
    if due_id is None:
        return None
    for clock in queries.clocks(found, at=at):
        if clock.due.pk == due_id:
            return contact_words.clock_words(clock, at=at)
    raise Http404("There is no such time to reach anybody by, or it was ended.")


def _review_form(override_id: UUID) -> ReviewForm:
    return ReviewForm(prefix=str(override_id))


def _looked(request: HttpRequest, profile_id: UUID) -> Any:
    try:
        return operations.look_at(profile_id=profile_id, by=member_of(request), at=timezone.now())
    except ProfileNotFound as error:
        raise Http404(str(error)) from None


def _page(request: HttpRequest, profile_id: UUID, **forms: Any) -> HttpResponse:
    found, now = _looked(request, profile_id), timezone.now()
    versions = queries.versions(found)
    terms = queries.terms_of(versions[0])
    window = queries.window_of(versions[0], at=now)
    page = _frame(request, found) | {
        "window": contact_words.safe_words(window, at=now, more=terms.more_times),
        "safe": contact_words.is_safe(window, at=now) and not terms.more_times,
        "terms": contact_words.term_rows(terms),
        "versions": versions,
        "clocks": [
            (contact_words.clock_words(clock, at=now), _ended_form(clock.due.pk, forms))
            for clock in queries.clocks(found, at=now)
        ],
        "overrides": queries.overrides(found),
        "grounds": lists.GROUNDS,
        "means": lists.MEANS,
        "opening": forms.get("opening") or OpenContactForm(),
        "due": forms.get("due") or DueForm(),
        "details": forms.get("details"),
        "opened_at": now,
        "form": (form := _first(forms)),
    }
    status = 409 if form is not None and form.non_field_errors() else 200
    return render(request, "protection/contact.html", page, status=status)


def _ended_form(due_id: UUID, forms: dict[str, Any]) -> EndedForm:
    given = forms.get("ending")
    return (
        given
        if given is not None and given.prefix == str(due_id)
        else EndedForm(prefix=str(due_id))
    )


def _first(forms: dict[str, Any]) -> Form | None:
    return next((form for form in forms.values() if isinstance(form, Form)), None)


def _frame(request: HttpRequest, found: Any) -> dict[str, Any]:
    page = {"title": "Safe contact", "profile": found}
    identity = queries.identity_of(found)
    if identity is not None:
        return page | {
            "here": "/staff/people/",
            "back": reverse("protection:person", args=[identity]),
            "back_to": "The person",
            "reference": "",
            "released_by": "",
        }
    slip = triage.slip(report_id=found.report_id, by=member_of(request))
    return page | {
        "here": "/staff/reports/",
        "back": reverse("protection:report", args=[found.report_id]),
        "back_to": f"Report {slip.reference}",
        "reference": slip.reference,
        "released_by": releases.words_of(releases.released_by(slip)),
    }


def _within(found: Any) -> dict[str, Any]:
    return {
        "title": "Safe contact",
        "here": "/staff/people/" if found.person_id else "/staff/reports/",
        "back": reverse("protection:contact", args=[found.pk]),
        "back_to": "Safe contact",
        "profile": found,
    }
