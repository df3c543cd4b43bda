"""What an officer decides, as forms; every rule is checked again by the operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from safehold.domain.conversation import LONGEST, STATUSES
from safehold.records.calls.operations import How
from safehold.records.incidents.queries import ABOUT_A_PLACE, Classification, CrimeDecision
from safehold.records.places.queries import Nearby, PlaceKind
from safehold.records.triage.name_requests import SOON
from safehold.records.triage.reasons import FEWEST_LETTERS, FEWEST_WORDS, ReasonTooThin, meaningful

NEW_PLACE = "new"
_DECISIONS = [
    (CrimeDecision.CRIME.value, "It is a crime"),
    (CrimeDecision.NOT_CRIME.value, "It is not a crime"),
]

LENGTH_OF_A_REASON = f"At least {FEWEST_WORDS} words and {FEWEST_LETTERS} letters."


class ReasonField(forms.CharField):
    """A reason that somebody else can check later."""

    def __init__(self, *, rows: int = 2, help_text: str = "", **options: Any) -> None:
        super().__init__(
            help_text=f"{help_text} {LENGTH_OF_A_REASON}".strip(),
            max_length=1_000,
            widget=forms.Textarea(attrs={"rows": rows, "spellcheck": True}),
            error_messages={"required": "Give a reason."},
            **options,
        )

    def clean(self, value: str | None) -> str:
        """Return the reason, or raise ValidationError with one sentence."""
        try:
            return meaningful(super().clean(value))
        except ReasonTooThin as error:
            raise forms.ValidationError(str(error)) from None


class FindForm(forms.Form):
    """The reference of one report."""

    reference = forms.CharField(
        label="Find by reference",
        max_length=40,
        error_messages={"required": "Find by reference: type the reference of a report."},
    )

    def clean_reference(self) -> str:
        """Take off what a hand adds, and write it as references are written."""
        found = "".join(str(self.cleaned_data["reference"]).split()).upper()
        return f"{found[:4]}-{found[4:]}" if len(found) == 8 and "-" not in found else found


class PersonForm(forms.Form):
    """The reference of one person."""

    reference = forms.CharField(
        label="Reference of the person",
        help_text="For example P-7KQ2-M4XD.",
        max_length=20,
        error_messages={"required": "Type the reference of a person."},
    )

    def clean_reference(self) -> str:
        """Write it as references are written."""
        return "".join(str(self.cleaned_data["reference"]).split()).upper()


class OpenForm(forms.Form):
    """Why an officer opens an account."""

    reason = ReasonField(
        label="Why do you need to open this?",
        help_text="Your name, the time and this reason are kept before anything is shown. Name "
        "nobody in it: others read it.",
    )


class CallForm(forms.Form):
    """Where the caller is."""

    how = forms.ChoiceField(
        label="Where are they?",
        widget=forms.RadioSelect,
        choices=How.choices,
        error_messages={"required": "Choose one."},
    )


class OpenMessagesForm(forms.Form):
    """Why messages have to be opened."""

    reason = ReasonField(
        label="Why do you need to read these messages?",
        help_text="Your name, the time and this reason are kept before anything is shown.",
    )


class StatusForm(forms.Form):
    """Where a report stands, in a sentence of the list."""

    key = forms.ChoiceField(
        label="Where does it stand?",
        help_text="The holder of the code sees this sentence with the day, and no more.",
        widget=forms.RadioSelect,
        choices=list(STATUSES.items()),
        error_messages={"required": "Choose one."},
    )
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)


class MessageForm(forms.Form):
    """A short message to the holder of a code; sent twice, it is one."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_shown(self) -> int:
        """Take a page that does not say how much it showed as one that showed nothing."""
        return int(self.cleaned_data["shown"] or 0)

    text = forms.CharField(
        label="What do you want to write?",
        help_text="To arrange how and when to talk. Someone else may hold the code: no name, no "
        "agency, nothing of what was told, nothing about anybody else.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": True}),
        error_messages={
            "required": "Write a message first.",
            "max_length": f"That is too long: at most {LONGEST:,} characters.",
        },
    )


class OpenFileForm(forms.Form):
    """Why a file has to be opened."""

    reason = ReasonField(
        label="Why do you need to see this file?",
        help_text="Your name, the time and this reason are kept before anything is shown.",
    )


class TakeOutForm(forms.Form):
    """Which copy of a file is taken out, and why."""

    which = forms.ChoiceField(
        label="Which?",
        widget=forms.RadioSelect,
        choices=[
            ("cleaned", "The clean copy: without place, time, device and author"),
            ("original", "The original, exactly as it was sent"),
        ],
        error_messages={"required": "Choose one."},
    )
    why = ReasonField(
        label="What is it taken out for?", help_text="A case, a lab, a lawyer. Name nobody."
    )


class OpenIdentityForm(forms.Form):
    """Why a hidden name has to be opened."""

    reason = ReasonField(
        label="Why must this name be opened?",
        help_text="Danger to them or to a child, or what only they can say. Your name, the time "
        "and this reason are kept before anything is shown, and someone else looks at it after.",
    )


class OpenReleasedForm(forms.Form):
    """Why an officer opens a hidden name that the unit may see."""

    reason = ReasonField(
        label="Why do you need this name now?",
        help_text="Your name, the time and this reason are kept before anything is shown, and "
        "someone else looks at it after. Name nobody in it.",
    )


