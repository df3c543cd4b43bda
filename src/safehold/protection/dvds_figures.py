"""Clare's Law in figures: a quarter at a time, as a page and as a file, and nothing of one."""

from __future__ import annotations

import csv
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from safehold.domain import dvds_figures as rules
from safehold.domain.dvds_figures import Quarter
from safehold.records.dvds import figures as counting
from safehold.records.staff.queries import member_of

HELD_BACK = "Held back"
_HEAD = ("Quarter", "Figure", "Unit", "Cohort", "Basis", "Definition", "What", "Count")


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a quarter that is over, the newest where none is named."""
    quarters = rules.finished(localdate())
    quarter = _asked(request, quarters)
    page = {
        "title": "Clare’s Law in figures",
        "here": "/staff/clares-law/figures/",
        "quarter": quarter,
        "quarters": quarters,
        "figures": rules.figures(counting.counted(quarter, by=member_of(request))),
        "least": rules.least(),
        "held_back": HELD_BACK,
    }
    return render(request, "protection/application_figures.html", page)


@require_GET
def file(request: HttpRequest) -> HttpResponse:
    """Give the same figures as a file."""
    quarter = _asked(request, rules.finished(localdate()))
    out = StringIO()
    lines = csv.writer(out)
    lines.writerow(_HEAD)
    for one in rules.figures(counting.counted(quarter, by=member_of(request))):
        said = (quarter.words, one.title, one.unit, one.cohort, one.basis, one.definition)
        rows = [*one.rows, ("All", one.total)] if one.unit != "Days" else one.rows
        for what, count in rows:
            lines.writerow((*said, what, HELD_BACK if count is None else count))
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"applications-{quarter.key}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked(request: HttpRequest, quarters: tuple[Quarter, ...]) -> Quarter:
    key = request.GET.get("quarter", quarters[0].key)
    found = next((one for one in quarters if one.key == key), None)
    if found is None:
        raise Http404("There are no figures of this quarter.")
    return found
