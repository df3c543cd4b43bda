"""What is done with a case: an incident or somebody added, who works on it, restricted, closed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.design.unsaved import Line, words_of
from safehold.domain.access import Hidden
from safehold.protection import case_people, case_words, cases
from safehold.protection.case_forms import (
    AddIncidentForm,
    AddPartyForm,
    CloseForm,
    HandOnCasesForm,
    KeepForm,
    MemberForm,
    WhyForm,
)
from safehold.records.cases import holding, listing, members, operations, queries
from safehold.records.cases.listing import State
from safehold.records.cases.operations import (
    ActedMeanwhile,
    Closed,
    NotADay,
    NotForThem,
    StillOpen,
)
from safehold.records.incidents.queries import IncidentNotFound
from safehold.records.people.operations import PersonNotFound
from safehold.records.staff import queries as staff
from safehold.records.staff.queries import member_of
from safehold.records.triage.reasons import ReasonTooThin

Act = Callable[[], object]
Page = Callable[..., HttpResponse]
_FIRST = (
    ActedMeanwhile,
    Closed,
    StillOpen,
    ReasonTooThin,
    NotForThem,
    NotADay,
    IncidentNotFound,
    PersonNotFound,
    Hidden,
)


def of_an_opened_case(view: Page) -> Page:
    """Give a page the case, with the look on record; ask why first where nobody said in a shift."""

    @require_http_methods(["GET", "POST"])
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, case_id: UUID, **more: Any) -> HttpResponse:
        found = cases.looked_at(request, case_id)
        if found is None:
            return cases.ask_first(request)
        return view(request, found[0], **more)

    return answer


@of_an_opened_case
def incident(request: HttpRequest, case: Any) -> HttpResponse:
    """Take an incident into a case."""
    member = member_of(request)
    theirs = queries.incidents_to_add(case, by=member)
    choices = [(str(one.pk), _incident(one)) for one in theirs]
    form = AddIncidentForm(_sent(request), incidents=choices)

    def act() -> None:
        key = form.cleaned_data["incident"]
        if not key:
            reference = form.cleaned_data["reference"]
            known = queries.incidents_by_reference([reference], by=member)
            if reference not in known:
                raise IncidentNotFound("No incident that you can see has this reference.")
            key = known[reference]
        if not operations.add_incident(
            case_id=case.pk, incident_id=UUID(str(key)), by=member, at=timezone.now()
        ):
            raise ActedMeanwhile("This incident is in the case already.")

    if request.method == "POST" and form.is_valid() and _done(form, act):
        return redirect("protection:case", case_id=case.pk)
    return form_page(request, case, form, "Add an incident", "Add it to the case")


@of_an_opened_case
def party(request: HttpRequest, case: Any) -> HttpResponse:
    """Find somebody by name, with a reason, and say what part they have in a case."""
    search = case_people.searched(request)
    adds = request.method == "POST" and request.POST.get("what") == "add"
    form = AddPartyForm(request.POST if adds else None, people=search.choices)

    def act() -> None:
        if not operations.add_party(
            case_id=case.pk,
            identity=form.cleaned_data["identity"],
            part=form.cleaned_data["part"],
            by=member_of(request),
            at=timezone.now(),
        ):
            raise ActedMeanwhile("This person has this part in the case already.")

    if adds and form.is_valid() and _done(form, act):
        return redirect("protection:case", case_id=case.pk)
    page = frame(case) | {
        "title": "Add somebody",
        "search": search,
        "adding": form,
        "form": form if adds else search.form,
    }
    return render(request, "protection/case_party.html", page)


@of_an_opened_case
def join(request: HttpRequest, case: Any) -> HttpResponse:
    """Name oneself to work on a case."""
    form = WhyForm(_sent(request))

    def act() -> None:
        why = form.cleaned_data["why"]
        members.join(case_id=case.pk, why=why, by=member_of(request), at=timezone.now())

    if request.method == "POST" and form.is_valid() and _done(form, act):
        return _back(request, case)
    says = "You see more of it then, and can change it. Its owner sees that you joined, and why."
    return form_page(request, case, form, "Join the work", "Join it", says=says)


@of_an_opened_case
def member(request: HttpRequest, case: Any) -> HttpResponse:
    """Name somebody to work on a case."""
    offered = [(str(each.pk), _member(each)) for each in queries.who_may_work_on(case)]
    form = MemberForm(_sent(request), members=offered)
    owner = queries.owner_of(case.pk)

    def act() -> None:
        named = staff.by_key(int(form.cleaned_data["member"]))
        if named is None:
            raise NotForThem("This member cannot work on this case.")
        members.name_member(
            case_id=case.pk,
            member=named,
            relation=form.cleaned_data["relation"],
            why=form.cleaned_data["why"],
            shown_owner=request.POST.get("owner"),
            by=member_of(request),
            at=timezone.now(),
        )

    if request.method == "POST" and form.is_valid() and _done(form, act):
        return _back(request, case)
    says = f"{owner.member.name} owns it now." if owner else "Nobody owns it now."
    page = {"hidden": [("owner", str(owner.member_id) if owner else "")], "says": says}
    return form_page(request, case, form, "Name somebody", "Name them", **page)


@of_an_opened_case
def member_end(request: HttpRequest, case: Any, membership_id: UUID) -> HttpResponse:
    """Say that somebody works on a case no longer."""
    form = WhyForm(_sent(request))

    def act() -> None:
        try:
            members.end_membership(
                case_id=case.pk,
                membership_id=membership_id,
                why=form.cleaned_data["why"],
                by=member_of(request),
                at=timezone.now(),
            )
        except queries.CaseNotFound as error:
            raise Http404(str(error)) from None

    if request.method == "POST" and form.is_valid() and _done(form, act):
        return _back(request, case)
    rows = [each.row for each in queries.members_of(case)]
    row = next((each for each in rows if each.pk == membership_id), None)
    says = f"{row.member.name}: {row.get_relation_display().lower()}." if row else ""
    title = "No longer works on it"
    return form_page(request, case, form, title, "Record that", says=says)


@of_an_opened_case
def restrict(request: HttpRequest, case: Any) -> HttpResponse:
    """Restrict a case to those who work on it, or show it to the unit again."""
    form = WhyForm(_sent(request))
    wanted = request.POST.get("restricted") == "yes" if form.is_bound else not case.restricted

    def act() -> None:
        operations.restrict(
            case_id=case.pk,
            restricted=wanted,
            why=form.cleaned_data["why"],
            by=member_of(request),
            at=timezone.now(),
        )

    if request.method == "POST" and form.is_valid() and _done(form, act):
        return _back(request, case)
    says = (
        "From then only those who work on it see that it is there: in lists, counts and searches, "
        "on the pages of its people and incidents, and in the audit."
        if wanted
        else "From then everybody in the unit who works on cases sees it."
    )
    title = "Restrict this case" if wanted else "Show this case to the unit again"
    page = {"hidden": [("restricted", "yes" if wanted else "no")], "says": says}
    return form_page(request, case, form, title, title, **page)


@of_an_opened_case
def close(request: HttpRequest, case: Any) -> HttpResponse:
    """Close a case."""
    form = CloseForm(_sent(request), left=holding.still_open(case.pk))

    def act() -> None:
        said, by = form.cleaned_data, member_of(request)
        why_open = said.get("why_open", "")
        operations.close(
            case_id=case.pk, why=said["why"], why_open=why_open, by=by, at=timezone.now()
        )

    if request.method == "POST" and form.is_valid() and _done(form, act):
        return _back(request, case)
    title = "Close this case"
    return form_page(request, case, form, title, title, says=WHEN_CLOSED)


@of_an_opened_case
def reopen(request: HttpRequest, case: Any) -> HttpResponse:
    """Open a closed case again."""
    title = "Open this case again"
    return _with_a_reason(request, case, title, act=operations.reopen, says=WHEN_REOPENED)


@of_an_opened_case
def keep(request: HttpRequest, case: Any) -> HttpResponse:
    """Decide that a closed case is kept longer."""
    form = KeepForm(_sent(request))

    def act() -> None:
        operations.keep_longer(
            case_id=case.pk, **form.cleaned_data, by=member_of(request), at=timezone.now()
        )

    if request.method == "POST" and form.is_valid() and _done(form, act):
        return redirect("protection:case", case_id=case.pk)
    says = case_words.kept(case) if case.closed_at else "This case is open: no time is counted."
    return form_page(request, case, form, "Keep this case longer", "Keep it", says=says)


WHEN_CLOSED = (
    "It can be opened again. Its time is counted from now, and what was told in it is kept as long "
    "as it is."
)
WHEN_REOPENED = "Whoever worked on it works on it again, and no time is counted."


@require_http_methods(["GET", "POST"])
@never_cache
def hand_on(request: HttpRequest) -> HttpResponse:
    """Hand cases that nobody owns to one member, with one reason."""
    by = member_of(request)
    offered = [(str(each.pk), _member(each)) for each in queries.who_may_work()]
    said, waiting = "", _unowned(by)
    lost: list[Line] = []
    form = HandOnCasesForm(_sent(request) if waiting else None, cases=waiting, members=offered)
    if form.is_valid():
        said = _handed_on(form, by)
    if said:
        form = HandOnCasesForm(cases=_unowned(by), members=offered)
    if request.method == "POST" and not waiting:
        lost = words_of(request.POST)
    page = {
        "title": "Hand cases on",
        "here": cases.HERE,
        "back": cases.HERE,
        "back_to": "Cases",
        "form": form,
        "said": said,
        "unsaved": lost,
    }
    return render(request, "protection/case_hand_on.html", page)


def _handed_on(form: HandOnCasesForm, by: staff.StaffMember) -> str:
    to = staff.by_key(int(form.cleaned_data["member"]))
    keys = [UUID(key) for key in form.cleaned_data["cases"]]
    if to is None:
        form.add_error("member", "Choose a name from the list.")
        return ""
    try:
        done = members.hand_on(
            case_ids=keys, member=to, why=form.cleaned_data["why"], by=by, at=timezone.now()
        )
    except NotForThem as error:
        form.add_error("cases", str(error))
        return ""
    went = f"{done.cases} {'case is' if done.cases == 1 else 'cases are'} {to.name}’s now."
    if not done.stay:
        return went
    stay = "1 stays as it is" if done.stay == 1 else f"{done.stay} stay as they are"
    return f"{went} {stay}: somebody was first, or it cannot be theirs."


def _unowned(by: staff.StaffMember) -> list[tuple[str, str]]:
    found = listing.page(
        state=State.UNOWNED, after=None, by=by, today=timezone.localdate(), limit=100
    )
    return [(str(case.pk), case_words.line(case)) for case, _ in found.rows]


def _with_a_reason(
    request: HttpRequest, case: Any, title: str, *, act: Callable[..., None], says: str
) -> HttpResponse:
    form = WhyForm(_sent(request))

    def done() -> None:
        act(
            case_id=case.pk,
            why=form.cleaned_data["why"],
            by=member_of(request),
            at=timezone.now(),
        )

    if request.method == "POST" and form.is_valid() and _done(form, done):
        return redirect("protection:case", case_id=case.pk)
    return form_page(request, case, form, title, title, says=says)


def _done(form: Form, act: Act) -> bool:
    """Do it; tell whether it was done, with what stands in the way in the form if not."""
    try:
        act()
    except _FIRST as error:
        form.add_error(None, str(error))
        return False
    except queries.CaseNotFound as error:
        raise Http404(str(error)) from None
    return True


def _back(request: HttpRequest, case: Any) -> HttpResponse:
    """Lead back to the case, or to the list where the member does not see it any more."""
    if queries.seen_by(member_of(request)).filter(pk=case.pk).exists():
        return redirect("protection:case", case_id=case.pk)
    return redirect("protection:cases")


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def frame(case: Any) -> dict[str, Any]:
    """Return what stands around a page of a case."""
    back = reverse("protection:case", args=[case.pk])
    return {"here": cases.HERE, "back": back, "back_to": "The case", "case": case}


def form_page(
    request: HttpRequest, case: Any, form: Form, title: str, button: str, **more: Any
) -> HttpResponse:
    """Draw a form about a case; `says` stands above it, `hidden` in it."""
    page = frame(case) | {"title": title, "form": form, "button": button} | more
    return render(request, "protection/case_form.html", page)


def _incident(one: Any) -> str:
    decided = one.get_crime_decision_display().lower()
    return f"{one.reference}: {one.get_classification_display()}, {decided}"


def _member(each: staff.StaffMember) -> str:
    return ", ".join(filter(None, (each.name, each.role_label, each.team)))
