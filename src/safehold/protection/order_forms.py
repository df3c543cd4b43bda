"""What is typed about an order: how it was served, every change, what he told, and a breach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import uuid4

from django import forms

from safehold.domain import orders
from safehold.domain.deadlines import LONDON
from safehold.protection.forms import ReasonField
from safehold.records.orders import changing
from safehold.records.orders.breaking import Happened
from safehold.records.orders.notifying import Telling
from safehold.records.orders.queries import Becomes, Came, Sort, Timed
from safehold.records.orders.recording import Said
from safehold.records.orders.serving import Told

Choices = Sequence[tuple[str, str]]
OFF: Final = {"autocomplete": "off", "spellcheck": "false"}
_ARREST: Final = [("yes", "Yes"), ("no", "No"), ("", "Not known")]
CHOOSE: Final = {"required": "Choose one.", "invalid_choice": "Choose one of the list."}


class DayField(forms.DateField):
    """A day as it is written here."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "For example 27/3/2026.")
        options.setdefault("required", False)
        super().__init__(
            input_formats=["%d/%m/%Y", "%Y-%m-%d"],
            widget=forms.DateInput(attrs=OFF, format="%d/%m/%Y"),
            error_messages={
                "required": "Write the day.",
                "invalid": "Write the day like 27/3/2026.",
            },
            **options,
        )


class ClockField(forms.TimeField):
    """A time of the day."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "For example 17:05. Empty: only the day is known.")
        super().__init__(
            required=False,
            input_formats=["%H:%M", "%H.%M"],
            widget=forms.TimeInput(attrs=OFF, format="%H:%M"),
            error_messages={"invalid": "Write the time like 17:05."},
            **options,
        )


def text_field(label: str, *, longest: int = orders.LONGEST_VALUE, help_text: str = "") -> Any:
    """Return a box for a few words that need not be filled."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=longest,
        widget=forms.TextInput(attrs=OFF),
    )


