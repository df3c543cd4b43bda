"""From a Django bound field to a GOV.UK component: the only place that knows both.

A field is drawn by its widget: RadioSelect, CheckboxSelectMultiple, CheckboxInput, Select,
Textarea, DayWidget, HiddenInput, else one line of text. What Django has no word for is read from
the form field where a form sets it: `choice_hints` (value to hint) and `divider_before` (value
before which "or" stands).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_noop
from markupsafe import Markup

from safehold.design.components import Components
from safehold.design.languages import said
from safehold.design.unsaved import mark_as_drawn

SUMMARY_TITLE: Final = gettext_noop("Check what you wrote")
# Said elsewhere, or (the lengths) unkind: a browser cuts off, in silence, what is pasted.
NOT_PASSED_ON: Final = frozenset(
    {"autocomplete", "spellcheck", "inputmode", "class", "rows", "cols", "id", "required"}
    | {"maxlength", "minlength"}
)
PARTS: Final = (
    ("day", gettext_noop("Day"), 2),
    ("month", gettext_noop("Month"), 2),
    ("year", gettext_noop("Year"), 4),
)


class DayWidget(forms.MultiWidget):
    """Three boxes for a day: nothing opens, nothing is chosen from a list, nothing uses Escape."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({name: forms.TextInput() for name, _, _ in PARTS}, attrs)

    def decompress(self, value: date | None) -> list[str]:
        """Part a date into its boxes."""
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class Fields:
    """Draws bound fields with the components of one Jinja environment."""

    def __init__(self, components: Components) -> None:
        self._components = components

    def field(
        self,
        bound: BoundField,
        *,
        heading: bool = False,
        classes: str = "",
        rows: int = 6,
    ) -> Markup:
        """Draw a field with its label, hint and error.

        `heading=True` makes its label the page's h1, for a page with one question. `classes` are
        added to the control.
        """
        mark_as_drawn(bound)
        if bound.is_hidden:
            return Markup(str(bound))  # noqa: S704 - Django's own safe string
        name, draw = _component(bound.field.widget)
        params = _shared(bound) | draw(bound, heading, rows)
        if classes:
            params["classes"] = f"{params.get('classes', '')} {classes}".strip()
        return self._components.render(name, params, keep=_is_ours_alone(bound))

    def error_summary(self, *given: forms.BaseForm) -> Markup:
        """List what needs another look, each linked to its field; nothing where all is well."""
        items = [item for form in given for item in _problems(form)]
        if not items:
            return Markup()
        return self._components.error_summary(
            titleText=said(SUMMARY_TITLE),
            errorList=items,
            disableAutoFocus=True,
            attributes={"tabindex": "-1", "id": "problems"},
        )


def _is_ours_alone(bound: BoundField) -> bool:
    """Tell whether a field is drawn with our words alone: nothing answered, sent or found.

    A form says so of its words itself, by `says_ours_alone`: a list of places is somebody's search.
    """
    form = bound.form
    return (
        getattr(form, "says_ours_alone", False)
        and not form.is_bound
        and not form.initial
        and bound.value() is None
    )


def _problems(form: forms.BaseForm) -> Iterator[dict[str, str]]:
    for message in form.non_field_errors():
        yield {"text": str(message)}
    for bound in form:
        for message in bound.errors:
            yield {"text": str(message), "href": f"#{_first_id(bound)}"}


def _first_id(bound: BoundField) -> str:
    return f"{bound.auto_id}-day" if _is_day(bound.field.widget) else bound.auto_id


def _is_day(widget: forms.Widget) -> bool:
    return isinstance(widget, DayWidget)


Drawing = Callable[[BoundField, bool, int], dict[str, Any]]


def _component(widget: forms.Widget) -> tuple[str, Drawing]:
    kinds: tuple[tuple[type[forms.Widget], str, Drawing], ...] = (
        (forms.CheckboxSelectMultiple, "checkboxes", _choices),
        (forms.RadioSelect, "radios", _choices),
        (forms.CheckboxInput, "checkboxes", _one_box),
        (forms.Select, "select", _select),
        (forms.Textarea, "textarea", _textarea),
        (DayWidget, "date_input", _day),
    )
    for kind, name, draw in kinds:
        if isinstance(widget, kind):
            return name, draw
    return "input", _line


def _shared(bound: BoundField) -> dict[str, Any]:
    params: dict[str, Any] = {"name": bound.html_name, "id": bound.auto_id}
    if bound.help_text:
        params["hint"] = {"text": str(bound.help_text)}
    if bound.errors:
        params["errorMessage"] = {
            "text": str(bound.errors[0]),
            "visuallyHiddenText": said("Error"),
        }
    return params


