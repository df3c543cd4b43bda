"""What every staff template knows about whoever is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localtime, now

from safehold.accounts import sessions
from safehold.domain.access import Permission, granted, table
from safehold.records import tally
from safehold.records.duty import queries as duty
from safehold.records.triage import queries as triage

STAFF_PATH = "/staff/"
REPORTS_PATH = "/staff/reports/"
WATCH_PATH = "/staff/watch/"


@dataclass(frozen=True, slots=True)
class Officer:
    """Whoever is signed in, as far as a page needs it: `may` holds words of the access table.

    `ends` says when the shift's sign-in ends, once that is near.
    """

    name: str
    role: str
    may: frozenset[str]
    idle_minutes: int
    ends: str


def officer(request: HttpRequest) -> dict[str, Any]:
    """Return `officer`, and `counts` of what waits by path; none until both factors are given."""
    nobody: dict[str, Any] = {"officer": None, "counts": {}}
    member = getattr(request, "user", None)
    if member is None or not request.path.startswith(STAFF_PATH):
        return nobody
    if not member.is_authenticated or not sessions.has_second_factor(request):
        return nobody
    may = granted(member.actor.roles)
    waits: dict[str, QuerySet[Any]] = {}
    if Permission.SEE_INBOX in may:
        waits[REPORTS_PATH] = triage.new(by=member)
    if Permission.HOLD_WATCH in may:
        waits[WATCH_PATH] = duty.dangers_open(by=member)
    return {
        "officer": Officer(
            member.name,
            member.role_label,
            frozenset(map(str, may)),
            idle_minutes=table().idle // timedelta(minutes=1),
            ends=_ends(request),
        ),
        "counts": tally.counted(waits),
    }


def _ends(request: HttpRequest) -> str:
    ends = sessions.ends_soon(request, at=now())
    if ends is None:
        return ""
    return (
        f"Your sign-in ends at {localtime(ends):%H:%M}, however busy you are. Finish what you are "
        "writing, then sign out and in again."
    )
