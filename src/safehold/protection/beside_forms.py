"""What is decided about two reports, as forms; every rule is checked again by the operation."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from safehold.protection.forms import ReasonField
from safehold.records.beside.queries import Verdict


class OpenBothForm(forms.Form):
    """Why two accounts are opened side by side."""

    reason = ReasonField(
        label="Why do you need to open both?",
        help_text="Your name, the time and this reason are kept for each of the two before anything"
        " is shown. Name nobody in it: others read it.",
    )


class VerdictForm(forms.Form):
    """What two reports are to each other. One person is on offer only where both may be tied."""

    verdict = forms.ChoiceField(
        label="What are they to each other?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one of these."},
    )
    verdict_reason = ReasonField(
        label="What makes you think so?",
        help_text="Kept with your name, on both reports. Nothing is merged by it.",
    )

    def __init__(self, *args: Any, may_be_tied: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [each for each in Verdict if may_be_tied or each is not Verdict.PERSON]
        verdict = cast(forms.ChoiceField, self.fields["verdict"])
        verdict.choices = [(each.value, each.label) for each in offered]


class JoinForm(forms.Form):
    """What to note when a report goes into an incident that is there."""

    join_note = forms.CharField(
        label="Note, if there is anything to add",
        help_text="Nothing that the reporter wrote: that stays in the sealed account.",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": True}),
    )
