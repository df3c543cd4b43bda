"""What is recorded on an application under Clare's Law, as forms, one an act."""

from __future__ import annotations

from typing import Any

from django import forms

from safehold.domain import dvds
from safehold.protection.forms import ReasonField
from safehold.records.dvds.queries import Abuser

_CHOOSE = {"required": "Choose one."}
_LONGEST = 1_000


def one_of(name: str, label: str, **more: Any) -> forms.ChoiceField:
    """Return a field of which one option of a list is chosen."""
    return forms.ChoiceField(
        label=label,
        widget=forms.RadioSelect,
        choices=dvds.choices(name),
        error_messages=_CHOOSE,
        **more,
    )


def a_day(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,
        help_text=f"{hint} For example 27/3/2027.".strip(),
        required=required,
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"autocomplete": "off"}, format="%d/%m/%Y"),
        error_messages={
            "required": "Write the day.",
            "invalid": "Write the day like 27/3/2027.",
        },
    )


class StartForm(forms.Form):
    """Why somebody has a right to know, though nobody asked."""

    trigger = one_of("trigger", "How did it become known?")
    basis = ReasonField(
        label="Why may someone have to be told?",
        help_text="What is known, and since when. No name, number or address.",
    )


class LinkCaseForm(forms.Form):
    """A case that the application is about."""

    reference = forms.CharField(
        label="Reference of the case",
        help_text="Whoever may not know of the case does not meet the application any more.",
        max_length=20,
        error_messages={"required": "Write the reference of the case."},
    )


class LinkPersonForm(forms.Form):
    """Somebody whom the application is about."""

    reference = forms.CharField(
        label="Reference of the person",
        help_text="As it stands on their page. A colleague who may be them, or close to them, does "
        "not meet the application any more.",
        max_length=20,
        error_messages={"required": "Write the reference of the person."},
    )
    part = one_of("of", "Who are they here?")


class FirstContactForm(forms.Form):
    """The first contact."""

    asker = one_of("asker", "Who asked?")
    danger = forms.ChoiceField(
        label="Is anybody in danger now?",
        help_text="Then act now, as on any call: the application waits, their safety does not.",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "Nothing points to it")],
        error_messages=_CHOOSE,
    )
    words = ReasonField(
        label="What was said about their safety, and what was done?",
        help_text="When and how they may be reached is kept in the safe contact. Name nobody.",
    )


class IdentityForm(forms.Form):
    """How an identity was checked."""

    how = ReasonField(
        label="How was the identity checked?",
        help_text="Of whoever asked, or would be told: which papers you saw, and where you met. No "
        "numbers of papers.",
    )


class SearchForm(forms.Form):
    """A source that was searched, or was not."""

    source = one_of("sources", "Which source?")
    on = a_day(
        "On which day was it searched?", required=False, hint="Leave it empty where it was not."
    )
    words = ReasonField(
        label="What was found, or why was it not searched?",
        help_text="What was found stays in its own system: write whether there is something.",
    )


class AbuserForm(forms.Form):
    """Whether whoever asks may be the one who abuses."""

    found = forms.ChoiceField(
        label="May whoever asks be the one who abuses?",
        help_text="Look for reports against them, and for allegations between the two in both "
        "directions.",
        widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in Abuser if each],
        error_messages=_CHOOSE,
    )
    why = ReasonField(
        label="What was searched, and what was found?",
        help_text="Name each system and the day. Say what was not searched.",
    )


class ViewForm(forms.Form):
    """What an agency thinks."""

    agency = one_of("agencies", "Which agency?")
    asked_on = a_day("On which day were they asked?")
    view = one_of("views", "What do they think?")
    attended = forms.BooleanField(label="They attended the forum", required=False)
    words = forms.CharField(
        label="Why?",
        help_text="Needed with a view.",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": True}),
    )


class DecisionForm(forms.Form):
    """What somebody would decide; a second person decides with them."""

    decision = one_of("decisions", "What is decided?")
    whom = one_of(
        "told", "Who is to be told?", required=False, help_text="Where something is told."
    )
    necessary = ReasonField(
        label="Why is it necessary, or why not?",
        help_text="To protect whom from what, and what else was thought of.",
    )
    proportionate = ReasonField(
        label="Why is it in proportion?",
        help_text="As little as protects, weighed against the private life of the one asked about.",
    )
    basis = ReasonField(
        label="On which lawful basis?",
        help_text="The power, and the basis in data protection law.",
    )
    third_why = forms.CharField(
        label="Why does somebody other than the person in danger have to be told?",
        help_text="Where they asked for another person, or are someone else who can protect: why "
        "them, and how you know that they do not abuse. They are not normally told.",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": True}),
    )
    emergency_why = forms.CharField(
        label="Why can it not wait for the forum and a second person?",
        help_text="Only then. It holds at once, and a second person looks at it afterwards.",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": True}),
    )


class SecondForm(forms.Form):
    """What a second person says of a decision."""

    agreed = forms.ChoiceField(
        label="Do you agree?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No")],
        error_messages=_CHOOSE,
    )
    why = ReasonField(label="Why?", help_text="Name nobody: others read it.")


class PlanForm(forms.Form):
    """How somebody is told in person."""

    place = ReasonField(
        label="Where and when is it safe?",
        help_text="A kind of place, such as a clinic. Not an address that gives away a home.",
    )
    goes = ReasonField(label="Who goes?", help_text="Two, where that can be; one whom they know.")
    not_learn = ReasonField(
        label="Who must not learn of it?",
        help_text="The one asked about is on the list already. Say who else, by their part.",
    )
    reached = one_of(
        "reached",
        "How are they asked to come?",
        help_text="Never by letter, e-mail or text. Read their safe contact first.",
    )


class ToldForm(forms.Form):
    """Who was told, in person, and what."""

    whom = one_of("whom", "Who was told, in person?")
    why = ReasonField(
        label="Why can they protect best, and where were they told?",
        help_text="Where nobody was told: why not.",
    )
    said = ReasonField(
        label="What was said?",
        help_text="In short. It stays on this page: nothing prints, exports, shares or sends it.",
    )
    private = one_of("private", "Were they asked to keep it to themselves?")
    safety = ReasonField(
        label="Which safety advice was given, and what was planned?",
        help_text="Also where there was nothing to tell: that is not the same as no danger.",
    )


class CorrectionForm(forms.Form):
    """That something recorded was wrong."""

    act = one_of("acts", "What was wrong?")
    why = ReasonField(
        label="What was wrong with it, and what is right?",
        help_text="What was recorded stays readable. What was told cannot be taken back.",
    )


class CharacteristicsForm(forms.Form):
    """Who somebody is, as it is counted."""

    of = one_of("of", "About whom?")
    gender = one_of("gender", "Gender, as they say it")
    age = one_of("age", "Age")
    ethnicity = forms.ChoiceField(
        label="Ethnic background, as they say it", choices=dvds.choices("ethnicity")
    )
    ethnicity_seen = forms.ChoiceField(
        label="Ethnic appearance, as an officer saw it", choices=dvds.choices("ethnicity_seen")
    )
    disability = one_of("disability", "Disabled")
    sexuality = one_of("sexuality", "Sexuality, as they say it")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in dvds.COUNTED:
            self.fields[name].initial = "not_asked"


class EndApplicationForm(forms.Form):
    """Why the work on an application is over."""

    reason = ReasonField(label="How did it end?", help_text="Name nobody: others read it.")
