"""Assessments of a case: begun, filled in part by part, checked and submitted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from safehold.domain import access
from safehold.protection import pair_words, risk_words
from safehold.protection.forms import LookForm
from safehold.protection.risk_forms import ChecksForm, SectionForm, StartForm
from safehold.protection.risk_history import beside, groups
from safehold.records.audit import queries as looks
from safehold.records.cases import operations as case_acts
from safehold.records.cases import queries as cases
from safehold.records.histories import operations as histories
from safehold.records.people import queries as people
from safehold.records.risk import instruments, operations, pairs, queries
from safehold.records.staff.queries import member_of

SAVED_BY_SCRIPT = "X-Saves"
_HERE = {"here": "/staff/cases/"}


def found_or_404(request: HttpRequest, case_id: UUID, assessment_id: UUID) -> Any:
    """Return an assessment of a case. Raises Http404 where the member may not know of it."""
    try:
        found = queries.get(assessment_id=assessment_id, by=member_of(request))
    except queries.AssessmentNotFound as error:
        raise Http404(str(error)) from None
    if found.case_id != case_id:
        raise Http404("There is no such assessment.")
    return found


def looked_at(request: HttpRequest, case_id: UUID, assessment_id: UUID) -> Any:
    """Return an assessment with the look on record, None where nobody said why in this shift."""
    now, member = timezone.now(), member_of(request)
    found = found_or_404(request, case_id, assessment_id)
    said = queries.reason_within(assessment=found, by=member, at=now)
    if said is None:
        return None
    return operations.look_at(assessment_id=found.pk, reason=said[1], by=member, at=now)


def frame(assessment: Any, title: str, **more: Any) -> dict[str, Any]:
    """Return what every page of an assessment shows around itself."""
    page = {
        "title": title,
        "assessment": assessment,
        "back": risk_words.path_of(assessment),
        "back_to": f"Assessment {assessment.reference}",
        "paths": {
            name: risk_words.path_of(assessment, f"assessment_{name}")
            for name in ("history", "checks", "review", "grade", "earlier", "phone")
        },
    }
    return _HERE | page | more


def to_reason(assessment_id: UUID, case_id: UUID) -> HttpResponse:
    """Send somebody to where a reason is asked."""
    return redirect("protection:assessment", case_id=case_id, assessment_id=assessment_id)


@require_http_methods(["GET", "POST"])
@never_cache
def assessments(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show the assessments of a case to whoever said why within this shift; ask anybody else."""
    now, member = timezone.now(), member_of(request)
    case = _case(request, case_id)
    form = LookForm(request.POST if request.method == "POST" else None)
    reason = _reason_for_case(request, case_id, form)
    page: dict[str, Any] = _HERE | {
        "title": "Risk",
        "back": reverse("protection:work"),
        "back_to": "My work",
    }
    if not reason:
        return render(request, "protection/incident_reason.html", page | {"form": form})
    case_acts.look_at_case(case_id=case_id, reason=reason, by=member, at=now)
    page |= {
        "case": case,
        "reason": reason,
        "risk": risk_words.case_risk(case_id, by=member, at=now),
        "new": reverse("protection:assessment_new", args=[case_id]),
    }
    return render(request, "protection/assessments.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Begin an assessment: what is filled in, and about whom."""
    member = member_of(request)
    case = _case(request, case_id)
    known = cases.parties_of(case, by=member)
    parties = {str(each.identity): f"{each.name}. {', '.join(each.parts)}" for each in known}
    form = StartForm(
        request.POST if request.method == "POST" else None,
        parties=list(parties.items()),
        made=instruments.all_in_force(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.start(case_id=case_id, **form.values(), by=member, at=timezone.now())
        except queries.AssessmentNotFound as error:
            raise Http404(str(error)) from None
        except (case_acts.Closed, operations.NotAParty) as error:
            form.add_error(None, str(error))
        else:
            return redirect(risk_words.path_of(made, "assessment_history"))
    page = _HERE | {
        "title": "Begin an assessment",
        "back": reverse("protection:assessments", args=[case_id]),
        "back_to": f"Case {case.reference}: risk",
        "case": case,
        "parties": parties,
        "form": form,
    }
    return render(request, "protection/assessment_new.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def assessment(request: HttpRequest, case_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Show how far an assessment is, to whoever said why within this shift; ask anybody else."""
    now, member = timezone.now(), member_of(request)
    found = found_or_404(request, case_id, assessment_id)
    form = LookForm(request.POST if request.method == "POST" else None)
    said = queries.reason_within(assessment=found, by=member, at=now)
    reason = said[1] if said else ""
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["look_reason"]
    case_path = reverse("protection:assessments", args=[case_id])
    around = {"back": case_path, "back_to": "Risk in this case"}
    if not reason:
        page = frame(found, "Assessment", form=form) | around
        return render(request, "protection/incident_reason.html", page)
    found = operations.look_at(assessment_id=assessment_id, reason=reason, by=member, at=now)
    instrument, answers = queries.instrument_of(found), queries.answers_of(found)
    family = [found, *queries.followers(found)]
    names = risk_words.names_in([found])
    page = frame(found, f"Assessment {found.reference}") | around
    page |= {
        "reason": reason,
        "instrument": instrument,
        "row": risk_words.row_of(found, names),
        "parts": risk_words.parts(found, instrument, answers),
        "history_open": bool(queries.history_opened(found, by=member, at=now)),
        "checks": queries.checks(found),
        "followers": [risk_words.row_of(each, names) for each in family[1:]],
        "begun": risk_words.begun_rows(queries.started_in(family), at=now),
        "grades": queries.grades_of(found),
        "aggressor": _aggressor(found, member),
    }
    return render(request, "protection/assessment.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def history(request: HttpRequest, case_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Show what happened before, of all concerned; the look at each of them is kept."""
    now, member = timezone.now(), member_of(request)
    found = found_or_404(request, case_id, assessment_id)
    form = LookForm(request.POST if request.method == "POST" else None)
    reason = queries.history_opened(found, by=member, at=now)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["look_reason"]
    page = frame(found, "What happened before", form=form)
    if not reason:
        return render(request, "protection/incident_reason.html", page)
    concerned = (*queries.identities(found), *queries.children_in(found, by=member))
    for identity in dict.fromkeys(filter(None, concerned)):
        people.look_at_person(identity=identity, reason=reason, by=member, at=now)
    if queries.reason_within(assessment=found, by=member, at=now) is None:
        operations.look_at(assessment_id=found.pk, reason=reason, by=member, at=now)
    first = risk_words.path_of(found, "assessment_part", number=1)
    page |= {
        "reason": reason,
        "groups": groups(found, by=member),
        "aggressor": _aggressor(found, member),
        "first": first,
    }
    return render(request, "protection/assessment_history.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def part(request: HttpRequest, case_id: UUID, assessment_id: UUID, number: int) -> HttpResponse:
    """Ask one section; each answer is kept by itself, and nothing has to be answered."""
    now, member = timezone.now(), member_of(request)
    found = found_or_404(request, case_id, assessment_id)
    instrument = queries.instrument_of(found)
    if not 1 <= number <= len(instrument.sections):
        raise Http404("There is no such part.")
    if request.method == "GET":
        if not queries.history_opened(found, by=member, at=now):
            return redirect(risk_words.path_of(found, "assessment_history"))
        if looked_at(request, case_id, assessment_id) is None:
            return to_reason(assessment_id, case_id)
    section, standing = instrument.sections[number - 1], queries.standing(found)
    form = SectionForm(
        request.POST if request.method == "POST" else None, section=section, standing=standing
    )
    if request.method == "POST":
        _keep(found, form, by=member, at=now)
        if request.headers.get(SAVED_BY_SCRIPT):
            return _kept(form, now)
        if not form.errors:
            return redirect(_after(found, number, len(instrument.sections), request.POST.get("go")))
        standing = queries.standing(found)
    page = frame(
        found,
        section.title,
        form=form,
        number=number,
        of=len(instrument.sections),
        rows=_rows(found, form, standing),
        licensed=instrument.wording == "licensed",
        beside=beside(found, by=member),
    )
    return render(request, "protection/assessment_part.html", page)


@require_GET
@never_cache
def item(request: HttpRequest, case_id: UUID, assessment_id: UUID, key: str) -> HttpResponse:
    """Show every answer that was ever given to one item: nothing is overwritten."""
    found = looked_at(request, case_id, assessment_id)
    if found is None:
        return to_reason(assessment_id, case_id)
    try:
        asked = queries.instrument_of(found).item(key)
    except KeyError:
        raise Http404("There is no such item.") from None
    said = risk_words.answer_words(asked, queries.written(found, key))
    page = frame(found, "Every answer to this", item=asked, said=said)
    return render(request, "protection/assessment_item.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def checks(request: HttpRequest, case_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Ask of each source what came of searching it, or why nobody did."""
    found = found_or_404(request, case_id, assessment_id)
    if request.method == "GET" and looked_at(request, case_id, assessment_id) is None:
        return to_reason(assessment_id, case_id)
    form = ChecksForm(
        request.POST if request.method == "POST" else None, checks=queries.checks(found)
    )
    if request.method == "POST":
        form.full_clean()
        for source, outcome, words in form.said():
            try:
                operations.record_check(
                    assessment_id=found.pk,
                    source=source,
                    outcome=outcome,
                    words=words,
                    by=member_of(request),
                    at=timezone.now(),
                )
            except histories.WordsNeeded as error:
                form.add_error(f"{source}-words", str(error))
        if not form.errors:
            return redirect(risk_words.path_of(found, "assessment_review"))
    return render(request, "protection/assessment_checks.html", frame(found, "Checks", form=form))


def _case(request: HttpRequest, case_id: UUID) -> Any:
    try:
        return cases.get(case_id=case_id, by=member_of(request))
    except cases.CaseNotFound as error:
        raise Http404(str(error)) from None


def _reason_for_case(request: HttpRequest, case_id: UUID, form: LookForm) -> str:
    if request.method == "POST":
        return str(form.cleaned_data["look_reason"]) if form.is_valid() else ""
    since = timezone.now() - access.table().shift
    subject = case_acts.about(case_id)
    said = looks.last_look(subject=subject, by=member_of(request), since=since)
    return said[1] if said else ""


def _aggressor(found: Any, member: Any) -> str:
    victim, accused = queries.identities(found)
    asked = pairs.aggressor_question(victim=victim, accused=accused, by=member)
    return pair_words.aggressor_words(asked)


def _keep(found: Any, form: SectionForm, *, by: Any, at: Any) -> None:
    form.full_clean()
    try:
        operations.save_answers(assessment_id=found.pk, said=form.said(), by=by, at=at)
    except (operations.Submitted, operations.NotReady) as error:
        form.add_error(None, str(error))


def _kept(form: SectionForm, at: Any) -> JsonResponse:
    """Tell the page's script what was kept: when, and what was not and why."""
    wrong = {name: str(messages[0]) for name, messages in form.errors.items()}
    status = 409 if "__all__" in wrong else 200
    return JsonResponse({"at": f"{localtime(at):%H:%M}", "wrong": wrong}, status=status)


def _after(found: Any, number: int, last: int, go: str | None) -> str:
    if go != "next":
        return risk_words.path_of(found, "assessment_part", number=number)
    if number < last:
        return risk_words.path_of(found, "assessment_part", number=number + 1)
    return risk_words.path_of(found, "assessment_checks")


def _rows(found: Any, form: SectionForm, standing: Any) -> list[dict[str, Any]]:
    return [
        {
            "item": asked,
            **boxes,
            "said": risk_words.answer_words(asked, standing.get(asked.key, ())),
            "every": risk_words.path_of(found, "assessment_item", key=asked.key),
        }
        for asked, boxes in form.rows()
    ]
