"""Looking for people, recording somebody new, and one person's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from safehold.domain import access
from safehold.domain.access import Permission
from safehold.protection import (
    merge_words,
    order_words,
    pair_words,
    person_words,
    safety_words,
)
from safehold.protection.people_forms import (
    ADDING,
    EndFactForm,
    NewPersonForm,
    SearchedForm,
    SearchForm,
    WhyForm,
)
from safehold.records.cases import queries as cases
from safehold.records.conflicts import recusals
from safehold.records.contacts import of_people
from safehold.records.histories import operations as source_searches
from safehold.records.histories import queries as histories
from safehold.records.orders import queries as orders
from safehold.records.people import alike, facts, merging, operations, queries
from safehold.records.safety import queries as safety
from safehold.records.staff.queries import StaffMember, member_of
from safehold.records.triage.reasons import ReasonTooThin

HERE = "/staff/people/"
FRAME = {"here": HERE, "back": HERE, "back_to": "People"}


@require_http_methods(["GET", "POST"])
@never_cache
@recusals.read_once()
def people(request: HttpRequest) -> HttpResponse:
    """Ask whom an officer looks for and why; show names and births, and no more."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    findings = None
    if request.method == "POST" and form.is_valid():
        findings = form.find(by=member_of(request), at=timezone.now())
    page = {
        "title": "People",
        "here": HERE,
        "form": form,
        "findings": findings,
        "by_name": bool(findings and form.cleaned_data["name"]),
        "found": person_words.found_rows(findings.people, on=localdate()) if findings else [],
        "may_record": member_of(request).may(Permission.RECORD_PEOPLE),
    }
    return render(request, "protection/people.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Record somebody by one name, and when they were born if that is known."""
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = operations.record_person(
            **form.values(),
            origin=form.origin(),
            born=form.cleaned_data["born"],
            sealed_to=form.sealed_to(),
            by=member_of(request),
            at=timezone.now(),
        )
        if not queries.may_know_of(made, by=member_of(request)):
            return redirect("protection:person_passed")
        return redirect("protection:person", identity=made.identity)
    page = FRAME | {"title": "Record a person", "form": form}
    return render(request, "protection/person_new.html", page)


@require_GET
@never_cache
def passed(request: HttpRequest) -> HttpResponse:
    """Say that whoever or whatever was just recorded is for professional standards."""
    page = FRAME | {"title": "Recorded, and passed on"}
    return render(request, "protection/person_passed.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
@recusals.read_once()
def person(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Show a person to whoever said why within this shift; ask anybody else."""
    now = timezone.now()
    moved = standing(request, identity)
    if moved != identity:
        return redirect("protection:person", identity=moved)
    member = member_of(request)
    form = WhyForm(request.POST if request.method == "POST" else None)
    reason = ""
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["look_reason"]
    if request.method == "GET":
        since = now - access.table().shift
        opened = queries.opened_for(identity=identity, by=member, since=since)
        reason = opened[1] if opened else ""
    if not reason:
        page = FRAME | {"title": "Person", "form": form}
        return render(request, "protection/incident_reason.html", page)
    found = queries.look_at_person(identity=identity, reason=reason, by=member, at=now)
    history = histories.of_person(identity, by=member)
    searched, not_searched = person_words.searched_words(history)
    page = FRAME | {
        "title": "Person",
        "person": found,
        "reason": reason,
        "groups": person_words.groups(found, on=localdate(), marked=_marked(identity, member)),
        "flags": person_words.flags(found, on=localdate()),
        "pathway": safety_words.pathway_words(identity, by=member),
        "entries": person_words.entry_rows(history, by=member),
        "more": history.more,
        "searched": searched,
        "not_searched": not_searched,
        "cases": cases.of_person(identity, by=member),
        "together": pair_words.together(identity, by=member),
        "may_be_child": person_words.may_be_child(found, on=localdate()),
        "orders": _orders(identity, member, at=now),
        "order_new": _order_new(identity, member),
        "contacts": of_people.of_person(identity, by=member),
        "may_record": member.may(Permission.RECORD_PEOPLE),
        "may_merge": member.may(Permission.MERGE_PEOPLE),
        "alike": alike.count_of(identity, by=member),
        "merges": _merges(identity, member),
    }
    return render(request, "protection/person.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def add(request: HttpRequest, identity: UUID, what: str) -> HttpResponse:
    """Record something of a person."""
    adding = ADDING.get(what)
    if adding is None:
        raise Http404("There is no such thing to record.")
    standing(request, identity)
    form = adding.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            adding.writes(
                identity=identity,
                **form.values(),
                origin=form.origin(),
                by=member_of(request),
                at=timezone.now(),
            )
        except (facts.NotAFact, facts.FlaggedAlready, operations.NotADate) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:person", identity=identity)
    return _form_page(request, identity, form, adding.title, "Record it")


@require_http_methods(["GET", "POST"])
@never_cache
def end(request: HttpRequest, identity: UUID, what: str, fact_id: UUID) -> HttpResponse:
    """Ask why something that was recorded does not hold; the entry stays."""
    standing(request, identity)
    form = EndFactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            facts.end_fact(
                identity=identity,
                what=what,
                fact_id=fact_id,
                why=form.cleaned_data["why"],
                by=member_of(request),
                at=timezone.now(),
            )
        except (facts.FactNotFound, facts.LastName, ReasonTooThin) as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:person", identity=identity)
    return _form_page(request, identity, form, "This does not hold", "Record that")


@require_http_methods(["GET", "POST"])
@never_cache
def searched(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Record which source was searched for a person's history, or why it was not."""
    standing(request, identity)
    form = SearchedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        if _write_searched(form, identity=identity, by=member_of(request), at=at):
            return redirect("protection:person", identity=identity)
    return _form_page(request, identity, form, "What was searched", "Record it")


def _merges(identity: UUID, member: StaffMember) -> list[merge_words.MergeRow]:
    found = merging.merges_of(identity)
    keys = {str(key) for row in found for key in (row.kept, row.folded)}
    return merge_words.merge_rows(found, queries.references_of(keys, by=member))


def _orders(identity: UUID, member: StaffMember, *, at: datetime) -> list[Any] | None:
    """Return the orders of a person, None for whoever sees none of anybody."""
    if not member.may(Permission.SEE_ORDERS):
        return None
    return order_words.order_rows(orders.of_person(identity, by=member), at=at)


def _order_new(identity: UUID, member: StaffMember) -> str:
    if not member.may(Permission.KEEP_ORDERS):
        return ""
    return reverse("protection:order_new", args=[identity])


def opened(request: HttpRequest, identity: UUID) -> bool:
    """Tell whether a member said within this shift why they open a person, or sends a form."""
    since = timezone.now() - access.table().shift
    found = queries.opened_for(identity=identity, by=member_of(request), since=since)
    return found is not None or request.method == "POST"


def _marked(identity: UUID, member: StaffMember) -> dict[UUID, list[str]]:
    return safety_words.at_the_door(safety.markers_of_person(identity, by=member, on=localdate()))


def _form_page(
    request: HttpRequest, identity: UUID, form: object, title: str, button: str
) -> HttpResponse:
    page = {
        "title": title,
        "here": HERE,
        "back": reverse("protection:person", args=[identity]),
        "back_to": "The person",
        "form": form,
        "button": button,
    }
    return render(request, "protection/person_form.html", page)


def standing(request: HttpRequest, identity: UUID) -> UUID:
    """Return the identity that a person has now. Raises Http404 where the member knows of none."""
    try:
        return queries.identity_of(identity, by=member_of(request))
    except operations.PersonNotFound as error:
        raise Http404(str(error)) from None


def _write_searched(form: SearchedForm, *, identity: UUID, by: StaffMember, at: Any) -> bool:
    """Record what was searched; tell whether it was, with what is wrong in the form if not."""
    try:
        source_searches.record_search(identity=identity, **form.cleaned_data, by=by, at=at)
    except source_searches.WordsNeeded as error:
        form.add_error("words", str(error))
        return False
    return True
