"""Safe contact of a person: written down once, then opened and corrected as that of a report is."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.domain.contact_profile import Details
from safehold.protection.contact_forms import PersonContactForm
from safehold.records.contacts import of_people
from safehold.records.people import queries as people
from safehold.records.people.operations import PersonNotFound
from safehold.records.staff.queries import member_of
from safehold.records.triage.reasons import ReasonTooThin


@require_http_methods(["GET", "POST"])
@never_cache
def record(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Write down how a person may be reached."""
    member = member_of(request)
    try:
        people.get(identity, by=member)
    except PersonNotFound as error:
        raise Http404(str(error)) from None
    form = PersonContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            profile = of_people.record_for_person(
                identity=identity,
                terms=form.terms(),
                details=Details().corrected(form.changes()),
                why=form.cleaned_data["why"],
                by=member,
                at=timezone.now(),
            )
        except (of_people.KeptAlready, ReasonTooThin) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:contact", profile_id=profile.pk)
    page = {
        "title": "Safe contact",
        "here": "/staff/people/",
        "back": reverse("protection:person", args=[identity]),
        "back_to": "The person",
        "form": form,
        "button": "Seal and keep this",
    }
    return render(request, "protection/person_form.html", page)
