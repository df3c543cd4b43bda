"""How the public pages are used by people who agreed to be counted, and where they give up."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from safehold.design.words import day
from safehold.domain.journey.journeys import step_words
from safehold.records.usage.queries import PageUse, use


@dataclass(frozen=True, slots=True)
class Line:
    """One page, or one step of a form, in words; a number too small to show says so.

    `share` is the bar: per cent of the most opened page.
    """

    page: str
    opened: str
    went_on: str
    share: int


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show rounded counts of finished weeks, pages first, then the steps of the forms."""
    found = use(at=timezone.now())
    most = max((page.opened or 0 for page in found.pages), default=0)
    steps = [_line(each, most, found.smallest) for each in found.pages if _is_step(each)]
    pages = [_line(each, most, found.smallest) for each in found.pages if not _is_step(each)]
    context = {
        "title": "Use of the public pages",
        "here": "/staff/usage/",
        "first": day(found.first),
        "last": day(found.last),
        "smallest": found.smallest,
        "tables": [
            ("pages", "Pages", pages),
            ("steps", "Steps of the forms", steps),
        ],
        "empty": not found.pages,
    }
    return render(request, "protection/usage.html", context)


def _is_step(page: PageUse) -> bool:
    # A page is counted under its address, a step under the names of its form and its question.
    return not page.page.startswith("/")


def _line(page: PageUse, most: int, smallest: int) -> Line:
    return Line(
        page=step_words(page.page) if _is_step(page) else page.page,
        opened=_number(page.opened, smallest),
        went_on=_number(page.completed, smallest),
        share=round(100 * (page.opened or 0) / most) if most else 0,
    )


def _number(count: int | None, smallest: int) -> str:
    return f"fewer than {smallest}" if count is None else f"about {count:,}"
