"""A report of what was done to somebody becomes an incident without a place."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from safehold.domain.access import Role
from safehold.records.audit import queries as events
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Incident, IncidentReport
from safehold.records.places.models import Place
from safehold.records.triage import operations
from safehold.records.triage.operations import Decisions
from tests.desk import AT, member, send_harm

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

REASON = "New report, to be assessed tonight"
SEXUAL = Decisions(place_id=None, place_name="", place_kind="", classification="sexual")
TOLD: dict[str, dict[str, Any]] = {
    "who_for": {"who": "someone"},
    "young_other": {"answer": "not_sure"},
    "about": {"about": ["sexual"]},
    "place": {"kind": "street"},
    "where": {"how": "find", "lon": "2.1", "lat": "54.1", "metres": "100", "kind": "postcode"},
    "what": {"text": "Zanzibar steps"},
    "children": {"answer": "yes"},
}


def accepted(**answers: Any) -> Incident:
    officer = member(Role.TRIAGE_OFFICER)
    report_id = send_harm(**{**TOLD, **answers})
    operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    return operations.accept_report(report_id=report_id, decisions=SEXUAL, by=officer, at=AT)


def test_it_has_no_place_even_where_one_was_told() -> None:
    incident = accepted()
    assert incident.place is None
    assert Place.objects.count() == 0


def test_it_says_who_is_in_it_and_a_child_has_a_role_with_a_prompt() -> None:
    roles = incidents.roles_in(accepted())
    assert [(role.part, role.child) for role in roles] == [
        ("child", "yes"),
        ("victim", "not_sure"),
        ("reporter", ""),
        ("suspect", ""),
    ]
    assert all(bool(role.prompt) == bool(role.child) for role in roles)


def test_nothing_that_was_told_is_in_the_records_store() -> None:
    incident = accepted()
    kept = " ".join(str(value) for value in vars(incident).values())
    said = [row.detail for row in events.events_about(operations.about(incident.report_id))]
    assert "Zanzibar" not in kept + str(said)
    assert "place" not in str(said)


def test_accepting_twice_is_one_incident() -> None:
    officer = member(Role.TRIAGE_OFFICER)
    report_id = send_harm(**TOLD)
    operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    first, second = (
        operations.accept_report(report_id=report_id, decisions=SEXUAL, by=officer, at=AT)
        for _ in range(2)
    )
    assert first == second
    assert Incident.objects.count() == 1


NAMED: dict[str, Any] = {"identity": {"how": "named"}, "name": {"name": "Orla Winterbourne"}}


@pytest.mark.parametrize(
    ("told", "linkable", "basis"),
    [
        (NAMED, True, "named"),
        ({**NAMED, "others": {"answer": "no"}}, False, "not chosen"),
        ({}, False, "not chosen"),
        ({"identity": {"how": "anonymous"}, "others": {"answer": "no"}}, False, "not chosen"),
        ({"identity": {"how": "anonymous"}, "others": {"answer": "yes"}}, True, "chosen"),
        ({"identity": {"how": "hidden"}, "others": {"answer": "yes"}}, True, "chosen"),
    ],
)
def test_it_keeps_whether_its_reporter_freed_it_to_be_tied_to_a_person(
    told: dict[str, Any], linkable: bool, basis: str
) -> None:
    incident = accepted(**told)
    assert (incident.linkable, incident.link_basis) == (linkable, basis)
    kept = IncidentReport.objects.get()
    assert kept.link_key == (incident.report_id if linkable else None)
    assert incidents.of_report(kept.pk) == incident


def test_the_store_refuses_to_free_what_was_not_chosen() -> None:
    incident = accepted()
    for half in ({"linkable": True}, {"link_basis": "named"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(**half)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incident_report SET link_key = report_id, link_basis = 'named'")
    assert incident.recorded_by_id
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentReport.objects.create(
            report_id=uuid4(),
            incident=incident,
            link_basis="place",
            link_key=uuid4(),
            added_at=AT,
            added_by=incident.recorded_by,
        )
