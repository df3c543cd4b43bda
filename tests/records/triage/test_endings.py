"""While something of a report waits for somebody, its work does not end and nothing of it goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from safehold.domain.access import Role
from safehold.domain.retention import Standing
from safehold.records.conversations import operations as conversations
from safehold.records.incidents import operations as incidents
from safehold.records.intake import returns
from safehold.records.retention import facts
from safehold.records.shares import following
from safehold.records.shares import sharing as shares
from safehold.records.shares.models import Act
from safehold.records.triage import endings, name_requests
from safehold.records.triage import operations as triage
from safehold.records.triage.endings import NotOver
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.operations import Decisions
from tests.desk import AT, REASON, has_read, member, send_harm
from tests.desk_codes import send_with_code
from tests.partners import partner, plan, share, told
from tests.records.triage.test_name_requests import HIDDEN
from tests.whole_reports import end

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
LATER = AT + timedelta(days=20 * 365)
WHY = "It is not needed any more"


def decided(report_id, *, by) -> None:
    how = Decisions(None, "", "", "domestic", "")
    incident = triage.accept_report(report_id=report_id, decisions=how, by=by, at=AT)
    said = {"decision": "not_crime", "reason": REASON}
    supervisor = member(Role.SUPERVISOR)
    has_read(report_id, by=supervisor)
    incidents.decide_crime(incident_id=incident.pk, by=supervisor, at=AT, **said)


def stops(report_id) -> str:
    """Say what stands in the way, by ending it and by what retention says of it when it is due."""
    by = member(Role.SUPERVISOR)
    has_read(report_id, by=by)
    row = TriageSlip.objects.get(pk=report_id)
    said = endings.still_to_do(row)
    if said:
        with pytest.raises(NotOver) as refused:
            endings.end_report(report_id=report_id, reason=REASON, by=by, at=AT)
        assert str(refused.value) == said
    TriageSlip.objects.filter(pk=report_id).update(ended_at=None)
    end(report_id, by=by, at=AT)
    today = timezone.localdate(LATER)
    found = facts.look([report_id], today=today)[report_id].found
    assert found.standing is (Standing.WAITS if said else Standing.DUE)
    TriageSlip.objects.filter(pk=report_id).update(ended_at=None, ended_by=None, ended_reason="")
    return said


def test_a_share_that_waits_for_agreement_then_its_file_then_to_be_fetched_stands_in_the_way():
    by, supervisor, to = member(), member(Role.SUPERVISOR), partner()
    report_id = told(by=by)
    decided(report_id, by=by)
    row = share(report_id, plan(to, "vital", "what"), by=by)
    assert f"Under Shares, share {row.reference} waits to be fetched" in stops(report_id)
    following.fetch(share_id=row.pk, answers={}, by=by, at=AT)
    assert "could not wait, and nobody else has said" in stops(report_id)
    following.review(share_id=row.pk, was_right=True, why=REASON, by=supervisor, at=AT)
    assert stops(report_id) == ""

    asked = share(report_id, plan(to, "safeguarding", "what"), by=by)
    assert "waits for a supervisor to agree" in stops(report_id)
    yes = {"share_id": asked.pk, "by": supervisor, "at": AT}
    shares.agree(agreed=True, why=REASON, **yes)
    assert "its file is not made" in stops(report_id)
    with pytest.raises(shares.NotWaiting):
        shares.agree(agreed=True, why=REASON, **yes)
    shares.agree(agreed=False, why=WHY, **yes)
    assert stops(report_id) == ""


@pytest.mark.parametrize("over", ["taken back", "its time"])
def test_a_file_that_nobody_fetched_stands_in_the_way_until_it_is_gone(over):
    by, to = member(), partner()
    report_id = told(by=by)
    decided(report_id, by=by)
    row = share(report_id, plan(to, "consent", "what"), by=by)
    assert stops(report_id)
    if over == "taken back":
        following.note(share_id=row.pk, act=Act.TAKEN_BACK, words=WHY, by=by, at=AT)
    else:
        assert following.destroy_files(at=row.until) == 1
    assert stops(report_id) == ""


def test_a_name_that_was_asked_for_stands_in_the_way_until_it_is_answered_or_taken_back():
    by = member()
    report_id = send_harm(**HIDDEN)
    triage.open_account(report_id=report_id, reason=REASON, by=by, at=AT)
    decided(report_id, by=by)
    asked = name_requests.ask(report_id=report_id, reason=REASON, soon="now", by=by, at=AT)
    assert "Its hidden name was asked for" in stops(report_id)
    name_requests.withdraw(request_id=asked.pk, by=by, at=AT)
    assert stops(report_id) == ""


def test_what_the_holder_of_a_code_wrote_and_nobody_has_read_stands_in_the_way() -> None:
    by = member()
    report_id, place = send_with_code(kind="sexual")
    triage.take_report(report_id=report_id, owner="", by=by, at=AT)
    triage.open_account(report_id=report_id, reason=REASON, by=by, at=AT)
    decided(report_id, by=by)
    assert not stops(report_id)
    returns.write(place, text="He came back last night", at=AT)
    assert stops(report_id).startswith("1 message from whoever holds the code is not read: open")
    conversations.open_conversation(report_id=report_id, reason=REASON, by=by, at=AT)
    assert not stops(report_id)
    returns.close_code(place, AT)
    assert "read it first" in stops(report_id)
