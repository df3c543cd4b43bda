"""The hot-spot page: published data only, so an address may hold what was chosen."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from safehold.patrol import exports, hotspots, presenters
from safehold.patrol.forms import ChoiceForm
from safehold.records.open_data.partitions import StoreError

HERE = "/staff/hotspots/"
TITLE = "Hot spots in published crime data"
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the ranked cells of a choice as a map and a table."""
    try:
        held = hotspots.available()
    except StoreError as error:
        return _without_data(request, str(error))
    if held.is_empty:
        return _without_data(request)
    form = ChoiceForm(request.GET, held=held)
    choice = form.choice()
    spots = hotspots.hot_spots(choice)
    shown = presenters.rows(spots.top(form.rows()), choice.district)
    sort = request.GET.get("sort", "rank")
    context = {
        "title": TITLE,
        "here": HERE,
        "form": form,
        "spots": spots,
        "rows": presenters.sort(shown, sort),
        "map": presenters.drawing(spots, shown, choice.district),
        "legend": presenters.legend(spots),
        "finding": presenters.finding(spots),
        "period": presenters.period(spots.basis),
        "accounting": presenters.accounting(spots, district=choice.district),
        "sorts": _sorts(request, sort),
        "query": request.GET.urlencode(),
    }
    return render(request, "patrol/hotspots.html", context)


@require_GET
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """Send a choice as CSV, GeoJSON or a page that needs nothing else; JSON is our own map's."""
    held = hotspots.available()
    if held.is_empty:
        raise Http404("No street data is imported yet.")
    form = ChoiceForm(request.GET, held=held)
    choice = form.choice()
    spots = hotspots.hot_spots(choice)
    shown = presenters.rows(spots.top(form.rows()), choice.district)
    writers: dict[str, Callable[[], str]] = {
        "csv": lambda: exports.to_csv(spots, shown),
        "geojson": lambda: exports.to_geojson(spots, shown),
        "html": lambda: exports.to_html(spots, shown, district=choice.district),
        "json": lambda: exports.to_map_data(spots, shown, district=choice.district),
    }
    response = HttpResponse(writers[kind](), content_type=_TYPES[kind])
    if kind != "json":
        name = f"hotspots-{choice.first}-{choice.last}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _without_data(request: HttpRequest, problem: str = "") -> HttpResponse:
    context = {"title": TITLE, "here": HERE, "problem": problem}
    return render(request, "patrol/no_data.html", context)


def _sorts(request: HttpRequest, chosen: str) -> list[tuple[str, str, str, bool]]:
    found = []
    for key, words in presenters.SORTS.items():
        query = request.GET.copy()
        query["sort"] = key
        found.append((key, words, f"?{query.urlencode()}#table", key == chosen))
    return found
