"""Pages of a long list, in addresses that hold a number and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in a list a page stands; an address is empty where there is no such page."""

    number: int
    count: int
    total: int
    first: int
    last: int
    before: str
    after: str


def page_number(request: HttpRequest) -> int:
    """Return the page asked for, 1 where it is no number."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def pages_of(request: HttpRequest, found: Page[Any]) -> Pages:
    """Return where a page stands, with the addresses of its neighbours."""

    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return Pages(
        number=found.number,
        count=found.paginator.num_pages,
        total=found.paginator.count,
        first=found.start_index(),
        last=found.end_index(),
        before=address(found.number - 1) if found.has_previous() else "",
        after=address(found.number + 1) if found.has_next() else "",
    )
