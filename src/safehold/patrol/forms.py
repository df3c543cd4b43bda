"""What an officer chooses to see on a map of published data."""

from __future__ import annotations

from typing import Any

from django import forms

from safehold.patrol.hotspots import Available, Choice, own_forces, usual
from safehold.patrol.presenters import SIZES
from safehold.records.gazetteer import queries as gazetteer

TOPS = (25, 50, 100, 250)
USUAL_TOP = 50


class ChoiceForm(forms.Form):
    """Classes, months, area, size of cells, and how many rows the table has."""

    classes = forms.MultipleChoiceField(
        label="What was recorded",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one class."},
    )
    first = forms.ChoiceField(label="From")
    last = forms.ChoiceField(label="To")
    district = forms.ChoiceField(label="Area", required=False)
    size = forms.TypedChoiceField(
        label="Size of a cell", coerce=int, widget=forms.RadioSelect, choices=list(SIZES.items())
    )
    top = forms.TypedChoiceField(
        label="Rows in the table",
        coerce=int,
        choices=[(number, f"{number}") for number in TOPS],
        required=False,
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
            self.add_error("last", "The last month is before the first.")
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
