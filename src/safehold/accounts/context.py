"""What every staff template knows about whoever is signed in, and where they may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from safehold.accounts import sessions
from safehold.domain.access import Permission, granted
from safehold.records.triage import queries as triage

STAFF_PATH = "/staff/"
_SECTIONS = (
    ("/staff/", "My work", Permission.SEE_WORK),
    ("/staff/reports/", "Reports", Permission.SEE_INBOX),
    ("/staff/places/", "Places", Permission.SEE_PLACES),
    ("/staff/hotspots/", "Hot spots", Permission.SEE_HOTSPOTS),
    ("/staff/content/", "Public pages", Permission.EDIT_PAGES),
    ("/staff/looks/", "Who looked", Permission.SEE_LOOKS),
    ("/staff/trouble/", "Trouble", Permission.SEE_TROUBLE),
)


@dataclass(frozen=True, slots=True)
class Officer:
    """Whoever is signed in, as far as a page needs it: `may` holds words of the access table."""

    name: str
    role: str
    may: frozenset[str]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Section:
    """One link of the staff bar; `count` is how much waits there, 0 where nothing is counted."""

    path: str
    words: str
    count: int = 0


def officer(request: HttpRequest) -> dict[str, Any]:
    """Return `officer` and `sections`; none of either until both factors are given."""
    member = getattr(request, "user", None)
    if member is None or not request.path.startswith(STAFF_PATH):
        return {"officer": None, "sections": ()}
    if not member.is_authenticated or not sessions.has_second_factor(request):
        return {"officer": None, "sections": ()}
    may = granted(member.actor.roles)
    waiting = triage.count_waiting(by=member) if Permission.SEE_INBOX in may else 0
    return {
        "officer": Officer(member.name, member.role_label, frozenset(map(str, may))),
        "sections": tuple(
            Section(path, words, waiting if needed is Permission.SEE_INBOX else 0)
            for path, words, needed in _SECTIONS
            if needed in may
        ),
    }