def _title(bound: BoundField, heading: bool, kind: str) -> dict[str, Any]:
    size = "l" if heading else "s"
    return {
        "text": str(bound.label),
        "isPageHeading": heading,
        "classes": f"govuk-{kind}--{size}",
    }


def _legend(bound: BoundField, heading: bool) -> dict[str, Any]:
    return {"legend": _title(bound, heading, "fieldset__legend")}


def _line(bound: BoundField, heading: bool, rows: int) -> dict[str, Any]:
    widget = bound.field.widget
    attributes = widget.attrs
    return {
        "label": _title(bound, heading, "label"),
        "value": _text(bound),
        "type": getattr(widget, "input_type", "text"),
        **_quiet(attributes),
        "inputmode": attributes.get("inputmode"),
        "attributes": _rest(attributes),
    }


def _textarea(bound: BoundField, heading: bool, rows: int) -> dict[str, Any]:
    attributes = bound.field.widget.attrs
    return {
        "label": _title(bound, heading, "label"),
        # A browser drops one newline after the opening tag; the visitor's own must stay.
        "value": f"\n{value}" if (value := _text(bound)).startswith("\n") else value,
        "rows": rows,
        **_quiet(attributes),
        "attributes": _rest(attributes),
    }


def _quiet(attributes: dict[str, Any]) -> dict[str, Any]:
    # No form history on a device that someone else holds, and no spelling service of the browser's
    # maker that is sent what she writes.
    return {
        "autocomplete": attributes.get("autocomplete", "off"),
        "spellcheck": attributes.get("spellcheck", False),
    }


def _rest(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if name not in NOT_PASSED_ON}


def _choices(bound: BoundField, heading: bool, rows: int) -> dict[str, Any]:
    chosen = _chosen(bound)
    hints = getattr(bound.field, "choice_hints", {})
    divider = getattr(bound.field, "divider_before", None)
    items: list[dict[str, Any]] = []
    for value, label in _options(bound):
        if divider is not None and value == divider:
            items.append({"divider": said("or")})
        item: dict[str, Any] = {"value": value, "text": label, "checked": value in chosen}
        if value in hints:
            hint = hints[value]
            item["hint"] = {"html" if isinstance(hint, Markup) else "text": str(hint)}
        items.append(item)
    return {"idPrefix": bound.auto_id, "fieldset": _legend(bound, heading), "items": items}


def _one_box(bound: BoundField, heading: bool, rows: int) -> dict[str, Any]:
    item = {"value": "on", "text": str(bound.label), "checked": bool(bound.value())}
    return {"idPrefix": bound.auto_id, "items": [item]}


def _select(bound: BoundField, heading: bool, rows: int) -> dict[str, Any]:
    chosen = _chosen(bound)
    return {
        "label": _title(bound, heading, "label"),
        "items": [
            {"value": value, "text": label, "selected": value in chosen}
            for value, label in _options(bound)
        ],
    }


def _day(bound: BoundField, heading: bool, rows: int) -> dict[str, Any]:
    widget: DayWidget = bound.field.widget
    value = bound.value()
    values = list(value) if isinstance(value, list | tuple) else widget.decompress(value)
    wrong = "govuk-input--error" if bound.errors else ""
    return {
        "fieldset": _legend(bound, heading),
        "items": [
            {
                "name": f"{bound.html_name}_{name}",
                "label": said(label),
                "id": f"{bound.auto_id}-{name}",
                "value": "" if part is None else str(part),
                "classes": f"govuk-input--width-{width} {wrong}".strip(),
                "autocomplete": "off",
            }
            for (name, label, width), part in zip(PARTS, values, strict=True)
        ],
    }


def _text(bound: BoundField) -> str:
    value, widget = bound.value(), bound.field.widget
    if value is None or (isinstance(widget, forms.PasswordInput) and not widget.render_value):
        return ""
    return str(widget.format_value(value) or "")


def _chosen(bound: BoundField) -> set[str]:
    value = bound.value()
    if value is None:
        return set()
    several = value if isinstance(value, list | tuple | set) else [value]
    return {str(getattr(each, "value", each)) for each in several}


def _options(bound: BoundField) -> Iterator[tuple[str, str]]:
    for value, label in bound.field.choices:  # type: ignore[attr-defined]  # a field with a list
        yield "" if value is None else str(getattr(value, "value", value)), str(label)
