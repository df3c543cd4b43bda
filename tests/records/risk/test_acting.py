"""What risk starts is somebody's action at once; a flag needs no assessment for its pathway."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain import risk, safety
from safehold.domain.access import Permission, Role
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import operations as cases
from safehold.records.cases.models import Case
from safehold.records.incidents.models import Part
from safehold.records.people import facts
from safehold.records.people.models import PersonFlag
from safehold.records.people.operations import Origin
from safehold.records.risk import acting, operations
from safehold.records.risk.models import Started
from safehold.records.safety import actions
from safehold.records.safety.models import SafetyAction
from safehold.records.staff.models import StaffMember
from tests.desk import AT, REASON, member
from tests.risky import a_case, begin, graded, pair, person, say

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]
SAID = Origin("somebody", "the neighbour")
LATER = AT + timedelta(minutes=10)


@pytest.fixture
def officer() -> Any:
    return member()


@pytest.fixture
def two(officer: Any) -> Any:
    return pair(by=officer)


def flag(identity: Any, by: Any, kind: str = "suicide") -> PersonFlag:
    return acting.add_flag(identity=identity, kind=kind, words="", origin=SAID, by=by, at=AT)


def imported_flag(identity: Any, by: Any) -> PersonFlag:
    return facts.add_flag(identity=identity, kind="suicide", words="", origin=SAID, by=by, at=AT)


def kinds() -> list[str]:
    return sorted(SafetyAction.objects.values_list("kind", flat=True))


def test_whatever_risk_starts_is_a_kind_of_action_for_whoever_may_assess() -> None:
    assert set(risk.kinds()) <= set(safety.keys("action_kinds"))
    for role in (Role.SUPERVISOR, Role.ADVOCATE, Role.SAFEGUARDING_OFFICER, Role.TRIAGE_OFFICER):
        who = member(role)
        assert who.may(Permission.ASSESS_RISK)
        assert who.may(Permission.WORK_SAFETY)


@pytest.mark.parametrize("grade", ["high", "medium", "standard"])
def test_all_that_a_grade_starts_is_an_action_with_an_owner_and_a_time(
    officer, two, grade: str
) -> None:
    made = graded(two, grade, by=officer)
    rows = {row.kind: row for row in Started.objects.filter(grade=made)}
    found = {each.kind: each for each in SafetyAction.objects.filter(origin="grade")}
    assert found.keys() == rows.keys() == {each.kind for each in risk.started_by(grade)}
    for kind, action in found.items():
        row = rows[kind]
        assert (action.started_from, action.owner, action.due_at) == (
            row.pk, row.owner, row.due_at,
        )  # fmt: skip


def test_a_lower_grade_starts_nothing_until_a_second_person_agrees(officer, two) -> None:
    graded(two, "high", by=officer)
    before = kinds()
    graded(two, "standard", by=officer, at=AT + timedelta(days=1))
    assert kinds() == before


def test_a_sign_of_suicide_is_an_action_at_once_and_once(officer, two) -> None:
    made = begin(two, by=officer, instrument="suicide")
    say(made, by=officer, thoughts="yes")
    say(made, by=officer, plan="yes")
    assert kinds().count("suicide_pathway") == Started.objects.count() == 1


def test_nothing_is_started_whose_action_fails(officer, two, monkeypatch) -> None:
    def breaks(**_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(actions.audit, "append", breaks)
    with pytest.raises(OSError, match="full"):
        flag(two.victim, officer)
    assert not PersonFlag.objects.exists()
    assert not SafetyAction.objects.exists()


@pytest.mark.parametrize("who", ["victim", "accused"])
def test_a_flag_starts_the_pathway_in_the_case_about_them(officer, two, who: str) -> None:
    made = flag(getattr(two, who), officer)
    action = SafetyAction.objects.get()
    assert (action.case, action.kind, action.started_from) == (
        two.case, "suicide_pathway", made.pk,
    )  # fmt: skip
    assert (action.owner, action.origin, action.due_at) == (officer, "flag", AT)
    assert acting.pathway_of(getattr(two, who), by=officer) == action


def test_another_flag_starts_none(officer, two) -> None:
    flag(two.victim, officer, "weapons")
    assert not SafetyAction.objects.exists()


def test_where_no_case_is_open_one_is_opened_and_owned_by_whoever_flags(officer) -> None:
    ilka = person("Ilka Brandreth", by=officer)
    flag(ilka.identity, officer)
    action = SafetyAction.objects.get()
    assert (action.owner, action.case.opened_why) == (officer, acting.OPENED)
    assert action.case.parties.get().person.identity == ilka.identity


def test_a_case_that_the_flagging_member_may_not_see_is_not_used(officer) -> None:
    ilka, other = person("Ilka Brandreth", by=officer), member()
    hidden = a_case((ilka, Part.VICTIM), by=officer, restricted=True)
    flag(ilka.identity, other)
    assert SafetyAction.objects.get().case != hidden
    assert acting.pathway_of(ilka.identity, by=officer) is not None


def test_of_somebody_sealed_no_case_is_opened(officer) -> None:
    standards = member(Role.PROFESSIONAL_STANDARDS)
    role = Role.PROFESSIONAL_STANDARDS
    ilka = person("Ilka Brandreth", by=standards, sealed_to=role)
    flag(ilka.identity, standards)
    assert not Case.objects.exists()


def test_an_assessment_goes_on_with_the_pathway_of_the_flag(officer, two) -> None:
    flag(two.victim, officer)
    begin(two, by=officer)
    assert Started.objects.count() == 1
    assert kinds() == ["suicide_pathway"]


def test_the_scheduler_takes_up_what_an_import_flagged_and_nothing_twice(officer, two) -> None:
    alone = person("Dorrit Hale", by=officer)
    imported_flag(alone.identity, officer)
    made = imported_flag(two.victim, officer)
    assert acting.take_up(at=LATER) == 1
    assert acting.take_up(at=LATER) == 0
    assert SafetyAction.objects.get().started_from == made.pk
    assert Case.objects.count() == 1  # none is opened for it
    cases.add_party(
        case_id=two.case.pk, identity=alone.identity, part=Part.CHILD, by=officer, at=LATER
    )
    assert acting.take_up(at=LATER) == 1


def test_a_case_without_an_owner_waits_for_one(officer, two) -> None:
    imported_flag(two.victim, officer)
    two.case.members.update(until=AT, ended_by=officer, ended_why=REASON)
    assert acting.take_up(at=LATER) == 0


def test_what_was_done_is_not_started_again(officer, two) -> None:
    imported_flag(two.victim, officer)
    begin(two, by=officer)
    action = SafetyAction.objects.get()
    actions.finish(
        case_id=two.case.pk, action_id=action.pk, proof="seen", words=REASON, by=officer, at=LATER
    )
    assert acting.take_up(at=LATER) == 0


ACTS = st.lists(st.sampled_from(["flag", "begin", "job", "end", "grade"]), min_size=1, max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(ACTS)
def test_in_any_order_one_pathway_goes_on_at_most(acts: list[str]) -> None:
    with transaction.atomic():
        officer = member()
        two = pair(by=officer)
        about = {"case_id": two.case.pk, "victim": two.victim, "accused": two.accused}
        about["instrument"] = "dash"
        for number, act in enumerate(acts):
            at = AT + timedelta(minutes=number)
            flagged = PersonFlag.objects.filter(ended_at=None).first()
            if act == "flag" and flagged is None:
                imported_flag(two.victim, officer)
            elif act == "begin":
                operations.start(**about, by=officer, at=at)
            elif act == "job":
                acting.take_up(at=at)
            elif act == "end" and flagged is not None:
                facts.end_fact(
                    identity=two.victim, what="flag", fact_id=flagged.pk, why=REASON,
                    by=officer, at=at,
                )  # fmt: skip
            open_ = SafetyAction.objects.filter(kind="suicide_pathway", closed_at=None)
            assert open_.count() <= 1
            keys = list(SafetyAction.objects.values_list("started_from", "kind"))
            assert len(keys) == len(set(keys))
        transaction.set_rollback(True)


def test_the_audit_names_who_started_it_and_no_word_of_it(officer: StaffMember, two: Any) -> None:
    flag(two.victim, officer)
    row = AuditEvent.objects.get(action="action for safety started")
    assert row.detail["kind"] == "suicide_pathway"
