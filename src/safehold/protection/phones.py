"""Phones of the unit: asked for, approved, ended; and what came from one, into its assessment."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safehold.crypto.errors import KeyFileRefused, NoRecipient
from safehold.domain.access import Permission
from safehold.protection import phone_words, risk_words
from safehold.protection.phone_page import COOKIE
from safehold.protection.phones_forms import WhyForm
from safehold.protection.risk import found_or_404, frame, looked_at, to_reason
from safehold.records.phones import operations, queries, taking
from safehold.records.phones.queries import PhoneNotFound, by_secret
from safehold.records.risk import instruments
from safehold.records.risk import operations as risk_acts
from safehold.records.risk import queries as risk_queries
from safehold.records.staff.queries import member_of
from safehold.records.triage.reasons import ReasonTooThin

HERE = "/staff/phones/"
_COOKIE_PATH = "/staff/"


@require_http_methods(["GET", "POST"])
@never_cache
def phones(request: HttpRequest) -> HttpResponse:
    """List a member's phones, and all for whoever approves them; ask, approve, end, give up."""
    member, now = member_of(request), timezone.now()
    form = WhyForm(request.POST if request.method == "POST" and "why" in request.POST else None)
    problem = ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "ask":
            return _asked(request)
        problem = _done(request, act, form)
        if not problem and not form.errors:
            return redirect("protection:phones")
    this = by_secret(request.COOKIES.get(COOKIE, ""))
    page = {
        "title": "Phones",
        "here": HERE,
        "form": form,
        "problem": problem,
        "about": request.POST.get("of", ""),
        "this": this if this and this.member_id == member.pk else None,
        "usable": queries.may_send(this),
        "phones": phone_words.rows(queries.phones_seen_by(member), member),
        "out": phone_words.out_rows(queries.alarms(by=member, at=now), member),
        "without": phone_words.out_rows(queries.without_a_case(by=member, at=now), member),
        "keeps": member.may(Permission.KEEP_PHONES),
    }
    return render(request, "protection/phones.html", page)


@require_http_methods(["GET", "POST"])
@never_cache
def of_assessment(request: HttpRequest, case_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Begin an assessment on the phone in somebody's hand; take over what came from one."""
    member, now = member_of(request), timezone.now()
    found = found_or_404(request, case_id, assessment_id)
    form = WhyForm(request.POST if request.method == "POST" and "why" in request.POST else None)
    problem = ""
    if request.method == "POST":
        problem = _acted(request, found, form, now)
        if not problem and not form.errors:
            begun = request.POST.get("act") == "begin"
            return redirect(
                "protection:phone" if begun else risk_words.path_of(found, "assessment_phone")
            )
    elif looked_at(request, case_id, assessment_id) is None:
        return to_reason(assessment_id, case_id)
    outs = queries.of_assessment(found, by=member, at=now)
    mine = queries.without_a_case(by=member, at=now, instrument=found.instrument.key)
    page = frame(found, "From a phone", form=form, problem=problem) | {
        "about": request.POST.get("of", ""),
        "usable": queries.may_send(by_secret(request.COOKIES.get(COOKIE, ""))),
        "history_open": bool(risk_queries.history_opened(found, by=member, at=now)),
        "out": phone_words.out_rows(outs, member),
        "mine": phone_words.out_rows(mine, member) if not found.submitted_at else [],
        "graded": bool(risk_queries.grades_of(found)),
        "questions": reverse("protection:phones"),
        "label": instruments.of(found.instrument).label,
    }
    return render(request, "protection/assessment_phone.html", page)


def _asked(request: HttpRequest) -> HttpResponse:
    asked = operations.ask(by=member_of(request), at=timezone.now())
    answer = redirect("protection:phones")
    answer.set_cookie(
        COOKIE,
        asked.secret,
        max_age=operations.LASTS,
        path=_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return answer


def _done(request: HttpRequest, act: str, form: WhyForm) -> str:
    """Approve, end or give up; return what stands in the way."""
    member, now = member_of(request), timezone.now()
    try:
        key = _key(request)
        if act == "approve":
            operations.approve(phone_id=key, by=member, at=now)
        elif form.is_valid():
            end = operations.end if act == "end" else operations.give_up
            named = {"phone_id" if act == "end" else "start_id": key}
            end(**named, why=form.cleaned_data["why"], by=member, at=now)
    except (PhoneNotFound, operations.NotSecond) as error:
        return str(error)
    except ReasonTooThin as error:
        form.add_error("why", str(error))
    return ""


def _acted(request: HttpRequest, found: Any, form: WhyForm, now: datetime) -> str:
    """Begin, say what belongs here, take over or give up; return what stands in the way."""
    member, act = member_of(request), request.POST.get("act", "")
    try:
        if act == "begin":
            phone = by_secret(request.COOKIES.get(COOKIE, ""))
            operations.begin(assessment_id=found.pk, phone=phone, by=member, at=now)
        elif act == "belongs":
            operations.belongs_to(start_id=_key(request), assessment_id=found.pk, by=member, at=now)
        elif act == "take":
            _of(found, _key(request), member, now)
            taking.take_over(start_id=_key(request), by=member, at=now)
        else:
            _of(found, _key(request), member, now)
            return _done(request, "give_up", form)
    except (
        PhoneNotFound,
        operations.NotHere,
        taking.NotOpened,
        risk_acts.NotReady,
        risk_acts.Submitted,
        KeyFileRefused,
        NoRecipient,
    ) as error:
        return str(error)
    return ""


def _of(found: Any, key: UUID, member: Any, now: datetime) -> None:
    """Raise PhoneNotFound for what was begun for another assessment."""
    if key not in [one.start.pk for one in queries.of_assessment(found, by=member, at=now)]:
        raise PhoneNotFound("Nothing came from a phone here.")


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("of", ""))
    except ValueError:
        raise PhoneNotFound("There is no such phone.") from None
