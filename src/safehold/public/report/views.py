"""The report pages, in the order in which a person meets them."""

from __future__ import annotations

import logging
from dataclasses import replace

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from safehold.crypto.errors import KeyFileRefused, NoRecipient
from safehold.design.languages import said
from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.place_questions import ABOUT_YOU_KEYS, PLACE
from safehold.domain.journey.specification import Question
from safehold.public.media import views as media
from safehold.public.report import (
    addresses,
    attempts,
    drafts,
    pages,
    posted,
    question_form,
    reading,
    special,
)
from safehold.public.report.addresses import see_other
from safehold.public.report.attempts import Attempt
from safehold.public.report.drafts import Held, Standing
from safehold.public.support.views import lines
from safehold.records.intake.operations import AlreadySent
from safehold.records.intake.tickets import DraftGone

log = logging.getLogger(__name__)

BEGIN = "begin"
SKIP_REST = "skip_rest"

pages_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    """List every way to tell someone, the police or not."""
    force = settings.FORCE
    context = {
        "force": force,
        "reporting": force.online_reporting_url,
        "lines": lines(),
        "emergency": media.forms("emergency"),
        "other_forms": media.forms("reporting"),
    }
    return render(request, "public/report/ways.html", context)


@pages_and_posts
def start(request: HttpRequest) -> HttpResponse:
    """Say what to know before the first question; a POST begins, or forgets what was begun.

    Beginning is a POST so that every page after it can tell a person who is answering from one who
    presses Back after somebody has left, without a script.
    """
    held = drafts.held(request, at=now())
    if request.method != "POST":
        return drafts.clean(request, pages.first_page(request, held), held, at=now())
    begins = _pressed(request) == BEGIN
    if begins and held.standing is Standing.OPEN:
        return see_other(addresses.onwards(held.answers))
    if begins and held.standing is Standing.SENT:
        return see_other(addresses.sent())
    drafts.destroy(request, at=now())
    if begins:
        return drafts.begin(see_other(addresses.of(PLACE.questions[0])), at=now())
    return drafts.forget(see_other(addresses.start()))


@pages_and_posts
def question(request: HttpRequest, key: str) -> HttpResponse:
    """Ask one question, or take its answer and lead on."""
    asked = PLACE.question(key)
    held = drafts.held(request, at=now())
    if held.standing is Standing.SENT:
        return see_other(addresses.sent())
    if request.method == "POST":
        return _answered(request, asked, held)
    return _asked(request, asked, held)


@pages_and_posts
def check(request: HttpRequest) -> HttpResponse:
    """Read the answers back; a POST sends them, once however often it comes."""
    held = drafts.held(request, at=now())
    if held.standing is Standing.SENT:
        return see_other(addresses.sent())
    if held.standing is not Standing.OPEN:
        return _nothing_here(request, held, addresses.check())
    if walk.next_question(PLACE, held.answers) is not None:
        return see_other(addresses.onwards(held.answers))
    if request.method != "POST":
        drafts.looked_at(held, at=now())
        return pages.check_page(request, held)
    if _pressed(request) == reading.STAY:
        return _kept(replace(held, attempt=None), held.answers, then=addresses.check())
    return _sent(request, held)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Show the receipt of the report that this browser sent."""
    held = drafts.held(request, at=now())
    if held.standing is Standing.SENT:
        return pages.sent_page(request, held)
    if held.standing is Standing.OPEN:
        return see_other(addresses.onwards(held.answers))
    return _nothing_here(request, held, addresses.sent())


def _sent(request: HttpRequest, held: Held) -> HttpResponse:
    try:
        drafts.send(held, at=now())
    except DraftGone:
        return see_other(addresses.check())
    except (KeyFileRefused, NoRecipient, OperationalError):
        log.exception("A report could not be taken in; the visitor was told and keeps her answers")
        return _not_taken(request, replace(held, attempt=attempts.not_taken()))
    return see_other(addresses.sent())


def _not_taken(request: HttpRequest, held: Held) -> HttpResponse:
    try:
        return _kept(held, held.answers, then=addresses.check())
    except OperationalError:
        # The one page that answers a POST: a store that cannot be written cannot remember, for the
        # page after, that nothing was sent; and she must not believe that it was.
        return pages.check_page(request, held)


def _nothing_here(request: HttpRequest, held: Held, address: str) -> HttpResponse:
    if request.method == "POST":
        return see_other(address)
    return drafts.clean(request, pages.nothing_here(request), held, at=now())


def _asked(request: HttpRequest, asked: Question, held: Held) -> HttpResponse:
    if held.standing is not Standing.OPEN:
        return _nothing_here(request, held, addresses.of(asked))
    if not walk.may_open(PLACE, held.answers, asked.key):
        return see_other(addresses.onwards(held.answers))
    drafts.looked_at(held, at=now())
    return drafts.clean(request, _page(request, asked, held), held, at=now())


def _answered(request: HttpRequest, asked: Question, held: Held) -> HttpResponse:
    held = drafts.resumed(held, asked)
    try:
        given = posted.read(request)
    except posted.TooMuchSent:
        return _to_mend(held, asked, attempts.unreadable(asked))
    if given.do == SKIP_REST and asked.key in ABOUT_YOU_KEYS:
        passed = walk.passing(PLACE, held.answers, ABOUT_YOU_KEYS)
        return _kept(_without_attempt(held), passed)
    asked = special.answering(asked, held.answers)
    as_asked = special.of(asked).asked_as(asked, held.answers)
    read = special.of(asked).read(as_asked, given, held.answers)
    if read.problems:
        return _to_mend(held, asked, attempts.to_mend(as_asked, given, read.problems))
    answers = walk.record(PLACE, held.answers, asked.key, read.entry)
    return _kept(_without_attempt(held), answers, then=addresses.of(asked) if read.stay else "")


def _to_mend(held: Held, asked: Question, attempt: Attempt) -> HttpResponse:
    return _kept(replace(held, attempt=attempt), held.answers, then=addresses.of(asked))


def _without_attempt(held: Held) -> Held:
    # What was sent to a page that cannot be opened yet, since its draft was lost, waits for it.
    attempt = held.attempt
    waits = (
        attempt is not None
        and attempt.page != attempts.CHECK
        and not walk.may_open(PLACE, held.answers, attempt.page)
    )
    return held if waits else replace(held, attempt=None)


def _kept(held: Held, answers: Answers, then: str = "") -> HttpResponse:
    response = see_other(then or addresses.onwards(answers))
    try:
        return drafts.keep(response, held, answers, at=now())
    except AlreadySent:
        return see_other(addresses.sent())


def _page(request: HttpRequest, asked: Question, held: Held) -> HttpResponse:
    how = special.of(asked)
    as_asked = how.asked_as(asked, held.answers)
    attempt = held.attempt if held.attempt and held.attempt.page == asked.key else None
    skippable = pages.is_skippable(asked, held)
    if attempt is not None and attempt.problems:
        form = question_form.to_mend(
            as_asked, attempt.posted, attempt.problems, skippable=skippable
        )
    else:
        entry = how.begun(held.answers) if how.begun else held.answers.entry(asked.key)
        form = question_form.unanswered(as_asked, entry, skippable=skippable)
    too_much = said(pages.TOO_MUCH) if attempt and attempt.too_much else ""
    shown = {"form": form, "too_much": too_much, **how.shown(held.answers)}
    return pages.question_page(request, asked, held, shown)


def _pressed(request: HttpRequest) -> str:
    try:
        return posted.read(request).do
    except posted.TooMuchSent:
        return ""
