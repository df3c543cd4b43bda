"""Reports with files, for tests of the unit's desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.harm import harm_report
from safehold.records.intake import operations as intake
from safehold.records.intake import uploads
from safehold.records.intake.models import SealedReport, SentPart
from safehold.records.triage.operations import open_new_slips
from tests.desk import AT


def send_with_file(
    content: bytes,
    *,
    name: str = "Winterbourne at the door.jpg",
    intimate: bool = False,
    at: datetime = AT,
    **answers: Any,
) -> tuple[UUID, UUID]:
    """Send a report with one file, have its slip opened; return the ids of both."""
    ticket = intake.start_draft(journey="harm", at=at)
    opened = uploads.begin(ticket=ticket, name=name, intimate=intimate, at=at)
    for number, start in enumerate(range(0, len(content), uploads.PART_BYTES)):
        uploads.add_part(opened, content[start : start + uploads.PART_BYTES], number=number)
    uploads.finish(opened, size=len(content))
    made = harm_report(Answers.from_plain(answers), at=at, zone=ZoneInfo("Europe/London"))
    receipt = intake.submit(
        ticket=ticket, slip=made.slip, account=made.account, identity=made.identity, at=at
    )
    open_new_slips(at=at)
    report = SealedReport.objects.using("intake").get(reference=receipt.reference)
    (file_id,) = set(
        SentPart.objects.using("intake")
        .filter(report_id=report.id)
        .values_list("file_id", flat=True)
    )
    return report.id, file_id
