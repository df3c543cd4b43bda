"""Coming back by code: to what was saved under it, or to a report that was sent.

A wrong code is never shown again: a code is a secret, and the page says only that it opened
nothing, whatever the reason.
"""

from __future__ import annotations

import logging

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_safe

from safehold.crypto import codes
from safehold.crypto.errors import KeyFileRefused, NotACode
from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers
from safehold.public.report import addresses, drafts, forms, posted
from safehold.public.report.addresses import see_other
from safehold.public.report.drafts import Held, KeptCode, Standing
from safehold.public.returning import reading, session, starting
from safehold.public.returning.patience import TooManyWait, patience
from safehold.public.returning.session import Beginning, Opened, Unsent, Waiting
from safehold.records.intake import calls, returns, saved
from safehold.records.intake.calls import StartUsed
from safehold.records.intake.returns import KeptNoMore
from safehold.records.intake.tickets import DraftGone

log = logging.getLogger(__name__)

FIELD = "code"
DESTROY = "destroy"
ASKS_AGAIN_SECONDS = 5
MARK = "safehold.mark"  # what the web process sets for whoever gives a code
NOW = frozenset({"now", "call"})


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a right one opens what was saved, or what was written about a report."""
    try:
        if request.method != "POST":
            return _shown(request)
        given = posted.read(request)
        if FIELD in given.values:
            return _with_code(request, given.first(FIELD), destroys=given.do == DESTROY)
        return _pressed(request, given)
    except (posted.TooMuchSent, NotACode, saved.NothingSaved):
        return see_other(reverse("public:return-again"))
    except DraftGone:
        return see_other(reverse("public:return-ended"))
    except KeptNoMore:
        return see_other(reverse("public:return-gone"))
    except StartUsed as error:
        return session.say_used(see_other(reverse("public:return")), error.day, at=now())
    except (KeyFileRefused, OperationalError):
        log.exception("What a code leads to could not be looked for")
        return see_other(reverse("public:return-later"))


def _shown(request: HttpRequest) -> HttpResponse:
    match session.read(request, at=now()):
        case Beginning() as beginning:
            return starting.page(request, beginning)
        case Opened() as opened:
            return reading.page(request, opened)
        case Waiting(code):
            return _with_code(request, code, again=True)
    return _page(request)


def _pressed(request: HttpRequest, given: posted.Posted) -> HttpResponse:
    match session.read(request, at=now()):
        case Beginning() as beginning:
            return starting.pressed(request, beginning, given)
        case Opened() as opened:
            return reading.pressed(request, opened, given)
    # The page had closed itself. What was typed on it waits for the code.
    text = reading.typed(given)
    ended = see_other(reverse("public:return-ended"))
    return session.keep_unsent(ended, text, at=now()) if text else ended


def _with_code(
    request: HttpRequest, text: str, *, destroys: bool = False, again: bool = False
) -> HttpResponse:
    # A code that waited asks again by GET, for which no mark is made: it waits with the others.
    mark = patience.everybody() if again else str(request.META.get(MARK, ""))
    code = codes.read(text)
    try:
        with patience.turn(mark):
            return _destroyed(code) if destroys else _opened(request, code)
    except saved.NothingSaved:
        patience.went_wrong(mark)
        if again:
            drafts.destroy(request, at=now())
        raise
    except KeptNoMore:
        if again:
            drafts.destroy(request, at=now())
        raise
    except TooManyWait:
        return _in_line(request, code, again=again)


def _in_line(request: HttpRequest, code: codes.Code, *, again: bool) -> HttpResponse:
    """Hold no thread while a code waits: its page asks again, and a right one opens in the end."""
    here = reverse("public:return")
    if not again:
        drafts.destroy(request, at=now())
        return session.wait_with(see_other(here), code, at=now())
    response = _page(request, waits=True)
    response["Refresh"] = f"{ASKS_AGAIN_SECONDS}; url={here}"
    return response


def _destroyed(code: codes.Code) -> HttpResponse:
    if not saved.forget_saved(code, now()):
        raise saved.NothingSaved
    return see_other(reverse("public:return-destroyed"))


def _opened(request: HttpRequest, code: codes.Code) -> HttpResponse:
    here = see_other(reverse("public:return"))
    if codes.is_start(code):
        calls.can_start(code, at=now())
        return session.open_start(here, code, at=now())
    found = returns.open_code(code, now())
    if isinstance(found, returns.Place):
        opened = session.open_place(request, here, found, code, at=now())
        drafts.destroy(request, at=now())
        return opened
    form = forms.of(found.journey)
    if form is None:
        raise saved.NothingSaved
    answers = walk.cleared(form.journey, _as_of_now(Answers.from_plain(found.answers)))
    drafts.destroy(request, at=now())
    held = Held(Standing.NONE, form, code=KeptCode(codes.shown(code), kept=True))
    response = see_other(addresses.onwards(form, answers))
    return drafts.keep(response, held, answers, files=found.files, at=now())


def _as_of_now(answers: Answers) -> Answers:
    """Leave out what was true when it was saved and may not be: it is asked first, again."""
    stale = NOW if answers.one("hurt", "hurt") != "now" else {*NOW, "hurt"}
    return answers.keeping(frozenset(answers.entries) - stale)


@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """Say that a code opened nothing, and ask once more."""
    return _page(request, wrong=True)


@require_safe
def destroyed(request: HttpRequest) -> HttpResponse:
    """Say that nothing is kept under the code any more, whether or not anything was."""
    return _page(request, destroyed=True)


@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    """Say that a page had closed itself, and what became of what was typed on it."""
    return _page(request, ended=True)


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """Say that a code opens nothing any more, because its holder said so."""
    return _page(request, closed=True)


@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """Say that nothing is kept any more of the report that a code led to."""
    return _page(request, gone=True)


@require_safe
def later(request: HttpRequest) -> HttpResponse:
    """Say that nothing can be looked for just now: it is not the code."""
    return _page(request, later=True)


def _page(
    request: HttpRequest,
    *,
    wrong: bool = False,
    later: bool = False,
    destroyed: bool = False,
    closed: bool = False,
    gone: bool = False,
    ended: bool = False,
    waits: bool = False,
) -> HttpResponse:
    held = drafts.held(request, at=now())
    context = {
        "wrong": wrong,
        "later": later,
        "destroyed": destroyed,
        "closed": closed,
        "gone": gone,
        "ended": ended,
        "waits": waits,
        "unsent": isinstance(session.read(request, at=now()), Unsent),
        "field": FIELD,
        "open": held.standing is Standing.OPEN,
        "idle_minutes": drafts.idle_minutes(),
    }
    response = render(request, "public/returning/ask.html", context, status=503 if later else 200)
    return drafts.clean(request, response, held, at=now())
