"""What somebody types for the safety of a case; every rule is checked again by the operation."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms

from safehold.domain import safety, sharing
from safehold.domain.access import Permission
from safehold.protection.forms import ReasonField
from safehold.records.agencies import queries as agencies
from safehold.records.safety.actions import NotAnAction, Owner
from safehold.records.safety.children import Noted
from safehold.records.safety.plans import Draft
from safehold.records.safety.referrals import Wanted
from safehold.records.staff import queries as staff
from safehold.records.staff.queries import StaffMember

_NO_NAME: Final = "Name nobody: by their part is enough."


def _choice(
    label: str, options: list[tuple[str, str]], *, wanted: str, **more: Any
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=options,
        widget=forms.RadioSelect,
        error_messages={"required": wanted, "invalid_choice": wanted},
        **more,
    )


def _pick(label: str, *, wanted: str, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        widget=forms.Select,
        error_messages={"required": wanted, "invalid_choice": wanted},
        **more,
    )


def _words(label: str, *, longest: int = safety.LONGEST_WORDS, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        widget=forms.Textarea(attrs={"spellcheck": True}),
        **more,
    )


def _line(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=safety.LONGEST_VALUE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        **more,
    )


def _day(label: str, wanted: str, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text="For example 27/3/2027.",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"autocomplete": "off"}, format="%d/%m/%Y"),
        error_messages={"required": wanted, "invalid": "Write the day like 27/3/2027."},
        **more,
    )


def _moment(label: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text="Day and time.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"],
        error_messages={
            "required": "Give a day and a time.",
            "invalid": "Write the day and the time like 27/11/2026 14:30.",
        },
    )


class Shown(forms.Form):
    """A form that says which version its page showed; without a word it showed none."""

    shown = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def clean_shown(self) -> int:
        """Take a page that does not say what it showed as one that showed nothing."""
        return int(self.cleaned_data["shown"] or 0)


class SafetyLookForm(forms.Form):
    """Why somebody needs to see the safety of a case."""

    look_reason = ReasonField(
        label="Why do you need to see the safety of this case?",
        help_text="Your name, the time and this reason are kept before anything is shown.",
    )


class PlanForm(Shown):
    """A version of a safety plan: words on each topic, and how it was made."""

    made_with = _choice(
        "Was it made with them?",
        safety.options("made_with"),
        wanted="Choose whether it was made with them.",
    )
    why_not = _words("If not, or in part: why?")
    own_words = _words(
        "Their own words (optional)",
        help_text="What they want, and what they fear, as they say it. Kept apart from ours.",
    )
    present = _line("Who was there (optional)")
    next_look = _day("When is it looked at next?", "Say when it is looked at next.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in safety.TOPICS:
            self.fields[topic.key] = _words(topic.label, help_text=topic.asks)
            self.fields[f"{topic.key}_acts"] = forms.BooleanField(
                label="Somebody else has to act on this", required=False
            )

    def topics(self) -> list[tuple[Any, Any]]:
        """Return the two boxes of each topic, in order."""
        return [(self[topic.key], self[f"{topic.key}_acts"]) for topic in safety.TOPICS]

    def draft(self) -> Draft:
        """Return the version that was typed."""
        given = self.cleaned_data
        return Draft(
            lines={topic.key: given[topic.key] for topic in safety.TOPICS},
            acted_on={topic.key for topic in safety.TOPICS if given[f"{topic.key}_acts"]},
            made_with=given["made_with"],
            next_look=given["next_look"],
            why_not=given["why_not"],
            own_words=given["own_words"],
            present=given["present"],
        )


class CopyForm(Shown):
    """How a copy came to them, and how it is kept safe."""

    how = _choice(
        "Have they a copy?",
        safety.options("copies"),
        wanted="Choose how a copy came to them, or that they have none.",
    )
    read = forms.BooleanField(
        label="I have read their safe contact: what must never be done, and when nobody must write",
        required=False,
    )
    kept_safe = ReasonField(
        label="How is it kept safe, or why have they none?",
        help_text="Paper in the house can be found. Where is it, and who could see it?",
    )


class PrintForm(forms.Form):
    """How the paper is kept safe, asked before there is any."""

    kept_safe = ReasonField(
        label="How will they keep the paper safe?",
        help_text="Ask them. Where will it be, and who could see it on the way?",
    )


class Owned(forms.Form):
    """Who has an action: a member, or an agency with somebody there who answers for it."""

    owner = _pick(
        "Who has it?",
        wanted="Choose who has it.",
        help_text="Where it is an agency’s, whoever of us follows it up.",
    )
    agency = _pick(
        "Is it an agency’s? (optional)", wanted="Choose an agency from the list.", required=False
    )
    answers = _line(
        "Who at the agency answers for it?",
        help_text="Responsibility stays with the agency: somebody there has a name.",
    )
    due_at = _moment("By when?")

    def __init__(self, *args: Any, by: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = _members(by)  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["agency"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "No, it is ours"),
            *((str(each.pk), each.name) for each in agencies.in_use()),
        ]

    def whose(self) -> Owner:
        """Return who has it."""
        given = self.cleaned_data
        member = staff.by_key(int(given["owner"]))
        if member is None:
            raise NotAnAction("This member has left: choose another.", field="owner")
        agency = UUID(given["agency"]) if given["agency"] else None
        return Owner(member, agency, given["answers"] if agency else "")


class ActionForm(Owned):
    """What is to be done for somebody's safety."""

    kind = _pick("What is to be done?", wanted="Choose what is to be done.")
    words = _words("In words (optional)", help_text=_NO_NAME)
    field_order = ["kind", "words"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "Choose"),
            *safety.options("action_kinds"),
        ]


