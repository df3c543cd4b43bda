"""What is decided about how long reports are kept, as forms, one an act."""

from __future__ import annotations

from django import forms

from safehold.domain import retention
from safehold.protection.forms import ReasonField

_NAME_NOBODY = "Name nobody, and nothing of what was told: others read it, and it is kept."


class ProposeForm(forms.Form):
    """Why reports should be destroyed."""

    propose_reason = ReasonField(
        label="Why may they be destroyed?",
        help_text=f"Another person confirms it. {_NAME_NOBODY}",
    )


class KeepForm(forms.Form):
    """Until when, and why."""

    until = forms.DateField(
        label="Keep it until",
        help_text="For example 27/3/2030.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={
            "required": "Give a day.",
            "invalid": "Write the day like 27/3/2030.",
        },
    )
    keep_reason = ReasonField(label="Why must it be kept longer?", help_text=_NAME_NOBODY)


class HoldForm(forms.Form):
    """On which ground nothing of a report may go."""

    ground = forms.ChoiceField(
        label="What for?",
        widget=forms.RadioSelect,
        choices=list(retention.table().grounds.items()),
        error_messages={"required": "Choose what for."},
    )
    hold_reason = ReasonField(
        label="Which one, and what does it ask for?",
        help_text=f"A reference of the court or the inquiry. {_NAME_NOBODY}",
    )


class LiftForm(forms.Form):
    """Why a hold that somebody else set is no longer needed."""

    lift_reason = ReasonField(
        label="Why is it no longer needed?", help_text="You did not set it. " + _NAME_NOBODY
    )


class ConfirmListForm(forms.Form):
    """That a list was read, by its digest."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    read = forms.BooleanField(
        label="I have read this list. I know that nothing of these reports can be brought back.",
        error_messages={"required": "Say that you have read the list."},
    )


class CallOffForm(forms.Form):
    """Why nothing of a list is destroyed."""

    call_off_reason = ReasonField(label="Why is it called off?", help_text=_NAME_NOBODY)
