"""Every cell of `rules/case_access.toml`, asked with real requests: role, agency, relation, part.

A page with a case in its address that the table does not name fails here.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from safehold.domain import access, case_access
from safehold.domain.access import Permission, Role
from safehold.domain.case_access import Act, Agency, Part, Relation, Standing
from safehold.records.cases.models import Case, CaseMember, Glass, GlassCase
from tests import some_cases
from tests.desk import AT, REASON, member, sign_in
from tests.routes import routes
from tests.test_access_matrix import SOME_ID, STAFF

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

WORKERS = [
    Role.TRIAGE_OFFICER,
    Role.SAFEGUARDING_OFFICER,
    Role.SUPERVISOR,
    Role.PROFESSIONAL_STANDARDS,
    Role.ADVOCATE,
]
# The second key of the address is of a row that is not there.
OF_A_SECOND_THING = {
    name for name in case_access.table().routes if STAFF[name][0].count(str(SOME_ID)) > 1
}


def test_every_page_of_a_case_is_in_the_table() -> None:
    found = {name for name, at in routes("safehold.config.urls.staff") if "<uuid:case_id>" in at}
    assert found == set(case_access.table().routes)


def test_whoever_sees_cases_is_asked_here() -> None:
    sees = {role for role, may in access.table().grants.items() if Permission.SEE_CASES in may}
    assert sees == set(WORKERS)


# By day whoever works on cases as they are; at night everybody as if of the other agency.
AS_THEY_ARE = dict.fromkeys(WORKERS, Agency.FORCE) | {Role.ADVOCATE: Agency.PARTNER}
BY_DAY = [
    pytest.param(role, agency, marks=[] if AS_THEY_ARE[role] is agency else pytest.mark.slow)
    for role in WORKERS
    for agency in Agency
]


@pytest.fixture
def kept() -> dict[bool, Case]:
    """A case that is open to the unit and one that is not, by whether it is restricted."""
    owner = member(Role.SUPERVISOR, name="Pell Lisle")
    return {
        restricted: some_cases.case(
            some_cases.incident(by=owner), by=owner, owner=owner, restricted=restricted
        )
        for restricted in (False, True)
    }


def stands(who: Any, case: Case, relation: Relation) -> None:
    """Let a member stand in a relation to a case, and in no other."""
    CaseMember.objects.filter(case=case, member=who).delete()
    GlassCase.objects.all().delete()
    if relation is Relation.GLASS:
        now = timezone.now()
        opened = Glass.objects.create(
            person=some_cases.person("Wyn Harrow", by=case.opened_by),
            member=who,
            reason=REASON,
            at=now,
            until=now + timedelta(hours=1),
        )
        GlassCase.objects.create(glass=opened, case=case)
    elif relation is not Relation.UNIT:
        # One owner: whoever had it works on it meanwhile.
        CaseMember.objects.filter(case=case, relation=relation).update(relation="supervisor")
        CaseMember.objects.create(case=case, member=who, relation=relation, since=AT, named_by=who)


@pytest.mark.parametrize(("role", "agency"), BY_DAY)
def test_each_cell_answers_as_the_table_says(
    role: Role, agency: Agency, kept: dict[bool, Case]
) -> None:
    who = member(role, name="Ro Tarn")
    type(who).objects.filter(pk=who.pk).update(
        agency="Lantern House" if agency is Agency.PARTNER else ""
    )
    who.refresh_from_db()
    client = Client(raise_request_exception=False)
    sign_in(client, who)
    asked: Counter[str] = Counter()
    wrong = []
    for relation in Relation:
        # A restricted case, so that nothing but this relation lets anybody in.
        case = kept[relation is not Relation.UNIT]
        if role is Role.PROFESSIONAL_STANDARDS:
            Case.objects.filter(pk=case.pk).update(sealed_to=role)
        stands(who, case, relation)
        how = Standing(str(role), agency, frozenset({relation}))
        for name, (part, act) in case_access.table().routes.items():
            needed = access.needed_for(name, "")
            if not isinstance(needed, Permission) or not who.may(needed):
                continue
            path = "/staff/" + STAFF[name][0].replace(str(SOME_ID), str(case.pk), 1)
            status = client.get(path.replace(str(SOME_ID), str(uuid4()))).status_code
            asked[name] += 1
            if not case_access.may(how, part, act):
                # To whoever sees nothing of a case it may as well not be there.
                nothing = not case_access.may(how, Part.CASE, Act.SEE)
                expected = {403, 404} if nothing else {403}
            elif name in OF_A_SECOND_THING:
                expected = {200, 302, 404}
            else:
                # 302 and 409 where the case is in no state for the act.
                expected = {200, 302, 409}
            wrong += [] if status in expected else [(relation, name, status, expected)]
    assert not wrong
    assert sum(asked.values()) >= len(Relation) * 5
