"""What the answers say together, a person's grade, and the second person of a lower one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from safehold.protection import pair_words, risk_words
from safehold.protection.risk import found_or_404, frame, looked_at, to_reason
from safehold.protection.risk_forms import AgreeForm, GradeForm
from safehold.records.cases import queries as cases
from safehold.records.risk import evaluation, grading, instruments, operations, pairs, queries
from safehold.records.staff.queries import StaffMember, by_key, member_of

_DECIDING = "To decide whether a lower grade holds"
_DOWNGRADES = "/staff/downgrades/"


@require_http_methods(["GET", "POST"])
@never_cache
def review(request: HttpRequest, case_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Show the count, the prompts with their reasons and what is still to do; submit."""
    now, member = timezone.now(), member_of(request)
    found = found_or_404(request, case_id, assessment_id)
    problem = ""
    if request.method == "POST":
        try:
            operations.submit(assessment_id=assessment_id, by=member, at=now)
        except (operations.NotReady, operations.Submitted) as error:
            problem = str(error)
        else:
            next_page = "review" if found.follows_id else "grade"
            return redirect(risk_words.path_of(found, f"assessment_{next_page}"))
    elif looked_at(request, case_id, assessment_id) is None:
        return to_reason(assessment_id, case_id)
    said = evaluation.evaluate(found, by=member, at=now)
    page = frame(found, "What the answers say", problem=problem) | {
        "said": risk_words.evaluated(said),
        "called_for": [(name, instruments.in_force(name).label) for name in said.called_for],
        "start": _start(found),
        "not_ready": operations.not_ready(found, by=member, at=now),
        "aggressor": _aggressor(found, member),
        "follows": risk_words.path_of(found.follows) if found.follows else "",
        "may_be_graded": instruments.may_be_graded(said.instrument),
    }
    return render(request, "protection/assessment_review.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def grade(request: HttpRequest, case_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Ask for a grade with a rationale; one that is lower waits for a second person."""
    now, member = timezone.now(), member_of(request)
    found = found_or_404(request, case_id, assessment_id)
    if request.method == "GET" and looked_at(request, case_id, assessment_id) is None:
        return to_reason(assessment_id, case_id)
    aggressor = _aggressor(found, member)
    form = GradeForm(
        request.POST if request.method == "POST" else None,
        owners=_owners(found, member),
        asks_aggressor=bool(aggressor),
    )
    if request.method == "POST" and form.is_valid() and _graded(form, found, by=member, at=now):
        return redirect(risk_words.path_of(found))
    victim, accused = queries.identities(found)
    standing = queries.standing_grades(victim=victim, accused=accused, by=member)
    page = frame(found, "Grade", form=form) | {
        "said": risk_words.evaluated(evaluation.evaluate(found, by=member, at=now)),
        "aggressor": aggressor,
        "standing": queries.highest(standing),
        "may_be_graded": instruments.may_be_graded(queries.instrument_of(found)),
        "paraphrase": grading.PARAPHRASE,
        "practice": queries.instrument_of(found).wording == "paraphrase",
    }
    return render(request, "protection/assessment_grade.html", page)


@require_GET
@never_cache
def earlier(request: HttpRequest, case_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Show what was filled in before about the same person, and how it differs."""
    found = looked_at(request, case_id, assessment_id)
    if found is None:
        return to_reason(assessment_id, case_id)
    before = queries.earlier(found, by=member_of(request))
    names, instrument = risk_words.names_in(before), queries.instrument_of(found)
    answers = queries.answers_of(found)
    rows = [
        (
            risk_words.row_of(each, names),
            queries.grades_of(each),
            risk_words.changes(instrument, queries.answers_of(each), answers)
            if each.instrument.key == instrument.key
            else None,
        )
        for each in before
    ]
    page = frame(found, "Earlier assessments", rows=rows)
    return render(request, "protection/assessment_earlier.html", page)


@require_GET
@never_cache
def downgrades(request: HttpRequest) -> HttpResponse:
    """List the lower grades that wait for a second person, the oldest first."""
    waiting = queries.waiting_to_be_agreed(by=member_of(request))
    page = {
        "title": "Lower grades",
        "here": _DOWNGRADES,
        "waiting": [(each, reverse("protection:downgrade", args=[each.pk])) for each in waiting],
    }
    return render(request, "protection/downgrades.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def downgrade(request: HttpRequest, grade_id: UUID) -> HttpResponse:
    """Show a second person why the grade was higher and why it is lowered; ask what they think."""
    now, member = timezone.now(), member_of(request)
    try:
        found = grading.waiting(grade_id=grade_id, by=member)
    except grading.GradeNotFound as error:
        raise Http404(str(error)) from None
    form = AgreeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _agreed(form, found, by=member, at=now):
        return redirect("protection:downgrades")
    operations.look_at(assessment_id=found.assessment_id, reason=_DECIDING, by=member, at=now)
    page = {
        "title": "A lower grade",
        "here": _DOWNGRADES,
        "back": _DOWNGRADES,
        "back_to": "Lower grades",
        "grade": found,
        "form": form,
        "own": found.by_id == member.pk,
        "path": risk_words.path_of(found.assessment),
        "decided": getattr(found, "agreement", None),
    }
    return render(request, "protection/downgrade.html", page)


def _graded(form: GradeForm, found: Any, *, by: StaffMember, at: Any) -> bool:
    sent = form.cleaned_data
    try:
        grading.grade(
            assessment_id=found.pk,
            grade=sent["grade"],
            rationale=sent["rationale"],
            aggressor=sent.get("aggressor", ""),
            owner=by_key(int(sent["owner"])),
            by=by,
            at=at,
        )
    except (operations.NotReady, grading.WordingNeeded, grading.NotAGrade) as error:
        form.add_error(None, str(error))
        return False
    return True


def _agreed(form: AgreeForm, found: Any, *, by: StaffMember, at: Any) -> bool:
    sent = form.cleaned_data
    try:
        grading.agree(
            grade_id=found.pk,
            agreed=sent["agreed"] == "yes",
            rationale=sent["rationale"],
            shown=sent["shown"],
            by=by,
            at=at,
        )
    except (grading.NotSecond, grading.GradedSince, grading.DecidedAlready) as error:
        form.add_error(None, str(error))
        return False
    return True


def _owners(found: Any, member: StaffMember) -> list[tuple[str, str]]:
    members = [one.row.member for one in cases.members_of(found.case)]
    return list({str(each.pk): each.name for each in (*members, member)}.items())


def _aggressor(found: Any, member: StaffMember) -> str:
    victim, accused = queries.identities(found)
    asked = pairs.aggressor_question(victim=victim, accused=accused, by=member)
    return pair_words.aggressor_words(asked)


def _start(found: Any) -> dict[str, str]:
    victim, accused = queries.identities(found)
    return {
        "path": reverse("protection:assessment_new", args=[found.case_id]),
        "victim": str(victim),
        "accused": str(accused) if accused else "unknown",
        "follows": str(found.follows_id or found.pk),
    }
