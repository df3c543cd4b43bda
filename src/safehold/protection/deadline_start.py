"""Starting a deadline of a case: which clock, then when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.domain import deadline_rules
from safehold.protection.deadline_forms import RuleForm, StartForm
from safehold.records.cases import queries as cases
from safehold.records.deadlines import operations, queries
from safehold.records.staff.queries import member_of

_REFUSED = (
    operations.Closed,
    operations.NotARule,
    operations.NotAStart,
    operations.NotForThem,
    operations.NotThatLong,
)


@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask which clock starts, then when it did; a sent form of either step has its rule."""
    case = _case(request, case_id)
    chosen = RuleForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not chosen.is_valid():
        return _page(request, case, chosen)
    rule = deadline_rules.every()[chosen.cleaned_data["rule"]]
    about = queries.may_be_about(case, by=member_of(request))
    sent = request.POST if request.POST.get("step") == "start" else None
    form = StartForm(sent, rule=rule, about=about)
    if sent is not None and form.is_valid():
        try:
            made = operations.start(
                case_id=case_id,
                starting=form.starting(),
                by=member_of(request),
                at=timezone.now(),
            )
        except cases.CaseNotFound as error:
            raise Http404(str(error)) from None
        except _REFUSED as error:
            form.add_error(None, str(error))
        else:
            return redirect("protection:deadline", deadline_id=made.pk)
    elif sent is None and (refusal := operations.refusal(rule)):
        chosen.add_error("rule", refusal)
        return _page(request, case, chosen)
    return _page(request, case, form, rule=rule)


def _page(
    request: HttpRequest, case: Any, form: Form, *, rule: deadline_rules.Rule | None = None
) -> HttpResponse:
    page = {
        "title": "Start a deadline",
        "here": "/staff/deadlines/",
        "back": "/staff/deadlines/",
        "back_to": "What is due",
        "case": case,
        "form": form,
        "rule": rule,
        "sure": rule.confirmed if rule else True,
    }
    return render(request, "protection/deadline_new.html", page)


def _case(request: HttpRequest, case_id: UUID) -> Any:
    try:
        return cases.get(case_id=case_id, by=member_of(request))
    except cases.CaseNotFound as error:
        raise Http404(str(error)) from None
