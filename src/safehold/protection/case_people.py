"""Looking for somebody from within a case: the same search as elsewhere, with its reason kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate

from safehold.domain import births
from safehold.protection.people_forms import SearchForm
from safehold.records.people.finding import Found
from safehold.records.staff.queries import member_of


@dataclass(frozen=True, slots=True)
class Searched:
    """A search, with whom it gave; `asked` is carried along, so that it can be done again."""

    form: SearchForm
    done: bool = False
    more: bool = False
    choices: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)


def searched(request: HttpRequest) -> Searched:
    """Search for whom a form asks for, where it asks at all: each time on record."""
    asks = request.method == "POST" and any(name in request.POST for name in SearchForm.base_fields)
    form = SearchForm(request.POST if asks else None)
    if not asks or not form.is_valid():
        return Searched(form)
    found = form.find(by=member_of(request), at=timezone.now())
    return Searched(
        form,
        done=True,
        more=found.more,
        choices=[(str(each.identity), _line(each)) for each in found.people],
        asked=[(name, request.POST.get(name, "")) for name in SearchForm.base_fields],
    )


def _line(each: Found) -> str:
    born = f", born {births.in_words(each.born, on=localdate())}" if each.born else ""
    others = f", also {'; '.join(each.other_names)}" if each.other_names else ""
    return f"{each.name}{others}{born} ({each.reference})"


def merged(*lists: Any) -> list[tuple[str, str]]:
    """Put lists of people into one, each person once."""
    return list({key: (key, words) for found in lists for key, words in found}.values())
