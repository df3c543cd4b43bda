"""The journeys that this site offers, each with where it begins and what it makes of answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from safehold.domain.journey.ask import ask_report
from safehold.domain.journey.ask_questions import ASK
from safehold.domain.journey.harm import harm_report
from safehold.domain.journey.harm_questions import HARM
from safehold.domain.journey.made import MadeReport
from safehold.domain.journey.place import place_report
from safehold.domain.journey.place_questions import ABOUT_YOU_KEYS, PLACE
from safehold.domain.journey.specification import Journey, Question

# Which question a page asks is named in its form, since its address is only a number.
ASKED = "q"


@dataclass(frozen=True, slots=True)
class Form:
    """One journey on this site.

    `start` is the name of the address of its first page, `folder` where the templates are that are
    its own. The questions in `together` can be passed over with one button. From the question
    `finish_from` on, whoever has had enough can go to the end and send what she has. `saves` says
    that it can be kept under a code, `named` that it is sent with a name only, `returns` that a
    code can lead back to it once it was sent.
    """

    journey: Journey
    start: str
    folder: str
    make: Callable[..., MadeReport]
    together: tuple[str, ...] = ()
    finish_from: str = ""
    saves: bool = False
    named: bool = False
    returns: bool = False

    def can_finish_at(self, question: Question) -> bool:
        """Tell whether somebody may stop at a question and send what she has."""
        keys = [each.key for each in self.journey.questions]
        return bool(self.finish_from) and keys.index(question.key) >= keys.index(self.finish_from)

    @property
    def check_token(self) -> str:
        """Name the page that reads the answers back, as `token` names a question."""
        return f"{self.journey.key}.check"

    def token(self, question: Question) -> str:
        """Name a question among those of every form."""
        return f"{self.journey.key}.{question.key}"


PLACE_FORM = Form(PLACE, "public:place", "place", place_report, ABOUT_YOU_KEYS)
HARM_FORM = Form(
    HARM,
    "public:harm",
    "harm",
    harm_report,
    ABOUT_YOU_KEYS,
    finish_from="identity",
    saves=True,
    returns=True,
)
ASK_FORM = Form(ASK, "public:ask", "ask", ask_report, ABOUT_YOU_KEYS, named=True)
_FORMS = {form.journey.key: form for form in (PLACE_FORM, HARM_FORM, ASK_FORM)}


def every() -> Iterable[Form]:
    """Give every form."""
    return _FORMS.values()


def of(key: str) -> Form | None:
    """Give the form of a journey's key, or None where there is none any more."""
    return _FORMS.get(key)


def asked_by(token: str) -> tuple[Form, Question] | None:
    """Give what a token names, or None for a token that is not one of ours."""
    form_key, _, question_key = token.partition(".")
    form = of(form_key)
    try:
        return (form, form.journey.question(question_key)) if form else None
    except KeyError:
        return None
