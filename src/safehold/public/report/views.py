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

from safehold.crypto import codes
from safehold.crypto.errors import KeyFileRefused, NoRecipient
from safehold.design.languages import said
from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.made import says_something
from safehold.domain.journey.specification import Question
from safehold.public.consent import counting
from safehold.public.media import views as media
from safehold.public.report import (
    addresses,
    as_shown,
    attaching,
    attempts,
    drafts,
    forms,
    late,
    pages,
    posted,
    question_form,
    reading,
    receipt,
    special,
)
from safehold.public.report.addresses import see_other
from safehold.public.report.attempts import Attempt
from safehold.public.report.drafts import Held, Standing
from safehold.public.report.forms import ASKED, Form
from safehold.public.report.posted import Posted
from safehold.public.support.views import lines
from safehold.records.intake import saved
from safehold.records.intake.operations import AlreadySent, DraftChanged
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
def start(request: HttpRequest, form: Form) -> HttpResponse:
    """Say what to know before the first question; a POST begins, or forgets what was begun.

    Beginning is a POST so that every page after it can tell a person who is answering from one who
    presses Back after somebody has left, without a script.
    """
    held = drafts.held(request, at=now())
    if request.method != "POST":
        return drafts.clean(request, pages.first_page(request, form, held), held, at=now())
    begins = _pressed(request) == BEGIN
    if begins and held.standing is Standing.OPEN:
        return see_other(addresses.onwards(held.form, held.answers))
    if begins and held.standing is Standing.SENT:
        return see_other(addresses.sent())
    drafts.destroy(request, at=now())
    if held.code is not None:
        saved.forget_saved(codes.read(held.code.text), now())
    if begins:
        return drafts.begin(see_other(addresses.step(1)), form, at=now())
    return drafts.forget(see_other(addresses.start(form)))


