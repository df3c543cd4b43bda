"""Each act on an application under Clare's Law, on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.domain import dvds as rules
from safehold.protection import case_acts, dvds, dvds_forms
from safehold.records.dvds import deciding, operations, queries, steps, telling
from safehold.records.staff.queries import member_of
from safehold.records.triage.endings import NotOver, Unread
from safehold.records.triage.reasons import ReasonTooThin

_REFUSED = (
    operations.DoneBefore,
    operations.TooEarly,
    operations.NotSecond,
    steps.NotFound,
    steps.NotADay,
    ReasonTooThin,
    NotOver,
    Unread,
)
Does = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its title, its form, what its button says, and what it does with the form."""

    title: str
    form: type[Form]
    button: str
    does: Does


def _first(*, danger: str, **said: Any) -> object:
    return steps.contact_first(danger=danger == "yes", **said)


def _decide(*, application_id: UUID, by: Any, at: Any, **said: Any) -> object:
    proposed = deciding.Proposed(**said)
    return deciding.propose(application_id=application_id, proposed=proposed, by=by, at=at)


def _tell(*, application_id: UUID, by: Any, at: Any, **said: Any) -> object:
    spoken = telling.Spoken(**said)
    return telling.tell(application_id=application_id, spoken=spoken, by=by, at=at)


def _describe(*, application_id: UUID, of: str, by: Any, at: Any, **said: Any) -> object:
    return steps.describe(
        application_id=application_id, of=of, said=steps.Said(**said), by=by, at=at
    )


# Each act by its word in the address; its form's fields are its arguments.
ACTS: Mapping[str, Act] = {
    "case": Act("Link a case", dvds_forms.LinkCaseForm, "Link it", steps.link_case),
    "person": Act("Link a person", dvds_forms.LinkPersonForm, "Link them", steps.link_person),
    "first": Act("First contact", dvds_forms.FirstContactForm, "Record it", _first),
    "search": Act("A source", dvds_forms.SearchForm, "Record it", steps.search),
    "identity": Act(
        "Identity", dvds_forms.IdentityForm, "Record the check", operations.check_identity
    ),
    "abuser": Act(
        "Who may be the one who abuses",
        dvds_forms.AbuserForm,
        "Record what was found",
        operations.check_abuser,
    ),
    "agency": Act("What an agency thinks", dvds_forms.ViewForm, "Record it", steps.hear),
    "decision": Act("Decision", dvds_forms.DecisionForm, "Record the decision", _decide),
    "plan": Act("Plan the telling", dvds_forms.PlanForm, "Record the plan", steps.plan),
    "told": Act("Told in person", dvds_forms.ToldForm, "Record that it was told", _tell),
    "who": Act(
        "Who they are, as it is counted", dvds_forms.CharacteristicsForm, "Record it", _describe
    ),
    "correct": Act(
        "Something was wrong", dvds_forms.CorrectionForm, "Record what was wrong", telling.correct
    ),
    "end": Act("The end", dvds_forms.EndApplicationForm, "End the work on it", operations.end),
}


@require_http_methods(["GET", "POST"])
@never_cache
def act(request: HttpRequest, application_id: UUID, what: str) -> HttpResponse:
    """Ask for one act on an application, and record it."""
    wanted = ACTS.get(what)
    if wanted is None:
        raise Http404("There is no such act.")
    form = wanted.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        to = {"application_id": application_id, "by": member_of(request), "at": timezone.now()}
        if _done(form, lambda: wanted.does(**to, **form.cleaned_data)):
            return redirect("protection:application", application_id=application_id)
    found = dvds.looked_at(request, application_id)
    page = dvds.frame(found) | {
        "title": wanted.title,
        "form": form,
        "button": wanted.button,
        "missing": rules.before_deciding(deciding.standing_of(found)) if what == "decision" else (),
        "kept_here": what == "told",
    }
    return render(request, "protection/application_act.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def second(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Ask a second person whether they agree to a decision, or think it was right."""
    member = member_of(request)
    made = next((one for one in queries.waiting_second(by=member) if one.pk == proposal_id), None)
    if made is None:
        raise Http404("Nothing of this waits for you.")
    form = dvds_forms.SecondForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data

        def agree() -> object:
            return deciding.second(
                proposal_id=proposal_id,
                agreed=said["agreed"] == "yes",
                why=said["why"],
                by=member,
                at=timezone.now(),
            )

        if _done(form, agree):
            return redirect("protection:application", application_id=made.application_id)
    found = dvds.looked_at(request, made.application_id)
    page = dvds.frame(found) | {
        "title": "Looked at afterwards" if made.emergency_why else "A second person",
        "form": form,
        "button": "Record what you think",
        "made": made,
        "missing": (),
    }
    return render(request, "protection/application_act.html", page)


@case_acts.of_an_opened_case
def from_case(request: HttpRequest, case: Any) -> HttpResponse:
    """Start Right to Know from a case that was opened with a reason."""
    form = dvds_forms.StartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = operations.start_right_to_know(
            **form.cleaned_data, case_id=case.pk, by=member_of(request), at=timezone.now()
        )
        return redirect("protection:application", application_id=made.pk)
    return case_acts.form_page(
        request,
        case,
        form,
        "Right to Know",
        "Start an application",
        says="Its victims and suspects are linked to it, as far as you may know of them.",
    )


def _done(form: Form, act: Callable[[], object]) -> bool:
    try:
        act()
    except queries.ApplicationNotFound as error:
        raise Http404(str(error)) from None
    except _REFUSED as error:
        form.add_error(None, str(error))
        return False
    return True
