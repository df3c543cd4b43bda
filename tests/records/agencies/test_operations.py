"""Partner agencies: what is written stays, and no key counts by one person."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from safehold.crypto import age_files
from safehold.crypto.age_files import NotAnAgeKey
from safehold.domain.access import Refused, Role
from safehold.records.agencies import operations, queries
from safehold.records.agencies.models import AgencyKey, AgencyVersion
from safehold.records.agencies.operations import (
    AgencyNotFound,
    EditConflict,
    Ended,
    NotSound,
    SamePerson,
)
from safehold.records.append_only import WrittenOnce
from safehold.records.audit import queries as events
from tests.desk import AT, member
from tests.partners import partner

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
]

CAME = "By email from their office"
WHOM = "Their duty worker"


def agency(**changes):
    given = {"name": "Lantern", "kind": "idva", "contact": "", "by": member(Role.SUPERVISOR)}
    return operations.add(**{**given, **changes}, at=AT)


def entered(of, *, by=None):
    _, public = age_files.new_pair()
    who = by or member(Role.SUPERVISOR)
    return operations.enter_key(agency_id=of.pk, public=public, came=CAME, by=who, at=AT)


def confirmed(key, **changes):
    given = {"read_out": key.public[-16:], "how": "call", "whom": WHOM}
    who = changes.pop("by", None) or member(Role.SUPERVISOR)
    return operations.confirm_key(key_id=key.pk, **{**given, **changes}, by=who, at=AT)


def acts(of):
    rows = events.events_about(operations.about(of.pk)).order_by("sequence")
    return [row.action for row in rows]


def test_a_key_counts_when_a_second_person_has_checked_it():
    made = agency()
    key = entered(made)
    assert queries.key_of(made.pk) is None
    assert queries.with_a_key() == []
    confirmed(key)
    assert queries.key_of(made.pk) == key
    assert queries.with_a_key() == [made]
    assert acts(made) == ["agency added", "key of an agency entered", "key of an agency confirmed"]


def test_whoever_entered_a_key_does_not_confirm_it():
    by = member(Role.SUPERVISOR)
    key = entered(agency(), by=by)
    with pytest.raises(SamePerson):
        confirmed(key, by=by)
    key.confirmed_by, key.confirmed_at, key.how, key.whom = by, AT, "call", WHOM
    with pytest.raises(IntegrityError), transaction.atomic():
        key.save()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"read_out": "qqqq" * 4}, "read_out"), ({"how": "by email"}, "how")],
)
def test_what_was_read_out_and_how_has_to_be_right(changes, field):
    key = entered(agency())
    with pytest.raises(NotSound) as refused:
        confirmed(key, **changes)
    assert refused.value.field == field
    assert AgencyKey.objects.get().confirmed_at is None


def test_the_end_of_a_key_is_not_shown_before_it_is_confirmed():
    key = entered(agency())
    shown = queries.in_groups(key).replace(" ", "")
    assert key.public[-16:] not in shown
    assert key.public[-17:-16] == shown.rstrip("…")[-1]
    assert queries.in_groups(confirmed(key)).replace(" ", "") == key.public


def test_a_new_key_takes_the_place_of_the_old_one_when_it_is_confirmed():
    made = partner().agency
    old = queries.key_of(made.pk)
    new = entered(made)
    assert queries.key_of(made.pk) == old
    confirmed(new)
    assert queries.key_of(made.pk) == new
    old.refresh_from_db()
    assert old.ended_at == AT


def test_one_key_waits_at_a_time_and_none_is_used_twice():
    made = agency()
    first = entered(made)
    second = entered(made)
    first.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (AT, None)
    with pytest.raises(Ended):
        confirmed(first)
    with pytest.raises(NotSound):
        operations.enter_key(
            agency_id=agency(name="Other").pk,
            public=first.public,
            came=CAME,
            by=member(Role.SUPERVISOR),
            at=AT,
        )


def test_a_secret_key_is_never_kept():
    secret, _ = age_files.new_pair()
    with pytest.raises(NotAnAgeKey):
        operations.enter_key(
            agency_id=agency().pk, public=secret, came=CAME, by=member(Role.SUPERVISOR), at=AT
        )
    assert not AgencyKey.objects.exists()


def test_a_key_that_was_lost_is_ended_at_once():
    made = partner().agency
    key = queries.key_of(made.pk)
    operations.end_key(key_id=key.pk, why="They lost their laptop", by=key.entered_by, at=AT)
    assert queries.key_of(made.pk) is None
    with pytest.raises(Ended):
        operations.end_key(key_id=key.pk, why="They lost it again", by=key.entered_by, at=AT)


def test_every_version_of_an_agency_is_kept():
    by = member(Role.SUPERVISOR)
    made = agency(by=by)
    change = {"agency_id": made.pk, "kind": "refuge", "contact": "01632 960001", "by": by}
    operations.change(**change, name="Lantern House", seen=1, at=AT)
    with pytest.raises(EditConflict):
        operations.change(**change, name="Lamp", seen=1, at=AT)
    operations.change(**change, name="Lantern House", seen=2, at=AT)  # the same: no version
    assert [one.name for one in queries.history(made)] == ["Lantern House", "Lantern"]
    with pytest.raises(WrittenOnce):
        AgencyVersion.objects.all().delete()


def test_an_agency_that_ended_has_no_key_and_is_not_changed():
    made = partner().agency
    operations.end(
        agency_id=made.pk, why="The service has closed", by=member(Role.SUPERVISOR), at=AT
    )
    assert queries.key_of(made.pk) is None
    assert queries.in_use() == []
    for again in (
        lambda by: operations.end(agency_id=made.pk, why="It is closed again", by=by, at=AT),
        lambda by: entered(made, by=by),
    ):
        with pytest.raises(Ended):
            again(member(Role.SUPERVISOR))


def test_names_are_given_and_kinds_are_of_the_list_and_none_is_there_twice():
    agency()
    for changes, field in (
        ({"name": " "}, "name"),
        ({"name": "LANTERN"}, "name"),
        ({"kind": "x", "name": "A"}, "kind"),
    ):
        with pytest.raises(NotSound) as refused:
            agency(**changes)
        assert refused.value.field == field


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SUPERVISOR}))
def test_supervisors_alone_keep_agencies(role):
    made = partner().agency
    with pytest.raises(Refused):
        agency(by=member(role), name="Other")
    with pytest.raises(Refused):
        entered(made, by=member(role))
    with pytest.raises(Refused):
        queries.everything(by=member(role))


def test_what_is_not_there_is_said():
    by = member(Role.SUPERVISOR)
    with pytest.raises(AgencyNotFound):
        operations.end(agency_id=agency().keys.model().pk, why="It has closed down", by=by, at=AT)
    with pytest.raises(AgencyNotFound):
        confirmed(AgencyKey(public="age1" + "q" * 58))
