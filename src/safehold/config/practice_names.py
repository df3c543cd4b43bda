"""A linked person of the practice officer, and a practice report that names her; both invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

OFFICER = "officer"
LINKED = "Thessaly Marchbanks"
RELATION = "former"
_WHO = "demonstration"
# As somebody tired types it: no capitals, and his name nowhere.
TELLING: dict[str, dict[str, Any]] = {
    "now": {"danger": "no"},
    "who_for": {"who": "someone"},
    "about": {"about": ["stalking"]},
    "what": {
        "text": "my friend thessaly marchbanks gets parcels that nobody sent. her ex knows every "
        "shift she works and waits by her car."
    },
}


def link_somebody(*, at: datetime) -> None:
    """Put one person on the register and have names compared, before any report is sent."""
    from safehold.records.audit.actors import System
    from safehold.records.conflicts import operations
    from safehold.records.conflicts.models import LinkedParty
    from safehold.records.staff.queries import by_username

    officer = by_username(OFFICER)
    if officer is not None and not LinkedParty.objects.filter(name=LINKED).exists():
        operations.add_linked(
            name=LINKED,
            relation=RELATION,
            colleague=officer,
            colleague_name="",
            by=System(_WHO),
            at=at,
        )
    operations.keep_marks(at=at)


def tell(send: Callable[..., str], *, at: datetime) -> None:
    """Send the report that names her, as a visitor would; the officer never sees it."""
    send("harm", TELLING, at=at)
