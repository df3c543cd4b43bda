"""Several counts in one statement."""

from __future__ import annotations

import pytest

from safehold.domain.access import Role
from safehold.records import tally
from safehold.records.staff.models import StaffMember
from tests.desk import member

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_questions_are_counted_apart_and_asked_together(django_assert_num_queries) -> None:
    who = member()
    member(Role.SUPERVISOR, name="Pell Lisle")
    everybody = StaffMember.objects.all()
    with django_assert_num_queries(1):
        found = tally.counted(
            {
                "all": everybody.order_by("pk"),
                "one": everybody.filter(pk=who.pk).select_related(),
                "none here": everybody.filter(role="nobody has this"),
                "none": everybody.none(),
            }
        )
    assert found == {"all": 2, "one": 1, "none here": 0, "none": 0}


def test_nothing_is_asked_where_nothing_can_be_found(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert tally.counted({}) == {}
        assert tally.counted({"none": StaffMember.objects.none()}) == {"none": 0}
