"""The feedback pages: what is wrong with this site, asked for without losing her place."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from safehold.crypto.errors import KeyFileRefused, NoRecipient
from safehold.domain.feedback import KEPT, QUESTION, feedback
from safehold.domain.own_paths import page_before, page_of
from safehold.public.feedback import form, keeping
from safehold.public.feedback.keeping import Kept
from safehold.public.report import attempts, drafts, posted
from safehold.public.report.addresses import see_other
from safehold.public.report.attempts import Attempt
from safehold.public.report.pages import TOO_MUCH
from safehold.records.intake.feedback import send_feedback
from safehold.records.snapshots import queries as snapshots

log = logging.getLogger("safehold.public")

FORGET: Final = "forget"
WHAT_CHANGED: Final = "/what-changed/"
UNAVAILABLE: Final = 503


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask what is wrong with this site; a POST sends it, or gives it back to be mended.

    A report that is half answered counts as used meanwhile, so that it is there when she goes back.
    """
    drafts.looked_at(drafts.held(request, at=now()), at=now())
    kept = keeping.kept(request, at=now())
    if request.method == "POST":
        return _answered(request, kept)
    before = page_before(
        request.headers.get("Referer", ""), origin=f"{request.scheme}://{request.get_host()}"
    )
    return _page(request, replace(kept, came_from=before or kept.came_from))


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that it is here, how to get help, and the way back: the same whatever was written.

    A browser that holds nothing, since somebody left or it keeps no cookies, is told how to get
    help and nothing else that would be a guess.
    """
    kept = keeping.kept(request, at=now())
    context = {"sent": kept.sent, "came_from": kept.came_from, **_around()}
    return render(request, "public/feedback/sent.html", context)


def _answered(request: HttpRequest, kept: Kept) -> HttpResponse:
    try:
        given = posted.read(request)
    except posted.TooMuchSent:
        earlier = kept.attempt or attempts.unreadable(QUESTION)
        return _to_mend(request, replace(kept, sent=False, attempt=replace(earlier, too_much=True)))
    if given.do == FORGET:
        keeping.destroy(request, at=now())
        return keeping.forget(see_other(reverse("public:feedback")))
    what = Kept(page_of(given.first("from")), once=form.mark_of(given))
    checked = form.checked(given)
    if checked.problems:
        mending = attempts.to_mend(QUESTION, given, checked.problems)
        return _to_mend(request, replace(what, attempt=mending))
    ready = feedback(checked.entry, came_from=what.came_from, at=now())
    try:
        send_feedback(once=what.once, slip=ready.slip, account=ready.account, at=now())
    except (KeyFileRefused, NoRecipient, OperationalError):
        log.exception("Feedback could not be taken in; the visitor was told and keeps her words")
        failed = replace(attempts.to_mend(QUESTION, given, {}), not_taken=True)
        return _to_mend(request, replace(what, attempt=failed))
    return _led_on(request, replace(what, sent=True))


def _to_mend(request: HttpRequest, what: Kept) -> HttpResponse:
    try:
        return keeping.keep(request, see_other(reverse("public:feedback")), what, at=now())
    except OperationalError:
        # The one page that answers a POST: a store that cannot be written cannot remember what she
        # wrote, and she must not believe that it was sent.
        failed = replace(what.attempt or Attempt(QUESTION.key), not_taken=True)
        return _page(request, replace(what, attempt=failed))


def _led_on(request: HttpRequest, what: Kept) -> HttpResponse:
    response = see_other(reverse("public:feedback-sent"))
    try:
        return keeping.keep(request, response, replace(what, once=""), at=now())
    except DatabaseError:
        log.exception("The way back was not kept; what was written has arrived")
        return response


def _page(request: HttpRequest, what: Kept) -> HttpResponse:
    attempt = what.attempt
    not_taken = attempt is not None and attempt.not_taken
    context = {
        "form": form.shown(attempt),
        "came_from": what.came_from,
        "back": what.came_from,
        "once": what.once or form.new_mark(),
        "holds": attempt is not None,
        "too_much": TOO_MUCH if attempt is not None and attempt.too_much else "",
        "not_taken": not_taken,
        "half_way": what.came_from.startswith(reverse("public:place")),
        "kept_days": KEPT.days,
        "idle_minutes": drafts.idle_minutes(),
        **_around(),
    }
    status = UNAVAILABLE if not_taken else 200
    return render(request, "public/feedback/ask.html", context, status=status)


def _around() -> dict[str, object]:
    try:
        told = snapshots.is_published(WHAT_CHANGED)
    except DatabaseError:
        told = False
    return {"force": settings.FORCE, "what_changed": WHAT_CHANGED if told else ""}
