"""A list asks no more questions of the stores for many rows than for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from safehold.domain.access import Role
from safehold.domain.flooding import LIMITS
from safehold.records.conflicts import operations as conflicts
from safehold.records.contacts import operations as contacts
from safehold.records.contacts.models import Profile
from safehold.records.dvds import operations as dvds
from safehold.records.feedback import operations as feedback
from safehold.records.incidents import operations as incidents
from safehold.records.intake import returns
from safehold.records.retention import operations as retention
from safehold.records.retention import runs
from safehold.records.services.models import SupportService
from safehold.records.staff.models import StaffMember
from safehold.records.triage import identities, name_requests
from safehold.records.triage import operations as triage
from safehold.records.triage.models import Flood, TriageSlip
from safehold.records.triage.operations import Decisions
from tests.desk import AT, REASON, has_read, member, send_ask, send_feedback, send_harm, sign_in
from tests.desk_codes import send_with_code
from tests.flooded import flood, slip
from tests.partners import TOLD, partner, plan, share, told
from tests.some_services import add
from tests.told_places import a_place
from tests.whole_reports import set_aside_and_ended

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]
FEW, MANY = 2, 5
PILE = UUID(int=7)
NOW = AT + timedelta(hours=30)
LONG_AGO = AT - timedelta(days=800)
HIDDEN = {**TOLD, "identity": {"how": "hidden"}, "children": {"answer": "no"}}
DANGER = {"risk": {"risk": ["weapon"]}}
Make = Callable[[StaffMember], object]


def dangerous(officer: StaffMember) -> object:
    return send_harm(**DANGER)


def owned(officer: StaffMember) -> object:
    report_id = send_harm()
    return triage.take_report(report_id=report_id, by=officer, at=AT)


def accepted(officer: StaffMember) -> Any:
    report_id = send_harm()
    triage.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    decisions = Decisions(None, "", "", "domestic", "Called back and forth")
    return triage.accept_report(report_id=report_id, decisions=decisions, by=officer, at=AT)


def decided(officer: StaffMember) -> object:
    incident, supervisor = accepted(officer), member(Role.SUPERVISOR)
    has_read(incident.report_id, by=supervisor)
    return incidents.decide_crime(
        incident_id=incident.pk,
        decision="crime",
        reason="As she told it, it is one",
        by=supervisor,
        at=AT,
    )


def set_aside(officer: StaffMember) -> object:
    report_id = send_harm(**DANGER)
    triage.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    return triage.set_aside_report(
        report_id=report_id, reason="Sent twice by mistake", by=officer, at=AT
    )


def asked_about(officer: StaffMember) -> object:
    by = member()
    report_id = send_ask()
    triage.open_account(report_id=report_id, reason=REASON, by=by, at=AT)
    return dvds.open_from_report(report_id=report_id, by=by, at=AT)


def shared(officer: StaffMember) -> object:
    return share(told(by=officer), plan(partner()), by=officer)


def written(officer: StaffMember) -> object:
    _, place = send_with_code()
    return returns.write(place, text="Monday is good, not before nine", at=AT)


def noted(officer: StaffMember) -> object:
    report_id = send_feedback()
    feedback.open_feedback(report_id=report_id, reason=REASON, by=officer, at=AT)
    return feedback.mark_as_read(report_id=report_id, note="Larger text", by=officer, at=AT)


def passed_by(officer: StaffMember) -> object:
    officer = member(Role.SUPERVISOR)
    profile = Profile.objects.get(report_id=told(by=officer))
    contacts.open_details(profile_id=profile.pk, reason=REASON, by=officer, at=AT)
    due = contacts.set_due(
        profile_id=profile.pk, why="danger", due_at=AT + timedelta(hours=2), by=officer, at=AT
    )
    return contacts.override(
        profile_id=profile.pk,
        due_id=due.pk,
        ground="life",
        means="uniform",
        reason="He is on his way to her",
        why_not_less="Nothing else is quick enough",
        by=officer,
        at=AT,
    )


def hidden(officer: StaffMember) -> object:
    return identities.open_identity(
        report_id=send_harm(**HIDDEN), reason=REASON, by=member(Role.IDENTITY_KEEPER), at=AT
    )


def wanted(officer: StaffMember) -> object:
    report_id = send_harm(**HIDDEN)
    triage.take_report(report_id=report_id, by=officer, at=AT)
    return name_requests.ask(report_id=report_id, reason=REASON, soon="now", by=officer, at=AT)


def linked(officer: StaffMember) -> object:
    return conflicts.add_linked(
        name="Thessaly Marchbanks",
        relation="former",
        colleague=officer,
        colleague_name="",
        by=member(Role.PROFESSIONAL_STANDARDS),
        at=AT,
    )


def over(officer: StaffMember) -> Any:
    report_id = set_aside_and_ended(at=LONG_AGO, by=officer)
    retention.note_what_is_due(at=AT)
    return report_id


def held(officer: StaffMember) -> object:
    return retention.set_hold(
        report_id=over(officer),
        ground="court",
        reason="The court has asked for it",
        by=member(Role.SUPERVISOR),
        at=AT,
    )


def proposed(officer: StaffMember) -> object:
    return runs.propose(
        report_ids=[over(officer)],
        reason="Its time is over and nothing needs it",
        by=member(Role.SUPERVISOR),
        at=AT,
    )


def piled(officer: StaffMember) -> object:
    flood(LIMITS.shape_more_than + 1)
    put = {"state": "set_aside", "decided_by": officer, "decided_at": AT, "reason": "One machine"}
    return Flood.objects.update(**put)


def left_out(officer: StaffMember) -> object:
    row = slip(child_present="yes", cell="")
    aside = {"state": "set_aside", "decided_by": officer, "decided_at": AT, "reason": REASON}
    pile, _ = Flood.objects.get_or_create(
        pk=PILE, defaults={**aside, "danger": False, "police_party": False, "opened_at": AT}
    )
    closed = {"state": "set_aside", "closed_by": officer, "closed_at": AT}
    kept = {**closed, "set_aside_reason": REASON, "flood": pile, "piled": True}
    return TriageSlip.objects.filter(pk=row.pk).update(**kept)


def listed(officer: StaffMember) -> object:
    return add(AT, name=f"Harbour line {SupportService.objects.count()}")


def agency(officer: StaffMember) -> object:
    return partner()


LISTS: dict[str, tuple[str, Role, Make]] = {
    "new reports": ("reports/", Role.TRIAGE_OFFICER, dangerous),
    "reports with an owner": ("reports/", Role.TRIAGE_OFFICER, owned),
    "late reports": ("reports/?state=late", Role.SUPERVISOR, dangerous),
    "accepted reports": ("reports/?state=accepted", Role.TRIAGE_OFFICER, accepted),
    "reports set aside": ("reports/?state=set_aside", Role.TRIAGE_OFFICER, set_aside),
    "the first page, of danger": ("", Role.SUPERVISOR, dangerous),
    "the first page, of the owner": ("", Role.TRIAGE_OFFICER, owned),
    "the first page, of danger set aside": ("", Role.SUPERVISOR, set_aside),
    "the first page, of the undecided": ("", Role.SUPERVISOR, accepted),
    "the first page, of messages": ("", Role.TRIAGE_OFFICER, written),
    "the first page, of names asked for": ("", Role.TRIAGE_OFFICER, wanted),
    "the first page, of names to pass on": ("", Role.IDENTITY_KEEPER, wanted),
    "the watch": ("watch/", Role.SUPERVISOR, dangerous),
    "not yet decided": ("crime-decisions/", Role.CRIME_REGISTRAR, accepted),
    "decided": ("crime-decisions/?state=decided", Role.CRIME_REGISTRAR, decided),
    "piles": ("floods/", Role.SUPERVISOR, piled),
    "one pile": (f"floods/{PILE}/", Role.SUPERVISOR, left_out),
    "left out of the end of a pile": (f"floods/{PILE}/end/", Role.SUPERVISOR, left_out),
    "shares": ("shares/", Role.SUPERVISOR, shared),
    "agencies": ("agencies/", Role.SUPERVISOR, agency),
    "services": ("services/", Role.EDITOR, listed),
    "applications": ("clares-law/", Role.TRIAGE_OFFICER, asked_about),
    "overrides": ("overrides/", Role.AUDITOR, passed_by),
    "hidden names": ("hidden-names/", Role.AUDITOR, hidden),
    "linked people": ("linked/", Role.PROFESSIONAL_STANDARDS, linked),
    "places": ("places/", Role.TRIAGE_OFFICER, lambda officer: a_place(officer)),
    "feedback": ("feedback/", Role.TRIAGE_OFFICER, lambda officer: send_feedback()),
    "notes": ("feedback/notes/", Role.EDITOR, noted),
    "due": ("retention/", Role.SUPERVISOR, over),
    "on hold": ("retention/", Role.SUPERVISOR, held),
    "lists to destroy": ("retention/", Role.SUPERVISOR, proposed),
    "who looked": ("looks/", Role.AUDITOR, shared),
    "who looked, of the unit": ("looks/", Role.SUPERVISOR, passed_by),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_no_more_for_many_rows_than_for_few(name: str) -> None:
    path, role, make = LISTS[name]
    reader, officer = Client(), member(Role.TRIAGE_OFFICER)
    with time_machine.travel(NOW, tick=False):
        reads = member(role)
        sign_in(reader, reads)
        mine = reads if role == Role.TRIAGE_OFFICER else officer
        for _ in range(FEW):
            make(mine)
        seen(reader, path)
        few, short = seen(reader, path)
        for _ in range(MANY - FEW):
            make(mine)
        many, long = seen(reader, path)
    assert len(long) > len(short)
    assert many == few


def seen(reader: Client, path: str) -> tuple[int, bytes]:
    """Get a page; return how often it asked the stores, and the page."""
    with (
        CaptureQueriesContext(connections["default"]) as records,
        CaptureQueriesContext(connections["intake"]) as intake,
    ):
        page = reader.get(f"/staff/{path}")
    assert page.status_code == 200
    return len(records) + len(intake), page.content
