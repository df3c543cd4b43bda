"""What was imported from the records system: a list, and the report of each; none is run here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from safehold.design.paging import page_number, pages_of
from safehold.protection import import_words
from safehold.records.imports import queries
from safehold.records.staff.queries import member_of

HERE = "/staff/imports/"
ROWS_A_PAGE = 50


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """List every import, the newest first."""
    found = Paginator(queries.batches(by=member_of(request)), ROWS_A_PAGE)
    shown = found.get_page(page_number(request))
    page = {
        "title": "Imports",
        "here": HERE,
        "rows": [import_words.row(batch) for batch in shown],
        "pages": pages_of(request, shown),
    }
    return render(request, "protection/imports.html", page)


@require_GET
def one(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Show what one import did: counts, totals, lines and columns; no value of a row."""
    try:
        batch = queries.one(batch_id, by=member_of(request))
    except queries.BatchNotFound as error:
        raise Http404(str(error)) from None
    page: dict[str, Any] = {
        "title": "Import",
        "here": HERE,
        "back": reverse("protection:imports"),
        "back_to": "Imports",
        "row": import_words.row(batch),
        "batch": batch,
        "figures": import_words.figures(batch),
        "told": import_words.told(batch),
        "totals": import_words.totals(batch),
    }
    return render(request, "protection/import.html", page)