class DoneForm(forms.Form):
    """That an action was done, and what shows it."""

    proof = _choice(
        "What shows that it was done?",
        safety.options("proofs"),
        wanted="Choose what shows that it was done.",
    )
    words = ReasonField(label="The proof, in a few words", help_text=_NO_NAME)


class NotDoneForm(forms.Form):
    """That an action will not be done, and why."""

    why = ReasonField(label="Why will it not be done?", help_text=_NO_NAME)


class HandOnActionForm(Owned):
    """Who has an action from now on, and why."""

    why = ReasonField(label="Why is it handed on?", help_text=_NO_NAME)


class ReferForm(forms.Form):
    """Whom somebody is referred to, for what, and whether they agreed."""

    person = _choice("Who is referred?", [], wanted="Choose who is referred.")
    to = _pick("To whom?", wanted="Choose whom they are referred to.")
    purpose = ReasonField(label="What for?", help_text=_NO_NAME)
    agreed = _choice(
        "Did they agree?", safety.options("agreements"), wanted="Choose whether they agreed."
    )
    basis = _pick(
        "Without their agreement: on which basis?",
        wanted="Choose a basis from the list.",
        required=False,
        choices=[
            ("", "They agreed"),
            *(
                (each.key, f"{each.label}. {each.says}")
                for each in sharing.bases().values()
                if each.key != sharing.CONSENT
            ),
        ],
    )
    why = _words("Without their agreement: why?", help_text=_NO_NAME)
    action = _pick(
        "Which action is it for? (optional)",
        wanted="Choose an action of this case.",
        required=False,
    )
    answer_by = _day("By when do they answer?", "Say by when they answer.")

    def __init__(
        self,
        *args: Any,
        people: list[tuple[str, str]],
        to: list[tuple[str, str]],
        actions: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, options in (
            ("person", people),
            ("to", [("", "Choose"), *to]),
            ("action", [("", "None"), *actions]),
        ):
            self.fields[name].choices = options  # type: ignore[attr-defined]  # ChoiceFields

    def wanted(self) -> Wanted:
        """Return the referral that was typed."""
        given = self.cleaned_data
        sort, _, key = given["to"].partition(":")
        agreed = given["agreed"] == safety.AGREED
        return Wanted(
            purpose=given["purpose"],
            agreed=given["agreed"],
            answer_by=given["answer_by"],
            basis="" if agreed else given["basis"],
            why="" if agreed else given["why"],
            agency_id=UUID(key) if sort == "agency" else None,
            service_id=UUID(key) if sort == "service" else None,
            action_id=UUID(given["action"]) if given["action"] else None,
        )


class AnswerForm(forms.Form):
    """What came of a referral."""

    answer = _choice(
        "What did they answer?",
        safety.options("referral_answers"),
        wanted="Choose what they answered.",
    )
    words = ReasonField(
        label="Who answered, when and how; or what is done now that nobody did",
        help_text=_NO_NAME,
    )


class MarkerForm(forms.Form):
    """What whoever goes to a door has to know, and until when."""

    address = _choice("Which address?", [], wanted="Choose an address.")
    kind = _choice(
        "What has whoever goes to the door to know?",
        safety.options("markers"),
        wanted="Choose what they have to know.",
    )
    words = _line("More about it (optional)", help_text=f"They read this at the door. {_NO_NAME}")
    reason = ReasonField(label="Why is the address marked?", help_text=_NO_NAME)
    expires = _day("Until when?", "Say until when it holds: nothing holds for ever.")

    def __init__(self, *args: Any, addresses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].choices = addresses  # type: ignore[attr-defined]  # a ChoiceField


class MarkerReviewForm(forms.Form):
    """Until when a marker holds now, and why."""

    until = _day("Until when does it hold now?", "Say until when it holds.")
    why = ReasonField(label="Why does it still hold?", help_text=_NO_NAME)


class MarkerEndForm(forms.Form):
    """Why a marker holds no more."""

    why = ReasonField(label="Why does it hold no more?", help_text=_NO_NAME)


class ChildForm(Shown):
    """What is known of a child, and whether children's social care was told."""

    lives = _choice(
        "Where do they live?",
        safety.options("lives"),
        wanted="Choose where they live, or that it is not known.",
    )
    lives_words = _line("More about it (optional)", help_text="No address: it has its own place.")
    school = _choice(
        "Is their school or nursery known?",
        safety.options("schools"),
        wanted="Choose whether their school is known.",
    )
    school_words = _line("Which one (optional)")
    told = _choice(
        "Was children’s social care told?",
        safety.options("children_told"),
        wanted="Choose whether they were told.",
    )
    told_words = ReasonField(
        label="Who was told, when, and what shows it; or why nobody was",
        help_text=_NO_NAME,
    )

    def noted(self) -> Noted:
        """Return what was typed."""
        given = self.cleaned_data
        return Noted(**{name: given[name] for name in Noted.__dataclass_fields__})


def _members(by: StaffMember) -> list[tuple[str, str]]:
    # The operation refuses whoever may not take it, in the same words whatever the reason.
    others = [
        member
        for member in staff.active()
        if member.pk != by.pk and member.may(Permission.WORK_SAFETY)
    ]
    return [
        (str(by.pk), f"{by.name} (you)"),
        *((str(member.pk), f"{member.name}, {member.team}") for member in others),
    ]
