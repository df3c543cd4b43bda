"""What is recorded about safe contact, as forms, one an act."""

from __future__ import annotations

from typing import Any

from django import forms

from safehold.domain.contact_profile import LONGEST, NEEDS, Terms
from safehold.domain.safe_contact import DAYS, Week, week_of
from safehold.protection.contact_words import (
    DAY_NAMES,
    DETAILS,
    ENVELOPES,
    INTERPRETERS,
    MAY_CONTACT,
    METHODS,
    OFFICERS,
    SEEN,
    VOICEMAIL,
)
from safehold.protection.forms import ReasonField
from safehold.records.contacts.lists import DUE, GROUNDS, MEANS
from safehold.rules import load

NAME_NOBODY = "Name nobody: others read it."
_PARTS = load("unsafe_places").tables["parts_of_day"]["options"]
_NOT_SAID = ("", "Not said")
# The terms that are one choice of a list.
_SAID_IN_CLEAR = ("seen", "voicemail", "envelope", "officer", "interpreter", "may_contact")


class OpenContactForm(forms.Form):
    """Why somebody has to see who it is and where."""

    reason = ReasonField(
        label="Why do you need to see who and where?",
        help_text="Your name, the time and this reason are kept before anything is shown. "
        f"{NAME_NOBODY}",
    )


class DueForm(forms.Form):
    """By when somebody has to be reached, and for what."""

    why = forms.ChoiceField(
        label="What must they be reached for?",
        choices=list(DUE.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what for."},
    )
    due_at = forms.DateTimeField(
        label="By when?",
        help_text="Day and time.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"],
        error_messages={
            "required": "Give a day and a time.",
            "invalid": "Write the day and the time like 27/11/2026 14:30.",
        },
    )


class EndedForm(forms.Form):
    """How somebody was reached, or why they need not be any more."""

    how = ReasonField(
        label="How were they reached, or why need they not be?",
        help_text=f"What they said belongs in the record of the case, not here. {NAME_NOBODY}",
    )


class CorrectForm(forms.Form):
    """How somebody may be reached now. What is sealed and left empty here stays as it was."""

    method = forms.ChoiceField(
        label="By which way?",
        choices=list(METHODS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a way."},
    )
    to = forms.CharField(label="Number or address, or who to ask", required=False, max_length=200)
    days = forms.MultipleChoiceField(
        label="Safe on",
        help_text="None means every day.",
        choices=list(DAY_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    parts = forms.MultipleChoiceField(
        label="Safe at",
        help_text="None here and above means that nobody knows.",
        choices=[(part["key"], f"{part['label']}: {part['hint'].lower()}") for part in _PARTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    times = forms.CharField(
        label="Times when we must not",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.ChoiceField(
        label="Could anyone else see or hear it?",
        choices=[_NOT_SAID, *SEEN.items()],
        required=False,
    )
    seen_by = forms.CharField(label="Who?", required=False, max_length=LONGEST)
    voicemail = forms.ChoiceField(
        label="May we leave a message?", choices=[_NOT_SAID, *VOICEMAIL.items()], required=False
    )
    envelope = forms.ChoiceField(
        label="May the envelope show the police?",
        choices=[_NOT_SAID, *ENVELOPES.items()],
        required=False,
    )
    code = forms.CharField(
        label="The word that shows it is really them", required=False, max_length=200
    )
    officer = forms.ChoiceField(
        label="Would rather talk to", choices=[_NOT_SAID, *OFFICERS.items()], required=False
    )
    language = forms.CharField(label="Language", required=False, max_length=200)
    interpreter = forms.ChoiceField(
        label="Wants an interpreter", choices=[_NOT_SAID, *INTERPRETERS.items()], required=False
    )
    needs = forms.MultipleChoiceField(
        label="Needs from us",
        choices=list(NEEDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    needs_more = forms.CharField(label="What else helps", required=False, max_length=LONGEST)
    may_contact = forms.ChoiceField(
        label="May we contact the person it was done to?",
        help_text="Only where somebody else told us.",
        choices=[_NOT_SAID, *MAY_CONTACT.items()],
        required=False,
    )
    know_first = forms.CharField(
        label="What must we know before we contact the person it was done to?",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    other = forms.CharField(label="Another way that is safe", required=False, max_length=200)
    never = forms.CharField(
        label="What must never be done",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    remove = forms.MultipleChoiceField(
        label="Take away what stood",
        help_text="What is not so any more, or not safe any more, with nothing in its place.",
        choices=[(name, label) for name, label in DETAILS.items() if name != "name"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    why = ReasonField(
        label="How did they tell you, and how did you know that it was them?",
        help_text=f"Someone who reads their messages could pretend to be them. {NAME_NOBODY}",
    )

    def clean(self) -> None:
        """Refuse what is written anew and taken away at once: one of them is a slip."""
        super().clean()
        for name in self.cleaned_data.get("remove", ()):
            if self.cleaned_data.get(name, "").strip():
                self.add_error(name, "Write this anew or take it away, not both.")

    def terms(self) -> Terms:
        """Return what stands in clear of a valid form."""
        given = self.cleaned_data
        return Terms(
            method=given["method"],
            week=week_of(given["days"], given["parts"]),
            needs=tuple(given["needs"]),
            **{name: given[name] for name in _SAID_IN_CLEAR},
        )

    def changes(self) -> dict[str, str]:
        """Return what is to be sealed of a valid form; empty where nothing was written anew."""
        return {name: self.cleaned_data[name] for name in DETAILS if name != "name"}


class PersonContactForm(CorrectForm):
    """How a person may be reached, written down for the first time."""

    name = forms.CharField(
        label="Name to ask for, if it is another than here", required=False, max_length=200
    )
    remove = None  # type: ignore[assignment]  # Django's way to leave a field of the parent out
    field_order = ("method", "to", "name")

    def clean(self) -> None:
        """Ask where, since a way alone reaches nobody."""
        super().clean()
        if "method" in self.cleaned_data and not self.cleaned_data.get("to", "").strip():
            self.add_error("to", "Write the number or address, or who to ask.")

    def changes(self) -> dict[str, str]:
        """Return what is to be sealed of a valid form."""
        return {name: self.cleaned_data[name] for name in DETAILS}


class OverrideForm(forms.Form):
    """On which ground somebody is reached another way, by what, and why."""

    ground = forms.ChoiceField(
        label="On which ground?",
        choices=list(GROUNDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a ground."},
    )
    means = forms.ChoiceField(
        label="By what? The first reveals least, the last most.",
        choices=list(MEANS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a way."},
    )
    why_not_less = forms.CharField(
        label="Why will nothing further up do?",
        help_text=f"Not needed for the first. {NAME_NOBODY}",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = ReasonField(
        label="Why can it not wait for their way?",
        help_text="Your name stands with it, and someone else looks at it afterwards. "
        f"{NAME_NOBODY}",
    )


def as_typed(terms: Terms) -> dict[str, Any]:
    """Give what the form for a correction begins with: what stands in clear."""
    days = [day for day, spans in zip(DAYS, terms.week.days, strict=True) if spans]
    return {
        "method": terms.method,
        "days": [] if len(days) == len(DAYS) else days,
        "parts": _parts(terms.week),
        "needs": list(terms.needs),
        **{name: getattr(terms, name) for name in _SAID_IN_CLEAR},
    }


def _parts(week: Week) -> list[str]:
    spans = next((spans for spans in week.days if spans), ())
    return [
        part["key"]
        for part in _PARTS
        if any(start <= part["from"] * 60 and part["to"] * 60 <= end for start, end in spans)
    ]
