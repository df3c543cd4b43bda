"""The slip of a report, with the look at it on record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from safehold.records.staff.queries import member_of
from safehold.records.triage import operations
from safehold.records.triage.queries import ReportNotFound


def looked_at(request: HttpRequest, report_id: UUID) -> Any:
    """Record the member's look at a slip, then return it. Raises Http404 where there is none."""
    try:
        return operations.look_at_slip(
            report_id=report_id, by=member_of(request), at=timezone.now()
        )
    except ReportNotFound as error:
        raise Http404(str(error)) from None
