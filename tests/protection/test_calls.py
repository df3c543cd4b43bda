"""A member takes a pass to type a report; whoever reads the report sees who typed it."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from safehold.domain.access import Role
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.harm import harm_report
from safehold.records.audit.models import AuditEvent
from safehold.records.intake import calls, operations
from safehold.records.intake.models import SealedReport
from safehold.records.triage.operations import open_new_slips
from tests.desk import AT, member, sign_in

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_whoever_reads_a_report_sees_who_typed_it() -> None:
    with time_machine.travel(AT, tick=False):
        officer, reader = Client(), Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER, name="Dena Okafor"))
        sign_in(reader, member(Role.SUPERVISOR))
        page = words(officer.post("/staff/calls/", {"how": "counter"}))
        given = re.search(r"Your pass: (\d{5} \d{5})", page)
        assert given is not None
        assert "Your pass" not in words(officer.get("/staff/calls/"))
        begun = calls.use_pass(given[1], at=AT)
        made = harm_report(Answers(), at=AT, zone=ZoneInfo("Europe/London"))
        operations.submit(
            ticket=operations.start_draft(journey="harm", at=AT),
            slip=made.slip,
            account=made.account,
            identity=None,
            typed={"call_id": begun.call_id, "how": begun.how},
            at=AT,
        )
        open_new_slips(at=AT)
        report = SealedReport.objects.using("intake").get()
        opened = words(
            reader.post(f"/staff/reports/{report.id}/account/", {"reason": "Triage of what came"})
        )
        assert "Typed by Dena Okafor for somebody: at the counter." in opened
        assert AuditEvent.objects.filter(action="call begun").count() == 1
        kept = str(list(AuditEvent.objects.values_list("detail", "reason")))
        assert given[1].replace(" ", "") not in kept.replace(" ", "")


def test_where_the_caller_is_has_to_be_said() -> None:
    with time_machine.travel(AT, tick=False):
        officer = Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        assert "Choose one." in words(officer.post("/staff/calls/", {}))
