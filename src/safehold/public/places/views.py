"""What was said about places and what was done: a list, a map, and a feed of the answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from safehold.domain.quarters import quarter_of
from safehold.public.places import feeds, presenters
from safehold.records.places_published import queries


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the release in force and every answer; say so where nothing is published yet."""
    key = queries.current_key()
    page = {
        "first_after": quarter_of(localdate()).last_day,
        "answers": presenters.answer_lines(queries.answers(), key),
        **(presenters.of_release(key) if key else {}),
    }
    return render(request, "public/places.html", page)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Give the answers alone as an Atom feed: no counts, no cookie, and no address but our own."""
    return HttpResponse(
        feeds.answers(queries.answers(), queries.current_key()), content_type=feeds.CONTENT_TYPE
    )
