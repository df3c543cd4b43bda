"""What is typed about agencies, the must-not-receive list and shares; operations check it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from markupsafe import Markup

from safehold.design.unsaved import Line
from safehold.domain import sharing
from safehold.domain.sharing import ABOUT_THEM, Part, with_colon
from safehold.records.agencies.queries import Agency
from safehold.records.shares.choosing import Opened, Plan
from safehold.records.shares.following import Act
from safehold.records.triage.reasons import ReasonTooThin, meaningful

_CHOOSE = {"required": "Choose one.", "invalid_choice": "Choose one from the list."}
_HOW_KNOWN = "Nobody there must get nothing of this: how do you know?"
NO_NAME = "Name nobody in it: others read it."


class WordsField(forms.CharField):
    """A few words that somebody else can check later."""

    def __init__(self, label: str, *, help_text: str = "", required: bool = True) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            max_length=1_000,
            widget=forms.Textarea(attrs={"rows": 2, "spellcheck": True}),
            error_messages={"required": f"Answer this: {label}"},
        )

    def clean(self, value: str | None) -> str:
        """Return the words, or raise ValidationError with one sentence."""
        words = str(super().clean(value))
        try:
            return meaningful(words) if words or self.required else ""
        except ReasonTooThin as error:
            raise forms.ValidationError(str(error)) from None


class AgencyForm(forms.Form):
    """One agency."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Give the name of the agency."}
    )
    kind = forms.ChoiceField(
        label="What kind of agency is it?",
        widget=forms.RadioSelect,
        choices=lambda: list(sharing.kinds().items()),
        error_messages=_CHOOSE,
    )
    contact = forms.CharField(
        label="How we reach them",
        help_text="Numbers and addresses that we know from elsewhere than from them, and who "
        "answers. No name of anybody whom a report is about.",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EndForm(forms.Form):
    """Why something ends."""

    why = WordsField("Why does it end?", help_text=NO_NAME)


class EnterKeyForm(forms.Form):
    """The public key that an agency sent."""

    public = forms.CharField(
        label="Their public key",
        help_text="It begins with age1. Never ask for the part that begins with AGE-SECRET-KEY.",
        max_length=200,
        widget=forms.TextInput(attrs={"spellcheck": False, "autocomplete": "off"}),
        error_messages={"required": "Paste the key that they sent."},
    )
    came = WordsField("How did it come to us?", help_text="Such as: by email, from their office.")


class ConfirmKeyForm(forms.Form):
    """What an agency read out of its key."""

    read_out = forms.CharField(
        label="The last sixteen characters, as they read them out",
        help_text="Four groups of four. They look at their own key file while they read.",
        max_length=40,
        widget=forms.TextInput(attrs={"spellcheck": False, "autocomplete": "off"}),
        error_messages={"required": "Type what they read out."},
    )
    how = forms.ChoiceField(
        label="How did you check it?",
        help_text="By another way than the one by which the key came.",
        widget=forms.RadioSelect,
        choices=lambda: list(sharing.ways_to_check().items()),
        error_messages=_CHOOSE,
    )
    whom = WordsField("With whom?", help_text="Their name and work at the agency.")


class OpenListForm(forms.Form):
    """Why the names of the list are opened."""

    reason = WordsField(
        "Why do you need to see who is on it?",
        help_text="Your name, the time and this reason are kept before anything is shown. "
        + NO_NAME,
    )


class ListAgencyForm(forms.Form):
    """An agency that must get nothing of a report."""

    agency_id = forms.TypedChoiceField(
        label="Which agency?", widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    why = WordsField("Why must it get nothing?", help_text="Kept sealed.")

    def __init__(self, *args: Any, agencies: Iterable[Agency], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose_from(self, agencies)


class ListPersonForm(forms.Form):
    """A person who must get nothing of a report."""

    name = forms.CharField(
        label="Who?",
        help_text="A name, or what they are called. Kept sealed.",
        max_length=200,
        error_messages={"required": "Say who it is: a name, or what they are called."},
    )
    why = WordsField("Why must they get nothing?", help_text="Kept sealed.")


class BeginForm(forms.Form):
    """With whom something is shared, and on which basis."""

    agency_id = forms.TypedChoiceField(
        label="With which agency?", widget=forms.RadioSelect, error_messages=_CHOOSE
    )
    basis = forms.ChoiceField(
        label="On which basis?", widget=forms.RadioSelect, error_messages=_CHOOSE
    )

    def __init__(self, *args: Any, agencies: Iterable[Agency], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose_from(self, agencies)
        field = self.fields["basis"]
        bases = sharing.bases()
        field.choices = [(key, basis.label) for key, basis in bases.items()]  # type: ignore[attr-defined] # a ChoiceField
        field.choice_hints = {  # type: ignore[attr-defined] # read by design.fields
            key: f"{basis.says} {basis.law}." for key, basis in bases.items()
        }


class ChooseForm(forms.Form):
    """What goes, and everything that has to be said for it."""

    purpose = WordsField("What is it for?", help_text=f"The agency reads this. {NO_NAME}")
    told = WordsField(
        "What were they told about this?",
        help_text="Such as: that it goes, to whom, and what for. Or why nothing was said. The "
        f"agency reads this. {NO_NAME}",
    )
    parts = forms.MultipleChoiceField(
        label="What they told about the matter",
        help_text="Tick only what this purpose needs.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Tick from the list."},
    )
    them = forms.MultipleChoiceField(
        label="Who they are, and how they are reached",
        help_text="Whoever has this can find them. It goes only if the agency has to reach them.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Tick from the list."},
    )

    def __init__(self, *args: Any, opened: Opened, **options: Any) -> None:
        super().__init__(*args, **options)
        self.opened = opened
        _tick_from(self, "parts", [one for one in opened.parts if one.key not in ABOUT_THEM])
        _tick_from(self, "them", [one for one in opened.parts if one.key in ABOUT_THEM])
        for one in opened.basis.states:
            words = WordsField(
                one.label, help_text=f"{one.hint} {NO_NAME}".strip(), required=not one.optional
            )
            self.fields[f"state_{one.key}"] = words
        for person in opened.people:
            self.fields[f"answer-{person.key}"] = WordsField(
                f"{person.words} must get nothing of this. Nobody there is this person, or close "
                "to them: how do you know?",
                help_text=NO_NAME,
            )

    def statements(self) -> list[Any]:
        """Return the fields of what the basis needs."""
        return [self[f"state_{one.key}"] for one in self.opened.basis.states]

    def people(self) -> list[tuple[Any, str]]:
        """Return the field of each person on the list, with why they are on it."""
        return [(self[f"answer-{one.key}"], one.why) for one in self.opened.people]

    def say(self, message: str, name: str) -> None:
        """Put a sentence beside the question that it is about."""
        named = f"state_{name}" if f"state_{name}" in self.fields else name
        self.add_error(named if named in self.fields else None, message)


class AgreeForm(forms.Form):
    """Whether something may be shared without agreement."""

    agreed = forms.ChoiceField(
        label="May it be shared?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes, as it stands here"), ("no", "No")],
        error_messages=_CHOOSE,
    )
    why = WordsField("Why?", help_text=NO_NAME)

    def said(self) -> dict[str, Any]:
        """Return what was said, by the names that the operation has for it."""
        return {"agreed": self.cleaned_data["agreed"] == "yes", "why": self.cleaned_data["why"]}


