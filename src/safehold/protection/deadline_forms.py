"""What is typed about deadlines: how one starts, who extended it, what stopped it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.timezone import localtime, now

from safehold.domain import deadline_rules
from safehold.domain.deadline_rules import Rule, Rung
from safehold.domain.deadlines import LONDON, Unknown
from safehold.protection.forms import ReasonField
from safehold.records.deadlines.extending import Authority
from safehold.records.deadlines.operations import Starting
from safehold.records.deadlines.queries import About, Choice

_FORMATS = (
    *("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"),
    *("%Y-%m-%d", "%d/%m/%Y"),
)
_YEARS = range(2000, 2100)
_TYPED = "%Y-%m-%dT%H:%M"
_YES_OR_NO = [("yes", "Yes"), ("no", "No")]
_CHOOSE = {"required": "Choose one.", "invalid_choice": "Choose one of the list."}


class MomentField(forms.CharField):
    """A day and a time here. A day alone is its first minute: what starts then is due soonest.

    Of an hour that comes twice the first is meant, for the same reason.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": "Give a day and a time."})
        super().__init__(
            max_length=40,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
            **options,
        )

    def clean(self, value: str | None) -> Any:
        """Return the moment, None where nothing was typed; raise ValidationError otherwise."""
        typed = str(super().clean(value))
        if not typed:
            return None
        here = _read(typed)
        if here is None:
            raise forms.ValidationError("Write the day and the time like 27/11/2026 14:30.")
        there = here.astimezone(UTC).astimezone(LONDON)
        if there.replace(tzinfo=None) != here.replace(tzinfo=None):
            raise forms.ValidationError("There was no such time: the clocks went forward.")
        return here


class RuleForm(forms.Form):
    """Which clock starts."""

    rule = forms.ChoiceField(label="Which clock starts?", error_messages=_CHOOSE)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        families = deadline_rules.families()
        _choices(self, "rule").choices = [
            ("", "Choose one"),
            *(
                (rule.key, f"{families[rule.family]}: {rule.label}")
                for rule in deadline_rules.every().values()
            ),
        ]


