"""A journey in the language of the page: the domain says it in English, and this looks it up.

Only what is shown is translated. What is kept, sealed and counted stays as the domain says it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from django.utils.translation import gettext_noop

from safehold.design.languages import is_english, said
from safehold.design.words import day, number
from safehold.domain.journey.sentences import Part, Sentence
from safehold.domain.journey.specification import Field, Kind, Option, Question

# How a place is named in the answers; a name found in the gazetteer stands in each.
NEAR: Final = gettext_noop("Near %(place)s")
NEAR_BY: Final = gettext_noop("%(postcode)s, near %(street)s")
A_POINT: Final = gettext_noop("A point on the map")
_NEAR, _BY = NEAR.partition("%")[0], ", near "


def words(text: str) -> str:
    """Look up a text of the journey; an empty one stays empty."""
    return said(text) if text else ""


def question(asked: Question) -> Question:
    """Give a question with everything that its page shows in the language of the page."""
    if is_english():
        return asked
    return replace(
        asked,
        heading=words(asked.heading),
        hint=words(asked.hint),
        group=words(asked.group),
        fields=tuple(_field(each) for each in asked.fields),
    )


def sentence(given: str) -> str:
    """Say a sentence in the language of the page; what is no Sentence is said as it is."""
    if is_english() or not isinstance(given, Sentence):
        return str(given)
    if not given.values:
        return words(given.message)
    return words(given.message) % {name: _part(value) for name, value in given.values.items()}


def place(label: str) -> str:
    """Name a place as it was found: names stay what they are, the words around them do not."""
    if label == A_POINT:
        return said(A_POINT)
    if label.startswith(_NEAR):
        return said(NEAR) % {"place": label.removeprefix(_NEAR)}
    postcode, by, street = label.partition(_BY)
    return said(NEAR_BY) % {"postcode": postcode, "street": street} if by else label


def value(field: Field, given: str) -> str:
    """Say one answer: a label on offer, a date, a place, or what the person wrote herself."""
    if field.kind is Kind.DATE:
        return day(date.fromisoformat(given))
    if field.kind is Kind.WORKED_OUT:
        return place(given)
    label = field.label_of(given)
    return label if label == given else words(label)


def _field(field: Field) -> Field:
    # What is worked out has a label that nobody sees.
    if field.kind in {Kind.WORKED_OUT, Kind.ASKED_ON}:
        return field
    options = tuple(_option(each) for each in field.options)
    return replace(field, label=words(field.label), hint=words(field.hint), options=options)


def _option(option: Option) -> Option:
    return replace(option, label=place(words(option.label)), hint=words(option.hint))


def _part(value: Part) -> str:
    return number(value) if isinstance(value, int) else sentence(value)
