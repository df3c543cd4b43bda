"""The addresses of the forms: a number for each step as it is met, whichever form it is of.

A history shows how many steps somebody took, and no question: the same number is another question
for whoever answered otherwise.
"""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.specification import Question
from safehold.public.report.forms import Form

SEE_OTHER = 303


@lru_cache(maxsize=128)
def step(number: int) -> str:
    """Give the address of a step."""
    return reverse("public:step", args=[number])


def of(form: Form, answers: Answers, question: Question) -> str:
    """Give the address of a question that these answers lead to."""
    return step(walk.number_of(form.journey, answers, question.key))


def ways() -> str:
    """Give the address that lists every way to tell someone."""
    return reverse("public:report")


def start(form: Form) -> str:
    """Give the address at which a form starts."""
    return reverse(form.start)


def check(form: Form, answers: Answers) -> str:
    """Give the address at which answers are checked: the step after the last question."""
    return step(len(walk.reachable(form.journey, answers)) + 1)


def save() -> str:
    """Give the address at which a form is kept under a code."""
    return reverse("public:save")


def sent() -> str:
    """Give an address of the receipt: every step shows it, once the report was sent."""
    return step(1)


def onwards(form: Form, answers: Answers) -> str:
    """Give the address that follows from these answers: the next question, or the check."""
    question = walk.next_question(form.journey, answers)
    return of(form, answers, question) if question else check(form, answers)


def back(form: Form, answers: Answers, question: Question) -> str:
    """Give the address of the question before, or of the start."""
    previous = walk.before(form.journey, answers, question.key)
    return of(form, answers, previous) if previous else start(form)


def see_other(address: str) -> HttpResponse:
    """Lead the browser to read another page, whatever it sent to this one."""
    response = HttpResponseRedirect(address)
    response.status_code = SEE_OTHER
    return response