def words_field(label: str, *, longest: int = orders.LONGEST_WORDS, help_text: str = "") -> Any:
    """Return a box for a sentence or two that need not be filled."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": True}),
    )


class FactsForm(forms.Form):
    """What stands on the paper of an order."""

    made_on = DayField(label="Made on (optional)")
    begins = DayField(label="Holds from (optional)")
    expires = DayField(
        label="Holds until (optional)", help_text="The last day. Empty: until further order."
    )
    authority = text_field(
        "Made by (optional)", help_text="The court, or the rank of whoever gave it."
    )
    power_of_arrest = forms.ChoiceField(
        label="Does a power of arrest stand in it?",
        choices=_ARREST,
        required=False,
        widget=forms.RadioSelect,
    )
    reference = text_field("Its reference (optional)")

    def facts(self) -> dict[str, Any]:
        """Return what the operations want."""
        said = self.cleaned_data
        return {name: said[name] for name in changing.FIELDS if name != "power_of_arrest"} | {
            "power_of_arrest": {"yes": True, "no": False}.get(said["power_of_arrest"])
        }


class AmendForm(FactsForm):
    """What is known of an order by now, and why it is changed."""

    why = ReasonField(label="Why is it changed?", help_text="Name nobody in it.")


class ServiceForm(forms.Form):
    """That it was served or tried, when, how and by whom, and what proves it."""

    came = forms.ChoiceField(
        label="What came of it?",
        choices=Came.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    on = DayField(label="On which day?", help_text="For example 27/3/2026. Empty: not known.")
    clock = ClockField(label="At what time?")
    how = forms.ChoiceField(
        label="How?",
        choices=[("", "Not known"), *orders.METHODS.items()],
        required=False,
    )
    by_whom = text_field(
        "By whom? (optional)", longest=120, help_text="Name and number, or office."
    )
    proof = text_field(
        "What proves it? (optional)",
        help_text="A statement of service, a body-worn video. No address.",
    )

    def clean(self) -> dict[str, Any]:
        """Put the day and the time together."""
        said: dict[str, Any] = super().clean() or {}
        said["moment"] = _moment(self, said.get("on"), said.get("clock"))
        return said

    def told(self) -> Told:
        """Return what the operation wants."""
        said = self.cleaned_data
        precise = Timed.MOMENT if said["clock"] else Timed.DAY if said["on"] else Timed.NOT_KNOWN
        return Told(
            came=said["came"],
            at=said["moment"],
            precision=precise,
            how=said["how"],
            by_whom=said["by_whom"],
            proof=said["proof"],
        )


class ConditionForm(forms.Form):
    """One more condition."""

    sort = forms.ChoiceField(
        label="What sort is it?",
        choices=[("", "Choose one"), *orders.CONDITIONS.items()],
        error_messages=CHOOSE,
    )
    words = words_field("The condition, as it stands in the order")
    zone = words_field(
        "For the card, without an address (optional)",
        longest=orders.LONGEST_ZONE,
        help_text="Of a place alone: patrol knows where, and reads nobody’s address.",
    )
    why = ReasonField(label="Why was it added?", help_text="Which court, and on which day.")

    def clean(self) -> dict[str, Any]:
        """Ask for the words, and for none of a place where it is none."""
        said: dict[str, Any] = super().clean() or {}
        if "sort" not in self.errors:
            is_whole(self, "", said.get("sort", ""), said.get("words", ""), said.get("zone", ""))
        return said

    def said(self) -> Said:
        """Return what the operation wants."""
        typed = self.cleaned_data
        return Said(typed["sort"], typed["words"], typed["zone"])


class ExtendForm(forms.Form):
    """Until when it holds now."""

    expires = DayField(label="Holds until", help_text="The last day. Empty: until further order.")
    why = ReasonField(label="Who extended it, and why?", help_text="Which court, on which day.")


class HeardForm(forms.Form):
    """What a court made of a notice."""

    came = forms.ChoiceField(
        label="What did the court do?",
        choices=list(changing.HEARD.items()),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    on = DayField(label="On which day?", required=True)
    why = ReasonField(label="What did it say?", help_text="Which court. Name nobody in it.")


class EndForm(forms.Form):
    """That it was discharged or ended otherwise."""

    on = DayField(label="On which day did it end?", required=True)
    why = ReasonField(label="Who ended it, and why?", help_text="Which court. Name nobody in it.")


class WhyChangedForm(forms.Form):
    """Why something does not hold."""

    why = ReasonField(label="Why?", help_text="The entry stays, with your reason.")


class ToldForm(forms.Form):
    """What he told the police, or did not."""

    sort = forms.ChoiceField(
        label="What did he do?",
        choices=Sort.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    told_on = DayField(label="When did he tell us?")
    changed_on = DayField(label="Of a change: when was it?")
    names = text_field("The names that he told")
    home = text_field("The home that he told")
    no_home = forms.BooleanField(label="He has no home", required=False)
    words = words_field("Anything else (optional)")

    def told(self) -> Telling:
        """Return what the operation wants."""
        return Telling(**self.cleaned_data)


class ExemptForm(forms.Form):
    """By which other law he tells the police already."""

    basis = forms.ChoiceField(
        label="By which law?",
        choices=list(orders.EXEMPTIONS.items()),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    why = ReasonField(label="How is that known?")


class CaseForm(forms.Form):
    """A case in which the deadlines run."""

    case = forms.ChoiceField(label="Which case?", widget=forms.RadioSelect, error_messages=CHOOSE)

    def __init__(self, data: Any, *, cases: Choices) -> None:
        super().__init__(data)
        field = self.fields["case"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(cases)


class ProtectForm(forms.Form):
    """Somebody else whom it protects."""

    reference = forms.CharField(
        label="Reference of the person",
        help_text="For example P-7KQ2-M4XD.",
        max_length=20,
        widget=forms.TextInput(attrs=OFF),
        error_messages={"required": "Write the reference of a person."},
    )
    why = ReasonField(label="How is that known?")


class ProtectNoMoreForm(forms.Form):
    """Somebody whom it does not protect after all."""

    person = forms.ChoiceField(label="Who?", widget=forms.RadioSelect, error_messages=CHOOSE)
    why = ReasonField(label="Why was it wrong?")

    def __init__(self, data: Any, *, people: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["person"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(people)


class BreachForm(forms.Form):
    """What is known of a breach at once; nothing has to be."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    on = DayField(label="On which day? (optional)")
    clock = ClockField(label="At what time? (optional)")
    words = words_field("What happened (optional)", help_text="Name nobody, and write no address.")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"once": uuid4()})

    def clean(self) -> dict[str, Any]:
        """Put the day and the time together."""
        said: dict[str, Any] = super().clean() or {}
        said["moment"] = _moment(self, said.get("on"), said.get("clock"))
        return said

    def said(self) -> Happened:
        """Return what the operation wants."""
        typed = self.cleaned_data
        return Happened(typed["once"], typed["moment"], typed["words"])


class DecideForm(forms.Form):
    """What becomes of a breach that is for the court."""

    becomes = forms.ChoiceField(
        label="What becomes of it?",
        choices=[each for each in Becomes.choices if each[0]],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    why = ReasonField(label="Why?", help_text="Name nobody in it.")


def is_whole(form: forms.Form, start: str, sort: str, words: str, zone: str) -> bool:
    """Tell whether a condition is whole, with one sentence at each box where it is not."""
    if not sort and f"{start}sort" not in form.errors:
        form.add_error(f"{start}sort", "Choose what sort of condition it is.")
    if not words.strip() and f"{start}words" not in form.errors:
        form.add_error(f"{start}words", "Write the condition.")
    if zone and sort not in orders.PLACES:
        form.add_error(f"{start}zone", "Only a place has words for the card.")
    return not any(f"{start}{name}" in form.errors for name in ("sort", "words", "zone"))


def _moment(form: forms.Form, on: date | None, clock: time | None) -> datetime | None:
    if clock is not None and on is None:
        if "on" not in form.errors:
            form.add_error("on", "Write the day as well.")
        return None
    if on is None:
        return None
    here = datetime.combine(on, clock or time(), tzinfo=LONDON)
    there = here.astimezone(UTC).astimezone(LONDON)
    if there.replace(tzinfo=None) != here.replace(tzinfo=None):
        form.add_error("clock", "There was no such time: the clocks went forward.")
        return None
    return here
