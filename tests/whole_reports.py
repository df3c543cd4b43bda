"""A report with all that can belong to one, worked on to its end, for tests of how it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from safehold.crypto import codes
from safehold.crypto.codes import Code
from safehold.domain.access import Role
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.harm import harm_report
from safehold.domain.safe_contact import DAYS
from safehold.records.contacts import operations as contacts
from safehold.records.contacts.models import Profile
from safehold.records.conversations import operations as conversations
from safehold.records.exhibits import operations as exhibits
from safehold.records.incidents import operations as incidents
from safehold.records.intake import nudges, returns, uploads
from safehold.records.intake import operations as intake
from safehold.records.intake.models import SealedReport, SentPart
from safehold.records.staff.models import StaffMember
from safehold.records.triage import operations as triage
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.operations import Decisions, open_new_slips
from tests.desk import AT, REASON, arrive, has_read, member
from tests.files import made_files

TOLD: dict[str, Any] = {
    "identity": {"how": "named"},
    "name": {"name": "Zanzibar Quill"},
    "contact": {"method": "call", "to": "07700 900123"},
    "contact_when": {"days": ["mon"], "parts": ["morning"], "more": "Not when the van is there"},
    "code": {"word": "marmalade"},
}
ENDED = AT + timedelta(days=30)
OVER = AT + timedelta(days=365 * 11)


@dataclass(frozen=True)
class Whole:
    """A report and what belongs to it."""

    report_id: UUID
    place: returns.Place
    code: Code
    file_id: UUID
    officer: StaffMember
    supervisor: StaffMember


def whole_report(*, settings: Any, at: datetime = AT) -> Whole:
    """Send a report with a file, a code and nudges; accept it, talk, look, decide, and end it."""
    settings.NUDGE_CHANNELS = frozenset({"text"})
    officer, supervisor = member(), member(Role.SUPERVISOR, name="Pell Lisle")
    ticket, photo = intake.start_draft(journey="harm", at=at), made_files.photo()
    opened = uploads.begin(ticket=ticket, name="at the door.jpg", intimate=False, at=at)
    uploads.add_part(opened, photo, number=0)
    uploads.finish(opened, size=len(photo))
    made = harm_report(Answers.from_plain(TOLD), at=at, zone=ZoneInfo("Europe/London"))
    receipt = intake.submit(
        ticket=ticket, slip=made.slip, account=made.account, identity=made.identity, at=at
    )
    code = codes.new_digits()
    returns.give_code(ticket=ticket, code=code, at=at)
    open_new_slips(at=at)
    report_id = SealedReport.objects.using("intake").get(reference=receipt.reference).id
    place = returns.open_code(code, at)
    assert isinstance(place, returns.Place)
    asked = {"days": DAYS, "parts": [], "own_text": "", "at": at}
    nudges.ask_for_nudges(report_id=report_id, channel="text", address="07700 900123", **asked)
    parts = SentPart.objects.using("intake").filter(report_id=report_id)
    file_id = parts.values_list("file_id", flat=True)[0]
    found = Whole(report_id, place, code, file_id, officer, supervisor)
    _work_on(found, at=at)
    end(report_id, by=officer, at=at + (ENDED - AT))
    return found


def _work_on(whole: Whole, *, at: datetime) -> None:
    by, report_id = whole.officer, whole.report_id
    triage.open_account(report_id=report_id, reason=REASON, by=by, at=at)
    decisions = Decisions(None, "", "", "domestic", "Called back and forth")
    incident = triage.accept_report(report_id=report_id, decisions=decisions, by=by, at=at)
    has_read(report_id, by=whole.supervisor, at=at)
    incidents.decide_crime(
        incident_id=incident.pk,
        decision="crime",
        reason="As she told it, it is one",
        by=whole.supervisor,
        at=at,
    )
    exhibits.look(report_id=report_id, file_id=whole.file_id, reason=REASON, by=by, at=at)
    conversations.write(report_id=report_id, text="May we ring you on Monday", by=by, at=at)
    returns.write(whole.place, text="Yes, but not before nine", at=at)
    conversations.open_conversation(report_id=report_id, reason=REASON, by=by, at=at)
    profile = Profile.objects.get(report_id=report_id)
    due = contacts.set_due(
        profile_id=profile.pk, why="answer", due_at=at + timedelta(days=2), by=by, at=at
    )
    contacts.end_due(due_id=due.pk, how="Rang her on Monday at ten", by=by, at=at)


def end(report_id: UUID, *, by: StaffMember, at: datetime) -> None:
    """Note that work on a report is over."""
    TriageSlip.objects.filter(pk=report_id).update(
        ended_at=at, ended_by=by, ended_reason="Nothing more to do"
    )


def set_aside_and_ended(*, at: datetime = AT, by: StaffMember | None = None) -> UUID:
    """Send a report that is read, set aside, and ended a day later."""
    officer = by or member()
    report_id = arrive(at=at)
    triage.open_account(report_id=report_id, reason=REASON, by=officer, at=at)
    triage.set_aside_report(report_id=report_id, reason="Sent twice by mistake", by=officer, at=at)
    end(report_id, by=officer, at=at + timedelta(days=1))
    return report_id
