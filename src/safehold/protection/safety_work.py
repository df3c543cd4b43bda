"""What is done for the safety of a case: actions, referrals, markers on addresses, children."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.protection import safety_words
from safehold.protection.safety import form_frame, looked_at, protected_name, saved
from safehold.protection.safety_forms import (
    ActionForm,
    AnswerForm,
    ChildForm,
    DoneForm,
    HandOnActionForm,
    MarkerEndForm,
    MarkerForm,
    MarkerReviewForm,
    NotDoneForm,
    ReferForm,
)
from safehold.records.agencies import queries as agencies
from safehold.records.safety import actions, children, markers, queries, referrals
from safehold.records.staff.queries import member_of

_ENDS: Final = {"done": "It is done", "not-done": "It will not be done", "hand-on": "Hand it on"}
_MARKERS: Final = {"again": "Look at it again", "end": "End this marker"}


@require_http_methods(["GET", "POST"])
@never_cache
def action_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Start an action, from a line of the plan where its address names one."""
    case, member = looked_at(request, case_id), member_of(request)
    if case is None:
        return redirect("protection:safety", case_id=case_id)
    line = queries.line_of(case, request.GET.get("line", ""))
    initial = {"owner": str(member.pk), "words": line.words if line else ""}
    posted = request.POST if request.method == "POST" else None
    form = ActionForm(posted, initial=initial, by=member)
    if posted is not None and form.is_valid():
        given = form.cleaned_data
        if saved(
            form,
            lambda: actions.start(
                case_id=case_id,
                kind=given["kind"],
                words=given["words"],
                owner=form.whose(),
                due_at=given["due_at"],
                line_id=line.pk if line else None,
                by=member,
                at=timezone.now(),
            ),
        ):
            return redirect("protection:safety", case_id=case_id)
    return _page(request, case_id, form, "An action", "Start it")


@require_http_methods(["GET", "POST"])
@never_cache
def action(request: HttpRequest, case_id: UUID, action_id: UUID, what: str) -> HttpResponse:
    """End an action with its proof, say why it is not done, or hand it on."""
    if what not in _ENDS:
        raise Http404("There is no such thing to do with an action.")
    case, member = looked_at(request, case_id), member_of(request)
    if case is None:
        return redirect("protection:safety", case_id=case_id)
    row = queries.action_of(case, action_id)
    if row is None:
        raise Http404("There is no such action in this case.")
    posted = request.POST if request.method == "POST" else None
    form = _ending(what, posted, member)
    end = partial(_end, what, form, case_id, action_id, member)
    if posted is not None and form.is_valid() and saved(form, end):
        return redirect("protection:safety", case_id=case_id)
    said = safety_words.action_words([row], at=timezone.now())[0]
    return _page(request, case_id, form, _ENDS[what], "Record it", about=said)


