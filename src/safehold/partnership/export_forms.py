"""What is typed about letting all of a case leave; the operations check it again."""

from __future__ import annotations

from typing import Any

from django import forms

from safehold.partnership.share_forms import NO_NAME, WordsField
from safehold.records.agencies.queries import Agency


class AskExportForm(forms.Form):
    """For whom all of a case is, and why."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    agency_id = forms.ChoiceField(
        label="For whom is it?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose for whom it is.",
            "invalid_choice": "Choose one from the list.",
        },
    )
    purpose = WordsField("Why must all of the case leave?", help_text=NO_NAME)
    protected_why = WordsField(
        "Why must protected addresses go too? (optional)",
        help_text="Left empty, none goes. Otherwise those go that you yourself were named to read.",
        required=False,
    )
    list_answer = WordsField(
        "Nobody on a must-not-receive list may read it: how do you know?", help_text=NO_NAME
    )

    def __init__(self, *args: Any, agencies: list[Agency], listed: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(str(one.pk), one.name) for one in agencies]
        self.fields["agency_id"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if not listed:
            del self.fields["list_answer"]

    def said(self) -> dict[str, Any]:
        """Return what the operation wants."""
        return {"list_answer": "", **self.cleaned_data}


class AgreeExportForm(forms.Form):
    """Whether all of a case may leave."""

    agreed = forms.TypedChoiceField(
        label="May it leave?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "Choose yes or no."},
    )
    why = WordsField("Why?", help_text=NO_NAME)

    def said(self) -> dict[str, Any]:
        """Return what the operation wants."""
        return dict(self.cleaned_data)


class LookedAtForm(forms.Form):
    """What somebody apart found."""

    was_right = forms.TypedChoiceField(
        label="Was it right?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "Choose yes or no."},
    )
    words = WordsField("What did you look at, and what did you find?", help_text=NO_NAME)

    def said(self) -> dict[str, Any]:
        """Return what the operation wants."""
        return dict(self.cleaned_data)


class PrintForm(forms.Form):
    """Why a case is printed."""

    look_reason = WordsField("Why do you need it on paper?", help_text=NO_NAME)
