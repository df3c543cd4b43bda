"""What is decided about a pile, as forms; every rule is checked again by the operation."""

from __future__ import annotations

from typing import Any

from django import forms

from safehold.protection.forms import ReasonField


class BackForm(forms.Form):
    """Why a pile goes back into the list."""

    back_reason = ReasonField(label="Why does all of it go back into the list?")

    def said(self) -> dict[str, Any]:
        """Return what was said, by the names that the operation has for it."""
        return {"reason": self.cleaned_data["back_reason"]}


class AsideForm(forms.Form):
    """Why a pile is set aside; `until` is the newest arrival that was shown."""

    until = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    aside_reason = ReasonField(
        label="Why is all of it set aside?",
        help_text="Each report keeps this reason. Each can still be opened, accepted or put back.",
    )

    def said(self) -> dict[str, Any]:
        """Return what was said, by the names that the operation has for it."""
        return {"reason": self.cleaned_data["aside_reason"], "until": self.cleaned_data["until"]}


class EndPileForm(forms.Form):
    """Why the work on a pile is over."""

    end_reason = ReasonField(
        label="How did it end?",
        help_text="Each report keeps this reason, for whoever asks in a year. Name nobody.",
        rows=3,
    )

    def said(self) -> dict[str, Any]:
        """Return what was said, by the names that the operation has for it."""
        return {"reason": self.cleaned_data["end_reason"]}


class ConfirmPileForm(forms.Form):
    """Why a pile with danger may stay set aside."""

    confirm_reason = ReasonField(label="Why may all of it stay set aside?")

    def said(self) -> dict[str, Any]:
        """Return what was said, by the names that the operation has for it."""
        return {"reason": self.cleaned_data["confirm_reason"]}
