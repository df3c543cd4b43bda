"""What an officer types of an incident: the incident, its parts, its outcome."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.timezone import localtime

from safehold.domain import dates, intervals, offences, outcomes, persons
from safehold.protection.forms import ReasonField
from safehold.protection.person_words import found_rows
from safehold.records.incidents import recording
from safehold.records.incidents.outcomes import Given
from safehold.records.incidents.queries import ABOUT_A_PLACE, Classification, TimePrecision
from safehold.records.incidents.recording import Acquainted, Answered, Part, Setting
from safehold.records.incidents.ties import CATEGORIES
from safehold.records.people.doors import Door
from safehold.records.people.finding import Found

CLASSIFICATIONS: Final = [
    (each.value, each.label)
    for each in Classification
    if each not in ABOUT_A_PLACE or each is not Classification.ENVIRONMENT
]
_OFF: Final = {"autocomplete": "off"}
_NO_DATE: Final = "Write a day like 27/3/2026, a month like March 2026, or a year."
_INTERVAL: Final = ("first", "first_time", "last", "last_time")


class SpanField(forms.CharField):
    """A day, a month or a year; gives two days, None where nothing was typed."""

    def __init__(self, label: str, *, help_text: str = "") -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=40,
            help_text=help_text,
            widget=forms.TextInput(attrs=_OFF),
        )

    def clean(self, value: str | None) -> Any:
        """Return the first and the last day, or raise ValidationError with one sentence."""
        said = " ".join(str(super().clean(value) or "").split())
        if not said:
            return None
        found = dates.span(said)
        if found is None or found[1] < found[0]:
            raise forms.ValidationError(_NO_DATE)
        return found


def _clock(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        widget=forms.TimeInput(attrs=_OFF, format="%H:%M"),
        error_messages={"invalid": "Write the time like 22:30."},
    )


def _asked_first(label: str, options: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=options,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one: not known and not asked are answers too."},
    )


def _answered(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=Answered.choices,
        required=False,
        initial=Answered.NOT_ASKED.value,
        widget=forms.RadioSelect,
    )


def _text(label: str, longest: int) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=forms.TextInput(attrs=_OFF)
    )


class RecordForm(forms.Form):
    """An incident that came by no report; nothing but the first four is asked for."""

    setting = _asked_first("Where was it?", Setting.choices)
    acquainted = _asked_first("Who did it?", Acquainted.choices)
    classification = forms.ChoiceField(
        label="What was it?",
        help_text="The main thing. What the law calls it is decided apart.",
        choices=CLASSIFICATIONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it was, or “Not classified”."},
    )
    colleague = forms.ChoiceField(
        label="Does anybody in it work for the police?",
        help_text="With yes or not sure, professional standards have it, and nobody in the unit "
        "finds it.",
        choices=[("no", "No"), ("yes", "Yes"), ("not_sure", "Not sure")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one: not sure is an answer too."},
    )
    first = SpanField(
        "Day, or the first day",
        help_text="As far as it is known: 27/3/2026, or March 2026 for some time in March. Leave "
        "it empty where nobody knows.",
    )
    first_time = _clock("Time, or from what time")
    last = SpanField("Last day, where it is another", help_text="Or the latest that it can be.")
    last_time = _clock("Until what time")
    often = forms.BooleanField(label="Often, or all through this time", required=False)
    parts = forms.MultipleChoiceField(
        label="Who is in it?",
        help_text="Each is tied to a person afterwards; more of the same are added then too.",
        choices=Part.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    online = _answered("Was any of it online, or on a phone?")
    alcohol_or_drugs = _answered("Were alcohol or drugs a part of it?")
    night_time = _answered("Was it in or around places that are open at night?")
    offence = forms.ChoiceField(
        label="Offence, if one is made out",
        choices=[
            ("", "None chosen"),
            *((code, f"{code} {words}") for code, words in offences.OFFENCES.items()),
        ],
        required=False,
    )
    offence_code = _text("Or another offence code", 12)
    line = _text("First line of the address", persons.LONGEST_VALUE)
    town = _text("Town", 80)
    postcode = _text("Postcode", 10)
    note = forms.CharField(
        label="Note",
        help_text="Name nobody here: people are tied to their parts.",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"spellcheck": True}),
    )

    def clean_offence_code(self) -> str:
        """Write a code as it is kept."""
        try:
            return offences.tidy(self.cleaned_data["offence_code"])
        except offences.NotACode as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """Read the interval, and refuse what cannot be."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("offence") and cleaned.get("offence_code"):
            self.add_error("offence_code", "Choose one from the list, or write a code: not both.")
        more = cleaned.get("town") or cleaned.get("postcode")
        if more and not cleaned.get("line") and "line" not in self.errors:
            self.add_error("line", "Write the first line of the address too.")
        if not self.errors.keys() & set(_INTERVAL):
            self._read_interval(cleaned)
        return cleaned

    def _read_interval(self, cleaned: dict[str, Any]) -> None:
        typed = intervals.Typed(
            **{name: cleaned.get(name) for name in _INTERVAL}, often=bool(cleaned.get("often"))
        )
        now = localtime(timezone.now()).replace(tzinfo=None)
        try:
            cleaned["interval"] = intervals.read(typed, now=now)
        except intervals.NotAnInterval as error:
            self.add_error(error.where, str(error))

    def said(self) -> recording.Recorded:
        """Return what the operation wants."""
        told, when = self.cleaned_data, self.cleaned_data["interval"]
        door = Door(told["line"], told["town"], told["postcode"]) if told["line"] else None
        return recording.Recorded(
            classification=Classification(told["classification"]),
            setting=Setting(told["setting"]),
            acquainted=Acquainted(told["acquainted"]),
            starts_at=_aware(when.start),
            ends_at=_aware(when.end),
            time_precision=TimePrecision(when.known.value),
            online=Answered(told["online"] or Answered.NOT_ASKED),
            alcohol_or_drugs=Answered(told["alcohol_or_drugs"] or Answered.NOT_ASKED),
            night_time=Answered(told["night_time"] or Answered.NOT_ASKED),
            offence=told["offence"] or told["offence_code"],
            door=door,
            note=told["note"],
            colleague=told["colleague"] != "no",
            parts=tuple(Part(each) for each in told["parts"]),
        )


