"""Whose keys later messages of a report are sealed to, once it was passed on.

The stores share no transaction. What the records store says is true, and comes first; this follows.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import PassedReport, Tombstone


def pass_on(report_id: UUID, *, for_standards: bool | None) -> None:
    """Have later messages of a report sealed to whoever has it now; None where it stayed.

    Of a report that was destroyed nothing is kept.
    """
    rows = PassedReport.objects.using(INTAKE)
    with transaction.atomic(using=INTAKE):
        if for_standards is None:
            rows.filter(pk=report_id).delete()
        elif not Tombstone.objects.using(INTAKE).filter(pk=report_id).exists():
            rows.update_or_create(report_id=report_id, defaults={"for_standards": for_standards})


def known() -> dict[UUID, bool]:
    """Return of each report that was passed on whether it went to professional standards."""
    return dict(PassedReport.objects.using(INTAKE).values_list("report_id", "for_standards"))
