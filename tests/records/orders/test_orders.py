"""Orders are seen by whoever may know of everybody in them, and say what breaking one is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from safehold.domain import orders as sorts
from safehold.domain.access import Role
from safehold.records.orders import queries
from safehold.records.orders.models import Order
from safehold.records.people.models import Person
from tests.desk import member
from tests.extracts import example, target

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]


@pytest.fixture
def boss() -> Any:
    made = member(Role.SUPERVISOR)
    example("people", by=made)
    example("orders", by=made)
    return made


def references(key: str, by: Any) -> list[str]:
    found = queries.of_person(target("people", key), by=by)
    return [each.order.reference for each in found]


def test_an_order_stands_with_whom_it_binds_and_with_whom_it_protects(boss) -> None:
    assert references("N1002", boss) == ["F/26/40", "F/26/31"]
    assert references("N1003", boss) == ["F/26/31"]
    assert references("N1004", boss) == []


def test_an_order_that_names_somebody_hidden_is_not_there(boss) -> None:
    Person.objects.filter(pk=target("people", "N1003")).update(sealed_to="professional_standards")
    assert references("N1002", boss) == ["F/26/40"]
    assert references("N1002", member(Role.PROFESSIONAL_STANDARDS)) == ["F/26/40", "F/26/31"]


def test_breaking_an_order_of_2010_is_no_crime_and_breaking_the_others_is() -> None:
    crimes = {key for key, sort in sorts.ORDERS.items() if sort.breach_is_a_crime}
    assert set(sorts.ORDERS) - crimes == {"dvpn", "dvpo", "dapn", "occupation"}
    assert {key for key, sort in sorts.ORDERS.items() if sort.made_by == "police"} == {
        "dvpn",
        "dapn",
    }


def test_the_store_refuses_an_order_that_ends_before_it_begins_or_is_served_at_no_moment(
    boss,
) -> None:
    order = Order.objects.filter(reference="F/26/31")
    for wrong in ({"expires": "2020-01-01"}, {"served_precision": "not_known"}, {"kind": "asbo"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            order.update(**wrong)
