"""The register of support services: what the public finds help in, kept by people who ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safehold.domain.services import Standing, lasts
from safehold.partnership.service_forms import ServiceForm, WithdrawForm, typed_of
from safehold.records.services import operations, register
from safehold.records.services.register import Row
from safehold.records.staff.queries import member_of

HERE: Final = "/staff/services/"
CONFLICT: Final = 409
STANDINGS: Final = {
    Standing.LAPSED: "Lapsed: not shown",
    Standing.DUE: "Ask again soon",
    Standing.CURRENT: "Shown",
    Standing.WITHDRAWN: "Withdrawn",
}
# The boxes of the form, as a clerk is told which of them a colleague changed.
_BOXES: Final = {
    "name": "name",
    "about": "what they do",
    "serves": "who may come",
    "ages": "ages",
    "harms": "what it is about",
    "needs": "who they have ways of their own for",
    "is_refuge": "whether it is a refuge",
    "districts": "where they work",
    "meets_in": "town",
    "phone": "telephone",
    "text": "number for text messages",
    "email": "email",
    "web": "web address",
    "hours": "hours",
    "languages": "languages",
    "interpreter": "interpreter",
    "safe": "safe contact",
}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List every service, those that somebody has to ask first."""
    rows = register.everything(by=member_of(request), today=_today())
    asked = request.GET.get("state", "")
    page = {
        "title": "Services",
        "here": HERE,
        "rows": [row for row in rows if asked not in set(Standing) or row.standing == asked],
        "counts_by": {one: sum(row.standing == one for row in rows) for one in Standing},
        "total": len(rows),
        "standings": STANDINGS,
        "state": asked if asked in set(Standing) else "",
        "districts_of": _districts_of,
        "lasts_days": lasts().days,
    }
    return render(request, "partnership/services.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a service that somebody has just asked."""
    if request.method != "POST":
        return _form(request, ServiceForm(new=True))
    form = ServiceForm(request.POST, new=True)
    if form.is_valid():
        try:
            added = operations.add(service=form.service(), by=member_of(request), at=timezone.now())
        except operations.NotSound as error:
            _say(form, error)
        else:
            return redirect("partnership:service", service_id=added)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Show one service as a form with its history; a POST changes it."""
    row = _row(request, service_id)
    shown = typed_of(row.service, version=row.version)
    if request.method != "POST":
        return _form(request, ServiceForm(initial=shown, new=False), row=row)
    form = ServiceForm(request.POST, initial=shown, new=False)
    if not form.is_valid():
        return _form(request, form, row=row)
    try:
        operations.change(
            service_id=service_id,
            service=form.service(),
            seen=form.cleaned_data["seen"] or 0,
            asked_again=form.cleaned_data["asked"],
            by=member_of(request),
            at=timezone.now(),
        )
    except operations.NotSound as error:
        _say(form, error)
        return _form(request, form, row=row)
    except operations.EditConflict as conflict:
        return _in_conflict(request, row, conflict)
    return redirect("partnership:service", service_id=service_id)


@require_POST
def verify(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Note that a service was asked today and that all of it is right."""
    row = _row(request, service_id)
    try:
        operations.verify(
            service_id=service_id, seen=_seen(request), by=member_of(request), at=timezone.now()
        )
    except operations.EditConflict as conflict:
        return _stands_otherwise(request, row, conflict)
    return redirect("partnership:service", service_id=service_id)


@require_POST
def withdraw(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Take a service off the public page."""
    row = _row(request, service_id)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _stands(request, row, withdrawing=form)
    try:
        operations.withdraw(
            service_id=service_id,
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
            by=member_of(request),
            at=timezone.now(),
        )
    except operations.EditConflict as conflict:
        return _stands_otherwise(request, row, conflict, withdrawing=form)
    return redirect("partnership:service", service_id=service_id)


def _in_conflict(request: HttpRequest, row: Row, conflict: operations.EditConflict) -> HttpResponse:
    # What was typed stays; the page now names the version that stands, so that saving it again
    # is a decision.
    typed = request.POST.copy()
    typed["seen"] = str(conflict.version)
    form = ServiceForm(typed, initial=typed_of(conflict.now, version=conflict.version), new=False)
    form.is_valid()
    return _form(
        request,
        form,
        row=row,
        problem=f"{conflict} {_boxes(conflict.differs)} Below is what you typed, beside what "
        "stands now. Save again to put yours in its place.",
        stands=_as_lines(conflict),
    )


def _stands_otherwise(
    request: HttpRequest,
    row: Row,
    conflict: operations.EditConflict,
    *,
    withdrawing: WithdrawForm | None = None,
) -> HttpResponse:
    problem = f"{conflict} {_boxes(conflict.differs)} Look again, then decide."
    return _stands(request, row, problem=problem, withdrawing=withdrawing)


def _stands(
    request: HttpRequest, row: Row, *, problem: str = "", withdrawing: WithdrawForm | None = None
) -> HttpResponse:
    form = ServiceForm(initial=typed_of(row.service, version=row.version), new=False)
    return _form(request, form, row=row, problem=problem, withdrawing=withdrawing)


def _form(
    request: HttpRequest,
    form: ServiceForm,
    *,
    row: Row | None = None,
    problem: str = "",
    stands: Iterable[tuple[str, str]] = (),
    withdrawing: WithdrawForm | None = None,
) -> HttpResponse:
    if withdrawing is not None and row is not None:
        withdrawing = WithdrawForm({**dict(withdrawing.data.items()), "seen": row.version})
    page: dict[str, Any] = {
        "title": row.service.name if row else "Add a service",
        "here": HERE,
        "back": HERE,
        "back_to": "All services",
        "form": withdrawing or form,
        "typed": form,
        "row": row,
        "withdrawing": withdrawing or WithdrawForm(initial={"seen": row.version if row else 0}),
        "history": register.history(row.key, by=member_of(request)) if row else [],
        "standings": STANDINGS,
        "boxes": _BOXES,
        "problem": problem,
        "stands": list(stands),
    }
    return render(request, "partnership/service.html", page, status=CONFLICT if problem else 200)


def _say(form: ServiceForm, error: operations.NotSound) -> None:
    for name, sentence in error.problems.items():
        form.add_error(name, sentence)


def _boxes(names: Iterable[str]) -> str:
    changed = ", ".join(_BOXES[name] for name in names)
    return f"Changed: {changed}." if changed else ""


def _as_lines(conflict: operations.EditConflict) -> list[tuple[str, str]]:
    shown = typed_of(conflict.now, version=conflict.version)
    lines = []
    for name in conflict.differs:
        value = shown.get(name, "changed: look at it on the page of the service")
        text = ", ".join(value) if isinstance(value, list) else str(value)
        lines.append((_BOXES[name], text or "nothing"))
    return lines


def _row(request: HttpRequest, service_id: UUID) -> Row:
    try:
        return register.one(service_id, by=member_of(request), today=_today())
    except operations.ServiceNotFound as error:
        raise Http404(str(error)) from None


def _seen(request: HttpRequest) -> int:
    seen = str(request.POST.get("seen", ""))
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 7 else 0


def _districts_of(row: Row) -> str:
    return ", ".join(sorted(row.service.districts)) or "Everywhere"


def _today() -> Any:
    return timezone.localdate()
