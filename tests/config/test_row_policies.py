"""What the application shows to nobody, PostgreSQL refuses as well: tried as its own role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connections, transaction

from safehold.config import grants, policies
from safehold.domain.access import Role
from safehold.records import row_security
from safehold.records.cases import operations as cases
from safehold.records.cases import passing, queries
from safehold.records.cases.models import Case, CaseIncident, CaseKind, CaseMember, CaseParty
from safehold.records.conflicts import recusals
from safehold.records.conflicts.models import PersonRecusal, Recusal
from safehold.records.histories import looking
from safehold.records.incidents import ties
from safehold.records.incidents.models import (
    Acquainted,
    Classification,
    Incident,
    IncidentReport,
    Part,
    Setting,
)
from safehold.records.incidents.models import Role as InIncident
from safehold.records.incidents.recording import Recorded, record_by_officer
from safehold.records.orders import breaking
from safehold.records.orders import queries as orders
from safehold.records.orders.models import (
    Breach,
    Condition,
    Order,
    OrderAct,
    OrderProtects,
    Service,
)
from safehold.records.people import facts, finding, operations
from safehold.records.people import queries as people
from safehold.records.people.models import Address, Person, PersonName
from safehold.records.staff.models import StaffMember
from tests.config.test_grants import ROLES, connected_as
from tests.desk import AT, REASON, member, send_harm
from tests.keys_for_tests import _made_once, keys
from tests.ordered import order, served
from tests.safeguarded import SAID, safeguarded

__all__ = ["_made_once", "keys"]

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys")]


@pytest.fixture
def policed(committed_stores, django_db_blocker) -> Iterator[None]:
    if connections["default"].vendor != "postgresql":
        pytest.skip("SQLite has no row policies: the application's queries stand alone there")
    with django_db_blocker.unblock():
        for alias in ("default", "intake"):
            grants.apply(connections[alias], alias=alias, roles=ROLES)
        policies.apply(connections["default"])
        yield


@contextmanager
def asked_by(who: StaffMember) -> Iterator[None]:
    with connected_as("safehold_staff", "default"), row_security.asked_by(who):
        yield


def incident(by: StaffMember, **changes: Any) -> Incident:
    said = Recorded(
        Classification.DOMESTIC, Setting.PRIVATE, Acquainted.KNOWN, parts=(Part.VICTIM,)
    )
    made = record_by_officer(said=said, by=by, at=AT)
    Incident.objects.filter(pk=made.pk).update(**changes)
    return made


def case(of: Incident, *, owner: StaffMember, restricted: bool = False) -> Case:
    return cases.open_case(
        kind=CaseKind.PROTECTION,
        incident_ids=[of.pk],
        why=REASON,
        restricted=restricted,
        owner=owner,
        team="Eastmere",
        by=owner,
        at=AT,
    )


def test_a_restricted_case_is_there_for_whoever_works_on_it_and_for_nobody_else(policed):
    owner, other = member(), member(name="Ro Tarn")
    kept = case(incident(owner), owner=owner, restricted=True)
    for model in (CaseIncident, CaseMember):
        assert model.objects.filter(case=kept).exists()

    with asked_by(owner):
        assert Case.objects.filter(pk=kept.pk).exists()
    with asked_by(other):
        # The application's own query, and then past it.
        assert not queries.seen_by(other).filter(pk=kept.pk).exists()
        assert not Case.objects.filter(pk=kept.pk).exists()
        for model in (CaseIncident, CaseMember, CaseParty):
            assert not model.objects.filter(case_id=kept.pk).exists(), model


def test_what_is_sealed_to_standards_is_there_for_them_alone(policed):
    owner, standards = member(), member(Role.PROFESSIONAL_STANDARDS)
    about = incident(owner)
    person = operations.record_person(
        name="Wyn Harrow", origin=operations.Origin("seen"), by=owner, at=AT
    )
    kept = case(about, owner=owner)
    Incident.objects.filter(pk=about.pk).update(police_party=True)
    Case.objects.filter(pk=kept.pk).update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    Person.objects.filter(pk=person.pk).update(sealed_to=Role.PROFESSIONAL_STANDARDS)

    with asked_by(owner):
        assert not finding.visible_to(owner).exists()
        for model in (Incident, InIncident, Case, Person, PersonName):
            assert not model.objects.exists(), model
    with asked_by(standards):
        for model in (Incident, InIncident, Case, Person, PersonName):
            assert model.objects.exists(), model


def test_whoever_is_kept_from_a_person_meets_neither_them_nor_what_they_are_in(policed):
    owner, other = member(), member(name="Wyn Harrow")
    about = incident(owner)
    with asked_by(owner):
        person = operations.record_person(
            name="Wyn Harrow", origin=operations.Origin("seen"), by=owner, at=AT
        )
    role = about.roles.get()
    ties.tie(
        incident_id=about.pk,
        role_id=role.pk,
        identity=person.identity,
        category="victim",
        by=owner,
        at=AT,
    )
    case(about, owner=owner)

    with asked_by(other):
        for model in (Person, PersonName, Incident, InIncident, Case, CaseParty):
            assert not model.objects.exists(), model
        assert recusals.kept_from_any([]) == frozenset()
    with asked_by(owner):
        for model in (Person, PersonName, Incident, InIncident, Case, CaseParty):
            assert model.objects.exists(), model


def test_a_protected_address_is_there_for_those_named_and_masked_for_others(policed):
    owner, other = member(), member(name="Ro Tarn")
    said = operations.Origin("seen")
    with asked_by(owner):
        she = operations.record_person(name="Wyn Harrow", origin=said, by=owner, at=AT).identity
        where = {"line": "14 Alder Row", "town": "Eastmere", "postcode": "ZZ1 4AA", "origin": said}
        home = facts.add_home(identity=she, protected=True, **where, by=owner, at=AT)
        assert Address.objects.get().line == "14 Alder Row"
    with asked_by(other):
        # The application's own question masks it; and past it there is no row to read.
        seen = people.look_at_person(identity=she, reason=REASON, by=other, at=AT)
        (shown,) = seen.homes
        assert not seen.may_read(shown.address)
        assert (shown.address.pk, shown.address.line) == (home.address_id, "")
        assert not Address.objects.exists()
        masked = looking.get(home.address_id, by=other)
        assert (masked.line, masked.key, masked.protected) == ("", "", True)
        # Who types it again says the same door, and is not let in by it.
        again = facts.add_home(identity=she, **where, by=other, at=AT)
        assert again.address_id == home.address_id
        assert not Address.objects.exists()
    looking.name_reader(address_id=home.address_id, member_id=other.pk, why=REASON, by=owner, at=AT)
    with asked_by(other):
        seen = people.look_at_person(identity=she, reason=REASON, by=other, at=AT)
        assert {each.address.line for each in seen.homes} == {"14 Alder Row"}
    assert Address.objects.count() == 1


def test_an_officer_passes_on_what_they_may_not_see_afterwards(policed):
    owner = member()
    person = operations.record_person(
        name="Wyn Harrow", origin=operations.Origin("seen"), by=owner, at=AT
    )
    with asked_by(owner):
        passing.pass_to_standards(
            kind="person", key=person.identity, reason="He is a sergeant", by=owner, at=AT
        )
        assert not Person.objects.exists()
        sealed = operations.record_person(
            name="Edda Marsh",
            origin=operations.Origin("seen"),
            sealed_to=Role.PROFESSIONAL_STANDARDS,
            by=owner,
            at=AT,
        )
        assert not Person.objects.filter(pk=sealed.pk).exists()


def test_whoever_is_kept_from_a_report_meets_neither_its_incident_nor_its_case(policed):
    owner, other = member(), member(name="Ro Tarn")
    report_id = send_harm()
    about = incident(owner)
    IncidentReport.objects.create(
        report_id=report_id, incident=about, link_basis="not known", added_at=AT, added_by=owner
    )
    kept = case(about, owner=owner)
    Recusal.objects.create(report_id=report_id, member=other, at=AT)

    with asked_by(other):
        assert not Incident.objects.exists()
        assert not Case.objects.exists()
        assert not InIncident.objects.exists()
    with asked_by(owner):
        assert Incident.objects.exists()
        assert Case.objects.filter(pk=kept.pk).exists()


def test_nobody_and_whoever_has_left_see_nothing(policed, monkeypatch):
    owner = member()
    case(incident(owner), owner=owner)
    monkeypatch.setitem(row_security._process, "who", row_security._NOBODY)

    with connected_as("safehold_staff", "default"):
        assert not Case.objects.exists()
        owner.is_active = False
        with row_security.asked_by(owner):
            assert not Case.objects.exists()
        with row_security.as_system():
            assert Case.objects.exists()
        assert not Case.objects.exists()


def test_an_error_inside_leaves_the_connection_to_whoever_had_it(policed):
    owner, other = member(), member(name="Ro Tarn")
    kept = case(incident(owner), owner=owner, restricted=True)

    with asked_by(other):
        with pytest.raises(ValueError, match="of ours"), row_security.as_system():
            raise ValueError("of ours")
        assert not Case.objects.filter(pk=kept.pk).exists()
        with (
            pytest.raises(Exception, match="division"),
            transaction.atomic(),
            row_security.as_system(),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert not Case.objects.filter(pk=kept.pk).exists()


def test_the_staff_role_can_take_no_policy_away(policed):
    with connected_as("safehold_staff", "default"):
        for statement in (
            "ALTER TABLE work_case DISABLE ROW LEVEL SECURITY",
            "DROP POLICY safehold_rows ON work_case",
            "ALTER ROLE safehold_staff BYPASSRLS",
        ):
            with (
                pytest.raises(Exception, match=r"must be (owner|superuser)"),
                connections["default"].cursor() as cursor,
            ):
                cursor.execute(statement)


def test_a_table_that_lost_its_policy_is_named(policed):
    assert policies.lacking(connections["default"]) == []
    with connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE person DISABLE ROW LEVEL SECURITY")
    assert policies.lacking(connections["default"]) == ["person"]


def test_every_table_that_hangs_on_one_with_a_policy_has_one(policed):
    held = {*policies.tables()}
    missing = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            to = field.remote_field.model if field.is_relation else None
            if to is not None and to._meta.db_table in policies.OWN:
                missing |= {model._meta.db_table} - held
    assert missing <= set(policies.WITHOUT)


def test_an_order_that_protects_somebody_hidden_is_not_there(policed):
    officer, other = member(), member(name="Ro Tarn")
    kept = safeguarded(officer)
    made = order(kept, officer)
    served(made, officer)
    breaking.open_breach(order_id=made.pk, said=breaking.Happened(), by=officer, at=AT)
    PersonRecusal.objects.create(person_id=kept.she, member=other, at=AT)
    rooms = (Order, Service, OrderAct, Breach, Condition, OrderProtects)
    with asked_by(officer):
        assert all(model.objects.exists() for model in rooms)
    with asked_by(other):
        for model in (*rooms[:-1],):
            assert not model.objects.exists(), model


def test_an_address_that_the_store_hides_is_masked_all_the_same(policed):
    officer, other = member(), member(name="Ro Tarn")
    kept = safeguarded(officer)
    facts.add_home(
        identity=kept.she, line="14 Alder Row", protected=True, origin=SAID, by=officer, at=AT
    )
    order(kept, officer)
    with asked_by(other):
        found = orders.of_person(kept.he, by=other)[0]
        assert "alderrow" in found.secret
        assert "alderrow" in orders.secret_from(found, by=other)