class StartForm(forms.Form):
    """When a clock starts, or what is missing to know it; and what its rule has to be told."""

    rule = forms.CharField(widget=forms.HiddenInput)
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    about = forms.ChoiceField(label="What is it about?", error_messages=_CHOOSE)
    starts = MomentField(label="When was that?", required=False)
    missing = forms.CharField(
        label="Nobody knows yet? Write what is missing",
        help_text="It stays at the top of the list, without a date, until somebody knows.",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    enhanced = forms.ChoiceField(
        label="Has the victim enhanced rights?",
        help_text="Nearly everybody here: domestic abuse, sexual offences, hate crime, whoever is "
        "vulnerable, intimidated or targeted again and again.",
        choices=_YES_OR_NO,
        initial="yes",
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    why_standard = forms.CharField(
        label="If not, why not?",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    number = forms.IntegerField(
        error_messages={"required": "Give a number.", "invalid": "Write a whole number."},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    lapses_at = MomentField(
        label="Until when can it still start? (optional)",
        help_text="As the order’s own end, where it has to be served first. If it ends before that "
        "you are told.",
        required=False,
    )

    def __init__(self, *args: Any, rule: Rule, about: Sequence[Choice], **options: Any) -> None:
        options.setdefault("initial", {"rule": rule.key, "once": uuid4(), "enhanced": "yes"})
        super().__init__(*args, **options)
        self.about_what = {str(each.about_id or each.about): each for each in about}
        words = [(key, each.words) for key, each in self.about_what.items()]
        _choices(self, "about").choices = words
        self.fields["about"].initial = words[0][0]
        self.fields["starts"].label = f"When was that? {rule.starts_with}."
        _as_precise_as(self.fields["starts"], rule)
        if not rule.enhanced:
            del self.fields["enhanced"], self.fields["why_standard"]
        if rule.least is None:
            del self.fields["number"]
        else:
            self.fields["number"].label = rule.length_words
        if rule.family != "orders":
            del self.fields["lapses_at"]

    def clean(self) -> dict[str, Any]:
        """Ask for a start, or for what is missing to know it."""
        said = super().clean() or {}
        known, missing = said.get("starts"), said.get("missing", "").strip()
        if "starts" in said and not known and not missing:
            self.add_error("starts", "Write when it was, or what is missing to know it.")
        if known and missing:
            self.add_error("missing", "Leave this empty where the moment is known.")
        if said.get("enhanced") == "no" and not said.get("why_standard", "").strip():
            self.add_error("why_standard", "Write why the victim has no enhanced rights.")
        return said

    def starting(self) -> Starting:
        """Return what the operation wants."""
        said = self.cleaned_data
        choice = self.about_what[said["about"]]
        return Starting(
            rule=said["rule"],
            starts=said["starts"] or Unknown(said["missing"]),
            about=About(choice.about),
            about_id=choice.about_id,
            enhanced=said.get("enhanced", "yes") == "yes",
            number=said.get("number"),
            lapses_at=said.get("lapses_at"),
            words=said.get("why_standard", ""),
            key=said["once"],
        )


class KnownForm(forms.Form):
    """When something was of which nobody knew when."""

    starts_at = MomentField()
    how = ReasonField(label="How is it known?", help_text="Who served or saw it, and how.")

    def __init__(self, *args: Any, rule: Rule, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_at"].label = f"When was it? {rule.starts_with}."
        _as_precise_as(self.fields["starts_at"], rule)


class ExtendForm(forms.Form):
    """Who extended it, by which authority, and what the victim thinks of it."""

    shown_rung = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Who gave it? Name, and number or court",
        max_length=deadline_rules.longest_name(),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write who gave it."},
    )
    rank = forms.ChoiceField(label="As what?", widget=forms.RadioSelect, error_messages=_CHOOSE)
    granted_at = MomentField(label="When was it given?")
    why = ReasonField(
        label="Why was it given?",
        help_text="And whether the suspect, or their solicitor, was asked for what they have to "
        "say.",
    )
    asked = forms.ChoiceField(
        label="Was the victim asked what they think of it?",
        choices=_YES_OR_NO,
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    views_words = forms.CharField(
        label="What do they think, or why did nobody ask?",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write what they think, or why nobody asked."},
    )

    def __init__(self, *args: Any, rule: Rule, step: Rung, **options: Any) -> None:
        super().__init__(*args, **options)
        ranks = deadline_rules.ranks()
        _choices(self, "rank").choices = [(key, ranks[key]) for key in step.may]
        if not rule.views:
            del self.fields["asked"], self.fields["views_words"]

    def authority(self) -> Authority:
        """Return what the operation wants."""
        said = self.cleaned_data
        return Authority(
            name=said["name"],
            rank=said["rank"],
            granted_at=said["granted_at"],
            why=said["why"],
            asked=said.get("asked") == "yes",
            views_words=said.get("views_words", ""),
        )


class StopForm(forms.Form):
    """What was done, when, and what proves it."""

    how = ReasonField(label="What was done?", help_text="Name nobody in it.")
    done_at = MomentField(label="When?")
    proof = forms.ChoiceField(
        label="What proves it?", widget=forms.RadioSelect, error_messages=_CHOOSE
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("initial", {"done_at": f"{localtime(now()):{_TYPED}}"})
        super().__init__(*args, **options)
        _choices(self, "proof").choices = list(deadline_rules.proofs().items())


class HandOnForm(forms.Form):
    """Who of the case sees to it."""

    member = forms.ChoiceField(
        label="Who sees to it?",
        required=False,
        error_messages=_CHOOSE,
        help_text="Somebody who works on the case. Whoever owns the case gets it with the case.",
    )
    why = ReasonField(label="Why?")

    def __init__(self, *args: Any, members: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        _choices(self, "member").choices = [("", "Whoever owns the case"), *members]


class SeenForm(forms.Form):
    """What somebody does about a deadline of which they were told."""

    words = ReasonField(
        label="What do you do about it?",
        help_text="You are named with it. Nobody is told again before it is over.",
    )


class ChangedForm(forms.Form):
    """What becomes of a deadline whose rule gives another time now."""

    shown = forms.CharField(widget=forms.HiddenInput)
    keep = forms.ChoiceField(
        label="What becomes of it?",
        choices=[("yes", "Keep it as it was"), ("no", "Reckon it anew")],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    why = ReasonField(label="Why?")


def _read(typed: str) -> datetime | None:
    for form in _FORMATS:
        try:
            found = datetime.strptime(typed, form).replace(tzinfo=LONDON)
        except ValueError:
            continue
        return found if found.year in _YEARS else None
    return None


def _choices(form: forms.Form, name: str) -> Any:
    return form.fields[name]


def _as_precise_as(field: forms.Field, rule: Rule) -> None:
    """Ask for a day and a time, or for the day alone where nothing else counts."""
    if rule.arithmetic.needs_the_hour:
        field.help_text = (
            "It counts from the minute. Where only the day is known, write what is missing."
        )
        return
    field.help_text = "It counts from the day, whatever the time was."
    field.widget = forms.DateInput(attrs={"type": "date"})
    field.error_messages["required"] = "Give a day."