@pages_and_posts
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Show what is met at this step: a question, the answers to check, or once sent the receipt.

    A POST takes an answer and leads on; from the last page it sends, once however often it comes.
    """
    held = drafts.held(request, at=now())
    if held.standing is Standing.SENT:
        counting.counted_as(request, f"{held.form.journey.key}.sent")
        if request.method == "POST":
            return receipt.pressed(request, held)
        return pages.sent_page(request, held, number)
    if request.method == "POST":
        return _posted(request, number, held)
    return _asked(request, number, held)


@pages_and_posts
def files(request: HttpRequest) -> HttpResponse:
    """Take files; whoever presses the button that goes on is led on as from any other page."""
    taken = attaching.take(request)
    if isinstance(taken, HttpResponse):
        return taken
    held = taken.held
    asked = held.form.journey.question(attaching.KEY)
    try:
        return _answered(_went_on(held), asked, taken.given)
    except AlreadySent:
        return late.keep(held, held.form, asked, taken.given)


def _checked(request: HttpRequest, held: Held, given: Posted) -> HttpResponse:
    try:
        return _pressed_at_the_end(request, held, given)
    except DraftChanged:
        # Another tab saved something in this moment: it is read again, with what she saved.
        held = drafts.held(request, at=now())
        is_open = held.standing is Standing.OPEN
        return _checked(request, held, given) if is_open else see_other(request.path)
    except AlreadySent:
        return see_other(addresses.sent())


def _pressed_at_the_end(request: HttpRequest, held: Held, given: Posted) -> HttpResponse:
    check = addresses.onwards(held.form, held.answers)
    if walk.next_question(held.form.journey, held.answers) is not None:
        return see_other(check)
    if given.do == reading.STAY:
        return _kept(replace(held, attempt=None), held.answers, then=check)
    if given.do == reading.SAVE and held.saves:
        return _kept(replace(held, attempt=None), held.answers, then=addresses.save())
    if as_shown.differs(held, given):
        return _kept(replace(held, attempt=attempts.changed()), held.answers, then=check)
    return _sent(request, held)


def _sent(request: HttpRequest, held: Held) -> HttpResponse:
    try:
        drafts.send(held, at=now())
    except DraftGone:
        return see_other(request.path)
    except (KeyFileRefused, NoRecipient, OperationalError):
        log.exception("A report could not be taken in; the visitor was told and keeps her answers")
        return _not_taken(request, replace(held, attempt=attempts.not_taken()))
    return see_other(request.path)


def _not_taken(request: HttpRequest, held: Held) -> HttpResponse:
    try:
        return _kept(held, held.answers)
    except OperationalError:
        # The one page that answers a POST: a store that cannot be written cannot remember, for the
        # page after, that nothing was sent; and she must not believe that it was.
        return pages.check_page(request, held)


def _nothing_here(request: HttpRequest, held: Held, address: str) -> HttpResponse:
    if request.method == "POST":
        return see_other(address)
    return drafts.clean(request, pages.nothing_here(request), held, at=now())


def _asked(request: HttpRequest, number: int, held: Held) -> HttpResponse:
    if held.standing is not Standing.OPEN:
        return _nothing_here(request, held, addresses.step(number))
    asked = walk.numbered(held.form.journey, held.answers, number)
    if asked is None:
        onwards = addresses.onwards(held.form, held.answers)
        if request.path != onwards:
            return see_other(onwards)
        counting.counted_as(request, held.form.check_token)
        drafts.looked_at(held, at=now())
        return pages.check_page(request, held)
    counting.counted_as(request, held.form.token(asked))
    drafts.looked_at(held, at=now())
    return drafts.clean(request, _page(request, asked, held), held, at=now())


def _posted(request: HttpRequest, number: int, held: Held) -> HttpResponse:
    try:
        given = posted.read(request)
    except posted.TooMuchSent:
        given = None
    is_open = held.standing is Standing.OPEN
    if given and is_open and given.first(ASKED) == held.form.check_token:
        return _checked(request, held, given)
    named = forms.asked_by(given.first(ASKED)) if given else None
    if named is None and held.standing is Standing.OPEN:
        # A page too long to read does not say what it asked; its number does, as things stand.
        at_number = walk.numbered(held.form.journey, held.answers, number)
        named = (held.form, at_number) if at_number else None
    if named is None:
        return see_other(addresses.step(number))
    form, asked = named
    if held.standing is Standing.OPEN and held.form != form:
        return see_other(addresses.onwards(held.form, held.answers))
    counting.counted_as(request, form.token(asked))
    held = _went_on(drafts.resumed(held, form, asked))
    try:
        if given is None:
            return _to_mend(held, asked, attempts.unreadable(asked))
        return _answered(held, asked, given)
    except AlreadySent:  # in another tab, between the reading and the keeping
        return late.keep(held, form, asked, given)


def _went_on(held: Held) -> Held:
    if held.code is None or held.code.kept:
        return held
    # She went on from the page that showed it: it is not shown again.
    return replace(held, code=replace(held.code, kept=True))


def _answered(held: Held, asked: Question, given: Posted) -> HttpResponse:
    journey = held.form.journey
    if given.do == SKIP_REST and asked.key in held.form.together:
        passed = walk.passing(journey, held.answers, held.form.together)
        return _kept(_without_attempt(held, asked), passed)
    asked = special.answering(journey, asked, held.answers)
    if not walk.may_open(journey, held.answers, asked.key):
        return _to_mend(held, asked, attempts.waiting(asked, given))
    as_asked = special.of(asked).asked_as(asked, held.answers)
    saves = given.do == reading.SAVE and held.saves
    # To save is to stay, and then to go elsewhere: what is not finished need not be whole.
    as_given = replace(given, do=reading.STAY) if saves else given
    read = special.of(asked).read(as_asked, as_given, held.answers)
    if held.code and special.holds_code(read.entry, held.code.text):
        read = replace(read, problems=special.code_problem(as_asked))
    if read.problems:
        return _to_mend(held, asked, attempts.to_mend(as_asked, given, read.problems), saves=saves)
    answers = held.answers
    if not read.stay or says_something(as_asked, read.entry) or answers.has(asked.key):
        # Whoever only stays, or saves, has not passed the question by.
        answers = walk.record(journey, answers, asked.key, read.entry)
    if given.do == reading.FINISH and held.form.can_finish_at(asked):
        answers = walk.passing_rest(journey, answers)
    stays = read.stay and walk.may_open(journey, answers, asked.key)
    then = addresses.of(held.form, answers, asked) if stays else ""
    if saves:
        then = addresses.save()
    return _kept(_without_attempt(held, asked), answers, then=then)


def _to_mend(held: Held, asked: Question, attempt: Attempt, *, saves: bool = False) -> HttpResponse:
    try:
        # Whoever has to stop now saves the rest; what is to mend waits here, and is not saved.
        then = addresses.save() if saves else addresses.of(held.form, held.answers, asked)
    except KeyError:  # answered from a page that the present answers no longer lead to
        then = ""
    return _kept(replace(held, attempt=attempt), held.answers, then=then)


def _without_attempt(held: Held, asked: Question) -> Held:
    # What was sent to another page waits for it, to be mended there or until it can be opened.
    attempt = held.attempt
    over = attempt is not None and attempt.page in {attempts.CHECK, attempts.SAVE, asked.key}
    return replace(held, attempt=None) if over else held


def _kept(held: Held, answers: Answers, then: str = "") -> HttpResponse:
    """Keep the answers and lead on. Raises AlreadySent."""
    response = see_other(then or addresses.onwards(held.form, answers))
    return drafts.keep(response, held, answers, at=now())


def _page(request: HttpRequest, asked: Question, held: Held) -> HttpResponse:
    how = special.of(asked)
    as_asked = how.asked_as(asked, held.answers)
    attempt = held.attempt if held.attempt and held.attempt.page == asked.key else None
    how_asked = {
        "skippable": pages.is_skippable(asked, held),
        "nameless": not pages.gives_a_name(held.form, held.answers),
    }
    if attempt is not None and asked.fields and (attempt.problems or attempt.values):
        form = question_form.to_mend(as_asked, attempt.posted, attempt.problems, **how_asked)
    else:
        entry = how.begun(held.answers) if how.begun else held.answers.entry(asked.key)
        plainly = as_asked is asked
        form = question_form.unanswered(as_asked, entry, as_specified=plainly, **how_asked)
    too_much = said(pages.TOO_MUCH) if attempt and attempt.too_much else ""
    shown = {"form": form, "too_much": too_much, **how.shown(held.answers)}
    if asked.key == attaching.KEY:
        shown |= attaching.shown(held)
    return pages.question_page(request, asked, held, shown)


def _pressed(request: HttpRequest) -> str:
    try:
        return posted.read(request).do
    except posted.TooMuchSent:
        return ""
