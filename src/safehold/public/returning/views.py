"""Coming back to what was saved under a code.

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
from safehold.records.intake import saved

log = logging.getLogger(__name__)

FIELD = "code"
DESTROY = "destroy"
NOW = frozenset({"now", "call"})


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a right one opens what was saved, in this browser."""
    if request.method != "POST":
        return _page(request)
    try:
        given = posted.read(request)
        code = codes.read(given.first(FIELD))
        if given.do == DESTROY:
            saved.forget_saved(code, now())
            return see_other(reverse("public:return-destroyed"))
        state = saved.open_saved(code, now())
    except (posted.TooMuchSent, NotACode, saved.NothingSaved):
        return see_other(reverse("public:return-again"))
    except (KeyFileRefused, OperationalError):
        log.exception("What was saved could not be looked for")
        return see_other(reverse("public:return-later"))
    form = forms.of(state.journey)
    if form is None:
        return see_other(reverse("public:return-again"))
    answers = walk.cleared(form.journey, _as_of_now(Answers.from_plain(state.answers)))
    drafts.destroy(request, at=now())
    held = Held(Standing.NONE, form, code=KeptCode(codes.shown(code), kept=True))
    response = see_other(addresses.onwards(form, answers))
    return drafts.keep(response, held, answers, files=state.files, at=now())


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
def later(request: HttpRequest) -> HttpResponse:
    """Say that nothing can be looked for just now: it is not the code."""
    return _page(request, later=True)


def _page(
    request: HttpRequest, *, wrong: bool = False, later: bool = False, destroyed: bool = False
) -> HttpResponse:
    held = drafts.held(request, at=now())
    context = {
        "wrong": wrong,
        "later": later,
        "destroyed": destroyed,
        "field": FIELD,
        "open": held.standing is Standing.OPEN,
        "idle_minutes": drafts.idle_minutes(),
    }
    response = render(request, "public/returning/ask.html", context, status=503 if later else 200)
    return drafts.clean(request, response, held, at=now())
