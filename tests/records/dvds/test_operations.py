"""Nothing is told under Clare's Law before it is known who asks, and never to who may abuse."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain import dvds as rules
from safehold.domain.access import Refused, Role
from safehold.records import dvds as dvds_room
from safehold.records.audit import queries as events
from safehold.records.dvds import clocks, deciding, forgetting, operations, queries, steps, telling
from safehold.records.dvds.models import Application, Clock, Correction, Proposal, Second, Telling
from safehold.records.shares import queries as shares
from safehold.records.staff.models import StaffMember
from safehold.records.triage import operations as triage
from tests import some_cases
from tests import under_clares_law as law
from tests.desk import AT, member, send_ask

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

ACTS = [
    *("ready", "may abuse", "third", "tell", "not", "applicant"),
    *("second", "no", "at risk", "him", "wrong"),
]
REASON = "Read on arrival, to be worked on today"


@pytest.fixture
def officer() -> StaffMember:
    return member(Role.TRIAGE_OFFICER)


def opened(by: StaffMember, **answers: Any) -> Application:
    report_id = send_ask(**answers)
    triage.open_account(report_id=report_id, reason=REASON, by=by, at=AT)
    return operations.open_from_report(report_id=report_id, by=by, at=AT)


def acts(by: StaffMember, row: Application) -> dict[str, Any]:
    def waits() -> Any:
        return Proposal.objects.filter(application=row, second=None).order_by("at").first()

    def seconded(agreed: bool) -> None:
        if made := waits():
            law.second(made, agreed=agreed)

    who: dict[str, Any] = {"application_id": row.pk, "by": by, "at": AT}
    return {
        "ready": lambda: law.ready(row, by=by),
        "may abuse": lambda: law.ready(row, by=by, found="may_be"),
        "third": lambda: law.ready(row, by=by, asker="third"),
        "tell": lambda: law.propose(row, by=by),
        "not": lambda: law.propose(row, "not_tell", "", by=by),
        "applicant": lambda: law.propose(row, whom="applicant", by=by),
        "second": lambda: seconded(True),
        "no": lambda: seconded(False),
        "at risk": lambda: law.tell(row, by=by),
        "him": lambda: law.tell(row, "applicant", by=by),
        "wrong": lambda: telling.correct(act="decision", why="Another file was read", **who),
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
    law.ready(row, by=officer)
    law.decided(row, by=officer)
    law.tell(row, by=officer)
    row.refresh_from_db()
    assert (row.decision, row.told) == ("tell", "at_risk")
    said = [event.action for event in events.events_about(operations.about(row.pk))]
    assert said.count("application told in person") == 1
    assert queries.unanswered(by=officer) == []


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(ACTS), max_size=9))
def test_in_whatever_order_nothing_is_told_too_early_or_to_who_may_abuse(
    officer: StaffMember, order: list[str]
) -> None:
    row = operations.start_right_to_know(basis="Known to the unit since today", by=officer, at=AT)
    for act in order:
        try:
            with transaction.atomic():
                acts(officer, row)[act]()
        except (operations.TooEarly, operations.DoneBefore):
            continue
    row.refresh_from_db()
    standing = deciding.standing_of(row)
    if row.decision:
        assert rules.before_deciding(standing) == ()
        assert deciding.held(row) is not None
    telling_row = Telling.objects.filter(application=row).first()
    if telling_row is not None:
        assert row.decision
        if telling_row.whom == "applicant":
            assert (row.abuser, standing.asker) == ("no", "self")


def test_the_database_refuses_an_answer_before_the_checks(officer: StaffMember) -> None:
    row = opened(officer)
    row.decision, row.decided_by, row.decided_at, row.decided_why = "tell", officer, AT, "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_each_act_is_done_once(officer: StaffMember) -> None:
    row = opened(officer)
    who = {"application_id": row.pk, "by": officer, "at": AT}
    operations.check_identity(how="Passport and a letter", **who)
    with pytest.raises(operations.DoneBefore):
        operations.check_identity(how="Passport and a letter", **who)


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
        operations.check_identity(
            how="A passport, seen today", application_id=row.pk, by=officer, at=AT
        )


def test_no_name_is_in_the_records_store(officer: StaffMember) -> None:
    row = opened(officer)
    assert "Zanzibar" not in str(vars(row))
    assert "Orla" not in str(vars(row))


def started(by: StaffMember, **more: Any) -> Application:
    return operations.start_right_to_know(
        basis="Known to the unit since today", by=by, at=AT, **more
    )


def test_whoever_decided_does_not_agree_with_themselves() -> None:
    boss = member(Role.SUPERVISOR)
    row = started(boss)
    law.ready(row, by=boss)
    made = law.propose(row, by=boss)
    with pytest.raises(operations.NotSecond):
        law.second(made, by=boss)
    with pytest.raises(IntegrityError), transaction.atomic():
        Second.objects.create(proposal=made, proposed_by=boss, agreed=True, why="x", at=AT, by=boss)
    row.refresh_from_db()
    assert row.decision == ""


def test_what_cannot_wait_holds_and_is_looked_at_afterwards(officer: StaffMember) -> None:
    row, boss = started(officer), member(Role.SUPERVISOR, name="Another Person")
    law.ready(row, by=officer)
    made = law.propose(row, by=officer, emergency_why="He comes out of prison tonight")
    row.refresh_from_db()
    assert row.decision == "tell"
    assert queries.waiting_second(by=boss) == [made]
    law.second(made, by=boss, agreed=False)
    row.refresh_from_db()
    assert (row.decision, queries.waiting_second(by=boss)) == ("tell", [])


def test_danger_now_wants_a_case_before_a_decision(officer: StaffMember) -> None:
    row, to = started(officer), {"by": officer, "at": AT}
    law.ready(row, by=officer)
    steps.contact_first(
        application_id=row.pk, asker="self", danger=True, words="He is at the door now", **to
    )
    with pytest.raises(operations.TooEarly, match="danger now"):
        law.propose(row, by=officer)
    case = some_cases.case(by=officer, owner=officer)
    steps.link_case(application_id=row.pk, reference=case.reference, **to)
    assert law.propose(row, by=officer)


def test_a_later_contact_lifts_nothing(officer: StaffMember) -> None:
    row, to = started(officer), {"by": officer, "words": "He is not there now, she says"}
    law.ready(row, by=officer, asker="third")
    for minutes, danger in ((1, True), (2, False)):
        at = AT + timedelta(minutes=minutes)
        steps.contact_first(application_id=row.pk, asker="third", danger=danger, at=at, **to)
    assert deciding.standing_of(row).danger
    with pytest.raises(operations.TooEarly, match="was recorded"):
        steps.contact_first(application_id=row.pk, asker="self", danger=False, at=at, **to)
    assert deciding.standing_of(row).asker == "third"


def test_who_asked_is_put_right_by_a_correction_alone(officer: StaffMember) -> None:
    row, who = started(officer), {"by": officer, "at": AT + timedelta(hours=1)}
    law.ready(row, by=officer, asker="third")
    telling.correct(application_id=row.pk, act="first", why="She asked for herself", **who)
    assert Correction.objects.get().was == "Safe for now, she says"
    assert deciding.standing_of(row).asker == ""
    assert Clock.objects.get(application=row, rule__key="dvds_first").stopped_at is None
    with pytest.raises(operations.TooEarly, match="first contact"):
        law.propose(row, by=officer)
    steps.contact_first(
        application_id=row.pk, asker="self", danger=False, words="Safe for now, she says", **who
    )
    assert deciding.standing_of(row).asker == "self"
    law.propose(row, by=officer)
    with pytest.raises(operations.TooEarly, match="decision rests on it"):
        telling.correct(application_id=row.pk, act="first", why="She asked for herself", **who)


def test_somebody_else_is_told_for_a_reason_of_its_own_and_by_two(officer: StaffMember) -> None:
    row, why = started(officer), "Her mother lives with her, and was checked"
    law.ready(row, by=officer)
    for lacking in ({}, {"third_why": why, "emergency_why": "He comes out tonight"}):
        with pytest.raises(operations.TooEarly, match="only by two people"):
            law.propose(row, whom="other", by=officer, **lacking)
    made = law.propose(row, whom="other", by=officer, third_why=why)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            application=row,
            decision="tell",
            whom="other",
            necessary="x",
            proportionate="x",
            basis="x",
            at=AT,
            by=officer,
        )
    law.second(made)
    law.tell(row, "other", by=officer)
    row.refresh_from_db()
    assert row.told == "other"


def test_an_application_about_a_restricted_case_is_not_there_for_others(
    officer: StaffMember,
) -> None:
    case = some_cases.case(by=officer, owner=officer, restricted=True)
    row = started(officer, case_id=case.pk)
    other = member(Role.TRIAGE_OFFICER, name="Somebody Else")
    assert queries.unanswered(by=officer) == [row]
    assert queries.unanswered(by=other) == []
    assert queries.count_late(by=other, at=AT + timedelta(days=90)).late == 0
    with pytest.raises(queries.ApplicationNotFound):
        operations.look_at(application_id=row.pk, by=other, at=AT)
    with pytest.raises(queries.ApplicationNotFound):
        law.ready(row, by=other)


def test_the_clocks_run_from_asking_and_stop_by_what_is_done(officer: StaffMember) -> None:
    row = started(officer)
    assert Clock.objects.filter(application=row, stopped_at=None).count() == 3
    assert queries.count_late(by=officer, at=AT + timedelta(days=40)).late == 3
    assert clocks.escalate(at=AT + timedelta(days=40)) == 3
    assert clocks.escalate(at=AT + timedelta(days=40)) == 0
    law.ready(row, by=officer)
    assert Clock.objects.get(application=row, stopped_at=None).rule.key == "dvds_answer"
    law.decided(row, by=officer)
    law.tell(row, by=officer)
    assert not Clock.objects.filter(application=row, stopped_at=None).exists()


def test_a_correction_keeps_what_was_and_opens_the_act_again(officer: StaffMember) -> None:
    row, to = started(officer), {"by": officer, "at": AT}
    law.ready(row, by=officer)
    telling.correct(application_id=row.pk, act="identity", why="It was her sister’s paper", **to)
    row.refresh_from_db()
    kept = Correction.objects.get()
    assert (row.identity_at, kept.was, kept.reopened) == (None, "Passport and a letter", True)
    assert Clock.objects.get(application=row, rule__key="dvds_meet").stopped_at is None


def test_what_was_said_is_in_no_audit_row(officer: StaffMember) -> None:
    row = started(officer)
    law.ready(row, by=officer)
    law.decided(row, by=officer)
    law.tell(row, by=officer, said="Quillfeather was told in the garden")
    told = " ".join(str(vars(event)) for event in events.events_about(operations.about(row.pk)))
    assert "application told in person" in told
    assert "Quillfeather" not in told


def test_nothing_that_leaves_reads_what_was_said() -> None:
    source = Path(dvds_room.__file__).parents[2]
    for path in [*source.rglob("*.py"), *source.rglob("*.html")]:
        name = path.relative_to(source).as_posix()
        if name.startswith(("records/dvds/", "protection/dvds")):
            continue
        words = path.read_text()
        if name == "protection/jinja2/protection/application.html":
            continue
        assert "steps.telling" not in words, name
        if "records.dvds" in words:
            assert "telling" not in words.lower(), name
        if name.startswith(("partnership/", "records/exports", "records/shares", "records/nudges")):
            assert "records.dvds" not in words, name


def test_what_is_destroyed_leaves_no_row_with_words(officer: StaffMember) -> None:
    row = opened(officer)
    law.ready(row, by=officer)
    law.decided(row, by=officer)
    law.tell(row, by=officer)
    telling.correct(
        application_id=row.pk, act="told", why="It was an hour later", by=officer, at=AT
    )
    assert row.report_id is not None
    forgetting.forget(row.report_id)
    for name in ("link", "firstcontact", "search", "view", "proposal", "plan", "telling"):
        assert not getattr(row, f"{name}_rows").exists(), name
    assert not Correction.objects.exists()
    assert not Second.objects.exists()
    assert Clock.objects.filter(application=row).count() == 3
    row.refresh_from_db()
    assert row.told_why == forgetting.GONE
