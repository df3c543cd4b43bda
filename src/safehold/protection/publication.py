"""What would be published about places, what is held back and why; a person publishes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from safehold.design.words import whereabouts
from safehold.domain import public_places
from safehold.domain.access import Permission
from safehold.domain.place_answers import OWNERS, STATUSES
from safehold.domain.quarters import parse
from safehold.domain.suppression import ChangesWhatStands
from safehold.protection.publication_forms import (
    CorrectForm,
    PublishAnswerForm,
    PublishForm,
    WithdrawForm,
)
from safehold.records.places_published import answers, operations, preparing, queries
from safehold.records.staff.queries import member_of

CONFLICT = 409
_TAKEN_AWAY = "Somebody has taken this answer from the public already."
_REFUSALS = (
    operations.NotAsSeen,
    operations.AlreadyPublished,
    operations.CellsChanged,
    operations.NotPublished,
    ChangesWhatStands,
    preparing.NoBoundary,
    answers.AnswerNotReady,
)


@require_GET
def prepare(request: HttpRequest) -> HttpResponse:
    """Show the release of the last full quarter as it would be, beside what the public reads."""
    return _page(request)


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the release that was shown, once."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, publishing=form)
    try:
        operations.publish(
            digest=form.cleaned_data["digest"], by=member_of(request), at=timezone.now()
        )
    except _REFUSALS as error:
        return _page(request, problem=str(error))
    return redirect("protection:publication")


@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """Take lines of the release in force back."""
    stands = queries.current()
    form = CorrectForm(request.POST, cells=_lines(stands))
    if not form.is_valid():
        return _page(request, correcting=form)
    try:
        operations.correct(
            quarter=str(request.POST.get("quarter", "")),
            taking_back=form.cleaned_data["cells"],
            reason=form.cleaned_data["correction_reason"],
            by=member_of(request),
            at=timezone.now(),
        )
    except _REFUSALS as error:
        return _page(request, correcting=form, problem=str(error))
    return redirect("protection:publication")


@require_POST
def publish_answer(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Publish an answer that a person has read."""
    form = PublishAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, problem="Read the answer first, and say that you have.")
    try:
        answers.publish_answer(answer_id=answer_id, by=member_of(request), at=timezone.now())
    except _REFUSALS as error:
        return _page(request, problem=str(error))
    except ObjectDoesNotExist:
        raise Http404("There is no such answer.") from None
    return redirect("protection:publication")


@require_POST
def withdraw_answer(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Take an answer from the public."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, withdrawing=form, of=matter)
    gone = answers.withdraw_answer(
        matter=matter,
        reason=form.cleaned_data["reason"],
        by=member_of(request),
        at=timezone.now(),
    )
    if not gone:
        return _page(request, withdrawing=form, problem=_TAKEN_AWAY)
    return redirect("protection:publication")


def _page(
    request: HttpRequest,
    *,
    publishing: PublishForm | None = None,
    correcting: CorrectForm | None = None,
    withdrawing: WithdrawForm | None = None,
    of: UUID | None = None,
    problem: str = "",
) -> HttpResponse:
    member, stands = member_of(request), queries.current()
    try:
        proposal = preparing.propose(by=member, at=timezone.now())
    except preparing.NoBoundary as error:
        proposal, problem = None, problem or str(error)
    page: dict[str, Any] = {
        "title": "Publication",
        "here": "/staff/publication/",
        "problem": problem,
        "proposal": proposal,
        "stands": stands,
        "in_force": parse(stands.quarter) if stands else None,
        "published": bool(proposal and stands and stands.quarter >= proposal.quarter.key),
        "labels": public_places.labels(),
        "where": whereabouts,
        "waiting": [
            (one, PublishAnswerForm(auto_id=f"answer-{number}-%s"))
            for number, one in enumerate(answers.waiting(by=member), 1)
        ],
        "answers": [
            (one, _withdraw_form(number, withdrawing if one.key == of else None))
            for number, one in enumerate(queries.answers(), 1)
        ],
        "owners": OWNERS,
        "statuses": STATUSES,
        "may_publish": member.may(Permission.PUBLISH_PLACES),
        "form": publishing or correcting or withdrawing,
        "publishing": publishing
        or PublishForm(initial={"digest": proposal.digest if proposal else ""}),
        "correcting": correcting or CorrectForm(cells=_lines(stands)),
    }
    status = CONFLICT if problem or (withdrawing and withdrawing.errors) else 200
    return render(request, "protection/publication.html", page, status=status)


def _withdraw_form(number: int, given: WithdrawForm | None) -> WithdrawForm:
    form = given or WithdrawForm()
    form.auto_id = f"withdraw-{number}-%s"  # each answer has such a form
    return form


def _lines(stands: queries.Shown | None) -> list[tuple[str, str]]:
    areas = stands.areas if stands else ()
    return [
        (one.cell, f"{whereabouts(area.name, one.where.bearing, one.where.metres)}: {one.count}")
        for area in areas
        for one in area.cells
    ]
