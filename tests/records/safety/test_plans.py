"""A plan is made with whoever it protects, in versions; what leaves of it passes safe contact."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from safehold.domain.access import Role
from safehold.domain.contact_profile import Terms
from safehold.domain.safe_contact import week_of
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import operations as cases
from safehold.records.people.operations import PersonNotFound
from safehold.records.safety import children, plans, queries
from safehold.records.safety.children import Noted
from safehold.records.safety.models import ChildNote, PlanCopy, PlanVersion
from tests.desk import AT, REASON, member
from tests.safeguarded import TODAY, draft, safeguarded, write

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases=["default", "intake"])]


@pytest.fixture
def officer():
    return member(Role.SAFEGUARDING_OFFICER)


@pytest.fixture
def case(officer):
    return safeguarded(officer)


def copy(case, by, how, **more):
    given = {"case_id": case.pk, "identity": case.she, "version": 1, "how": how}
    given |= {"kept_safe": "In her locker at work"}
    return plans.give_copy(**given, by=by, at=AT, **more)


def test_a_version_stands_beside_the_one_before_and_neither_changes(officer, case) -> None:
    first = write(case, officer)
    second = write(
        case,
        officer,
        shown=1,
        lines={"home": "New locks"},
        made_with="part",
        why_not="He was in the next room",
    )
    assert (first.number, second.number) == (1, 2)
    found = queries.of_case(case_id=case.pk, by=officer, on=TODAY)
    (plan,) = [each for each in found.plans if each.version]
    assert (plan.version, plan.earlier) == (second, 1)
    for change in (
        "UPDATE safety_plan_line SET words = 'other'",
        "UPDATE safety_plan_version SET own_words = 'other'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    last = AuditEvent.objects.order_by("-sequence")[0]
    assert (last.action, last.detail) == ("safety plan written", {"version": 2})


def test_whoever_saw_an_older_version_is_told_who_wrote_the_newer(officer, case) -> None:
    write(case, officer)
    with pytest.raises(plans.WrittenMeanwhile, match="Dena Okafor wrote version 1"):
        write(case, officer, shown=0)
    assert PlanVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": {"home": "  "}}, ""),
        ({"made_with": "no"}, "why_not"),
        ({"made_with": ""}, "made_with"),
        ({"acted_on": ["pets"]}, "pets"),
        ({"next_look": TODAY - timedelta(days=1)}, "next_look"),
        ({"lines": {"home": "a" * 1001}, "acted_on": []}, "home"),
    ],
)
def test_what_is_no_plan_is_refused_where_it_is_wrong(officer, case, change, field) -> None:
    with pytest.raises(plans.NotAPlan) as refused:
        write(case, officer, **change)
    assert refused.value.field == field


def test_nobody_is_protected_from_themselves(officer, case) -> None:
    for identity in (case.he, case.pk):
        with pytest.raises(PersonNotFound):
            plans.write_plan(
                case_id=case.pk, identity=identity, draft=draft(), shown=0, by=officer, at=AT
            )


def test_a_closed_case_takes_no_plan(officer, case) -> None:
    cases.close(case_id=case.pk, why=REASON, by=officer, at=AT)
    with pytest.raises(cases.Closed):
        write(case, officer)


def test_nothing_is_sent_where_it_is_not_known_how(officer, case) -> None:
    write(case, officer)
    for how in ("post", "email"):
        with pytest.raises(plans.NotSafeToSend, match="not known: nothing is sent"):
            copy(case, officer, how)
    assert copy(case, officer, "hand").kept_safe == "In her locker at work"
    assert PlanCopy.objects.count() == 1


def test_a_copy_goes_by_her_way_at_her_time_alone(officer, case, monkeypatch) -> None:
    write(case, officer)
    terms = Terms(method="email", week=week_of(["sun"], ["morning"]), seen="no", more_times=True)
    monkeypatch.setattr("safehold.records.safety.sending.terms_of", lambda _: [terms])
    with pytest.raises(plans.NotSafeToSend, match="open the safe contact first"):
        copy(case, officer, "email")
    with pytest.raises(plans.NotSafeToSend, match="did not choose"):
        copy(case, officer, "post", read=True)
    assert copy(case, officer, "email", read=True).how == "email"


def test_a_print_says_first_how_the_paper_is_kept(officer, case) -> None:
    with pytest.raises(plans.NotAPlan):
        plans.record_print(case_id=case.pk, identity=case.she, kept_safe=REASON, by=officer, at=AT)
    write(case, officer)
    plans.record_print(case_id=case.pk, identity=case.she, kept_safe=REASON, by=officer, at=AT)
    last = AuditEvent.objects.order_by("-sequence")[0]
    assert (last.action, last.reason) == ("safety plan printed", REASON)


def test_of_a_child_it_is_written_who_was_told_or_why_nobody(officer, case) -> None:
    noted = Noted("both", "known", "not_done", "She asked us to wait until Monday")
    given = {"case_id": case.pk, "identity": case.child, "by": officer, "at": AT}
    write(case, officer)
    children.note_child(noted=noted, shown=0, **given)
    with pytest.raises(children.NotedMeanwhile, match="Dena Okafor"):
        children.note_child(noted=noted, shown=0, **given)
    with pytest.raises(children.NotANote):
        children.note_child(noted=Noted("moon", "known", "done", REASON), shown=1, **given)
    with pytest.raises(PersonNotFound):
        children.note_child(noted=noted, shown=0, **(given | {"identity": case.she}))
    (child,) = queries.of_case(case_id=case.pk, by=officer, on=TODAY).children
    assert child.note is not None
    assert child.note.told_words == "She asked us to wait until Monday"
    assert child.note.plan is not None
    assert ChildNote.objects.count() == 1
