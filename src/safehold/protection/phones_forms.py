"""Why a phone, or the wait for what is on one, is ended."""

from __future__ import annotations

from django import forms

from safehold.protection.forms import ReasonField


class WhyForm(forms.Form):
    """A reason that somebody else can check later."""

    why = ReasonField(label="Why is it ended?")
