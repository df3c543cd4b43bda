"""Every act on a case, called as an operation: `rules/case_access.toml` holds below the pages too.

An act that takes a case, an assessment or a deadline and stands in no table here fails.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from safehold import records
from safehold.domain import case_access, safety
from safehold.domain.access import Refused, Role
from safehold.domain.case_access import Act, Part, Relation
from safehold.domain.risk import Answer
from safehold.records.cases import standing
from safehold.records.cases.models import CaseMember
from safehold.records.deadlines.operations import Starting
from safehold.records.risk.operations import Said
from tests.desk import AT, REASON, member
from tests.due import deadline
from tests.risky import Pair, begin, pair

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases=["default", "intake"])]

OF_A_CASE = {"case_id", "assessment_id", "deadline_id"}
CHANGES = {
    "cases.members.name_member": Part.MEMBERS,
    "cases.operations.add_incident": Part.INCIDENTS,
    "cases.operations.add_party": Part.PEOPLE,
    "cases.operations.restrict": Part.MEMBERS,
    "cases.operations.close": Part.CASE,
    "cases.operations.reopen": Part.CASE,
    "cases.operations.keep_longer": Part.CASE,
    "deadlines.changing.decide_rule": Part.DEADLINES,
    "deadlines.extending.extend": Part.DEADLINES,
    "deadlines.operations.start": Part.DEADLINES,
    "deadlines.operations.set_start": Part.DEADLINES,
    "deadlines.operations.stop": Part.DEADLINES,
    "deadlines.operations.hand_on": Part.DEADLINES,
    "deadlines.operations.see_to": Part.DEADLINES,
    "dvds.operations.start_right_to_know": Part.TELLING,
    "exports.operations.ask": Part.PRINTS,
    "orders.recording.take_into_case": Part.ORDERS,
    "phones.operations.begin": Part.RISK,
    "phones.operations.belongs_to": Part.RISK,
    "risk.grading.grade": Part.RISK,
    "risk.operations.start": Part.RISK,
    "risk.operations.save_answers": Part.RISK,
    "risk.operations.submit": Part.RISK,
    "risk.operations.record_check": Part.RISK,
    "safety.actions.start": Part.SAFETY,
    "safety.actions.finish": Part.SAFETY,
    "safety.actions.give_up": Part.SAFETY,
    "safety.actions.hand_on": Part.SAFETY,
    "safety.children.note_child": Part.SAFETY,
    "safety.markers.set_marker": Part.SAFETY,
    "safety.markers.review": Part.SAFETY,
    "safety.markers.end": Part.SAFETY,
    "safety.plans.write_plan": Part.SAFETY,
    "safety.plans.give_copy": Part.SAFETY,
    "safety.plans.record_print": Part.SAFETY,
    "safety.referrals.refer": Part.SAFETY,
    "safety.referrals.answer": Part.SAFETY,
    "shares.case_lists.put_agency": Part.MEMBERS,
    "shares.case_lists.put_person": Part.MEMBERS,
    "shares.case_lists.end": Part.MEMBERS,
}
# What asks something else, and where that is held.
OTHERWISE = {
    "cases.members.join": "whoever sees a case of the unit may join its work",
    "cases.members.end_membership": "one's own needs nothing; another's is asked in test_cases",
    "cases.operations.look_at_case": "whoever sees the case",
    "cases.operations.look_again": "whoever sees the case",
    "deadlines.operations.look_at": "whoever sees the case",
    "risk.operations.look_at": "whoever sees the case",
    "exports.operations.working_print": "a look at prints: tests/records/exports",
    "shares.case_lists.open_list": "a look that is refused by its own permission",
}


def acts() -> Iterator[tuple[str, Callable[..., object]]]:
    """Go through every public act of a records room on something that is of a case."""
    for found in pkgutil.walk_packages(records.__path__, "safehold.records."):
        if ".migrations" in found.name:
            continue
        module = importlib.import_module(found.name)
        for name, act in inspect.getmembers(module, inspect.isfunction):
            wants = set(inspect.signature(act).parameters)
            own = act.__module__ == found.name and not name.startswith("_")
            if own and {"by", "at"} <= wants and wants & OF_A_CASE:
                yield f"{found.name.removeprefix('safehold.records.')}.{name}", act


def test_every_act_on_a_case_stands_in_a_table() -> None:
    assert {name for name, _ in acts()} == {*CHANGES, *OTHERWISE}


@pytest.fixture
def owner() -> Any:
    return member(Role.SUPERVISOR, name="Pell Lisle")


@pytest.fixture
def two(owner: Any) -> Pair:
    return pair(by=owner)


@pytest.fixture
def sent(two: Pair, owner: Any) -> dict[str, object]:
    """Something for each argument: an act that gets past the door may refuse it, and often does."""
    return {
        "case_id": two.case.pk,
        "assessment_id": begin(two, by=owner).pk,
        "deadline_id": deadline(two.case, by=owner).pk,
        "member": owner,
        "owner": owner,
        "relation": Relation.TEAM,
        "part": "witness",
        "identity": two.victim,
        "victim": two.victim,
        "accused": two.accused,
        "restricted": True,
        "until": (AT + timedelta(days=9)).date(),
        "expires": (AT + timedelta(days=9)).date(),
        "starting": Starting("vc6_charge", AT),
        "said": [Said("kill", Answer("yes"), ())],
        "instrument": "dash",
        "shown": 0,
        "draft": None,
        "wanted": SimpleNamespace(purpose=REASON),
        "noted": SimpleNamespace(told_words=REASON),
        "authority": SimpleNamespace(why=REASON),
        "proof": safety.keys("proofs")[0],
    }


def argument(name: str, sent: dict[str, object]) -> object:
    if name in sent:
        return sent[name]
    if name.endswith("_id") or name == "once":
        return uuid4()
    return AT if name in TIMES else REASON


TIMES = {"at", "due_at", "done_at", "starts_at"}
WHO = [
    (Role.SAFEGUARDING_OFFICER, Relation.UNIT),
    (Role.SAFEGUARDING_OFFICER, Relation.TEAM),
    (Role.SUPERVISOR, Relation.UNIT),
    (Role.ADVOCATE, Relation.ADVOCATE),
]


@pytest.mark.parametrize(("role", "relation"), WHO)
def test_an_act_that_the_table_does_not_give_is_refused_below_the_pages(
    role: Role, relation: Relation, two: Pair, sent: dict[str, object]
) -> None:
    who = member(role, name="Ro Tarn")
    if relation is not Relation.UNIT:
        CaseMember.objects.create(
            case=two.case, member=who, relation=relation, since=AT, named_by=who
        )
    how = standing.as_named(who, {relation, Relation.UNIT})
    wrong = []
    for name, act in acts():
        if name not in CHANGES:
            continue
        given = case_access.may(how, CHANGES[name], Act.CHANGE)
        if not given and not refused(act, {**sent, "by": who}):
            wrong.append(name)
    assert not wrong


def test_whoever_owns_a_case_is_refused_none_of_them(
    two: Pair, sent: dict[str, object], owner: Any
) -> None:
    with_these = {**sent, "by": owner}
    assert [name for name, act in acts() if name in CHANGES and refused(act, with_these)] == []


def refused(act: Callable[..., object], sent: dict[str, object]) -> bool:
    """Tell whether an act is refused, and take back whatever else it does."""
    wants = inspect.signature(act).parameters
    try:
        with transaction.atomic():
            act(**{name: argument(name, sent) for name in wants})
            transaction.set_rollback(True)
    except Refused:
        return True
    except Exception:
        return False
    return False
