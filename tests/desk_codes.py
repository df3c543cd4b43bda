"""Reports whose writers took a code, for tests of the unit's desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from safehold.crypto import codes
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.harm import harm_report
from safehold.records.intake import operations as intake
from safehold.records.intake import returns
from safehold.records.intake.models import SealedReport
from safehold.records.triage.operations import open_new_slips
from tests.desk import AT


def send_with_code(*, at: datetime = AT, **answers: Any) -> tuple[UUID, returns.Place]:
    """Send a report, take a code, have the slip opened; return the id and what the code opens."""
    ticket = intake.start_draft(journey="harm", at=at)
    made = harm_report(Answers.from_plain(answers), at=at, zone=ZoneInfo("Europe/London"))
    receipt = intake.submit(
        ticket=ticket, slip=made.slip, account=made.account, identity=made.identity, at=at
    )
    code = codes.new_digits()
    returns.give_code(ticket=ticket, code=code, at=at)
    open_new_slips(at=at)
    report = SealedReport.objects.using("intake").get(reference=receipt.reference)
    place = returns.open_code(code, at)
    assert isinstance(place, returns.Place)
    return report.id, place
