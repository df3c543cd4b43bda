"""What an officer types in an assessment: who it is about, answers, checks, a grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxLengthValidator

from safehold.domain import risk
from safehold.domain.instruments import Instrument, Item, Kind, Section
from safehold.domain.risk import Answer, NotAnAnswer
from safehold.protection.forms import ReasonField
from safehold.records.histories.queries import OUTCOMES
from safehold.records.risk.operations import Said
from safehold.records.risk.queries import Aggressor, Check

UNKNOWN = "unknown"
_STATES = [(each.value, each.label) for each in Aggressor if each.value]


class RationaleField(ReasonField):
    """Why a person decides as they do: longer than a reason for a look."""

    def __init__(self, **options: Any) -> None:
        super().__init__(rows=5, **options)
        self.max_length = risk.LONGEST_RATIONALE
        others = [each for each in self.validators if not isinstance(each, MaxLengthValidator)]
        longest = MaxLengthValidator(
            risk.LONGEST_RATIONALE,
            f"Shorten this to {risk.LONGEST_RATIONALE:,} characters or fewer.",
        )
        self.validators = [*others, longest]


class StartForm(forms.Form):
    """Which instrument, about whom, and who is said to do it."""

    instrument = forms.ChoiceField(
        label="What is filled in?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is filled in."},
    )
    victim = forms.ChoiceField(
        label="Who is at risk?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who is at risk."},
    )
    accused = forms.ChoiceField(
        label="From whom?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose from whom, or that it is not known."},
    )
    follows = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        parties: Sequence[tuple[str, str]],
        made: Sequence[Instrument],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["instrument"].choices = [(each.key, each.label) for each in made]
        fields["instrument"].choice_hints = {each.key: each.use_when for each in made}
        fields["victim"].choices = list(parties)
        fields["accused"].choices = [*parties, (UNKNOWN, "It is not known who it is")]
        fields["accused"].divider_before = UNKNOWN

    def clean(self) -> dict[str, Any]:
        """Refuse one person on both sides."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("victim") and cleaned.get("victim") == cleaned.get("accused"):
            self.add_error("accused", "Choose two different people.")
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what the operation wants."""
        accused = self.cleaned_data["accused"]
        return {
            "instrument": self.cleaned_data["instrument"],
            "victim": UUID(self.cleaned_data["victim"]),
            "accused": None if accused == UNKNOWN else UUID(accused),
            "follows": self.cleaned_data["follows"],
        }


class SectionForm(forms.Form):
    """The items of one section; nothing in it has to be answered.

    `standing` gives by item the answers that stand: of one its boxes are filled, of several that
    differ they are empty, since nobody has decided.
    """

    def __init__(
        self, *args: Any, section: Section, standing: Mapping[str, Sequence[Any]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.section = section
        for item in section.items:
            self._add(item, standing.get(item.key, ()))

    def _add(self, item: Item, rows: Sequence[Any]) -> None:
        only = rows[0] if len(rows) == 1 else None
        if item.kind == Kind.CHOICES:
            self.fields[f"{item.key}-options"] = forms.MultipleChoiceField(
                label=f"{item.number}. {item.asked}",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(option.key, option.label) for option in item.options],
                initial=only.options if only else [],
                error_messages={"invalid_choice": "Choose from the list."},
            )
        given = forms.ChoiceField(
            label=self._label(item),
            required=False,
            widget=forms.RadioSelect,
            choices=self.choices(item),
            initial=only.given if only else "",
            error_messages={"invalid_choice": "Choose one of the answers."},
        )
        self.fields[f"{item.key}-given"] = given
        self.fields[f"{item.key}-words"] = forms.CharField(
            label="In their words, or what you saw (optional)",
            required=False,
            max_length=risk.LONGEST_WORDS,
            widget=forms.Textarea(attrs={"rows": 2, "spellcheck": True}),
            initial=only.words if only else "",
            error_messages={
                "max_length": f"Shorten this to {risk.LONGEST_WORDS:,} characters or fewer."
            },
        )
        self.fields[f"{item.key}-seen"] = forms.CharField(
            required=False,
            widget=forms.HiddenInput,
            initial=" ".join(str(row.pk) for row in rows),
        )

    def _label(self, item: Item) -> str:
        if item.kind == Kind.CHOICES:
            return "Where nothing of these was chosen"
        return f"{item.number}. {item.asked}"

    @staticmethod
    def choices(item: Item) -> list[tuple[str, str]]:
        """Return the answers to an item of which one is chosen."""
        missing = list(risk.NO_ANSWER.items())
        if item.kind == Kind.CHOICES:
            return [("no", "Nothing of these"), *missing]
        return [*((option.key, option.label) for option in item.options), *missing]

    def rows(self) -> list[tuple[Item, dict[str, Any]]]:
        """Return each item with its boxes: `options` if it has any, `given`, `words`, `seen`."""
        names = ("options", "given", "words", "seen")
        return [
            (item, {n: self[f"{item.key}-{n}"] for n in names if f"{item.key}-{n}" in self.fields})
            for item in self.section.items
        ]

    def said(self) -> list[Said]:
        """Return the answers that can be kept, with an error where one cannot."""
        found = []
        for item in self.section.items:
            if any(f"{item.key}-{name}" in self.errors for name in ("options", "given", "words")):
                continue
            try:
                found.append(Said(item.key, self._answer(item), self._seen(item)))
            except NotAnAnswer as error:
                self.add_error(self._at_fault(item, str(error)), str(error))
        return found

    def _answer(self, item: Item) -> Answer:
        # One item that is wrong takes no other along: each is read by itself.
        read = self.cleaned_data
        given, options = read.get(f"{item.key}-given", ""), read.get(f"{item.key}-options", [])
        if given == risk.SAID:
            given = ""
        words = read.get(f"{item.key}-words", "")
        return risk.read_answer(item, given=given, options=options, words=words)

    def _seen(self, item: Item) -> tuple[UUID, ...]:
        keys = []
        for key in str(self.cleaned_data.get(f"{item.key}-seen", "")).split():
            try:
                keys.append(UUID(key))
            except ValueError:
                continue  # a page of ours sends none such
        return tuple(keys)

    def _at_fault(self, item: Item, error: str) -> str:
        return f"{item.key}-words" if "why" in error else f"{item.key}-given"


class ChecksForm(forms.Form):
    """What came of searching each source for the people concerned, or why nobody did."""

    def __init__(self, *args: Any, checks: Sequence[Check], **more: Any) -> None:
        super().__init__(*args, **more)
        self.sources = [check.source for check in checks]
        for check in checks:
            key = check.source.key
            self.fields[f"{key}-outcome"] = forms.ChoiceField(
                label=check.source.label,
                required=False,
                widget=forms.RadioSelect,
                choices=OUTCOMES,
                initial=check.outcome,
                error_messages={"invalid_choice": "Choose one."},
            )
            self.fields[f"{key}-words"] = forms.CharField(
                label="What was found in brief, or why it was not searched",
                required=False,
                max_length=risk.LONGEST_NOTE,
                widget=forms.Textarea(attrs={"rows": 2, "spellcheck": True}),
                initial=check.words,
                error_messages={
                    "max_length": f"Shorten this to {risk.LONGEST_NOTE:,} characters or fewer."
                },
            )

    def rows(self) -> list[tuple[Any, Any]]:
        """Return the boxes of each source."""
        return [(self[f"{each.key}-outcome"], self[f"{each.key}-words"]) for each in self.sources]

    def said(self) -> list[tuple[str, str, str]]:
        """Return source, outcome and words of what was filled in, with errors where half of it was.

        One that was left empty is left.
        """
        found = []
        for source in self.sources:
            if {f"{source.key}-outcome", f"{source.key}-words"} & set(self.errors):
                continue
            outcome = self.cleaned_data.get(f"{source.key}-outcome", "")
            words = self.cleaned_data.get(f"{source.key}-words", "").strip()
            if words and not outcome:
                self.add_error(f"{source.key}-outcome", "Choose what came of it.")
            elif outcome:
                found.append((source.key, outcome, words))
        return found


class GradeForm(forms.Form):
    """A person's grade, why, an owner, and who is the primary aggressor where that is asked."""

    aggressor = forms.ChoiceField(
        label="Whom do you take for the primary aggressor?",
        widget=forms.RadioSelect,
        choices=_STATES,
        error_messages={"required": "Say first whom you take for the primary aggressor."},
    )
    grade = forms.ChoiceField(
        label="Your grade",
        widget=forms.RadioSelect,
        choices=list(risk.GRADE_LABELS.items()),
        error_messages={"required": "Choose a grade."},
    )
    rationale = RationaleField(
        label="Why this grade?",
        help_text="What you know, what it means, and what would change it. Whoever grades after "
        "you reads this.",
    )
    owner = forms.ChoiceField(
        label="Who owns what it starts?",
        error_messages={"required": "Choose an owner.", "invalid_choice": "Choose an owner."},
    )

    def __init__(
        self, *args: Any, owners: Sequence[tuple[str, str]], asks_aggressor: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["grade"].choice_hints = dict(risk.GRADE_MEANINGS)
        fields["owner"].choices = list(owners)
        if not asks_aggressor:
            del fields["aggressor"]


class AgreeForm(forms.Form):
    """Whether a second person agrees that a grade is lowered, and why."""

    agreed = forms.ChoiceField(
        label="Do you agree to the lower grade?",
        widget=forms.RadioSelect,
        choices=[
            ("yes", "Yes: the lower grade holds from now on"),
            ("no", "No: the higher grade stands"),
        ],
        error_messages={"required": "Choose one."},
    )
    rationale = RationaleField(
        label="Why?", help_text="In words of your own: what has become of what was said before?"
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
