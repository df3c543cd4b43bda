"""The pages of the forms: what each is given to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop

from safehold.design.languages import said
from safehold.design.words import day
from safehold.domain.journey import signs, walk
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.harm import releases_name
from safehold.domain.journey.specification import Question, holds
from safehold.domain.journey.summary import Row, label_beside, summary, under_labels
from safehold.public.report import (
    addresses,
    as_shown,
    attaching,
    attempts,
    in_words,
    late,
    receipt,
)
from safehold.public.report.drafts import Held, Standing, idle_minutes
from safehold.public.report.forms import ASKED, Form

FOLDER = "public/report"
STEPS = f"{FOLDER}/steps"
UNAVAILABLE = 503
TOO_MUCH = gettext_noop(
    "That was more than this page can take, so none of it was kept. Send it again in fewer words."
)
STEP = gettext_noop("Step %(number)s")
_HOW = {"map": gettext_noop("On the map"), "words": gettext_noop("In your own words")}
# Pages that differ from a list of fields and two buttons have a template of their own: these, and
# every notice.
_OWN_TEMPLATE = frozenset({"where", "which", "point", "if_urgent", "others"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the check page."""

    heading: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]  # a label, empty where the heading says it
    address: str


def first_page(request: HttpRequest, form: Form, held: Held) -> HttpResponse:
    """Show what to know before the first question."""
    is_open = held.standing is Standing.OPEN
    context = {
        "onwards": addresses.onwards(held.form, held.answers) if is_open else "",
        "open": is_open,
        "other": is_open and held.form != form,
        "signs": _signs(form),
        "saves": form.saves,
        "lost": held.standing is Standing.GONE,
        "sent": addresses.sent() if held.standing is Standing.SENT else "",
    }
    return _render(request, f"{FOLDER}/{form.folder}/start.html", context)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Show what every step answers where nothing is held: the same to everyone."""
    context = {"start": addresses.ways(), "idle_minutes": idle_minutes()}
    return render(request, "public/report/nothing_here.html", context)


def question_page(
    request: HttpRequest, question: Question, held: Held, shown: dict[str, Any]
) -> HttpResponse:
    """Show one question. `shown` holds its form and what its own page needs."""
    form, answers = held.form, held.answers
    number = walk.number_of(form.journey, answers, question.key)
    context = {
        "title": said(STEP) % {"number": number},
        "asked": ASKED,
        "token": form.token(question),
        "question": in_words.question(question),
        "answers": answers,
        "back": addresses.back(form, answers, question),
        "search": _search(form, answers),
        "skippable": is_skippable(question, held),
        "skips_rest": question.key in form.together,
        "can_finish": form.can_finish_at(question),
        "can_save": held.saves,
        "lost": held.lost,
        "kept": held.standing is Standing.OPEN,
        "party_is_police": party_is_police(held.answers),
        "signs": _signs(form),
        "typed": held.call is not None,
        "asked_again": _is_asked_again(question, held),
        **shown,
    }
    is_own = question.notice or question.key in _OWN_TEMPLATE
    own = question.key.removesuffix("_again") if is_own else "question"
    return _render(request, f"{STEPS}/{own}.html", context)


def is_skippable(question: Question, held: Held) -> bool:
    """Tell whether a question may be passed with nothing said."""
    return not question.notice and not holds(question.needed, held.answers)


def _is_asked_again(question: Question, held: Held) -> bool:
    """Tell whether a code brought the answers back, but this one, which may have changed."""
    is_first = question == held.form.journey.questions[0]
    is_back = held.code is not None and bool(held.answers.entries)
    return is_first and is_back and not held.answers.has(question.key)


def check_page(request: HttpRequest, held: Held) -> HttpResponse:
    """Show every answer with a way to change it, and why they were not sent, if they were not."""
    form = held.form
    not_taken = held.attempt == attempts.not_taken()
    groups = [
        (in_words.words(name), [_line(row, form, held.answers) for row in rows])
        for name, rows in groupby(
            summary(form.journey, held.answers), key=lambda row: row.question.group
        )
    ]
    last = walk.path(form.journey, held.answers)[-1]
    return _render(
        request,
        f"{FOLDER}/check.html",
        {
            "title": said(STEP) % {"number": len(walk.path(form.journey, held.answers)) + 1},
            "asked": ASKED,
            "token": form.check_token,
            "send": f"{FOLDER}/{form.folder}/_send.html",
            "answers": held.answers,
            "can_save": held.saves,
            "groups": groups,
            **attaching.names(held),
            "files_at": attaching.page_of(held),
            "back": addresses.of(form, held.answers, last),
            "lost": held.lost,
            "kept": True,
            "party_is_police": party_is_police(held.answers),
            "released": _gave_a_name(held.answers) and bool(releases_name(held.answers)),
            "not_taken": not_taken,
            "changed": held.attempt == attempts.changed(),
            "seen": (as_shown.SEEN, as_shown.mark(held)),
            "typed": held.call is not None,
        },
        status=UNAVAILABLE if not_taken else 200,
    )


def can_finish(held: Held) -> bool:
    """Tell whether what she has can be sent: the questions that decide who reads it were put."""
    coming = walk.next_question(held.form.journey, held.answers)
    return coming is None or held.form.can_finish_at(coming)


def save_page(request: HttpRequest, held: Held, *, until: date) -> HttpResponse:
    """Offer a code to come back with, or show the one that was just given."""
    shown = held.code.text if held.code and not held.code.kept else ""
    context = {
        "title": said("Save"),
        "back": addresses.onwards(held.form, held.answers),
        "code": shown,
        "again": held.code is not None and held.code.kept,
        "until": day(until),
        "can_finish": can_finish(held),
        "not_saved": held.attempt == attempts.not_saved(),
        "kept": True,
    }
    return _render(request, f"{FOLDER}/save.html", context)


def sent_page(request: HttpRequest, held: Held, number: int) -> HttpResponse:
    """Show the receipt, with nothing that was told."""
    title = said(STEP) % {"number": number}
    context: dict[str, Any] = {"title": title, "reference": held.reference}
    context["start"] = addresses.start(held.form)
    context["signs"] = _signs(held.form)
    context["here"] = addresses.step(number)
    context |= receipt.shown(held) | late.shown(held)
    return _render(request, f"{FOLDER}/{held.form.folder}/sent.html", context)


def gives_a_name(form: Form, answers: Answers) -> bool:
    """Tell whether her name stands with what she tells."""
    return form.named or answers.one("identity", "how") == "named"


def party_is_police(answers: Answers) -> bool:
    """Tell whether someone in the answers works, or may work, for the police or a partner."""
    return answers.one("works", "party") in {"yes", "not_sure"}


def _gave_a_name(answers: Answers) -> bool:
    """Tell whether there is anything hidden that could be released: a name, or a way to reach."""
    hidden = answers.one("identity", "how") == "hidden"
    said = (answers.entry("name").get("name"), answers.entry("contact").get("to"))
    return hidden and any(said)


def _signs(form: Form) -> list[str]:
    return [in_words.words(each) for each in signs.told(form.journey.key)]


def _search(form: Form, answers: Answers) -> str:
    # Where a place was searched for, as long as these answers lead there.
    try:
        return addresses.of(form, answers, form.journey.question("where"))
    except KeyError:
        return ""


def _line(row: Row, form: Form, answers: Answers) -> Line:
    parts = under_labels(
        (in_words.words(label_beside(row.question, field)), in_words.value(field, given))
        for field, given in row.chosen
    )
    if not any(any(values) for _, values in parts) and row.question.key in {"where", "which"}:
        how = answers.one(row.question.key, "how") or answers.one(row.question.key, "pick")
        found = said(_HOW[how]) if how in _HOW else answers.one("where", "find")
        parts = (("", (found,)),) if found else ()
    address = addresses.of(form, answers, row.question)
    return Line(in_words.words(row.question.heading), parts, address)


def _render(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    about = {"force": settings.FORCE, "idle_minutes": idle_minutes()}
    return render(request, template, {**about, **context}, status=status)
