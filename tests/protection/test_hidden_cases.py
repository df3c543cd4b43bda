"""A case that a member may not know of leaves no trace."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
import time_machine

from safehold.domain.access import Role
from safehold.records.cases import listing, operations
from safehold.records.cases.models import Case, CaseMember
from safehold.records.incidents.models import Part
from tests import some_cases
from tests.desk import AT, REASON, member
from tests.protection.test_cases import desk_of, opened, text
from tests.protection.test_hidden_is_absent import TYPED, _seen
from tests.test_access_matrix import SOME_ID, STAFF

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
WHY = "She asked for somebody whom she knows"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def supervisor():
    return member(Role.SUPERVISOR, name="Pell Lisle")


@pytest.fixture
def ilka(officer):
    return some_cases.person("Ilka Brandreth", by=officer)


@pytest.fixture
def found(officer, ilka):
    return some_cases.incident(by=officer, people_in={Part.VICTIM: ilka})


@pytest.fixture
def case(officer, found):
    return some_cases.case(found, by=officer, owner=officer)


HIDE = {
    "restricted": lambda case, found, who, by: operations.restrict(
        case_id=case.pk, restricted=True, why=WHY, by=by, at=AT
    ),
    "kept from": lambda case, found, who, by: some_cases.keep_from(
        who, some_cases.with_report(found, by=by)
    ),
    "sealed": lambda case, found, who, by: Case.objects.filter(pk=case.pk).update(
        sealed_to=Role.PROFESSIONAL_STANDARDS
    ),
}


@pytest.mark.parametrize("how", HIDE)
def test_what_is_hidden_leaves_no_trace_anywhere(how, officer, supervisor, ilka, found, case):
    """In no list, count or search, nor on pages of people, incidents and the audit."""
    operations.look_at_case(case_id=case.pk, reason="A look that tells", by=officer, at=AT)
    desk = desk_of(supervisor)
    apart = some_cases.incident(by=officer, people_in={Part.VICTIM: ilka})
    HIDE[how](case, found, supervisor, officer)
    CaseMember.objects.filter(case=case).exclude(member=officer).delete()
    pages = [
        *(f"/staff/cases/?state={state}" for state in listing.State),
        "/staff/",
        "/staff/cases/hand-on/",
        f"/staff/looks/?about=person&id={ilka.identity}",
        "/staff/looks/",
        f"/staff/looks/?about=member&id={officer.pk}",
        f"/staff/looks/?about=case&id={case.pk}",
        f"/staff/cases/?state=open&after={case.pk}",
    ]
    read = [text(desk.get(page)) for page in pages]
    for at in (f"people/{ilka.identity}", f"incidents/{apart.pk}", f"incidents/{found.pk}"):
        answer = desk.post(f"/staff/{at}/", {"look_reason": REASON})
        assert answer.status_code in {200, 404}
        read.append(text(answer))
    for page, at in zip(read, [*pages, "person", "incident", "its incident"], strict=True):
        assert case.reference not in page, at
        assert f"/staff/cases/{case.pk}" not in page, at
        assert "A look that tells" not in page, at
        assert "have no owner" not in page, at
    # The officer who works on it meets it in each of them: the test above could fail.
    if how != "sealed":
        mine = desk_of(officer)
        assert case.reference in text(mine.get("/staff/cases/?state=open"))
        person = mine.post(f"/staff/people/{ilka.identity}/", {"look_reason": REASON})
        assert case.reference in text(person)


ROUTES = {name: at for name, (at, _) in STAFF.items() if at.startswith(f"cases/{SOME_ID}")}
SENT: dict[str, Any] = TYPED | {
    "relation": "team",
    "part": "witness",
    "what": "agency",
    "until": "1/1/2030",
    "restricted": "yes",
}


@pytest.mark.database
@pytest.mark.parametrize("how", HIDE)
def test_each_address_of_a_hidden_case_answers_as_one_that_leads_nowhere(
    how, officer, supervisor, found, case
):
    """Also for whoever opened it within the shift, before it was hidden."""
    desk = desk_of(supervisor)
    assert case.reference in opened(desk, case)
    row = CaseMember.objects.get(case=case).pk
    HIDE[how](case, found, supervisor, officer)
    told_apart = set()
    for name, at in ROUTES.items():
        for body in (None, {}, SENT):
            answers = []
            for key, other in ((case.pk, row), (uuid4(), uuid4())):
                path = f"/staff/{at.replace(str(SOME_ID), str(key), 1)}"
                path = path.replace(str(SOME_ID), str(other))
                answers.append(_seen(desk.get(path) if body is None else desk.post(path, body)))
            told_apart |= {(name, answers[0][0])} if answers[0] != answers[1] else set()
            assert answers[0][0] == 404, name
    assert len(ROUTES) > 8
    assert not told_apart
