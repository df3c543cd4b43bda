"""Days of unusual looking, for whoever checks; and where a member lives, as a mark."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.design.paging import page_number, pages_of
from safehold.domain import looking
from safehold.domain.access import Permission
from safehold.domain.looking import Reason
from safehold.protection.kept_forms import AddressForm, DayForm, OutcomeForm
from safehold.records.audit import operations as audit
from safehold.records.audit.actors import About
from safehold.records.conflicts import homes, unusual
from safehold.records.staff.queries import by_key, member_of

HERE = "/staff/looks/unusual/"


@require_http_methods(["GET", "POST"])
@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """List the days, each with its reasons in words; look through one day again where asked."""
    member, now = member_of(request), timezone.now()
    form = DayForm(request.POST if request.method == "POST" else None)
    looked = None
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["day"]
        looked = (day, unusual.look_through(day=day, at=now))
    _look(request)
    found = unusual.listed(by=member, page=page_number(request))
    page = {
        "title": "Unusual looking",
        "here": HERE,
        "rows": [(row, reasons(row), notes(row)) for row in found],
        "pages": pages_of(request, found),
        "form": form,
        "looked": looked,
        "version": looking.table().version,
    }
    return render(request, "protection/unusual.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def day(request: HttpRequest, unusual_id: UUID) -> HttpResponse:
    """Show one day, and ask what came of it."""
    member, now = member_of(request), timezone.now()
    try:
        row = unusual.one(unusual_id=unusual_id, by=member)
    except unusual.NotUnusual as error:
        raise Http404(str(error)) from None
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        unusual.review(
            unusual_id=unusual_id,
            outcome=form.cleaned_data["outcome"],
            words=form.cleaned_data["words"],
            by=member,
            at=now,
        )
        return redirect("protection:unusual")
    _look(request)
    page = {
        "title": "One day of looking",
        "here": HERE,
        "back": reverse("protection:unusual"),
        "back_to": "Unusual looking",
        "row": row,
        "reasons": reasons(row),
        "notes": notes(row),
        "form": form,
    }
    return render(request, "protection/unusual_day.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def own_address(request: HttpRequest) -> HttpResponse:
    """Ask where a member lives, and keep a mark of it; what was typed is shown to nobody again."""
    member, now = member_of(request), timezone.now()
    others = member.may(Permission.KEEP_CONFLICTS)
    form = AddressForm(request.POST if request.method == "POST" else None, others=others)
    done = ""
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("member")
        whose = by_key(int(chosen)) if chosen else member
        try:
            homes.keep_home(
                member=whose or member,
                line=form.cleaned_data["line"],
                postcode=form.cleaned_data["postcode"],
                by=member,
                at=now,
            )
        except homes.NotAnAddress as error:
            form.add_error("line", str(error))
        else:
            done, form = (whose or member).name, AddressForm(None, others=others)
    page = {
        "title": "Home address",
        "here": "/staff/",
        "back": "/staff/",
        "back_to": "My work",
        "form": form,
        "done": done,
        "known": homes.is_known(member),
    }
    return render(request, "protection/own_address.html", page)


def reasons(row: Any) -> list[str]:
    """Say why a day is on the list, in sentences; a reason of an older version by its key."""
    words = {str(key): said for key, said in looking.table().reasons.items()}
    return [_sentence(words.get(key, key), key, count) for key, count in row.reasons.items()]


def notes(row: Any) -> list[tuple[str, Any]]:
    """Return what was noted of a day, each with what came of it in words, the latest first."""
    words = {str(key): said for key, said in looking.table().outcomes.items()}
    latest = sorted(row.notes.all(), key=lambda note: note.at, reverse=True)
    return [(words.get(note.outcome, note.outcome), note) for note in latest]


_COUNTED = {
    Reason.OWN_NAME: ("once", "{} times"),
    Reason.CLOSE_NAME: ("once", "{} times"),
    Reason.COLLEAGUE_NAME: ("once", "{} times"),
    Reason.AGAIN: ("one day", "{} days"),
    Reason.MANY: ("one look", "{} looks"),
}


def _sentence(words: str, key: str, count: int) -> str:
    one, many = _COUNTED.get(key, ("one person", "{} people"))  # type: ignore[call-overload]  # a word
    return f"{words[:1].upper()}{words[1:]}: {one if count == 1 else many.format(count)}."


def _look(request: HttpRequest) -> None:
    member = member_of(request)
    audit.record_look(
        by=member,
        reason=f"{member.role_label}: unusual looking",
        subject=About("audit", ""),
        at=timezone.now(),
    )
