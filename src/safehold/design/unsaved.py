"""What somebody typed into a form that its page no longer draws: shown, to be copied.

Somebody else acted first, so the page that answers has no such form any more. Which boxes a page
has drawn is known once its body is there, so the layout draws that first and asks here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import Input
from django.http import QueryDict

# A code, a password, or a key of which the secret half may have been pasted: never shown again.
_NEVER: Final = frozenset({"code", "password", "secret", "public", "csrfmiddlewaretoken"})
_ON_OTHER_PAGES: Final = 20


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed, and under which words if they are known."""

    label: str
    text: str


def mark_as_drawn(bound: BoundField) -> None:
    """Note that a page has drawn this field, with what was typed in it."""
    bound.field.is_drawn = True  # type: ignore[attr-defined]  # each form has fields of its own


def not_drawn(form: Any) -> list[Line]:
    """Give what was typed into those fields of a form that no page has drawn."""
    if not isinstance(form, forms.BaseForm) or not form.is_bound:
        return []
    return list(_not_drawn(form))


def words_of(sent: QueryDict) -> list[Line]:
    """Give the words of a form of which nothing is known but what was sent.

    A text with a space in it was typed by a person; marks, numbers and choices have none.
    """
    return [
        Line("", text)
        for name in sent
        if name.rpartition("-")[2] not in _NEVER
        for text in map(str.strip, sent.getlist(name))
        if any(each.isspace() for each in text)
    ][:_ON_OTHER_PAGES]


def _not_drawn(form: forms.BaseForm) -> Iterator[Line]:
    for bound in form:
        if getattr(bound.field, "is_drawn", False) or bound.name in _NEVER:
            continue
        text = bound.value()
        if _is_typed(bound) and isinstance(text, str) and text.strip():
            yield Line(str(bound.label), text)


def _is_typed(bound: BoundField) -> bool:
    widget = bound.field.widget
    return isinstance(widget, forms.Textarea) or (
        isinstance(widget, Input)
        and widget.input_type in {"text", "email", "tel", "url", "number", "date", "datetime-local"}
    )
