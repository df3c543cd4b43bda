"""The addresses of the place journey: one a question, none with an answer in it."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.place_questions import PLACE
from safehold.domain.journey.specification import Question

SEE_OTHER = 303


def of(question: Question) -> str:
    """Give the address of a question."""
    return reverse(f"public:place-{question.slug}")


def start() -> str:
    """Give the address at which the journey starts."""
    return reverse("public:place")


def check() -> str:
    """Give the address at which answers are checked."""
    return reverse("public:place-check")


def sent() -> str:
    """Give the address of the receipt."""
    return reverse("public:place-sent")


def onwards(answers: Answers) -> str:
    """Give the address that follows from these answers: the next question, or the check."""
    question = walk.next_question(PLACE, answers)
    return of(question) if question else check()


def back(answers: Answers, question: Question) -> str:
    """Give the address of the question before, or of the start."""
    previous = walk.before(PLACE, answers, question.key)
    return of(previous) if previous else start()


def see_other(address: str) -> HttpResponse:
    """Lead the browser to read another page, whatever it sent to this one."""
    response = HttpResponseRedirect(address)
    response.status_code = SEE_OTHER
    return response
