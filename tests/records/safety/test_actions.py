"""An action has an owner and a time, ends in words, and is never lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain.access import Refused, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import operations as cases
from safehold.records.cases import queries as of_cases
from safehold.records.conflicts import recusals
from safehold.records.safety import actions, queries
from safehold.records.safety.actions import Owner
from safehold.records.safety.models import SafetyAction
from safehold.records.safety.models_of_actions import Origin, State
from safehold.records.safety.queries import Whose
from safehold.records.shares.models import ListEntry
from safehold.records.shares.must_not import OnTheList
from tests.desk import AT, REASON, member
from tests.partners import partner
from tests.safeguarded import DUE, PROOF, SHE, safeguarded, start, write

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases=["default", "intake"])]


@pytest.fixture
def officer():
    return member(Role.SAFEGUARDING_OFFICER)


@pytest.fixture
def case(officer):
    return safeguarded(officer)


def about(case, action, by):
    return {"case_id": case.pk, "action_id": action.pk, "by": by, "at": AT}


def test_an_action_is_written_with_its_audit_row_and_no_name_in_it(officer, case) -> None:
    made = start(case, officer)
    row = AuditEvent.objects.order_by("-sequence")[0]
    assert (row.action, row.subject_kind, row.subject_id) == (
        "action for safety started",
        "case",
        str(case.pk),
    )
    assert row.detail["action"] == str(made.pk)
    assert "lock" not in str(row.detail)
    assert made.team == officer.team


def test_without_the_audit_row_there_is_no_action(officer, case, monkeypatch) -> None:
    def refuses(**_):
        raise RuntimeError("no room")

    monkeypatch.setattr("safehold.records.audit.operations.append", refuses)
    with pytest.raises(RuntimeError), transaction.atomic():
        start(case, officer)
    assert not SafetyAction.objects.exists()


def test_done_needs_a_proof_not_done_a_reason_and_each_is_said_once(officer, case) -> None:
    made = start(case, officer)
    with pytest.raises(actions.NotAnAction):
        actions.finish(proof="", words=PROOF, **about(case, made, officer))
    actions.finish(proof="seen", words=PROOF, **about(case, made, officer))
    with pytest.raises(actions.EndedMeanwhile, match=PROOF):
        actions.give_up(why=REASON, **about(case, made, officer))
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyAction.objects.filter(pk=made.pk).update(proof="")


def test_an_agencys_action_names_who_answers_for_it(officer, case) -> None:
    agency = partner().agency
    with pytest.raises(actions.NotAnAction, match="Say who"):
        start(case, officer, owner=Owner(officer, agency.pk, " "))
    made = start(case, officer, owner=Owner(officer, agency.pk, "Tamsin Roe"))
    assert (made.agency, made.answers, made.owner) == (agency, "Tamsin Roe", officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyAction.objects.filter(pk=made.pk).update(answers="")


def test_an_agency_that_must_get_nothing_of_the_case_gets_no_action(officer, case) -> None:
    agency = partner().agency
    ListEntry.objects.create(matter=case.pk, agency=agency, sealed=b"x", added_by=officer, since=AT)
    with pytest.raises(OnTheList):
        start(case, officer, owner=Owner(officer, agency.pk, "Tamsin Roe"))
    made = start(case, officer)
    with pytest.raises(OnTheList), transaction.atomic():
        actions.hand_on(
            owner=Owner(officer, agency.pk, "Tamsin Roe"),
            due_at=DUE,
            why=REASON,
            **about(case, made, officer),
        )
    made.refresh_from_db()
    assert made.state == State.OPEN


def test_a_time_that_has_passed_and_a_kind_that_is_none_are_refused(officer, case) -> None:
    for change in ({"due_at": AT}, {"kind": "magic"}, {"kind": "other", "words": " "}):
        with pytest.raises(actions.NotAnAction):
            start(case, officer, **change)
    assert not SafetyAction.objects.exists()


def test_whoever_may_not_see_the_case_takes_no_action_in_it(officer) -> None:
    case = safeguarded(officer, restricted=True)
    outside = member(Role.SAFEGUARDING_OFFICER, name="Ro Tarn")
    with pytest.raises(actions.NotAnAction, match="cannot take"):
        start(case, officer, owner=Owner(outside))
    made = start(case, officer)
    with pytest.raises(of_cases.CaseNotFound):
        actions.finish(proof="seen", words=PROOF, **about(case, made, outside))
    with pytest.raises(Refused):
        start(case, member(Role.ANALYST))
    assert queries.listed(whose=Whose.TEAM, by=outside, at=AT).actions == []


def test_handed_on_it_goes_on_with_its_new_owner(officer, case) -> None:
    first = start(case, officer, line_id=write(case, officer).lines.get(topic="home").pk)
    other = member(Role.SAFEGUARDING_OFFICER, name="Ro Tarn")
    later = DUE + timedelta(days=2)
    again = actions.hand_on(
        owner=Owner(other), due_at=later, why=REASON, **about(case, first, officer)
    )
    first.refresh_from_db()
    assert (first.state, again.before, again.owner, again.line) == (
        State.HANDED_ON,
        first,
        other,
        first.line,
    )


def test_what_a_grade_starts_is_started_once_and_due_as_the_rules_say(officer, case) -> None:
    graded = uuid4()
    given = {"case": case.case, "about": graded, "by": officer, "at": AT, "due": None}
    high = [
        actions.start_from(kind=kind, **given)
        for kind in ("marac_referral", "idva_referral", "marac_referral")
    ]
    assert high[0] == high[2] != high[1]
    assert {each.origin for each in high} == {Origin.GRADE}
    assert all(AT < each.due_at <= AT + timedelta(days=1) for each in high)
    handed = actions.hand_on(
        owner=Owner(officer), due_at=DUE, why=REASON, **about(case, high[0], officer)
    )
    assert handed.started_from == graded
    assert actions.start_from(kind="marac_referral", **given) == high[0]


def test_what_is_open_keeps_its_case_open_unless_somebody_says_why(officer, case) -> None:
    made = start(case, officer)
    with pytest.raises(cases.StillOpen, match="1 action"):
        cases.close(case_id=case.pk, why=REASON, by=officer, at=AT)
    cases.close(
        case_id=case.pk, why=REASON, why_open="The agency goes on with it", by=officer, at=AT
    )
    case.case.refresh_from_db()
    assert "1 action" in case.case.closed_why
    assert "goes on with it" in case.case.closed_why
    # It is still there, and still late when it is late.
    late = queries.listed(whose=Whose.LATE, by=officer, at=DUE)
    assert list(late.actions) == [made]


def test_a_case_without_anything_open_is_closed_as_before(officer, case) -> None:
    made = start(case, officer)
    actions.give_up(why=REASON, **about(case, made, officer))
    cases.close(case_id=case.pk, why=REASON, by=officer, at=AT)


ACTS = st.lists(
    st.tuples(st.sampled_from(["start", "done", "not_done", "hand_on"]), st.integers(0, 20)),
    max_size=12,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ACTS)
def test_no_action_is_ever_lost(officer, case, acts) -> None:
    with transaction.atomic():
        SafetyAction.objects.all().delete()
        started = 0
        for what, which in acts:
            made = list(SafetyAction.objects.order_by("started_at", "pk"))
            if what == "start" or not made:
                start(case, officer)
                started += 1
                continue
            one = about(case, made[which % len(made)], officer)
            try:
                if what == "done":
                    actions.finish(proof="told", words=PROOF, **one)
                elif what == "not_done":
                    actions.give_up(why=REASON, **one)
                else:
                    actions.hand_on(owner=Owner(officer), due_at=DUE, why=REASON, **one)
            except actions.EndedMeanwhile:
                continue
        states = list(SafetyAction.objects.values_list("state", flat=True))
        handed = states.count(State.HANDED_ON)
        assert set(states) <= set(State.values)
        assert len(states) == started + handed
        # Each one that was handed on has one that goes on, so what began has one end or is open.
        assert SafetyAction.objects.filter(before__isnull=False).count() == handed
        open_now = queries.of_case(case_id=case.pk, by=officer, on=AT.date()).open_actions
        assert len(open_now) == states.count(State.OPEN)
        transaction.set_rollback(True)


def test_a_long_list_is_read_page_by_page_each_action_once(officer, case) -> None:
    for number in range(60):
        due = DUE + timedelta(minutes=number // 3)  # several are due at one moment
        start(case, officer, due_at=due)
    seen, after = [], None
    while True:
        with CaptureQueriesContext(connection) as asked:
            page = queries.listed(whose=Whose.MINE, by=officer, at=AT, after=after)
        assert len(asked) <= 4  # and from whom the member is kept
        seen += [each.pk for each in page.actions]
        if page.after is None:
            break
        after = page.after
    wanted = SafetyAction.objects.order_by("due_at", "pk").values_list("pk", flat=True)
    assert seen == list(wanted)


@pytest.mark.parametrize(("whose", "index"), [("mine", "of_owner"), ("team", "of_team")])
def test_a_list_is_read_from_an_index_of_what_is_open(officer, case, whose, index) -> None:
    start(case, officer)
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL reads a small table whole; SQLite tells what it would do")
    with CaptureQueriesContext(connection) as asked:
        queries.listed(whose=Whose(whose), by=officer, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[-1]['sql']}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert f"action_open_{index}" in plan
    assert "SCAN" not in plan.replace("SCAN CONSTANT ROW", "")
    assert "TEMP B-TREE" not in plan


def test_late_is_of_the_team_and_of_all_for_whoever_watches(officer, case) -> None:
    made = start(case, officer)
    elsewhere = member(Role.SAFEGUARDING_OFFICER, name="Ro Tarn")
    elsewhere.team = "Westmere"
    elsewhere.save()
    boss = member(Role.SUPERVISOR, name="Pell Lisle")
    boss.team = ""
    boss.save()
    assert queries.listed(whose=Whose.LATE, by=elsewhere, at=DUE).actions == []
    assert list(queries.listed(whose=Whose.LATE, by=boss, at=DUE).actions) == [made]
    assert queries.listed(whose=Whose.LATE, by=boss, at=AT).actions == []


def test_what_is_due_today_is_one_question(officer, case) -> None:
    made = start(case, officer)
    with CaptureQueriesContext(connection) as asked:
        with recusals.read_once():
            recusals.kept_from(officer)  # as the first page has read it already
            found = queries.due_by(by=officer, until=DUE + timedelta(hours=1), limit=9)
        assert [each.case.reference for each in found] == [case.case.reference]
        assert found == [made]
    assert len(asked) == 2
    assert SHE not in str(found)
