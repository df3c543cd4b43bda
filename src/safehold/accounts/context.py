"""What every staff template knows about whoever is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from safehold.accounts import sessions
from safehold.domain.access import Permission, granted
from safehold.records.triage import queries as triage

STAFF_PATH = "/staff/"
REPORTS_PATH = "/staff/reports/"


@dataclass(frozen=True, slots=True)
class Officer:
    """Whoever is signed in, as far as a page needs it: `may` holds words of the access table."""

    name: str
    role: str
    may: frozenset[str]


def officer(request: HttpRequest) -> dict[str, Any]:
    """Return `officer`, and `counts` of what waits by path; none until both factors are given."""
    nobody: dict[str, Any] = {"officer": None, "counts": {}}
    member = getattr(request, "user", None)
    if member is None or not request.path.startswith(STAFF_PATH):
        return nobody
    if not member.is_authenticated or not sessions.has_second_factor(request):
        return nobody
    may = granted(member.actor.roles)
    counts = {REPORTS_PATH: triage.count_waiting(by=member)} if Permission.SEE_INBOX in may else {}
    return {
        "officer": Officer(member.name, member.role_label, frozenset(map(str, may))),
        "counts": counts,
    }
