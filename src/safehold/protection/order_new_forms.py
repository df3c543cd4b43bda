"""What is typed of a new order: what sort it is and whom it binds are enough."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.conf import settings

from safehold.domain import orders
from safehold.protection.order_forms import (
    CHOOSE,
    Choices,
    FactsForm,
    is_whole,
    text_field,
    words_field,
)
from safehold.records.orders.recording import Draft, Said
from safehold.records.people import queries as people
from safehold.records.staff.queries import StaffMember

ROWS: Final = 4  # conditions on the page of a new order; more are added on its own page


class NewOrderForm(FactsForm):
    """An order: what sort it is and whom it binds are enough."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label="What is it?", error_messages=CHOOSE)
    respondent = forms.ChoiceField(label="Whom does it bind?", required=False)
    respondent_reference = text_field(
        "Or somebody else, by reference", longest=20, help_text="For example P-7KQ2-M4XD."
    )
    protects = forms.MultipleChoiceField(
        label="Whom does it protect?", required=False, widget=forms.CheckboxSelectMultiple
    )
    protects_references = text_field(
        "And others, by reference", longest=120, help_text="With a space between two."
    )
    case = forms.ChoiceField(
        label="In which case do its deadlines run?",
        help_text="Without a case no clock starts, and nobody is told before it is over.",
        required=False,
    )

    def __init__(
        self,
        data: Any,
        *,
        people: Choices,
        cases: Choices,
        by: StaffMember,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"once": uuid4(), "power_of_arrest": ""} | (initial or {}))
        self.by = by
        live = orders.offered(settings.FORCE.orders_live_here)
        self._offer("kind", [("", "Choose one"), *((each.key, each.label) for each in live)])
        self._offer("respondent", [("", "Choose one"), *people])
        self._offer("protects", people)
        self._offer("case", [*cases, ("", "In none yet")])
        if not people:
            del self.fields["protects"]
        for number in range(ROWS):
            self.fields |= _condition_fields(number)

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    @property
    def condition_rows(self) -> list[tuple[Any, Any, Any]]:
        """Return the boxes of each condition."""
        names = ("sort", "words", "zone")
        return [
            tuple(self[f"condition_{number}_{name}"] for name in names)  # type: ignore[misc]  # three names
            for number in range(ROWS)
        ]

    def clean(self) -> dict[str, Any]:
        """Read whom it binds and protects, and the conditions that were written."""
        said: dict[str, Any] = super().clean() or {}
        said["binds"] = self._bound(said)
        said["all_protected"] = self._protected(said)
        said["conditions"] = self._conditions(said)
        return said

    def draft(self) -> Draft:
        """Return what the operation wants."""
        said = self.cleaned_data
        return Draft(
            kind=said["kind"],
            respondent=said["binds"],
            protects=tuple(said["all_protected"]),
            conditions=tuple(said["conditions"]),
            case_id=UUID(said["case"]) if said["case"] else None,
            key=said["once"],
            **self.facts(),
        )

    def _bound(self, said: dict[str, Any]) -> UUID | None:
        chosen, typed = said.get("respondent"), said.get("respondent_reference", "")
        if chosen and typed:
            self.add_error("respondent_reference", "Choose from the list, or write a reference.")
        elif typed:
            return self._person("respondent_reference", typed)
        elif chosen:
            return UUID(chosen)
        elif "respondent" not in self.errors:
            self.add_error("respondent", "Say whom it binds.")
        return None

    def _protected(self, said: dict[str, Any]) -> list[UUID]:
        found = [UUID(key) for key in said.get("protects", ())]
        for typed in re.split(r"[\s,;]+", said.get("protects_references", "")):
            person = self._person("protects_references", typed) if typed else None
            found += [person] if person else []
        return found

    def _person(self, field: str, typed: str) -> UUID | None:
        found = people.by_reference(reference="".join(typed.split()).upper(), by=self.by)
        if found is None:
            self.add_error(field, "No person that you may know of has this reference.")
        return found

    def _conditions(self, said: dict[str, Any]) -> list[Said]:
        found = []
        for number in range(ROWS):
            sort, words, zone = (
                said.get(f"condition_{number}_{name}", "") for name in ("sort", "words", "zone")
            )
            if not (sort or words or zone):
                continue
            if is_whole(self, f"condition_{number}_", sort, words, zone):
                found.append(Said(sort, words, zone))
        return found


def _condition_fields(number: int) -> dict[str, forms.Field]:
    start = f"condition_{number}_"
    return {
        f"{start}sort": forms.ChoiceField(
            label=f"Condition {number + 1}: what sort is it?",
            choices=[("", "No condition"), *orders.CONDITIONS.items()],
            required=False,
        ),
        f"{start}words": words_field(f"Condition {number + 1}, as it stands in the order"),
        f"{start}zone": text_field(
            f"Condition {number + 1}: for the card, without an address",
            longest=orders.LONGEST_ZONE,
            help_text="Of a place alone.",
        ),
    }
