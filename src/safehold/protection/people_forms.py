"""What an officer types about people: a search, a new person, and each sort of fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.timezone import localdate

from safehold.domain import births, persons, spelling
from safehold.domain.access import Role
from safehold.domain.sources import SOURCES
from safehold.protection.forms import ReasonField
from safehold.records.histories.finding_otherwise import Otherwise, find_otherwise
from safehold.records.histories.queries import OUTCOMES
from safehold.records.people import facts, operations
from safehold.records.people.finding import Findings, Sought
from safehold.records.people.operations import Origin
from safehold.records.risk import acting
from safehold.records.staff.queries import StaffMember

Writes = Callable[..., Any]


class WrittenName(forms.CharField):
    """A name that has a word in it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=persons.LONGEST_NAME,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            error_messages={"required": "Write a name, or a part of one."},
            **options,
        )

    def clean(self, value: str | None) -> str:
        """Return the name, or raise ValidationError with one sentence."""
        said = str(super().clean(value))
        if said and not spelling.words_of(said):
            raise forms.ValidationError("Write at least one word of the name.")
        return said


class BirthField(forms.CharField):
    """When somebody was born, as it is known; gives two dates, None where nothing was typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            help_text="As far as it is known: 1991, March 1991, 2/3/1991, 1990 to 1992, about 30.",
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": "Write when they were born, as far as it is known."},
            **options,
        )

    def clean(self, value: str | None) -> Any:
        """Return the first and the last date, or raise ValidationError with one sentence."""
        said = super().clean(value)
        if not said:
            return None
        try:
            return births.read(str(said), on=localdate())
        except births.NotABirth as error:
            raise forms.ValidationError(str(error)) from None


def _text(label: str, *, longest: int = 20, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


_WAYS: Final = ("name", "contact", "line", "reference")


class SearchForm(forms.Form):
    """Whom an officer looks for, by one thing that is known of them, and why."""

    name = WrittenName(
        label="Name",
        help_text="As it was heard: spelling, order and short forms do not matter.",
        required=False,
    )
    born = BirthField(label="Born", required=False)
    contact = _text("Telephone number or e-mail address", longest=persons.LONGEST_VALUE)
    line = _text("First line of an address", longest=persons.LONGEST_VALUE)
    postcode = _text("Postcode of the address", longest=10)
    reference = _text(
        "Reference of a person, an incident or a case", help_text="For example P-7KQ2-M4XD."
    )
    look_reason = ReasonField(label="Why do you look for them?")

    def clean(self) -> dict[str, Any]:
        """Ask for one thing to look for, and for no more than one."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("postcode") and not cleaned.get("line") and "line" not in self.errors:
            self.add_error("line", "Write the first line of the address too.")
        said = [name for name in _WAYS if cleaned.get(name)]
        if len(said) > 1:
            self.add_error(said[1], "Search by one thing at a time.")
        if not said and not self.errors.keys() & {*_WAYS, "postcode"}:
            self.add_error("name", "Write a name, or a part of one.")
        return cleaned

    def find(self, *, by: StaffMember, at: datetime) -> Findings:
        """Search for what was typed: recorded before, and whom it gave before it is shown."""
        reason, typed = self.cleaned_data["look_reason"], self.cleaned_data
        if typed["name"]:
            born = typed["born"] or (None, None)
            sought = Sought(typed["name"], *born)
            return operations.find_people(sought=sought, reason=reason, by=by, at=at)
        names = ("contact", "line", "postcode", "reference")
        return find_otherwise(
            sought=Otherwise(**{name: typed[name] for name in names}), reason=reason, by=by, at=at
        )


class WhyForm(forms.Form):
    """Why somebody opens a person, or what happened before."""

    look_reason = ReasonField(
        label="Why do you need to see this?",
        help_text="Your name, the time and this reason are kept before anything is shown.",
    )


class Sourced(forms.Form):
    """Where a fact came from: asked with every fact."""

    source = forms.ChoiceField(
        label="Where does this come from?",
        choices=persons.options("sources"),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where this comes from."},
    )
    source_words = forms.CharField(
        label="Which one, or when (optional)",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def origin(self) -> Origin:
        """Return where the fact came from."""
        return Origin(self.cleaned_data["source"], self.cleaned_data["source_words"].strip())

    def values(self) -> dict[str, Any]:
        """Return what the operation wants, beside where it came from."""
        raise NotImplementedError


def _choice(label: str, options: list[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=options,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
        **more,
    )


def _line(label: str, *, wanted: str = "", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(wanted),
        help_text=help_text,
        max_length=persons.LONGEST_VALUE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": wanted},
    )


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text="For example 27/3/2024.",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"autocomplete": "off"}, format="%d/%m/%Y"),
        error_messages={"invalid": "Write the day like 27/3/2024."},
    )


class NameForm(Sourced):
    """Another name of a person."""

    name = WrittenName(label="Name")
    kind = _choice("What sort of name is it?", persons.options("names"), initial="usual")
    field_order = ["name", "kind"]

    def values(self) -> dict[str, Any]:
        """Return what the operation wants."""
        return {"name": self.cleaned_data["name"], "kind": self.cleaned_data["kind"]}


class NewPersonForm(NameForm):
    """Somebody new: a name is enough."""

    born = BirthField(label="Born (optional)", required=False)
    police = _choice(
        "Do they work for the police?",
        [("no", "No"), ("yes", "Yes"), ("not_sure", "Not sure")],
        help_text="With yes or not sure, professional standards have the record, and nobody in "
        "the unit finds it.",
    )
    field_order = ["name", "kind", "born", "police"]

    def sealed_to(self) -> str:
        """Return the one role that may know of them, empty where they are not of the police."""
        said = self.cleaned_data["police"]
        return "" if said == "no" else str(Role.PROFESSIONAL_STANDARDS)


