"""How many rows several questions find, asked of the store in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet, Value


def counted(questions: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Return how many rows each question finds, by its name.

    A page that says how much waits in a dozen lists asks once for all of them. Each question stays
    that of its room, with whatever the room leaves out of it.
    """
    asked = [_named(name, rows) for name, rows in questions.items()]
    found = dict.fromkeys(questions, 0)
    if asked:
        first, *others = asked
        found.update(first.union(*others, all=True))
    return found


def _named(name: str, rows: QuerySet[Any]) -> QuerySet[Any, tuple[str, int]]:
    # A question that finds nothing has no row here.
    counts = rows.order_by().annotate(tally_of=Value(name)).values("tally_of")
    found: QuerySet[Any, tuple[str, int]] = counts.annotate(tally=Count("pk")).values_list(
        "tally_of", "tally"
    )
    return found
