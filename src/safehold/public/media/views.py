"""Films in sign language and easy words: from our own disk, in pieces, and kept by no browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safehold.domain.other_forms import part_sent
from safehold.records.media import queries
from safehold.records.media.queries import Forms, NotThere

# A piece is read at once and the thread is free again: a slow phone that watches a film must not
# hold one of the few that answer everybody else.
PIECE: Final = 512 * 1024
PARTIAL, NOT_SATISFIABLE = 206, 416


def forms(slot: str) -> Forms:
    """Give what may be shown beside the words about a subject of this installation."""
    return queries.forms(slot, data=settings.SAFEHOLD_DATA, approvals=settings.FORCE.approvals)


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send a film, its captions or a picture; a film in pieces, as a browser asks for it."""
    try:
        found = queries.file(name, data=settings.SAFEHOLD_DATA, approvals=settings.FORCE.approvals)
    except NotThere as error:
        raise Http404 from error
    size = found.path.stat().st_size
    try:
        part = part_sent(request.headers.get("Range", ""), size, PIECE)
    except ValueError:
        refused = HttpResponse(status=NOT_SATISFIABLE)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    if part is None:
        response: HttpResponseBase = StreamingHttpResponse(_whole(found.path))
        response["Content-Length"] = str(size)
    else:
        response = HttpResponse(_piece(found.path, *part), status=PARTIAL)
        response["Content-Range"] = f"bytes {part[0]}-{part[1]}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Type"] = found.kind
    response["Content-Disposition"] = "inline"
    return response


@require_safe
def easy(request: HttpRequest, number: int) -> HttpResponse:
    """Show a page of easy words."""
    try:
        words = queries.easy_words(
            number, data=settings.SAFEHOLD_DATA, approvals=settings.FORCE.approvals
        )
    except NotThere as error:
        raise Http404 from error
    return render(request, "public/media/easy.html", {"words": words, "number": number})


def _piece(path: Path, first: int, last: int) -> bytes:
    with path.open("rb") as content:
        content.seek(first)
        return content.read(last - first + 1)


def _whole(path: Path) -> Iterator[bytes]:
    with path.open("rb") as content:
        while piece := content.read(PIECE):
            yield piece
