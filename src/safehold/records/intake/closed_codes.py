"""Codes that came back with a backup although their holders had closed them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import ReturnPlace

_BATCH = 500


def open_codes() -> set[str]:
    """Return what names every code that leads to a report now; it follows from the code alone."""
    return set(ReturnPlace.objects.using(INTAKE).values_list("find", flat=True))


def count_codes() -> int:
    """Count the codes that lead to a report."""
    return ReturnPlace.objects.using(INTAKE).count()


def close_after_restore(*, still_open: Iterable[str]) -> int:
    """Close every code that is not among those that were open; return how many."""
    with transaction.atomic(using=INTAKE):
        back = list(open_codes() - set(still_open))
        for start in range(0, len(back), _BATCH):
            some = back[start : start + _BATCH]
            ReturnPlace.objects.using(INTAKE).filter(find__in=some).delete()
    return len(back)
