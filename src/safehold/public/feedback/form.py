"""The boxes of the feedback page; what is written in them is checked by `domain/feedback`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Final

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import localdate
from django.utils.translation import gettext

from safehold.domain.feedback import DOING, EASE, QUESTION, WRONG
from safehold.domain.journey.checking import Checked, check
from safehold.domain.journey.sentences import Sentence
from safehold.public.report import in_words
from safehold.public.report.attempts import Attempt
from safehold.public.report.posted import Posted

_ONCE: Final = re.compile(r"[A-Za-z0-9_-]{22}")


class FeedbackForm(forms.Form):
    """Three boxes, one of them needed."""

    def __init__(self, posted: Posted | None, problems: Mapping[str, str]) -> None:
        data = None if posted is None else MultiValueDict(posted.values)
        super().__init__(data=data, auto_id="%s")
        limit = QUESTION.field(WRONG).limit
        hints = {
            DOING: gettext("You can leave this empty."),
            WRONG: gettext(
                "Up to %(limit)s characters, about %(words)s words. Do not write your name, or "
                "anything that shows who you are. If you open another page before you send, it "
                "is lost."
            )
            % {"limit": f"{limit:,}", "words": f"{limit // 6 // 50 * 50:,}"},
            EASE: gettext("You can leave this empty."),
        }
        for field in QUESTION.fields:
            self.fields[field.name] = _field(field.name, gettext(field.label), hints[field.name])
        for name, sentence in problems.items():
            self.add_error(name, in_words.sentence(sentence))


class _OneOf(forms.Field):
    """A list of answers to choose from."""

    def __init__(self, label: str, hint: str) -> None:
        offered = QUESTION.field(EASE).options
        self.choices = [(each.key, gettext(each.label)) for each in offered]
        super().__init__(required=False, label=label, help_text=hint, widget=forms.RadioSelect())


def shown(attempt: Attempt | None) -> FeedbackForm:
    """Give the form: empty, or as it was sent, with a sentence beside what could not be taken."""
    if attempt is None or not (attempt.values or attempt.problems):
        return FeedbackForm(None, {})
    return FeedbackForm(attempt.posted, attempt.problems)


def checked(posted: Posted) -> Checked:
    """Check what was written; the one box that is needed has a sentence where it is empty."""
    found = check(QUESTION, posted.values, today=localdate())
    problems = dict(found.problems)
    for name in QUESTION.needs:
        if name not in found.entry:
            problems.setdefault(name, Sentence(QUESTION.missing))
    return Checked(found.entry, problems)


def new_mark() -> str:
    """Give the random mark of a page, under which what is written there is recorded once."""
    return secrets.token_urlsafe(16)


def mark_of(posted: Posted) -> str:
    """Give the mark that a page sent; a new one for a page that sent none that we gave.

    A guessable mark would let whoever holds the store test guesses at what was written.
    """
    sent = posted.first("once")
    return sent if _ONCE.fullmatch(sent) else new_mark()


def _field(name: str, label: str, hint: str) -> forms.Field:
    if name == EASE:
        return _OneOf(label, hint)
    widget = forms.Textarea() if name == WRONG else forms.TextInput()
    return forms.Field(required=False, label=label, help_text=hint, widget=widget)
