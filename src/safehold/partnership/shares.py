"""What was shared, and what becomes of it: agreed, made, fetched, handed over, taken back."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from safehold.design.paging import page_number, pages_of
from safehold.domain import sharing
from safehold.domain.access import Permission
from safehold.domain.sharing import NotShared
from safehold.partnership import share_words
from safehold.partnership.share_forms import (
    AgreeForm,
    FetchForm,
    NoteForm,
    ReviewShareForm,
    answers_of,
)
from safehold.records.contacts.operations import ContactSealed
from safehold.records.shares import choosing, following, queries
from safehold.records.shares import sharing as operations
from safehold.records.shares.following import FileGone
from safehold.records.shares.must_not import ListSealed
from safehold.records.shares.queries import ShareNotFound
from safehold.records.shares.sharing import NotWaiting, OnTheList, OtherThanShown, OwnShare
from safehold.records.staff.queries import member_of
from safehold.records.triage.operations import AccountSealed, NotReadYet

HERE: Final = "/staff/shares/"
_REFUSED = (NotWaiting, OwnShare, OnTheList, OtherThanShown, FileGone)
_SEALED = (AccountSealed, ContactSealed, ListSealed, NotReadYet)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List what was shared, without what it said; first what waits for this member."""
    member, now = member_of(request), timezone.now()
    found = queries.page_of(by=member, page=page_number(request))
    page = {
        "title": "Shares",
        "here": HERE,
        "rows": [share_words.row_of(one, at=now) for one in found],
        "pages": pages_of(request, found),
        "to_agree": queries.to_agree(by=member),
        "to_review": queries.to_review(by=member),
        "agreed": queries.agreed_to(by=member),
        "review_days": sharing.review_within().days,
        "late_before": now - sharing.review_within(),
    }
    return render(request, "partnership/shares.html", page)


@require_GET
@never_cache
def share(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """Show one share: basis, parts by their questions, and what became of it."""
    return _page(request, share_id)


@require_POST
def agree(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """Say whether something may be shared without agreement."""
    return _act(request, share_id, operations.agree, agreeing=AgreeForm(request.POST))


@require_POST
def review(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """Say whether it was right to share what could not wait."""
    return _act(request, share_id, following.review, reviewing=ReviewShareForm(request.POST))


@require_POST
@never_cache
def make(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """Show exactly what goes of a share that was agreed to; then make its file."""
    seen = request.POST.get("seen", "")
    try:
        if seen:
            operations.make_agreed(
                share_id=share_id, seen=seen, by=member_of(request), at=timezone.now()
            )
            return redirect("partnership:share", share_id=share_id)
        ready = operations.open_agreed(share_id=share_id, by=member_of(request), at=timezone.now())
    except ShareNotFound as error:
        raise Http404(str(error)) from None
    except (*_REFUSED, *_SEALED, NotShared) as error:
        return _page(request, share_id, problem=str(error))
    text = choosing.preview(ready, at=timezone.now())
    return _page(request, share_id, text=text, seen=sharing.fingerprint(ready.parts))


@require_POST
@never_cache
def file(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """Give the file to whoever shares it; its name says nothing."""
    try:
        content, name = following.fetch(
            share_id=share_id,
            answers=answers_of(request.POST),
            by=member_of(request),
            at=timezone.now(),
        )
    except ShareNotFound as error:
        raise Http404(str(error)) from None
    except NotShared:
        return _page(request, share_id, fetching=_fetch_form(request, share_id))
    except _REFUSED as error:
        fetching = _fetch_form(request, share_id)
        return _page(request, share_id, problem=str(error), fetching=fetching)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
def note(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """Note what became of a file."""
    return _act(request, share_id, following.note, noting=NoteForm(request.POST))


def _act(request: HttpRequest, share_id: UUID, act: Any, **given: Any) -> HttpResponse:
    """Do what the one form that is given says, else show it again on the page."""
    (form,) = given.values()
    if not form.is_valid():
        return _page(request, share_id, **given)
    try:
        act(share_id=share_id, by=member_of(request), at=timezone.now(), **form.said())
    except ShareNotFound as error:
        raise Http404(str(error)) from None
    except (*_REFUSED, NotShared) as error:
        return _page(request, share_id, problem=str(error), **given)
    return redirect("partnership:share", share_id=share_id)


def _fetch_form(request: HttpRequest, share_id: UUID) -> FetchForm:
    row = queries.one(share_id, by=member_of(request))
    form = FetchForm(request.POST, people=following.unanswered(row))
    form.is_valid()
    return form


def _page(
    request: HttpRequest,
    share_id: UUID,
    *,
    problem: str = "",
    text: str = "",
    seen: str = "",
    **forms: Form,
) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    try:
        found = queries.one(share_id, by=member)
    except ShareNotFound as error:
        raise Http404(str(error)) from None
    may = share_words.may_do(found, by=member, at=now)
    page: dict[str, Any] = {
        "title": "Share",
        "here": HERE,
        "back": reverse("partnership:shares"),
        "back_to": "All shares",
        "share": found,
        "row": share_words.row_of(found, at=now),
        "basis": sharing.bases().get(found.basis),
        "stated": share_words.statements_of(found),
        "questions": [sharing.question_of(key) for key in found.parts],
        "answered": share_words.answers_of(found),
        "acts": queries.acts_of(found),
        "may": may,
        "sees_report": member.may(Permission.SEE_INBOX),
        "agreeing": forms.get("agreeing") or AgreeForm(),
        "reviewing": forms.get("reviewing") or ReviewShareForm(),
        "noting": forms.get("noting") or NoteForm(),
        "fetching": forms.get("fetching")
        or FetchForm(people=following.unanswered(found) if may.fetch else ()),
        "text": text,
        "seen": seen,
        "problem": problem,
        "form": next(iter(forms.values()), None),
    }
    return render(request, "partnership/share.html", page, status=409 if problem else 200)
