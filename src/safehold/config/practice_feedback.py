"""Feedback for practice: sent through the door that visitors use, some of it read on the desk."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from safehold.demonstration.feedback import FEEDBACK

if TYPE_CHECKING:  # this room needs Django's apps, and this module is read before they are ready
    from safehold.records.staff.models import StaffMember

_WHY_OPENED = "Practice: what people say about the site"


def send_feedback(*, at: datetime) -> int:
    """Send every piece of invented feedback, and return how many; a second time adds nothing."""
    from safehold.domain.feedback import feedback
    from safehold.records.intake.feedback import send_feedback as send

    for number, said in enumerate(FEEDBACK):
        written = {"doing": said.doing, "wrong": said.wrong, "ease": said.ease}
        made = feedback(written, came_from=said.page, at=at - said.ago)
        send(once=f"practice-{number}", slip=made.slip, account=made.account, at=at - said.ago)
    return len(FEEDBACK)


def read_some(*, by: StaffMember, at: datetime) -> int:
    """Open, as the practice officer, the feedback on which there is a note, and note it."""
    from safehold.records.feedback import operations, queries

    noted = [said for said in FEEDBACK if said.note]
    waiting = [row for row in queries.listed(by=by) if not row.danger]
    for said, row in zip(noted, waiting, strict=False):
        operations.open_feedback(report_id=row.pk, reason=_WHY_OPENED, by=by, at=at)
        operations.mark_as_read(report_id=row.pk, note=said.note, by=by, at=at)
    return len(noted)
