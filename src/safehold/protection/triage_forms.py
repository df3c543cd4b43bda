"""Handing on, ending, and where somebody is told of alarms, as forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from safehold.domain import nudging
from safehold.protection.forms import ReasonField


class HandOnForm(forms.Form):
    """To which team a report goes, and to whom in it."""

    team = forms.ChoiceField(
        label="To which team?",
        error_messages={
            "required": "Choose a team of the list.",
            "invalid_choice": "Choose a team of the list.",
        },
    )
    member = forms.ChoiceField(
        label="To whom? (optional)",
        required=False,
        help_text="Without a name it has no owner, and stands on every supervisor’s first page "
        "until somebody takes it.",
        error_messages={"invalid_choice": "Choose a name of the list, or nobody."},
    )
    hand_on_reason = ReasonField(
        label="Why?", help_text="Kept with your name. Name nobody in it: others read it."
    )

    def __init__(
        self,
        *args: Any,
        teams: Sequence[tuple[str, str]],
        members: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["team"] = _choice(self.fields["team"], teams)
        self.fields["member"] = _choice(
            self.fields["member"], [("", "Nobody: whoever takes it"), *members]
        )


class EndForm(forms.Form):
    """Why the work on a report is over."""

    end_reason = ReasonField(
        label="How did it end?",
        help_text="One or two sentences for whoever asks in a year. Name nobody.",
        rows=3,
    )


class BeginAgainForm(forms.Form):
    """Why the work on a report begins again."""

    again_reason = ReasonField(label="Why does the work on it begin again?", rows=2)


class ReachForm(forms.Form):
    """Where a member is told of alarms."""

    mobile = forms.CharField(
        label="Mobile number for text messages (optional)",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="Address for e-mail (optional)",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": False}),
        error_messages={"invalid": "Give an address such as name@example.org."},
    )

    def clean_mobile(self) -> str:
        """Return the number as gateways take it."""
        typed = str(self.cleaned_data["mobile"]).strip()
        try:
            return nudging.phone(typed) if typed else ""
        except nudging.NotForNudges as error:
            raise forms.ValidationError(str(error.sentence)) from None


def _choice(field: forms.Field, choices: Sequence[tuple[str, str]]) -> forms.Field:
    if not isinstance(field, forms.ChoiceField):
        raise TypeError("This field offers no choices.")
    field.choices = list(choices)
    return field