class BirthForm(Sourced):
    """When a person was born."""

    born = BirthField(label="Born")
    certainty = _choice("How is it known?", persons.options("birth_certainties"))
    field_order = ["born", "certainty"]

    def values(self) -> dict[str, Any]:
        """Return what the operation wants."""
        earliest, latest = self.cleaned_data["born"]
        certainty = self.cleaned_data["certainty"]
        return {"earliest": earliest, "latest": latest, "certainty": certainty}


class ContactForm(Sourced):
    """A number or an address of a person's."""

    kind = _choice("What is it?", persons.options("contacts"))
    value = _line(
        "Number, address or account",
        wanted="Write the number or the address.",
        help_text="Whether it is safe to use stands in the safe contact, not here.",
    )
    field_order = ["kind", "value"]

    def values(self) -> dict[str, Any]:
        """Return what the operation wants."""
        return {"kind": self.cleaned_data["kind"], "value": self.cleaned_data["value"]}


class HomeForm(Sourced):
    """Where a person lives, lived or works."""

    line = _line("First line of the address", wanted="Write the first line of the address.")
    town = _line("Town (optional)")
    postcode = forms.CharField(label="Postcode (optional)", required=False, max_length=10)
    since = _day("From (optional)")
    until = _day("Until (optional)")
    protected = forms.BooleanField(
        label="Protect this address: only members who are named may see it",
        required=False,
        help_text="Elsewhere it is masked: in lists, on cards, in prints and in files for others.",
    )
    field_order = ["line", "town", "postcode", "since", "until", "protected"]

    def values(self) -> dict[str, Any]:
        """Return what the operation wants."""
        names = ("line", "town", "postcode", "since", "until", "protected")
        return {name: self.cleaned_data[name] for name in names}

    def clean(self) -> dict[str, Any]:
        """Refuse a last day before the first."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day at the address lies before the first.")
        return cleaned


class NeedForm(Sourced):
    """What a person needs so that we can talk, meet or write."""

    kind = _choice("What do they need?", persons.options("needs"))
    words = _line("More about it (optional)", help_text="The language, for an interpreter.")
    field_order = ["kind", "words"]

    def values(self) -> dict[str, Any]:
        """Return what the operation wants."""
        return {"kind": self.cleaned_data["kind"], "words": self.cleaned_data["words"]}


class TraitForm(Sourced):
    """A characteristic, as the person says it; made for one of them by `trait_form`."""

    about = ""
    answer = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": "Choose an answer."}
    )
    words = _line("")
    field_order = ["answer", "words"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trait = persons.CHARACTERISTICS[self.about]
        said = list(trait.options.items()) or [(persons.SAID, "In their words, below")]
        others = [row for row in persons.options("answers") if row[0] != persons.SAID]
        self.fields["answer"].label = trait.label
        self.fields["answer"].choices = [*said, *others]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["words"].label = (
            "Why it was not asked" if trait.options else "Their words, or why it was not asked"
        )

    def values(self) -> dict[str, Any]:
        """Return what the operation wants."""
        chosen, words = self.cleaned_data["answer"], self.cleaned_data["words"]
        if chosen in persons.CHARACTERISTICS[self.about].options:
            return {"kind": self.about, "answer": persons.SAID, "value": chosen}
        return {"kind": self.about, "answer": chosen, "value": words}


def trait_form(kind: str) -> type[TraitForm]:
    """Return the form of one characteristic."""
    return type(f"TraitForm{kind}", (TraitForm,), {"about": kind})


class FlagForm(Sourced):
    """A flag: one concept, one flag."""

    kind = forms.ChoiceField(
        label="Which flag?",
        choices=[(flag.key, f"{flag.label}. {flag.means}") for flag in persons.FLAGS.values()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a flag."},
    )
    words = _line("More about it (optional)")
    field_order = ["kind", "words"]

    def values(self) -> dict[str, Any]:
        """Return what the operation wants."""
        return {"kind": self.cleaned_data["kind"], "words": self.cleaned_data["words"]}


class SearchedForm(forms.Form):
    """What was searched for a person's history, or why it was not."""

    source = _choice(
        "Which source?", [(each.key, each.label) for each in SOURCES.values() if not each.ours]
    )
    outcome = _choice("What came of it?", OUTCOMES)
    words = forms.CharField(
        label="What was found in brief, or why it was not searched",
        required=False,
        max_length=persons.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EndFactForm(forms.Form):
    """Why something that was recorded does not hold."""

    why = ReasonField(
        label="Why does it not hold?",
        help_text="The entry stays, and says this.",
    )


@dataclass(frozen=True, slots=True)
class Adding:
    """One sort of fact: its form, how it is written down, and the words of its page."""

    form: type[Sourced]
    writes: Writes
    title: str


ADDING: Final[Mapping[str, Adding]] = {
    "name": Adding(NameForm, operations.add_name, "Add a name"),
    "birth": Adding(BirthForm, operations.add_birth_date, "Add when they were born"),
    "contact": Adding(ContactForm, facts.add_contact, "Add a number or an address online"),
    "home": Adding(HomeForm, facts.add_home, "Add an address"),
    "need": Adding(NeedForm, facts.add_need, "Add what they need"),
    **{
        f"trait-{each.key}": Adding(
            trait_form(each.key), facts.add_trait, "Add what they say of themselves"
        )
        for each in persons.CHARACTERISTICS.values()
    },
    "flag": Adding(FlagForm, acting.add_flag, "Add a flag"),
}