class ReviewShareForm(forms.Form):
    """Whether it was right to share what could not wait."""

    right = forms.ChoiceField(
        label="Was it right to share this?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No")],
        error_messages=_CHOOSE,
    )
    why = WordsField("Why?", help_text=NO_NAME)

    def said(self) -> dict[str, Any]:
        """Return what was said, by the names that the operation has for it."""
        return {"was_right": self.cleaned_data["right"] == "yes", "why": self.cleaned_data["why"]}


class NoteForm(forms.Form):
    """What became of a file."""

    act = forms.ChoiceField(
        label="What became of it?",
        widget=forms.RadioSelect,
        choices=[choice for choice in Act.choices if choice[0] != Act.FETCHED],
        error_messages=_CHOOSE,
    )
    words = WordsField(
        "How, and with whom?",
        help_text="Such as: by their portal, to the duty worker. " + NO_NAME,
    )

    def said(self) -> dict[str, Any]:
        """Return what was said, by the names that the operation has for it."""
        return self.cleaned_data


class FetchForm(forms.Form):
    """An answer for everybody who was put on the list since the file was made."""

    def __init__(self, *args: Any, people: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        for person in people:
            self.fields[f"answer-{person.key}"] = WordsField(
                f"{person.words} was put on the must-not-receive list since. Nobody there is this "
                "person, or close to them: how do you know?",
                help_text=NO_NAME,
            )


def plan_of(data: Any) -> Plan:
    """Read a plan from what was posted; an operation holds it to every rule. Raises ValueError."""
    return Plan(
        agency_id=UUID(data.get("agency_id", "")),
        basis=data.get("basis", ""),
        purpose=data.get("purpose", ""),
        told=data.get("told", ""),
        parts=(*data.getlist("parts"), *data.getlist("them")),
        statements=_after(data, "state_"),
        answers=_after(data, "answer-"),
    )


def typed_in(data: Any) -> list[Line]:
    """Give what was typed for a share, whether it may still be made or not."""
    basis = sharing.bases().get(data.get("basis", ""))
    labels = {name: str(ChooseForm.base_fields[name].label) for name in ("purpose", "told")}
    labels |= {f"state_{one.key}": one.label for one in (basis.states if basis else ())}
    labels |= {f"answer-{key}": _HOW_KNOWN for key in answers_of(data)}
    typed = ((label, data.get(name, "").strip()) for name, label in labels.items())
    return [Line(label, text) for label, text in typed if text]


def _after(data: Any, start: str) -> dict[str, str]:
    return {name.removeprefix(start): data.get(name) for name in data if name.startswith(start)}


def answers_of(data: Any) -> dict[str, str]:
    """Read the answers for people on the list from what was posted."""
    return _after(data, "answer-")


def _choose_from(form: forms.Form, agencies: Iterable[Agency]) -> None:
    kinds = sharing.kinds()
    form.fields["agency_id"].choices = [  # type: ignore[attr-defined] # a ChoiceField
        (str(one.pk), f"{one.name} ({kinds.get(one.kind, one.kind)})") for one in agencies
    ]


def _tick_from(form: forms.Form, name: str, parts: Sequence[Part]) -> None:
    field = form.fields[name]
    field.choices = [(part.key, part.question) for part in parts]  # type: ignore[attr-defined] # a ChoiceField
    field.choice_hints = {  # type: ignore[attr-defined] # read by design.fields
        part.key: Markup(" · ").join(
            Markup("{} {}").format(with_colon(label), _isolated(words)).strip()
            for label, words in part.lines
        )
        for part in parts
    }


def _isolated(words: Iterable[str]) -> Markup:
    # Each by itself: what somebody wrote must not turn the words around it.
    return Markup("; ").join(Markup("<bdi>{}</bdi>").format(each) for each in words)
