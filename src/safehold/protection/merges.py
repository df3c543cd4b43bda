"""One decision that two people are one: who made it, taking it back, and what it leaves to sort."""

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
from django.views.decorators.http import require_http_methods

from safehold.domain import access
from safehold.protection import merge_words
from safehold.protection.forms import LookForm
from safehold.protection.merge_forms import MoveForm, TakeBackForm
from safehold.protection.merging import HERE
from safehold.records.cases.parties import NoSuchParty
from safehold.records.histories import meanwhile
from safehold.records.incidents.ties import NoSuchPart, TiedAlready
from safehold.records.people import facts, merging, moving, queries
from safehold.records.people.operations import PersonNotFound
from safehold.records.staff.queries import StaffMember, member_of

_NOT_MOVED = (
    facts.FactNotFound,
    facts.FlaggedAlready,
    facts.LastName,
    moving.NotMoved,
    meanwhile.NotTakenBack,
    NoSuchPart,
    NoSuchParty,
    TiedAlready,
)


@require_http_methods(["GET", "POST"])
@never_cache
def merged(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Show a decision; what was recorded since, to whoever said why within this shift."""
    form = LookForm(request.POST if request.method == "POST" else None)
    reason = ""
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["look_reason"]
    return _page(request, merge_id, reason=reason, look_form=form)


@require_http_methods(["GET", "POST"])
@never_cache
def take_back(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Take a decision back: nothing of what was recorded is lost."""
    if request.method == "GET":
        return redirect("protection:person_merged", merge_id=merge_id)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        try:
            merging.unmerge(
                merge_id=merge_id,
                why=form.cleaned_data["why"],
                by=member_of(request),
                at=timezone.now(),
            )
        except merging.MergeNotFound as error:
            raise Http404(str(error)) from None
        except merging.DecidedMeanwhile as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:person_merged", merge_id=merge_id)
    return _page(request, merge_id, back_form=form)


@require_http_methods(["GET", "POST"])
@never_cache
def move(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Move what is the other person's."""
    if request.method == "GET":
        return redirect("protection:person_merged", merge_id=merge_id)
    found = _merge(request, merge_id)
    listed = meanwhile.since_merge(found, by=member_of(request), at=timezone.now())
    form = MoveForm(request.POST, listed=[(key, "") for key in listed.movable])
    if form.is_valid():
        try:
            meanwhile.move(
                merge_id=merge_id,
                chosen=form.cleaned_data["chosen"],
                why=form.cleaned_data["move_why"],
                by=member_of(request),
                at=timezone.now(),
            )
        except PersonNotFound as error:
            raise Http404(str(error)) from None
        except _NOT_MOVED as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:person_merged", merge_id=merge_id)
    return _page(request, merge_id, move_form=form)


def _page(request: HttpRequest, merge_id: UUID, *, reason: str = "", **forms: Any) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    found = _merge(request, merge_id)
    listed = meanwhile.since_merge(found, by=member, at=now)
    people = list(dict.fromkeys((listed.kept, listed.other)))
    reason = reason or _reason(people, member, at=now)
    references = queries.references_of(map(str, (found.kept, found.folded, *people)), by=member)
    page = {
        "title": "Two records as one person",
        "here": HERE,
        "back": reverse("protection:person", args=[listed.kept]),
        "back_to": "The person",
        "merge": found,
        "row": merge_words.merge_rows([found], references)[0],
        "people": [(key, references.get(str(key), "")) for key in people],
        "other_reference": references.get(str(listed.other), ""),
        "count": len(found.moved),
        "reason": reason,
        "look_form": forms.get("look_form") or LookForm(),
        "back_form": forms.get("back_form") or TakeBackForm(),
        "move_form": forms.get("move_form") or MoveForm(),
        "form": next(iter(forms.values()), None),
    }
    if reason:
        page |= _since(listed, page["move_form"], member, reason=reason, at=now)
    return render(request, "protection/person_merged.html", page)


def _since(
    listed: meanwhile.Meanwhile, form: Any, member: StaffMember, *, reason: str, at: datetime
) -> dict[str, Any]:
    """Record the look at both, then say what was recorded since."""
    looked = {
        key: queries.look_at_person(identity=key, reason=reason, by=member, at=at)
        for key in dict.fromkeys((listed.kept, listed.other))
    }
    kept, other, today = looked[listed.kept], looked[listed.other], localdate()
    form.fields["chosen"].choices = merge_words.choices(listed, kept, on=today)
    return {
        "listed": listed,
        "movable": form.fields["chosen"].choices,
        "ended": [
            merge_words.fact_words(what, fact, other, on=today) for what, fact in listed.ended
        ],
    }


def _reason(people: list[UUID], member: StaffMember, *, at: datetime) -> str:
    since = at - access.table().shift
    opened = [queries.opened_for(identity=key, by=member, since=since) for key in people]
    looks = [look for look in opened if look is not None]
    return max(looks)[1] if len(looks) == len(opened) else ""


def _merge(request: HttpRequest, merge_id: UUID) -> Any:
    try:
        return merging.merge_of(merge_id, by=member_of(request))
    except merging.MergeNotFound as error:
        raise Http404(str(error)) from None
