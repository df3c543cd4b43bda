"""What is typed about who is kept from whom, about attempts, and about unusual looking."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.timezone import localdate

from safehold.domain import looking
from safehold.protection.forms import ReasonField
from safehold.records.staff.queries import who_may_sign_in


class LiftForm(forms.Form):
    """Why a person is another of that name."""

    why = ReasonField(
        label="How do you know that it is another person?",
        help_text="The entry is kept, and this with it.",
        rows=3,
    )


class SettleForm(forms.Form):
    """What came of attempts."""

    why = ReasonField(
        label="What came of it?",
        help_text="Professional standards alone read it.",
        rows=3,
    )


class DayForm(forms.Form):
    """A day to look through again."""

    day = forms.DateField(
        label="Look through a day",
        help_text="For example 27/3/2024.",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"autocomplete": "off"}, format="%d/%m/%Y"),
        error_messages={
            "required": "Write a day, like 27/3/2024.",
            "invalid": "Write the day like 27/3/2024.",
        },
    )

    def clean_day(self) -> Any:
        """Return the day, or raise ValidationError for one that has not come."""
        day = self.cleaned_data["day"]
        if day > localdate():
            raise forms.ValidationError("This day has not come yet.")
        return day


class OutcomeForm(forms.Form):
    """What came of asking about a day."""

    outcome = forms.ChoiceField(
        label="What came of it?",
        widget=forms.RadioSelect,
        choices=[(str(key), label) for key, label in looking.table().outcomes.items()],
        error_messages={"required": "Choose one."},
    )
    words = ReasonField(label="In your words", help_text="Name nobody whom they looked at.", rows=3)


class AddressForm(forms.Form):
    """Where a member lives: kept as a mark."""

    member = forms.ChoiceField(label="Whose?", required=False, choices=[])
    line = forms.CharField(
        label="First line of the address",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the first line of the address."},
    )
    postcode = forms.CharField(
        label="Postcode",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the postcode."},
    )

    def __init__(self, *args: Any, others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            members = [(str(key), name) for key, name in who_may_sign_in()]
            self.fields["member"].choices = [("", "My own"), *members]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["member"]
