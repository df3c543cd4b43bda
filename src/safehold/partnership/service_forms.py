"""What a clerk types about a support service; every rule is checked again by the operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from safehold.domain import opening_hours, services
from safehold.domain.opening_hours import Hours, HoursUnreadable, OnBankHolidays, Span
from safehold.domain.services import Answer, SafeContact, Service
from safehold.records.gazetteer import queries as gazetteer

DAY_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
_ANSWERS: Final = [
    (Answer.UNKNOWN.value, "They did not say"),
    (Answer.YES.value, "Yes"),
    (Answer.NO.value, "No"),
]
SAFE: Final[Mapping[str, str]] = {
    "free": "Is a call to them free?",
    "hidden_on_bill": "Is a call to them left out of phone bills?",
    "hides_number": "When they call back, is their number hidden?",
    "leaves_no_message": "Do they leave no message, unless the person agreed?",
    "without_name": "Can a person talk to them without giving a name?",
}
_LIST: Final = "Choose from the list."


class HoursField(forms.CharField):
    """The hours of one day."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, max_length=80)

    def clean(self, value: Any) -> tuple[Span, ...]:
        """Read the hours, or raise ValidationError with one sentence."""
        try:
            return opening_hours.read_day(str(super().clean(value)))
        except HoursUnreadable as error:
            raise forms.ValidationError(f"{self.label}: {error}") from None


def _chosen(label: str, table: str, *, help_text: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(services.words(table).items()),
        error_messages={"invalid_choice": _LIST},
    )


def _text(label: str, *, longest: int, needed: str = "", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=bool(needed),
        max_length=longest,
        error_messages={"required": needed},
    )


class ServiceForm(forms.Form):
    """One service, in the order in which a person on the telephone tells it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = _text("Name", longest=120, needed="Give the name by which people know the service.")
    about = forms.CharField(
        label="What they do",
        help_text="One or two short sentences in plain words. Visitors read this.",
        max_length=400,
        widget=forms.Textarea(attrs={"spellcheck": True}),
        error_messages={"required": "Say what they do, in one or two sentences."},
    )
    serves = forms.ChoiceField(
        label="Who may come?",
        widget=forms.RadioSelect,
        choices=list(services.words("serves").items()),
        error_messages={"required": "Choose who may come.", "invalid_choice": _LIST},
    )
    ages = _text("Ages, or whom else they mean", longest=80, help_text="Such as “13 and over”.")
    harms = _chosen("What it is about", "harms")
    needs = _chosen(
        "Who they have workers or ways of their own for",
        "needs_served",
        help_text="Only what they do themselves. Whoever takes everybody needs no tick here.",
    )
    is_refuge = forms.BooleanField(
        label="This is a refuge, or a house that must not be found", required=False
    )
    districts = forms.MultipleChoiceField(
        label="Where they work",
        help_text="Tick nothing if they work everywhere here.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _LIST},
    )
    meets_in = _text(
        "Town where people meet them",
        longest=100,
        help_text="A town and no more; nothing for a refuge. Whoever goes there asks them where.",
    )
    phone = _text("Telephone", longest=30)
    text = _text("Number for text messages", longest=30)
    email = _text("Email", longest=120)
    web = _text("Web address", longest=120, help_text="Such as www.service.example")
    always = forms.BooleanField(label="They answer at any hour, every day", required=False)
    monday = HoursField("Monday")
    tuesday = HoursField("Tuesday")
    wednesday = HoursField("Wednesday")
    thursday = HoursField("Thursday")
    friday = HoursField("Friday")
    saturday = HoursField("Saturday")
    sunday = HoursField("Sunday")
    on_bank_holidays = forms.ChoiceField(
        label="On bank holidays",
        choices=[
            (OnBankHolidays.UNKNOWN.value, "They did not say"),
            (OnBankHolidays.OPEN.value, "Open as usual"),
            (OnBankHolidays.CLOSED.value, "Closed"),
        ],
        error_messages={"invalid_choice": _LIST},
    )
    languages = _chosen("Languages that they speak themselves, besides English", "languages")
    interpreter = forms.BooleanField(
        label="They bring an interpreter for other languages", required=False
    )
    asked = forms.BooleanField(label="I asked them today, and all of this is right", required=False)

    def __init__(self, *args: Any, new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self._districts()
        for name, label in SAFE.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=_ANSWERS, error_messages={"invalid_choice": _LIST}
            )
        if new:
            self.fields["asked"].required = True
            self.fields["asked"].error_messages["required"] = (
                "Ask them first: a service is listed only when somebody has."
            )

    def _districts(self) -> None:
        field = self.fields["districts"]
        if not isinstance(field, forms.MultipleChoiceField):
            return
        held = self.initial.get("districts") or ()
        known = sorted({area.name for area in gazetteer.districts()} | set(held))
        field.choices = [(name, name) for name in known]
        if not known:
            field.help_text = "No districts are loaded here, so every service is for everywhere."

    def days(self) -> list[forms.BoundField]:
        """Give the boxes of the week."""
        return [self[name.lower()] for name in DAY_NAMES]

    def safe_questions(self) -> list[forms.BoundField]:
        """Give the questions about safe contact."""
        return [self[name] for name in SAFE]

    def clean(self) -> dict[str, Any]:
        """Check the whole as the register will."""
        cleaned = super().clean() or {}
        if cleaned.get("always") and any(cleaned.get(name.lower()) for name in DAY_NAMES):
            self.add_error("always", "Either at any hour, or the hours of each day: not both.")
        if not self.errors:
            for name, sentence in services.trouble_with(self.service()).items():
                self.add_error(name, sentence)
        return cleaned

    def service(self) -> Service:
        """Return the service that was typed."""
        typed = self.cleaned_data
        plain = ("name", "about", "serves", "ages", "meets_in", "is_refuge")
        reach = ("phone", "text", "email", "web", "interpreter")
        lists = ("harms", "needs", "districts", "languages")
        told: dict[str, Any] = {name: typed[name] for name in (*plain, *reach)}
        told |= {name: frozenset(typed[name]) for name in lists}
        return Service(
            **told,
            hours=Hours(
                always=typed["always"],
                week=tuple(typed[name.lower()] for name in DAY_NAMES),
                on_bank_holidays=OnBankHolidays(typed["on_bank_holidays"]),
            ),
            safe=SafeContact(**{name: Answer(typed[name]) for name in SAFE}),
        )


class WithdrawForm(forms.Form):
    """Why a service leaves the public page."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why is it taken off the page?",
        help_text="Colleagues read this. Such as: the line has closed.",
        max_length=300,
        error_messages={"required": "Say why it is taken off the page."},
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        # It stands beside the form of the service, whose boxes have the usual ids.
        super().__init__(data, auto_id="withdraw-%s", initial=initial)


def typed_of(service: Service, *, version: int) -> dict[str, Any]:
    """Give what the form shows of a service that stands."""
    names = ("name", "about", "serves", "ages", "meets_in", "is_refuge")
    shown: dict[str, Any] = {name: getattr(service, name) for name in names}
    shown |= {
        name: getattr(service, name) for name in ("phone", "text", "email", "web", "interpreter")
    }
    shown |= {
        name: sorted(getattr(service, name))
        for name in ("harms", "needs", "districts", "languages")
    }
    shown |= {name: getattr(service.safe, name).value for name in SAFE}
    shown |= {
        name.lower(): opening_hours.write_day(spans)
        for name, spans in zip(DAY_NAMES, service.hours.week, strict=True)
    }
    return shown | {
        "seen": version,
        "always": service.hours.always,
        "on_bank_holidays": service.hours.on_bank_holidays.value,
    }
