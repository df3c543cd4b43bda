"""What professional standards type about people who are too close to a colleague."""

from __future__ import annotations

from typing import Any

from django import forms

from safehold.protection.forms import ReasonField
from safehold.records.conflicts.operations import LONGEST_NAME
from safehold.records.conflicts.queries import RELATIONS
from safehold.records.staff.queries import who_may_sign_in


class LinkedForm(forms.Form):
    """Somebody, what they are to a colleague, and to whom."""

    name = forms.CharField(
        label="Their name",
        help_text="First name and surname. Add another entry for another name that they use.",
        max_length=LONGEST_NAME,
        error_messages={"required": "Write their name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relation = forms.ChoiceField(
        label="What are they to the colleague?",
        widget=forms.RadioSelect,
        choices=list(RELATIONS.items()),
        error_messages={"required": "Choose one."},
    )
    colleague = forms.ChoiceField(
        label="A colleague who signs in here", required=False, choices=[("", "Somebody else")]
    )
    colleague_name = forms.CharField(
        label="Or the name of another colleague",
        help_text="It is compared too.",
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = [(str(key), name) for key, name in who_may_sign_in()]
        self.fields["colleague"].choices = [("", "Somebody else"), *members]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Take one colleague, not two and not none."""
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("colleague")) == bool(cleaned.get("colleague_name", "").strip()):
            self.add_error(
                "colleague", "Choose a colleague, or write a name below: one of the two."
            )
        return cleaned


class EndForm(forms.Form):
    """Why somebody is not compared any more."""

    why = ReasonField(
        label="Why are they no longer compared?",
        help_text="The entry is kept, and this with it.",
        rows=3,
    )