@require_http_methods(["GET", "POST"])
@never_cache
def refer(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Write down that somebody is referred; what is passed on is passed as a share."""
    case, member = looked_at(request, case_id), member_of(request)
    if case is None:
        return redirect("protection:safety", case_id=case_id)
    found = queries.of_case(case_id=case_id, by=member, on=localdate())
    posted = request.POST if request.method == "POST" else None
    form = ReferForm(
        posted,
        people=[(str(key), name or "Name not known") for key, name in found.names.items()],
        to=_whom_to(),
        actions=[
            (str(each.action_id), f"{each.what}, by {each.due}")
            for each in safety_words.action_words(found.open_actions, at=timezone.now())
        ],
    )
    if (
        posted is not None
        and form.is_valid()
        and saved(
            form,
            lambda: referrals.refer(
                case_id=case_id,
                identity=UUID(form.cleaned_data["person"]),
                wanted=form.wanted(),
                by=member,
                at=timezone.now(),
            ),
        )
    ):
        return redirect("protection:safety", case_id=case_id)
    return _page(request, case_id, form, "Refer somebody", "Write it down", nothing_sent=True)


@require_http_methods(["GET", "POST"])
@never_cache
def referral(request: HttpRequest, case_id: UUID, referral_id: UUID) -> HttpResponse:
    """Write down what came of a referral."""
    case, member = looked_at(request, case_id), member_of(request)
    if case is None:
        return redirect("protection:safety", case_id=case_id)
    if not queries.has_referral(case, referral_id):
        raise Http404("There is no such referral in this case.")
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted)
    if posted is not None and form.is_valid():
        given = form.cleaned_data
        if saved(
            form,
            lambda: referrals.answer(
                case_id=case_id, referral_id=referral_id, **given, by=member, at=timezone.now()
            ),
        ):
            return redirect("protection:safety", case_id=case_id)
    return _page(request, case_id, form, "What they answered", "Write it down")


@require_http_methods(["GET", "POST"])
@never_cache
def marker_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Mark an address of somebody whom the case is about."""
    case, member = looked_at(request, case_id), member_of(request)
    if case is None:
        return redirect("protection:safety", case_id=case_id)
    addresses = [
        (str(each.pk), safety_words.address_words(each))
        for each in markers.addresses_of(case, by=member)
    ]
    posted = request.POST if request.method == "POST" else None
    form = MarkerForm(posted, addresses=addresses)
    if posted is not None and form.is_valid():
        given = dict(form.cleaned_data)
        address_id = UUID(given.pop("address"))
        if saved(
            form,
            lambda: markers.set_marker(
                case_id=case_id, address_id=address_id, **given, by=member, at=timezone.now()
            ),
        ):
            return redirect("protection:safety", case_id=case_id)
    none = "" if addresses else "No address of this case that you may read is recorded."
    return _page(request, case_id, form, "Mark an address", "Mark it", missing=none)


@require_http_methods(["GET", "POST"])
@never_cache
def marker(request: HttpRequest, case_id: UUID, marker_id: UUID, what: str) -> HttpResponse:
    """Look at a marker again before its time is over, or end it."""
    if what not in _MARKERS:
        raise Http404("There is no such thing to do with a marker.")
    case, member = looked_at(request, case_id), member_of(request)
    if case is None:
        return redirect("protection:safety", case_id=case_id)
    if not queries.has_marker(case, marker_id, by=member):
        raise Http404("There is no such marker in this case.")
    posted = request.POST if request.method == "POST" else None
    form: Form = MarkerReviewForm(posted) if what == "again" else MarkerEndForm(posted)
    if posted is not None and form.is_valid():
        act = markers.review if what == "again" else markers.end
        if saved(
            form,
            lambda: act(
                case_id=case_id,
                marker_id=marker_id,
                **form.cleaned_data,
                by=member,
                at=timezone.now(),
            ),
        ):
            return redirect("protection:safety", case_id=case_id)
    return _page(request, case_id, form, _MARKERS[what], "Record it")


@require_http_methods(["GET", "POST"])
@never_cache
def child(request: HttpRequest, case_id: UUID, identity: UUID) -> HttpResponse:
    """Write down what is known of a child of the case."""
    if not (name := protected_name(request, case_id, identity, child=True)):
        return redirect("protection:safety", case_id=case_id)
    member = member_of(request)
    note = queries.child_note(case_id=case_id, identity=identity, by=member)
    initial: dict[str, Any] = {"shown": 0}
    if note is not None:
        kept = ("lives", "lives_words", "school", "school_words", "told", "told_words")
        initial = {"shown": note.number} | {each: getattr(note, each) for each in kept}
    posted = request.POST if request.method == "POST" else None
    form = ChildForm(posted, initial=initial)
    if (
        posted is not None
        and form.is_valid()
        and saved(
            form,
            lambda: children.note_child(
                case_id=case_id,
                identity=identity,
                noted=form.noted(),
                shown=form.cleaned_data["shown"],
                by=member,
                at=timezone.now(),
            ),
        )
    ):
        return redirect("protection:safety", case_id=case_id)
    return _page(request, case_id, form, "A child", "Write it down", name=name)


def _page(
    request: HttpRequest, case_id: UUID, form: Form, title: str, button: str, **more: Any
) -> HttpResponse:
    page = form_frame(case_id) | {"title": title, "form": form, "button": button} | more
    return render(request, "protection/safety_form.html", page)


def _whom_to() -> list[tuple[str, str]]:
    services = referrals.services_to_refer_to(on=localdate())
    return [
        *((f"agency:{each.pk}", each.name) for each in agencies.in_use()),
        *((f"service:{key}", f"{name} (from the register of services)") for key, name in services),
    ]


def _ending(what: str, posted: Any, member: Any) -> Form:
    if what == "done":
        return DoneForm(posted)
    if what == "not-done":
        return NotDoneForm(posted)
    return HandOnActionForm(posted, by=member)


def _end(what: str, form: Any, case_id: UUID, action_id: UUID, member: Any) -> None:
    about = {"case_id": case_id, "action_id": action_id, "by": member, "at": timezone.now()}
    given = form.cleaned_data
    if what == "done":
        actions.finish(proof=given["proof"], words=given["words"], **about)
    elif what == "not-done":
        actions.give_up(why=given["why"], **about)
    else:
        actions.hand_on(owner=form.whose(), due_at=given["due_at"], why=given["why"], **about)
