"""`/healthz`: does this site work, for whoever watches the machine. Nothing in it is secret."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from django.conf import settings
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from safehold.config import scheduler, schema
from safehold.config.startup import NAMES


def _store_answers(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _schema_fits(alias: str) -> bool:
    return schema.differences(connections[alias]) == ([], [])


def _standing_still() -> list[str]:
    if settings.SITE == "public":
        still = scheduler.is_housekeeping_stalled(settings.SAFEHOLD_DATA, time.time())
        return ["scheduler"] if still else []
    from safehold.records.jobs.queries import stalled

    try:
        found = stalled(at=datetime.now(UTC))
    except DatabaseError:
        return ["urgent", "scheduler"]
    parts = {part for job in found for part in job.processes}
    return [part for part in ("urgent", "scheduler") if part in parts]


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except DatabaseError:
        return False


def failing() -> list[str]:
    """Name what does not work: stores that do not answer, `schema`, `urgent`, `scheduler`."""
    aliases = ["intake"] if settings.SITE == "public" else ["default", "intake"]
    silent = [alias for alias in aliases if not _holds(partial(_store_answers, alias))]
    if silent:
        return [NAMES[alias] for alias in silent]  # the rest cannot be told without them
    unfit = [alias for alias in aliases if not _holds(partial(_schema_fits, alias))]
    return ["schema"] if unfit else _standing_still()


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 `ok`, or 503 and a word for each part that fails; no cookie, not stored."""
    found = failing()
    text = f"failing: {' '.join(found)}\n" if found else "ok\n"
    response = HttpResponse(text, status=503 if found else 200, content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response
