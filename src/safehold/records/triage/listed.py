"""A list of reports whose page is found in an index, and of which only that page is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from django.db.models import QuerySet

from safehold.records.triage.models import TriageSlip


class Listed(Sequence[TriageSlip]):
    """Reports in an order, each with its owner, as a page asks for a slice of them.

    The keys come first: a row is long, and those before the page would be read for nothing.
    """

    def __init__(self, ordered: QuerySet[TriageSlip]) -> None:
        self._ordered = ordered

    def __len__(self) -> int:
        return self._ordered.count()

    @overload
    def __getitem__(self, at: int) -> TriageSlip: ...
    @overload
    def __getitem__(self, at: slice) -> list[TriageSlip]: ...
    def __getitem__(self, at: int | slice) -> TriageSlip | list[TriageSlip]:
        if isinstance(at, int):
            return self[at : at + 1][0]
        keys = list(self._ordered.values_list("pk", flat=True)[at])
        found = TriageSlip.objects.select_related("owner").in_bulk(keys)
        return [found[key] for key in keys if key in found]
