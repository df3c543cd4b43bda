"""What somebody decides about two people who may be one; every rule is checked again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from safehold.protection.forms import ReasonField

_NOBODY = "Name nobody in it: others read it."


class MergeForm(forms.Form):
    """That two are one person, and by which reference they are known from now on."""

    kept = forms.ChoiceField(
        label="Which reference is kept?",
        help_text="The other one still leads to the person.",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which reference is kept."},
    )
    merge_why = ReasonField(label="How do you know that they are one person?", help_text=_NOBODY)

    def __init__(self, *args: Any, between: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kept"].choices = list(between)  # type: ignore[attr-defined]  # a ChoiceField


class ApartForm(forms.Form):
    """That two are two people."""

    apart_why = ReasonField(label="How do you know that they are two people?", help_text=_NOBODY)


class TakeBackForm(forms.Form):
    """Why a merge is taken back."""

    why = ReasonField(label="Why is it taken back?", help_text=_NOBODY)


class MoveForm(forms.Form):
    """What was recorded of the wrong one meanwhile."""

    chosen = forms.MultipleChoiceField(
        label="What is the other person’s?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick what is the other person’s.",
            "invalid_choice": "Some of this was moved or ended meanwhile. Look again.",
        },
    )
    move_why = ReasonField(label="How do you know whose it is?", help_text=_NOBODY)

    def __init__(self, *args: Any, listed: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["chosen"].choices = list(listed)  # type: ignore[attr-defined]  # as above
