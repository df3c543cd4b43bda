"""What is done with an order: served, completed, varied, extended, heard, ended, told, broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.protection import order_forms as forms
from safehold.protection import orders as pages
from safehold.protection.order_saving import saved
from safehold.records.cases import queries as cases
from safehold.records.orders import breaking, changing, notifying, queries, recording, serving
from safehold.records.orders.keeping import NotAnOrder
from safehold.records.people import queries as people
from safehold.records.staff.queries import member_of

_TO_CHANGE: Final = "To change what is recorded of the order"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be done: its page, its form, and what it does."""

    title: str
    button: str
    form: Callable[[HttpRequest, Any], Any]
    does: Callable[[Any, dict[str, Any]], object]


def _plain(form: Callable[..., Any]) -> Callable[[HttpRequest, Any], Any]:
    return lambda request, _: form(_sent(request))


def _amend_form(request: HttpRequest, order: Any) -> Form:
    initial = {name: getattr(order, name) for name in changing.FIELDS}
    initial["power_of_arrest"] = {True: "yes", False: "no"}.get(order.power_of_arrest, "")
    return forms.AmendForm(_sent(request), initial=initial)


def _case_form(request: HttpRequest, order: Any) -> Form:
    member = member_of(request)
    found: dict[str, str] = {}
    standing = queries.standing_of([order], by=member)[0]
    for identity, _ in (standing.respondent, *standing.protects):
        for case in cases.of_person(identity, by=member):
            if case.closed_at is None and "orders" in cases.may_see(case, by=member)[1]:
                found[str(case.pk)] = f"{case.reference}, {case.get_kind_display()}"
    return forms.CaseForm(_sent(request), cases=list(found.items()))


def _unprotect_form(request: HttpRequest, order: Any) -> Form:
    standing = queries.standing_of([order], by=member_of(request))[0]
    named = [(str(key), name or "Name not recorded") for key, name in standing.protects]
    return forms.ProtectNoMoreForm(_sent(request), people=named)


def _protect(form: Any, given: dict[str, Any]) -> None:
    typed = "".join(form.cleaned_data["reference"].split()).upper()
    found = people.by_reference(reference=typed, by=given["by"])
    if found is None:
        raise NotAnOrder("No person that you may know of has this reference.", field="reference")
    recording.protect(identity=found, why=form.cleaned_data["why"], **given)


ACTS: Final[Mapping[str, Act]] = {
    "serve": Act(
        "Served, or tried",
        "Record it",
        _plain(forms.ServiceForm),
        lambda form, given: serving.record_service(told=form.told(), **given),
    ),
    "amend": Act(
        "What is known of it",
        "Record it",
        _amend_form,
        lambda form, given: changing.amend(
            said=form.facts(), why=form.cleaned_data["why"], **given
        ),
    ),
    "condition": Act(
        "Add a condition",
        "Add it",
        _plain(forms.ConditionForm),
        lambda form, given: changing.vary(said=form.said(), why=form.cleaned_data["why"], **given),
    ),
    "extend": Act(
        "Extended",
        "Record it",
        _plain(forms.ExtendForm),
        lambda form, given: changing.extend(**form.cleaned_data, **given),
    ),
    "heard": Act(
        "Heard by a court",
        "Record it",
        _plain(forms.HeardForm),
        lambda form, given: changing.hear(**form.cleaned_data, **given),
    ),
    "end": Act(
        "Discharged, or ended",
        "Record it",
        _plain(forms.EndForm),
        lambda form, given: changing.end(**form.cleaned_data, **given),
    ),
    "holds-again": Act(
        "It was not ended",
        "Take the end back",
        _plain(forms.WhyChangedForm),
        lambda form, given: changing.take_end_back(**form.cleaned_data, **given),
    ),
    "told": Act(
        "What he told the police",
        "Record it",
        _plain(forms.ToldForm),
        lambda form, given: notifying.record_notified(told=form.told(), **given),
    ),
    "exempt": Act(
        "He tells the police by another law",
        "Record it",
        _plain(forms.ExemptForm),
        lambda form, given: notifying.exempt(**form.cleaned_data, **given),
    ),
    "exempt-no-more": Act(
        "The other law asks nothing any more",
        "Record it",
        _plain(forms.WhyChangedForm),
        lambda form, given: notifying.end_exemption(**form.cleaned_data, **given),
    ),
    "case": Act(
        "Take it into a case",
        "Take it in",
        _case_form,
        lambda form, given: recording.take_into_case(
            case_id=UUID(form.cleaned_data["case"]), **given
        ),
    ),
    "protect": Act(
        "Protects somebody else as well", "Record it", _plain(forms.ProtectForm), _protect
    ),
    "protect-no-more": Act(
        "Does not protect somebody",
        "Record it",
        _unprotect_form,
        lambda form, given: recording.protect_no_more(
            identity=UUID(form.cleaned_data["person"]), why=form.cleaned_data["why"], **given
        ),
    ),
}
_ROWS: Final[Mapping[str, tuple[str, str, Callable[..., None]]]] = {
    "service": ("What was recorded of serving it is wrong", "service_id", serving.end_service),
    "condition": ("A condition ends", "condition_id", changing.end_condition),
}


