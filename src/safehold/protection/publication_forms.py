"""What a person decides before the public reads anything about places, as forms."""

from __future__ import annotations

from typing import Any

from django import forms

from safehold.domain.place_answers import LONGEST, OWNERS, STATUSES, trouble_with
from safehold.records.places.queries import PlaceKind

_CHOOSE = {"required": "Choose one of the list.", "invalid_choice": "Choose one of the list."}
_READ = {"required": "Say that you have read it."}


class AnswerForm(forms.Form):
    """What was done about a place, in words that the public may read."""

    owner = forms.ChoiceField(
        label="Whose matter is it?",
        choices=[(key.value, words) for key, words in OWNERS.items()],
        error_messages=_CHOOSE,
    )
    status = forms.ChoiceField(
        label="How far is it?",
        choices=[(key.value, words) for key, words in STATUSES.items()],
        error_messages=_CHOOSE,
    )
    text = forms.CharField(
        label="What was done, or why not",
        help_text="In plain words that everybody may read. No names, no times, nobody’s story.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"spellcheck": True}),
        error_messages={"required": "Say what was done, or why not."},
    )

    def clean_text(self) -> str:
        """Refuse what a machine can tell does not belong before the public."""
        text = str(self.cleaned_data["text"]).strip()
        if trouble := trouble_with(text):
            raise forms.ValidationError(trouble)
        return text


class KindForm(forms.Form):
    """What sort of place it is."""

    kind = forms.ChoiceField(
        label="What sort of place is it?", choices=PlaceKind.choices, error_messages=_CHOOSE
    )


class PublishForm(forms.Form):
    """That a person has read the whole release."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    read = forms.BooleanField(
        label="I have read all of it. No line could point at one person.", error_messages=_READ
    )


class PublishAnswerForm(forms.Form):
    """That a person has read an answer for what no machine finds."""

    checked = forms.BooleanField(
        label="I have read it: no names, no times, nobody’s story.", error_messages=_READ
    )


class WithdrawForm(forms.Form):
    """Why an answer is taken from the public."""

    reason = forms.CharField(
        label="Why is it taken away?",
        max_length=300,
        error_messages={"required": "Say why it is taken away."},
    )


class CorrectForm(forms.Form):
    """Which cells are taken back, and why, in words that the public reads."""

    cells = forms.MultipleChoiceField(
        label="Which lines are taken back?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose the lines to take back.",
            "invalid_choice": "Choose lines of the release in force.",
        },
    )
    correction_reason = forms.CharField(
        label="Why? Everybody reads this.",
        max_length=300,
        error_messages={"required": "Say why, in words that anybody may read."},
    )

    def clean_correction_reason(self) -> str:
        """Refuse what a machine can tell does not belong before the public."""
        text = str(self.cleaned_data["correction_reason"]).strip()
        if trouble := trouble_with(text):
            raise forms.ValidationError(trouble)
        return text

    def __init__(self, *args: Any, cells: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["cells"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = cells
