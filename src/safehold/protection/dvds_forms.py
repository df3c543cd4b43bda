"""What is recorded on an application under Clare's Law, as forms, one an act."""

from __future__ import annotations

from django import forms

from safehold.protection.forms import ReasonField
from safehold.records.dvds.queries import Abuser, Decision, Told

_CHOOSE = {"required": "Choose one."}


class StartForm(forms.Form):
    """Why somebody has a right to know, though nobody asked."""

    basis = ReasonField(
        label="Why may someone have to be told?",
        help_text="What is known, and since when. No name, number or address.",
    )


class IdentityForm(forms.Form):
    """How an identity was checked."""

    how = ReasonField(
        label="How was the identity checked?",
        help_text="Of whoever asked, or would be told: which papers you saw, and where you met. No "
        "numbers of papers.",
    )


class AbuserForm(forms.Form):
    """Whether whoever asks may be the one who abuses."""

    found = forms.ChoiceField(
        label="May whoever asks be the one who abuses?",
        widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in Abuser if each],
        error_messages=_CHOOSE,
    )
    why = ReasonField(
        label="What was searched, and what was found?",
        help_text="Name each system and the day. Say what was not searched.",
    )


class DecisionForm(forms.Form):
    """Whether anything is told."""

    decision = forms.ChoiceField(
        label="What is decided?",
        widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in Decision if each],
        error_messages=_CHOOSE,
    )
    why = ReasonField(
        label="Why?",
        help_text="Who took part in deciding, and why telling is or is not lawful, needed and in "
        "proportion.",
    )


class ToldForm(forms.Form):
    """Who was told, in person."""

    whom = forms.ChoiceField(
        label="Who was told, in person?",
        widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in Told if each],
        error_messages=_CHOOSE,
    )
    why = ReasonField(
        label="Why can they protect best, and where were they told?",
        help_text="Nothing is given in writing. They are asked to keep it to themselves.",
    )


class EndApplicationForm(forms.Form):
    """Why the work on an application is over."""

    reason = ReasonField(label="How did it end?", help_text="Name nobody: others read it.")
