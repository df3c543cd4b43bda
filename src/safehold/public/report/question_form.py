"""A question of a journey as a Django form. The journey checks it; the form only carries it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_noop

from safehold.design.fields import DayWidget
from safehold.design.languages import said
from safehold.design.words import number
from safehold.domain.journey.answers import Entry, Value
from safehold.domain.journey.sentences import Sentence
from safehold.domain.journey.specification import Field, Kind, Question
from safehold.public.report import in_words
from safehold.public.report.posted import Posted

SKIPPABLE = gettext_noop("You can skip this question.")
UP_TO = gettext_noop("Up to %(limit)s characters.")
NAMELESS = gettext_noop("Up to %(limit)s characters. Please do not write your name.")
DRAWN = frozenset({Kind.ONE, Kind.SEVERAL, Kind.LINE, Kind.TEXT, Kind.DATE})


class Offered(forms.Field):
    """A list of answers to choose from, with a hint beside some."""

    def __init__(self, field: Field, widget: forms.Widget) -> None:
        self.choices = [(option.key, option.label) for option in field.options]
        self.choice_hints = {option.key: option.hint for option in field.options if option.hint}
        self.divider_before = next((each.key for each in field.options if each.alone), None)
        super().__init__(required=False, label=field.label, help_text=field.hint, widget=widget)


class QuestionForm(forms.Form):
    """The drawn fields of one question, in order.

    The first carries the heading of the page, but where several lines are asked for: then the
    heading and the `lead` stand above them.
    """

    def __init__(
        self,
        question: Question,
        posted: Posted | None,
        initial: Entry,
        *,
        skippable: bool,
        nameless: bool,
        as_specified: bool,
    ) -> None:
        # Read where fields are drawn: what is drawn for one visitor is then kept for the next.
        self.says_ours_alone = as_specified
        data = None if posted is None else MultiValueDict(posted.values)
        question = in_words.question(question)
        super().__init__(data=data, initial=_initial(question, initial), auto_id="%s")
        for field in question.fields:
            if field.kind in DRAWN:
                self.fields[field.name] = _form_field(field, nameless=nameless)
        skip = said(SKIPPABLE) if skippable else ""
        self.heading, self.lead = question.heading, f"{question.hint} {skip}".strip()
        drawn = [field for field in question.fields if field.kind in DRAWN]
        # Several boxes for lines: each needs the label of its own, and the heading stands above.
        self.apart = len(drawn) > 1 and drawn[0].kind is Kind.LINE
        for first in list(self.fields.values())[: 0 if self.apart else 1]:
            first.label = question.heading
            first.help_text = " ".join(f"{question.hint} {first.help_text} {skip}".split())


def unanswered(
    question: Question, entry: Entry, *, skippable: bool, nameless: bool, as_specified: bool
) -> QuestionForm:
    """Give the form of a question with what was answered before.

    `nameless` asks whoever gives no name to leave it out of her words too. `as_specified` says that
    the question is put as its journey puts it to everybody, with nothing of hers in its words.
    """
    return QuestionForm(
        question,
        None,
        entry,
        skippable=skippable,
        nameless=nameless,
        as_specified=as_specified,
    )


def to_mend(
    question: Question,
    posted: Posted,
    problems: Mapping[str, Sentence],
    *,
    skippable: bool,
    nameless: bool,
) -> QuestionForm:
    """Give the form as it was sent, with a sentence beside each field that could not be kept."""
    form = QuestionForm(
        question, posted, {}, skippable=skippable, nameless=nameless, as_specified=False
    )
    for name, sentence in problems.items():
        form.add_error(name if name in form.fields else None, in_words.sentence(sentence))
    return form


def _form_field(field: Field, *, nameless: bool) -> forms.Field:
    match field.kind:
        case Kind.ONE:
            return Offered(field, forms.RadioSelect())
        case Kind.SEVERAL:
            return Offered(field, forms.CheckboxSelectMultiple())
        case Kind.DATE:
            widget: forms.Widget = DayWidget()
        case Kind.TEXT:
            widget = forms.Textarea()
        case _:
            widget = forms.TextInput()
    hint = field.hint
    if field.kind is Kind.TEXT:
        hint = said(NAMELESS if nameless else UP_TO) % {"limit": number(field.limit)}
    return forms.Field(required=False, label=field.label, help_text=hint, widget=widget)


def _initial(question: Question, entry: Entry) -> dict[str, Any]:
    return {
        field.name: _as_drawn(field, entry[field.name])
        for field in question.fields
        if field.name in entry
    }


def _as_drawn(field: Field, value: Value) -> object:
    return date.fromisoformat(str(value)) if field.kind is Kind.DATE else value
