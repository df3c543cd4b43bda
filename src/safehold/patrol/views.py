"""The hot-spot page: published data only, so an address may hold what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safehold.patrol import exports, hotspots, presenters
from safehold.patrol.forms import ChoiceForm
from safehold.records.open_data.partitions import StoreError
from safehold.records.open_data.queries import Available

HERE = "/staff/hotspots/"
TITLE = "Hot spots in street-level crime"
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}


View = Callable[..., HttpResponse]


def _with_data(view: View) -> View:
    """Show what to do instead of the page where the store is empty or damaged."""

    @wraps(view)
    def shown(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            held = hotspots.available()
            return _without_data(request) if held.is_empty else view(request, held, **parts)
        except StoreError as error:
            return _without_data(request, str(error))

    return shown


@require_GET
@_with_data
def page(request: HttpRequest, held: Available) -> HttpResponse:
    """Show the ranked cells of a choice as a map and a table."""
    form = ChoiceForm(request.GET, held=held)
    choice = form.choice()
    ready = presenters.prepared(choice, form.rows())
    sort = request.GET.get("sort", "rank")
    context = {
        "title": TITLE,
        "here": HERE,
        "form": form,
        "spots": ready.spots,
        "rows": presenters.sort(ready.rows, sort),
        "map": ready.drawing,
        "legend": presenters.legend(ready.spots),
        "finding": presenters.finding(ready.spots),
        "period": presenters.period(ready.spots.basis),
        "accounting": presenters.accounting(ready.spots, district=choice.district),
        "sorts": _sorts(request, sort),
        "query": request.GET.urlencode(),
    }
    return render(request, "patrol/hotspots.html", context)


@require_GET
@_with_data
def download(request: HttpRequest, held: Available, kind: str) -> HttpResponse:
    """Send a choice as CSV, GeoJSON or a page that needs nothing else; JSON is our own map's."""
    form = ChoiceForm(request.GET, held=held)
    choice = form.choice()
    ready = presenters.prepared(choice, form.rows())
    writers: dict[str, Callable[[], str]] = {
        "csv": lambda: exports.to_csv(ready.spots, ready.rows),
        "geojson": lambda: exports.to_geojson(ready.spots, ready.rows),
        "html": lambda: exports.to_html(ready.spots, ready.rows, district=choice.district),
        "json": lambda: exports.to_map_data(ready.spots, ready.rows, district=choice.district),
    }
    response = HttpResponse(writers[kind](), content_type=_TYPES[kind])
    if kind != "json":
        name = f"hotspots-{choice.first}-{choice.last}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _without_data(request: HttpRequest, problem: str = "") -> HttpResponse:
    context = {"title": TITLE, "here": HERE, "problem": problem}
    return render(request, "patrol/no_data.html", context, status=503 if problem else 200)


def _sorts(request: HttpRequest, chosen: str) -> list[tuple[str, str, str, bool]]:
    found = []
    for key, words in presenters.SORTS.items():
        query = request.GET.copy()
        query["sort"] = key
        found.append((key, words, f"?{query.urlencode()}#table", key == chosen))
    return found