@require_http_methods(["GET", "POST"])
@never_cache
def act(request: HttpRequest, order_id: UUID, what: str) -> HttpResponse:
    """Do one thing with an order."""
    order = pages.there(request, order_id)
    chosen = ACTS.get(what)
    if chosen is None:
        raise Http404("There is no such thing to do with an order.")
    if not _may_go_on(request, order):
        return redirect("protection:order", order_id=order_id)
    form = chosen.form(request, order)
    given = {"order_id": order_id, "by": member_of(request), "at": timezone.now()}
    sent = request.method == "POST" and form.is_valid()
    if sent and saved(form, lambda: chosen.does(form, given)):
        return redirect("protection:order", order_id=order_id)
    return _form_page(request, order_id, form, chosen.title, chosen.button)


@require_http_methods(["GET", "POST"])
@never_cache
def end_row(request: HttpRequest, order_id: UUID, what: str, row_id: UUID) -> HttpResponse:
    """End a condition, or what was recorded of serving an order, with a reason."""
    order = pages.there(request, order_id)
    if what not in _ROWS:
        raise Http404("There is no such thing to end.")
    if not _may_go_on(request, order):
        return redirect("protection:order", order_id=order_id)
    title, name, does = _ROWS[what]
    form = forms.WhyChangedForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"order_id": order_id, name: row_id, **form.cleaned_data}
        given |= {"by": member_of(request), "at": timezone.now()}
        if saved(form, lambda: does(**given)):
            return redirect("protection:order", order_id=order_id)
    return _form_page(request, order_id, form, title, "Record it")


@require_http_methods(["GET", "POST"])
@never_cache
def breach(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Open an incident on a breach by one press; what else is known may be written with it."""
    order = pages.there(request, order_id)
    if not _may_go_on(request, order):
        return redirect("protection:order", order_id=order_id)
    form = forms.BreachForm(_sent(request))
    made: list[Any] = []

    def opened() -> None:
        made.append(
            breaking.open_breach(
                order_id=order_id, said=form.said(), by=member_of(request), at=timezone.now()
            )
        )

    if request.method == "POST" and form.is_valid() and saved(form, opened):
        return redirect("protection:incident", incident_id=made[0].incident_id)
    return _form_page(request, order_id, form, "He has broken it", "Open an incident")


@require_http_methods(["GET", "POST"])
@never_cache
def decide(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Decide what becomes of a breach that is for the court."""
    try:
        order_id = breaking.order_of(breach_id, by=member_of(request))
    except breaking.BreachNotFound as error:
        raise Http404(str(error)) from None
    order = pages.there(request, order_id)
    if not _may_go_on(request, order):
        return redirect("protection:order", order_id=order_id)
    form = forms.DecideForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {
            "breach_id": breach_id,
            "by": member_of(request),
            "at": timezone.now(),
        }
        if saved(form, lambda: breaking.decide_breach(**form.cleaned_data, **given)):
            return redirect("protection:order", order_id=order_id)
    return _form_page(request, order_id, form, "What becomes of the breach", "Record it")


def _may_go_on(request: HttpRequest, order: Any) -> bool:
    """Record the look that a page with a form is; what was sent is never turned away for that."""
    return pages.look_to_change(request, order, _TO_CHANGE)


def _form_page(
    request: HttpRequest, order_id: UUID, form: Form, title: str, button: str
) -> HttpResponse:
    page = {
        "title": title,
        "here": pages.HERE,
        "back": reverse("protection:order", args=[order_id]),
        "back_to": "The order",
        "form": form,
        "button": button,
    }
    return render(request, "protection/person_form.html", page)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
