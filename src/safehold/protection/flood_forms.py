"""What is decided about a pile, as forms; every rule is checked again by the operation."""

from __future__ import annotations

from django import forms

from safehold.protection.forms import ReasonField


class BackForm(forms.Form):
    """Why a pile goes back into the list."""

    back_reason = ReasonField(label="Why does all of it go back into the list?")


class AsideForm(forms.Form):
    """Why a pile is set aside; `until` is the newest arrival that was shown."""

    until = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    aside_reason = ReasonField(
        label="Why is all of it set aside?",
        help_text="Each report keeps this reason. Each can still be opened, accepted or put back.",
    )


class ConfirmPileForm(forms.Form):
    """Why a pile with danger may stay set aside."""

    confirm_reason = ReasonField(label="Why may all of it stay set aside?")
