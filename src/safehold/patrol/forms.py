"""What an officer chooses to see on a map of published data."""

from __future__ import annotations

from typing import Any

from django import forms

from safehold.patrol.hotspots import Available, Choice, own_forces, usual
from safehold.patrol.presenters import SIZES
from safehold.records.gazetteer import queries as gazetteer

TOPS = (25, 50, 100, 250)
USUAL_TOP = 50


def _from_the_list(sentence: str) -> dict[str, str]:
    return {"required": sentence, "invalid_choice": sentence}


class ChoiceForm(forms.Form):
    """Classes, months, area, size of cells, and how many rows the table has."""

    classes = forms.MultipleChoiceField(
        label="What was recorded",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "What was recorded: choose at least one class.",
            "invalid_choice": "What was recorded: choose classes from the list.",
        },
    )
    first = forms.ChoiceField(
        label="From", error_messages=_from_the_list("From: choose a month from the list.")
    )
    last = forms.ChoiceField(
        label="To", error_messages=_from_the_list("To: choose a month from the list.")
    )
    district = forms.ChoiceField(
        label="Area",
        required=False,
        error_messages=_from_the_list("Area: choose a district from the list, or the whole area."),
    )
    size = forms.TypedChoiceField(
        label="Size of a cell",
        coerce=int,
        widget=forms.RadioSelect,
        choices=list(SIZES.items()),
        error_messages=_from_the_list("Size of a cell: choose one of the sizes."),
    )
    top = forms.TypedChoiceField(
        label="Rows in the table",
        coerce=int,
        choices=[(number, f"{number}") for number in TOPS],
        required=False,
        error_messages=_from_the_list("Rows in the table: choose one of the numbers."),
    )

    def __init__(self, data: Any, *, held: Available) -> None:
        self.held = held
        self.opening = usual(held)
        super().__init__(data or None, initial=_initial(self.opening))
        months = [(month, month) for month in reversed(held.months)]
        districts = [(area.name, area.name) for area in gazetteer.districts()]
        self._offer("classes", [(name, name) for name in held.classes])
        self._offer("first", months)
        self._offer("last", months)
        self._offer("district", [("", "The whole area"), *districts])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse months in the wrong order."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", "To: choose a month that is not before the first.")
        return cleaned

    def choice(self) -> Choice:
        """Return what was chosen, or what the page opens with."""
        if not self.is_bound or not self.is_valid():
            return self.opening
        chosen = self.cleaned_data
        return Choice(
            forces=own_forces(self.held),
            classes=tuple(chosen["classes"]),
            first=chosen["first"],
            last=chosen["last"],
            resolution=chosen["size"],
            district=chosen["district"],
        )

    def rows(self) -> int:
        """Return how many rows the table has."""
        chosen = self.cleaned_data["top"] if self.is_bound and self.is_valid() else ""
        return int(chosen) if chosen else USUAL_TOP


def _initial(choice: Choice) -> dict[str, Any]:
    return {
        "classes": list(choice.classes),
        "first": choice.first,
        "last": choice.last,
        "district": choice.district,
        "size": choice.resolution,
        "top": USUAL_TOP,
    }
