"""Questions about nudges: what keeps them from going."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from safehold.domain import nudging
from safehold.records.nudges.models import Due, Problem

_SENTENCES = {
    Problem.NO_WAY: "No way is set up here by which somebody asked for nudges.",
    Problem.NOT_DELIVERED: "Nudges were not taken by the mail server or the gateway for texts.",
    Problem.REFUSED: "The address that somebody gave for nudges does not exist.",
    Problem.SEALED: "What somebody asked for nudges cannot be opened.",
    Problem.TOO_LATE: "Nudges were given up: they could not be sent in time.",
    Problem.NOT_SAFE: "Nudges wait: safe contact, as it was corrected, does not allow them now.",
}


@dataclass(frozen=True, slots=True)
class Failing:
    """One thing that keeps nudges from going: for how many people, and the oldest last try of them.

    Which reports they belong to is not said: that somebody asked is hers to tell.
    """

    says: str
    count: int
    since: datetime


def failing(*, at: datetime) -> list[Failing]:
    """List what keeps nudges from going, as far back as one is tried; [] while all is well."""
    rows = Due.objects.exclude(problem="").filter(tried_at__gt=at - nudging.tried_for())
    counted = rows.values_list("problem").annotate(Count("pk"), Min("tried_at")).order_by("problem")
    return [
        Failing(_SENTENCES[Problem(problem)], count, since) for problem, count, since in counted
    ]
