"""What is typed about cases; every rule is checked again by the operation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from safehold.protection.forms import ReasonField
from safehold.records.cases.queries import PARTS, RELATIONS, CaseKind

MOST_REFERENCES = 20
_Choices = Sequence[tuple[str, str]]
_NAMES_NOBODY = "Kept with your name. Name nobody in it: others read it."


class CaseLookForm(forms.Form):
    """Why somebody opens a case."""

    look_reason = ReasonField(
        label="Why do you open this case?",
        help_text="Your name, the time and this reason are kept before anything is shown.",
    )


class FindCaseForm(forms.Form):
    """The reference of one case."""

    reference = forms.CharField(
        label="Find by reference",
        max_length=40,
        error_messages={"required": "Find by reference: type the reference of a case."},
    )

    def clean_reference(self) -> str:
        """Write it as references are written."""
        return "".join(str(self.cleaned_data["reference"]).split()).upper()


def _wanted(says: str) -> dict[str, str]:
    return {"required": says, "invalid_choice": says}


def _select(label: str, says: str, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, widget=forms.Select, error_messages=_wanted(says), **more)


def _radios(label: str, says: str, choices: Any = (), **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=_wanted(says), **more
    )


def _offer(form: forms.Form, **choices: _Choices) -> None:
    for name, offered in choices.items():
        field = form.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(offered)


class NewCaseForm(forms.Form):
    """A case, before it is opened."""

    kind = _radios("What sort of work is it?", "Choose what sort of work it is.", CaseKind.choices)
    references = forms.CharField(
        label="On which incidents? (optional)",
        help_text="Their references, one a line. Whoever is tied to a part in them is in the case.",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": False}),
    )
    why = ReasonField(label="Why is it opened?", help_text=_NAMES_NOBODY)
    owner = _select(
        "Who owns it?",
        "Choose a name from the list, or nobody.",
        required=False,
        help_text="Without a name it stands on every supervisor’s first page.",
    )
    team = _select("Which team?", "Choose a team from the list.", required=False)
    restricted = forms.BooleanField(
        label="Restrict it: only those who work on it see that it is there",
        required=False,
    )

    def __init__(self, *args: Any, owners: _Choices, teams: _Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, owner=[("", "Nobody yet"), *owners], team=[("", "No team"), *teams])

    def clean_references(self) -> list[str]:
        """Return the references that were typed, each once."""
        typed = re.split(r"[\s,;]+", str(self.cleaned_data["references"]).upper())
        found = list(dict.fromkeys(filter(None, typed)))
        if len(found) > MOST_REFERENCES:
            raise forms.ValidationError(f"Type at most {MOST_REFERENCES} references.")
        return found


class AddIncidentForm(forms.Form):
    """An incident to take into a case: one of those that its people are in, or any other."""

    incident = _radios(
        "Incidents of the people in this case",
        "Choose an incident that is shown, or type a reference.",
        required=False,
    )
    reference = forms.CharField(
        label="Or the reference of another",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, incidents: _Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, incident=[*incidents, ("", "None of these")])

    def clean_reference(self) -> str:
        """Write it as references are written."""
        return "".join(str(self.cleaned_data["reference"]).split()).upper()

    def clean(self) -> dict[str, Any]:
        """Ask for one incident, and no more."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "incident" in cleaned and "reference" in cleaned:
            if not cleaned["incident"] and not cleaned["reference"]:
                self.add_error("reference", "Choose an incident, or type a reference.")
            if cleaned["incident"] and cleaned["reference"]:
                self.add_error("reference", "Choose an incident or type a reference, not both.")
        return cleaned


class PersonField(forms.ChoiceField):
    """Somebody who was found by a search, or is in the case, by identity."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            widget=forms.RadioSelect,
            error_messages={
                "required": "Choose who it is.",
                "invalid_choice": "Choose who it is, of those that are shown.",
            },
        )

    def clean(self, value: Any) -> Any:
        """Return the identity."""
        return UUID(str(super().clean(value)))


class AddPartyForm(forms.Form):
    """Who else a case is about."""

    identity = PersonField("Who is it?")
    part = _radios("What part do they have?", "Choose what part they have.", PARTS)

    def __init__(self, *args: Any, people: _Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, identity=people)


class MemberForm(forms.Form):
    """Who works on a case, and as what."""

    member = _select("Who?", "Choose a name from the list.")
    relation = _radios("As what?", "Choose as what they work on it.", RELATIONS)
    why = ReasonField(label="Why?", help_text=_NAMES_NOBODY)

    def __init__(self, *args: Any, members: _Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, member=[("", "Choose a name"), *members])


class WhyForm(forms.Form):
    """Why something is done with a case."""

    why = ReasonField(label="Why?", help_text=_NAMES_NOBODY, rows=3)


class CloseForm(WhyForm):
    """Why a case is closed, and why over what is still open in it, where anything is."""

    why_open = forms.CharField(required=False, widget=forms.Textarea)

    def __init__(self, sent: Any = None, *, left: Sequence[str]) -> None:
        super().__init__(sent)
        if not left:
            del self.fields["why_open"]
            return
        self.fields["why_open"].label = "Why is it closed over what is still open?"
        self.fields["why_open"].help_text = f"Still open: {'; '.join(left)}."


class KeepForm(WhyForm):
    """Until when a closed case is kept, and why."""

    until = forms.DateField(
        label="Until when?",
        help_text="For example 27/3/2032.",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"autocomplete": "off"}, format="%d/%m/%Y"),
        error_messages={
            "required": "Write a day like 27/3/2032.",
            "invalid": "Write a day like 27/3/2032.",
        },
    )
    field_order = ["until", "why"]


class KeysField(forms.MultipleChoiceField):
    """Cases by key: one that others handed on meanwhile is no error of whoever ticked it."""

    def valid_value(self, value: Any) -> bool:
        """Tell whether it is a key at all."""
        try:
            UUID(str(value))
        except ValueError:
            return False
        return True


class HandOnCasesForm(forms.Form):
    """Cases that nobody owns, and who gets them."""

    cases = KeysField(
        label="Which cases?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one case.",
            "invalid_choice": "Choose cases from the list.",
        },
    )
    member = _select("Who owns them from now on?", "Choose a name from the list.")
    why = ReasonField(label="Why?", help_text=_NAMES_NOBODY)

    def __init__(self, *args: Any, cases: _Choices, members: _Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, member=[("", "Choose a name"), *members])
        field = self.fields["cases"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(cases)


class BarAgencyForm(forms.Form):
    """An agency that must get nothing of a case."""

    agency_id = _select("Which agency?", "Choose an agency from the list.")
    why = ReasonField(label="Why must it get nothing?")

    def __init__(self, *args: Any, agencies: _Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, agency_id=[("", "Choose an agency"), *agencies])


class BarPersonForm(forms.Form):
    """Somebody who must get nothing of a case."""

    identity = PersonField("Who is it?")
    why = ReasonField(label="Why must they get nothing?")

    def __init__(self, *args: Any, people: _Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, identity=people)
