"""Slips as the worker keeps them, many at a time, for tests of floods and of what is alike."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from safehold.domain.flooding import shape_of
from safehold.records.intake.operations import coarse
from safehold.records.triage import floods
from safehold.records.triage.models import TriageSlip
from tests.desk import AT

_numbers = itertools.count(1_000)
CELL = "891969d2b4fffff"


def slip(*, at: datetime = AT, report_id: UUID | None = None, **changes: Any) -> TriageSlip:
    """Keep one slip as an arrival would, without a sealed report."""
    number = next(_numbers)
    given: dict[str, Any] = {"kind": "place", "cell": CELL, "prompts": [], **changes}
    given.setdefault("party_is_police", "no")
    shape = shape_of(
        kind=given["kind"],
        cell=given["cell"],
        prompts=[each["prompt"] for each in given["prompts"]],
        said=("not asked", given["party_is_police"], "no"),
    )
    return TriageSlip.objects.create(
        report_id=report_id or uuid4(),
        arrival=number,
        reference=f"T{number:07}",
        danger=bool(given["prompts"]),
        wants_reply="no",
        received_at=coarse(at),
        opened_at=coarse(at),
        tried_at=coarse(at),
        shape=shape,
        **given,
    )


def flood(count: int, *, at: datetime = AT, **changes: Any) -> list[TriageSlip]:
    """Have many alike arrive in one hour."""
    rows = [slip(at=at, **changes) for _ in range(count)]
    floods.gather(rows, at=at)
    return rows
