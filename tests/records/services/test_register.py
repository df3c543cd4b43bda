"""The register of support services: its acts, its history, and what the public may see of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain.access import Refused, Role
from safehold.domain.opening_hours import Hours, OnBankHolidays
from safehold.domain.services import Answer, SafeContact, Service, Standing, lasts, words
from safehold.records.audit.models import AuditEvent
from safehold.records.services import operations, queries, register
from safehold.records.services.content import from_plain, to_plain
from safehold.records.services.models import ServiceVersion, SupportService
from tests.desk import AT, member
from tests.some_services import LINE, add

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases=["default", "intake"])]
TODAY = AT.date()


@pytest.fixture
def clerk():
    return member(Role.EDITOR)


def shown_on(day):
    return [one.service.name for one in queries.shown(day)]


def version_of(key):
    return SupportService.objects.using("intake").get(pk=key).version


def test_what_is_added_is_shown_until_its_check_ends(clerk):
    add(AT)
    assert shown_on(TODAY) == ["Harbour line"]
    assert shown_on(TODAY + lasts() - timedelta(days=1)) == ["Harbour line"]
    assert shown_on(TODAY + lasts()) == []
    assert register.count_waiting(by=clerk, today=TODAY) == (0, 0)
    assert register.count_waiting(by=clerk, today=TODAY + lasts()) == (1, 0)


def test_asking_again_starts_the_days_anew(clerk):
    key, later = add(AT - lasts()), AT
    assert shown_on(TODAY) == []
    operations.verify(service_id=key, seen=1, by=clerk, at=later)
    assert shown_on(TODAY) == ["Harbour line"]
    assert [one.act for one in register.history(key, by=clerk)] == [
        "Asked again, and right",
        "Added",
    ]


def test_a_withdrawn_service_is_gone_and_comes_back_only_when_asked(clerk):
    key = add(AT)
    with pytest.raises(operations.ReasonNeeded):
        operations.withdraw(service_id=key, seen=1, reason=" ", by=clerk, at=AT)
    operations.withdraw(service_id=key, seen=1, reason="The line closed", by=clerk, at=AT)
    assert shown_on(TODAY) == []
    assert register.one(key, by=clerk, today=TODAY).standing is Standing.WITHDRAWN
    operations.verify(service_id=key, seen=2, by=clerk, at=AT)
    assert shown_on(TODAY) == ["Harbour line"]
    acts = AuditEvent.objects.filter(action__startswith="service").order_by("sequence")
    assert [row.action for row in acts] == [
        "service added",
        "service withdrawn",
        "service put back",
    ]
    assert acts[1].reason == "The line closed"


def test_a_change_without_asking_again_leaves_the_day(clerk):
    key = add(AT - timedelta(days=10))
    changed = replace(LINE, phone="01632 960999")
    operations.change(service_id=key, service=changed, seen=1, asked_again=False, by=clerk, at=AT)
    row = register.one(key, by=clerk, today=TODAY)
    assert row.service.phone == "01632 960999"
    assert row.verified_on == TODAY - timedelta(days=10)
    event = AuditEvent.objects.get(action="service changed")
    assert event.detail["changed"] == ["phone"]
    operations.change(service_id=key, service=changed, seen=2, asked_again=True, by=clerk, at=AT)
    assert register.one(key, by=clerk, today=TODAY).verified_on == TODAY


def test_saving_the_same_again_makes_no_version(clerk):
    key = add(AT)
    assert not operations.change(
        service_id=key, service=LINE, seen=1, asked_again=True, by=clerk, at=AT
    )
    assert version_of(key) == 1


def test_whoever_saves_second_overwrites_nothing_and_is_told_what_changed(clerk):
    key, other = add(AT), member(Role.SUPERVISOR)
    first = replace(LINE, phone="01632 960999", about="Something else.")
    operations.change(service_id=key, service=first, seen=1, asked_again=False, by=other, at=AT)
    mine = replace(LINE, email="x@line.example")
    for act in (
        lambda: operations.change(
            service_id=key, service=mine, seen=1, asked_again=True, by=clerk, at=AT
        ),
        lambda: operations.verify(service_id=key, seen=1, by=clerk, at=AT),
        lambda: operations.withdraw(service_id=key, seen=1, reason="x", by=clerk, at=AT),
    ):
        with pytest.raises(operations.EditConflict) as raised:
            act()
        assert raised.value.differs == ("about", "phone")
        assert raised.value.version == 2
        assert other.username in str(raised.value)
    assert register.one(key, by=clerk, today=TODAY).service == first


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.EDITOR, Role.SUPERVISOR}))
def test_nobody_else_keeps_the_register(role):
    key, other = add(AT), member(role)
    for act in (
        lambda: operations.add(service=LINE, by=other, at=AT),
        lambda: operations.verify(service_id=key, seen=1, by=other, at=AT),
        lambda: operations.withdraw(service_id=key, seen=1, reason="x", by=other, at=AT),
        lambda: operations.change(
            service_id=key, service=LINE, seen=1, asked_again=True, by=other, at=AT
        ),
        lambda: register.everything(by=other, today=TODAY),
        lambda: register.one(key, by=other, today=TODAY),
        lambda: register.history(key, by=other),
    ):
        with pytest.raises(Refused):
            act()
    assert register.count_waiting(by=other, today=TODAY + lasts()) == (0, 0)


def test_what_stands_in_the_store_is_what_was_added(clerk):
    key = add(
        AT, districts=frozenset({"North"}), languages=frozenset({"pl", "bsl"}), interpreter=True
    )
    row = register.one(key, by=clerk, today=TODAY)
    assert row.service == replace(
        LINE,
        districts=frozenset({"North"}),
        languages=frozenset({"pl", "bsl"}),
        interpreter=True,
    )
    SupportService.objects.using("intake").filter(pk=key).update(everywhere=True)
    assert register.one(key, by=clerk, today=TODAY).service.districts == frozenset()


def test_what_is_not_sound_is_refused_whoever_sends_it(clerk):
    with pytest.raises(operations.NotSound, match="postcode"):
        add(AT, about="Come to AL1 1AA")
    with pytest.raises(operations.ServiceNotFound):
        operations.verify(service_id=uuid4(), seen=1, by=clerk, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        {"is_refuge": True, "meets_in": "Saltmere"},
        {"is_refuge": True, "everywhere": False, "districts": ["North"]},
        {"phone": "", "text": "", "email": "", "web": ""},
        {"about": ""},
        {"serves": "nobody"},
    ],
)
def test_the_store_itself_refuses_it(change):
    key = add(AT)
    rows = SupportService.objects.using("intake").filter(pk=key)
    with pytest.raises(IntegrityError), transaction.atomic(using="intake"):
        rows.update(**change)


def test_a_version_never_changes(clerk):
    add(AT)
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(using="intake"),
        connections["intake"].cursor() as cursor,
    ):
        cursor.execute("UPDATE support_service_version SET made_by = 'nobody'")
    assert ServiceVersion.objects.using("intake").get().made_by == "test"


answers = st.sampled_from(list(Answer))
spans = st.sampled_from([(), ((540, 1020),), ((0, 60), (1080, 1560))])
any_service = st.builds(
    Service,
    name=st.text(max_size=20),
    about=st.text(max_size=20),
    serves=st.sampled_from(sorted(words("serves"))),
    harms=st.frozensets(st.sampled_from(sorted(words("harms")))),
    needs=st.frozensets(st.sampled_from(sorted(words("needs")))),
    districts=st.frozensets(st.text(max_size=5)),
    languages=st.frozensets(st.sampled_from(sorted(words("languages")))),
    is_refuge=st.booleans(),
    interpreter=st.booleans(),
    hours=st.builds(
        Hours,
        always=st.booleans(),
        week=st.tuples(*[spans] * 7),
        on_bank_holidays=st.sampled_from(list(OnBankHolidays)),
    ),
    safe=st.builds(
        SafeContact,
        free=answers,
        hidden_on_bill=answers,
        hides_number=answers,
        leaves_no_message=answers,
        without_name=answers,
    ),
)


@given(any_service)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_of_a_service_is_lost_as_the_store_writes_it(service):
    assert from_plain(json.loads(json.dumps(to_plain(service)))) == service