def _aware(local: datetime | None) -> datetime | None:
    return timezone.make_aware(local) if local else None


class PartForm(forms.Form):
    """Another part in an incident that an officer recorded."""

    part = forms.ChoiceField(
        label="Which part?",
        choices=Part.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a part."},
    )


class TieForm(forms.Form):
    """Which of the people who were found has a part, and what they are in it."""

    identity = forms.ChoiceField(
        label="Who is it?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a person, or search again.",
            "invalid_choice": "Choose one of these, or search again.",
        },
    )
    category = forms.ChoiceField(
        label="What are they, for data protection?",
        help_text="Those that fit the part.",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    relationship = forms.ChoiceField(
        label="What are they to the person it was done to?",
        choices=[("", "Not said"), *persons.options("relationships")],
        required=False,
    )

    def __init__(self, data: Any, *, part: str, people: Iterable[Found], on: Any) -> None:
        super().__init__(data)
        fitting = CATEGORIES[Part(part)]
        rows = list(people)
        self._offer(
            "identity",
            [
                (str(each.identity), _one_line(row))
                for each, row in zip(rows, found_rows(rows, on=on), strict=True)
            ],
        )
        if part == Part.VICTIM:
            del self.fields["relationship"]  # it is to them that the others are something
        self._offer("category", [(key, persons.label("categories", key)) for key in fitting])

    def _offer(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = options


def _one_line(row: Any) -> str:
    born = f"born {row.born}" if row.born else ""
    others = f"also {row.others}" if row.others else ""
    return ", ".join(filter(None, (row.name, row.reference, born, others)))


class UntieForm(forms.Form):
    """Why a part is not a person's."""

    why = ReasonField(
        label="Why is this not them?", help_text="The audit keeps whose it was said to be."
    )


class OutcomeForm(forms.Form):
    """What came of a crime, who decided it, and why."""

    outcome = forms.ChoiceField(
        label="Outcome",
        choices=[
            ("", "Choose one"),
            *((each.code, each.label) for each in outcomes.TYPES.values()),
        ],
        error_messages={"required": "Choose an outcome."},
    )
    given_on = forms.DateField(
        label="Decided on",
        help_text="For example 27/3/2026.",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs=_OFF, format="%d/%m/%Y"),
        error_messages={
            "required": "Write the day on which it was decided.",
            "invalid": "Write the day like 27/3/2026.",
        },
    )
    source = forms.ChoiceField(
        label="Who decided it?",
        choices=outcomes.options("sources"),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who decided it."},
    )
    why = ReasonField(label="Why this outcome?")
    no_support_why = forms.MultipleChoiceField(
        label="Why does the victim not support it? (optional)",
        help_text="As they said it, of outcomes 14 and 16. It is kept with those two alone.",
        choices=outcomes.options("no_support_why"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    would_have_helped = forms.MultipleChoiceField(
        label="What would have helped? (optional)",
        choices=outcomes.options("would_have_helped"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def said(self) -> Given:
        """Return what the operation wants."""
        told = self.cleaned_data
        return Given(
            outcome=told["outcome"],
            given_on=told["given_on"],
            source=told["source"],
            why=told["why"],
            no_support_why=tuple(told["no_support_why"]),
            would_have_helped=tuple(told["would_have_helped"]),
        )


class ReaderForm(forms.Form):
    """Who may open a protected address, and why."""

    member = forms.ChoiceField(
        label="Who may open it?",
        error_messages={"required": "Choose a member.", "invalid_choice": "Choose a member."},
    )
    why = ReasonField(label="Why do they need it?", help_text="Write nothing of the address.")

    def __init__(self, data: Any, *, members: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["member"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Choose one"), *members]
