"""Nothing is told under Clare's Law before it is known who asks, and never to who may abuse."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain.access import Refused, Role
from safehold.records.audit import queries as events
from safehold.records.dvds import operations, queries
from safehold.records.dvds.models import Application
from safehold.records.shares import queries as shares
from safehold.records.staff.models import StaffMember
from safehold.records.triage import operations as triage
from tests.desk import AT, member, send_ask

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

ACTS = ["identity", "abuser", "may abuse", "tell", "not", "at risk", "applicant"]
REASON = "Read on arrival, to be worked on today"


@pytest.fixture
def officer() -> StaffMember:
    return member(Role.TRIAGE_OFFICER)


def opened(by: StaffMember, **answers: Any) -> Application:
    report_id = send_ask(**answers)
    triage.open_account(report_id=report_id, reason=REASON, by=by, at=AT)
    return operations.open_from_report(report_id=report_id, by=by, at=AT)


def acts(by: StaffMember, row: Application) -> dict[str, Any]:
    who = {"application_id": row.pk, "by": by, "at": AT}
    return {
        "identity": lambda: operations.check_identity(how="Passport and a letter", **who),
        "abuser": lambda: operations.check_abuser(
            found="no", why="Own records and PND, today", **who
        ),
        "may abuse": lambda: operations.check_abuser(
            found="may_be", why="Two reports against whoever asks", **who
        ),
        "tell": lambda: operations.decide(decision="tell", why="Needed and in proportion", **who),
        "not": lambda: operations.decide(decision="not_tell", why="Nothing was found", **who),
        "at risk": lambda: operations.tell(
            whom="at_risk", why="She can leave; at the clinic", **who
        ),
        "applicant": lambda: operations.tell(whom="applicant", why="At the station today", **who),
    }


def test_the_one_asked_about_is_on_the_list_before_anybody_reads(officer: StaffMember) -> None:
    report_id = send_ask()
    assert not shares.may_receive(matter=report_id, who=shares.Who.SUBJECT)
    row = opened(officer)
    assert not shares.may_receive(matter=row.pk, who=shares.Who.SUBJECT)
    assert shares.may_receive(matter=UUID(int=1), who=shares.Who.SUBJECT)


def test_the_way_from_asking_to_telling_in_person(officer: StaffMember) -> None:
    row = opened(officer, who_asks={"who": "professional"})
    assert row.route == "know"
    for act in ("identity", "abuser", "tell", "at risk"):
        acts(officer, row)[act]()
    row.refresh_from_db()
    assert (row.decision, row.told) == ("tell", "at_risk")
    said = [event.action for event in events.events_about(operations.about(row.pk))]
    assert said.count("application told in person") == 1
    assert queries.unanswered(by=officer) == []


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(ACTS), max_size=9))
def test_in_whatever_order_nothing_is_told_too_early_or_to_who_may_abuse(
    officer: StaffMember, order: list[str]
) -> None:
    row = operations.start_right_to_know(basis="Known to the unit since today", by=officer, at=AT)
    for act in order:
        try:
            acts(officer, row)[act]()
        except (operations.TooEarly, operations.DoneBefore):
            continue
    row.refresh_from_db()
    if row.decision:
        assert row.identity_at is not None
        assert row.abuser
    if row.told:
        assert row.decision == "tell"
        assert not (row.told == "applicant" and row.abuser == "may_be")


def test_the_database_refuses_an_answer_before_the_checks(officer: StaffMember) -> None:
    row = opened(officer)
    row.decision, row.decided_by, row.decided_at, row.decided_why = "tell", officer, AT, "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_each_act_is_done_once(officer: StaffMember) -> None:
    row = opened(officer)
    acts(officer, row)["identity"]()
    with pytest.raises(operations.DoneBefore):
        acts(officer, row)["identity"]()


def test_opening_it_twice_is_one_application(officer: StaffMember) -> None:
    row = opened(officer)
    assert row.report_id is not None
    again = operations.open_from_report(report_id=row.report_id, by=officer, at=AT)
    assert again == row


def test_it_is_never_made_an_incident_by_the_other_door(officer: StaffMember) -> None:
    report_id = send_ask()
    triage.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    decisions = triage.Decisions(
        place_id=None, place_name="x", place_kind="path", classification="domestic"
    )
    with pytest.raises(triage.NotKnown):
        triage.accept_report(report_id=report_id, decisions=decisions, by=officer, at=AT)


def test_whoever_has_not_read_it_does_not_open_it(officer: StaffMember) -> None:
    report_id = send_ask()
    with pytest.raises(operations.NotReadYet):
        operations.open_from_report(report_id=report_id, by=officer, at=AT)


@pytest.mark.parametrize("said", ["yes", "not_sure"])
def test_about_a_colleague_only_professional_standards_see_it(
    officer: StaffMember, said: str
) -> None:
    standards = member(Role.PROFESSIONAL_STANDARDS)
    row = opened(standards, works={"party": said})
    assert queries.unanswered(by=officer) == []
    assert queries.unanswered(by=standards) == [row]
    with pytest.raises(Refused):
        operations.look_at(application_id=row.pk, by=officer, at=AT)
    with pytest.raises(Refused):
        acts(officer, row)["identity"]()


def test_no_name_is_in_the_records_store(officer: StaffMember) -> None:
    row = opened(officer)
    assert "Zanzibar" not in str(vars(row))
    assert "Orla" not in str(vars(row))