class AskForNameForm(forms.Form):
    """Why an officer needs a hidden name, and how soon."""

    reason = ReasonField(
        label="Why do you need this name?",
        help_text="A keeper reads this and decides; later somebody checks it. Name nobody in it.",
        rows=3,
    )
    soon = forms.ChoiceField(
        label="How soon do you need it?",
        widget=forms.RadioSelect,
        choices=list(SOON.items()),
        error_messages={"required": "Choose how soon.", "invalid_choice": "Choose how soon."},
    )


class RefuseNameForm(forms.Form):
    """Why a keeper does not pass a hidden name on."""

    why_not = ReasonField(
        label="Why is the name not passed on?",
        help_text="Whoever asked reads this. Nothing of the name in it.",
    )


class ReviewForm(forms.Form):
    """Whether what somebody else did was right, and why."""

    right = forms.ChoiceField(
        label="Was it right?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No")],
        error_messages={"required": "Choose yes or no."},
    )
    review = ReasonField(label="Why?", help_text="Name nobody: others read it.")


class LookForm(forms.Form):
    """Why somebody who does not work on an incident needs to see it."""

    look_reason = ReasonField(
        label="Why do you need to see this incident?",
        help_text="You neither accepted it nor own its report. Your name, the time and this "
        "reason are kept before anything is shown.",
    )


class SetAsideForm(forms.Form):
    """Why nothing more is done with a report."""

    set_aside_reason = ReasonField(
        label="Why is it set aside?",
        help_text="The report is kept. It can be accepted later.",
        rows=3,
    )


class PassForm(forms.Form):
    """Why a report is passed to professional standards, or by them to the unit."""

    pass_reason = ReasonField(
        label="Why is it passed on?",
        help_text="Only whoever has it then reads this, and an auditor.",
        rows=3,
    )


class ConfirmForm(forms.Form):
    """Why a second person agrees that a report with a danger prompt stays set aside."""

    confirm_reason = ReasonField(
        label="Why may it stay set aside?",
        help_text="You have read it. Your name, the time and this reason are kept.",
        rows=3,
    )


class FeedbackNoteForm(forms.Form):
    """What changes because of feedback, in the member's own words."""

    note = ReasonField(
        label="What changes because of it, or why nothing does?",
        help_text="Whoever writes the public pages reads this. Use your own words: nothing that "
        "could tell who wrote the feedback, or what happened to them.",
        rows=3,
    )


class MakeReportForm(forms.Form):
    """Why feedback becomes a report."""

    report_reason = ReasonField(
        label="Why is it a report?",
        help_text="It then stands with the reports, with the prompts of its slip. Your name, the "
        "time and this reason are kept.",
        rows=3,
    )


class AcceptForm(forms.Form):
    """What an officer decides when a report becomes an incident at a place."""

    place = forms.ChoiceField(
        label="Which place is it?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a place, or say that it is a new one.",
            "invalid_choice": "Choose one of the places, or say that it is a new one.",
        },
    )
    name = forms.CharField(
        label="Name of the new place",
        help_text="As an officer would say it on the radio. Never a person's name.",
        max_length=200,
        required=False,
    )
    kind = forms.ChoiceField(label="What sort of place is it?", choices=PlaceKind.choices)
    classification = forms.ChoiceField(
        label="What was reported?",
        widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in ABOUT_A_PLACE],
        error_messages={"required": "Choose what was reported."},
    )
    note = forms.CharField(
        label="Note for whoever works on the place",
        help_text="Optional. Nothing that could tell who reported it.",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"spellcheck": True}),
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["place"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*places, (NEW_PLACE, "A new place")]

    def clean(self) -> dict[str, Any]:
        """Ask for a name where the place is new."""
        cleaned = super().clean() or {}
        if cleaned.get("place") == NEW_PLACE and not cleaned.get("name", "").strip():
            self.add_error("name", "Give the new place a name.")
        return cleaned

    @property
    def place_id(self) -> UUID | None:
        """Return the chosen place's id, None for a new place."""
        chosen = self.cleaned_data["place"]
        return None if chosen == NEW_PLACE else UUID(chosen)


class AcceptPersonForm(forms.Form):
    """What an officer decides when a report of what was done to somebody becomes an incident."""

    classification = forms.ChoiceField(
        label="What was reported?",
        help_text="The main thing. What the law calls it is decided apart.",
        widget=forms.RadioSelect,
        choices=[
            (each.value, each.label)
            for each in Classification
            if each not in ABOUT_A_PLACE or each is Classification.NOT_CLASSIFIED
        ],
        error_messages={"required": "Choose what was reported."},
    )
    note = forms.CharField(
        label="Note for whoever works on it",
        help_text="Optional. No name, number or address: those stay in the sealed account.",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"spellcheck": True}),
    )


class CrimeForm(forms.Form):
    """Whether an incident is a crime, and why."""

    decision = forms.ChoiceField(
        label="Is it a crime?",
        widget=forms.RadioSelect,
        choices=_DECISIONS,
        error_messages={"required": "Choose one."},
    )
    crime_reason = ReasonField(label="Why?")


def choices_of(nearby: Sequence[Nearby]) -> list[tuple[str, str]]:
    """Write places nearby as choices, nearest first, with the distance that suggests them."""
    return [(str(found.place.pk), f"{found.place.name}, {found.metres} m away") for found in nearby]
