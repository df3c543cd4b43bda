"""Histories of two people, of an address and of a child, and other ways to search."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.incidents import recording, ties
from safehold.records.incidents.models import Acquainted, Classification, Part, Setting
from safehold.records.people import facts, operations
from safehold.records.people.doors import Door
from tests.desk import AT, REASON, member, sign_in
from tests.protection.test_people import desk_of, opened, text

pytestmark = [pytest.mark.django_db(databases=["default", "intake"])]
SAID = operations.Origin("seen")
WHY = {"look_reason": REASON}


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def desk(officer) -> Client:
    client = Client()
    sign_in(client, officer)
    return client


@pytest.fixture
def ilka(officer):
    return operations.record_person(name="Ilka Brandreth", origin=SAID, by=officer, at=AT)


@pytest.fixture
def oswin(officer):
    return operations.record_person(name="Oswin Tarrant", origin=SAID, by=officer, at=AT)


def live(who, by, **more):
    return facts.add_home(
        identity=who.identity, line="14 Alder Row", origin=SAID, by=by, at=AT, **more
    ).address


def together(by, *who, door: Door | None = None):
    parts = (Part.VICTIM, Part.SUSPECT)[: len(who)]
    made = recording.record_by_officer(
        said=recording.Recorded(
            Classification.STALKING,
            Setting.PUBLIC,
            Acquainted.KNOWN,
            parts=parts,
            door=door,
        ),
        by=by,
        at=AT,
    )
    for part, person in zip(parts, who, strict=True):
        ties.tie(
            incident_id=made.pk,
            role_id=made.roles.get(part=part).pk,
            identity=person.identity,
            category=part,
            by=by,
            at=AT,
        )
    return made


def test_two_people_are_offered_where_they_share_an_incident_and_asked_why(
    desk, officer, ilka, oswin
) -> None:
    shared = together(officer, ilka, oswin)
    alone = together(officer, ilka)
    page = opened(desk, ilka)
    path = f"/staff/people/{ilka.identity}/with/{oswin.identity}/"
    assert f'href="{path}"' in page
    assert "1 incident</li>" in page
    assert "Stalking" not in text(desk.get(path))  # one of the two is not opened yet
    assert "Give a reason." in text(desk.post(path))
    page = text(desk.post(path, WHY))
    assert shared.reference in page
    assert alone.reference not in page
    assert page.count("Not searched:") == 2
    looks = AuditEvent.objects.filter(action="looked", subject_id=str(oswin.identity))
    assert [row.reason for row in looks] == [REASON]


def test_a_source_that_was_searched_for_one_of_two_is_not_said_of_both(
    desk, officer, ilka, oswin
) -> None:
    together(officer, ilka, oswin)
    searched = {"source": "pnc", "outcome": "nothing", "words": ""}
    desk.post(f"/staff/people/{ilka.identity}/searched/", searched)
    page = text(desk.post(f"/staff/people/{ilka.identity}/with/{oswin.identity}/", WHY))
    first, second = page.split("<strong>Not searched:</strong>")[1:3]
    assert "PNC" not in first.split("</p>")[0]
    assert "PNC" in second.split("</p>")[0]


def test_somebody_with_themselves_is_their_own_page(desk, ilka) -> None:
    answer = desk.get(f"/staff/people/{ilka.identity}/with/{ilka.identity}/")
    assert answer["Location"] == f"/staff/people/{ilka.identity}/"


def test_an_address_is_opened_from_a_home_with_a_reason(desk, officer, ilka) -> None:
    address = live(ilka, officer)
    made = together(officer, ilka, door=Door("14 alder row"))
    path = f"/staff/addresses/{address.pk}/"
    assert f'href="{path}"' in opened(desk, ilka)
    assert "Alder" not in text(desk.get(path))
    assert not AuditEvent.objects.filter(action="looked", subject_kind="address").exists()
    page = text(desk.post(path, WHY))
    for words in ("14 Alder Row", made.reference, "Ilka Brandreth", "Not searched:", REASON):
        assert words in page
    assert "14 Alder Row" in text(desk.get(path))  # within the shift
    assert AuditEvent.objects.filter(action="looked", subject_kind="address").count() == 2


def test_a_protected_address_is_masked_until_somebody_is_named(desk, officer, ilka) -> None:
    address = live(ilka, officer, protected=True)
    made = together(officer, ilka, door=Door("14 Alder Row"))
    other, boss = member(name="Pell Lisle"), desk_of(member(Role.SUPERVISOR, name="Ro Tarn"))
    theirs = desk_of(other)
    path, naming = f"/staff/addresses/{address.pk}/", f"/staff/addresses/{address.pk}/readers/"
    for client in (theirs, boss):
        page = text(client.post(path, WHY))
        assert "A protected address." in page
        assert "Alder" not in page
        assert made.reference not in page
    assert theirs.get(naming).status_code == 404
    page = text(boss.get(naming))
    assert "Pell Lisle" in page
    assert "Alder" not in page
    assert "Ro Tarn, Supervisor" not in page.split("<main")[1]  # nobody names themselves
    assert "Choose a member." in text(boss.post(naming, {"why": REASON}))
    assert boss.post(naming, {"member": other.pk, "why": REASON}).status_code == 302
    assert "Named: 2 members" in text(boss.get(naming))
    assert "14 Alder Row" in text(theirs.post(path, WHY))
    assert "Alder" not in text(boss.post(path, WHY))
    assert f'href="{naming}"' in text(desk.post(path, WHY))
    refused = text(boss.post(naming, {"what": "end", "end-member": other.pk, "end-why": ""}))
    assert "Give a reason" in refused or "Say why" in refused
    assert f'<option value="{other.pk}" selected>Pell Lisle' in refused
    ended = {"what": "end", "end-member": other.pk, "end-why": "Moved to another unit"}
    assert boss.post(naming, ended).status_code == 302
    assert "Alder" not in text(theirs.get(path))


def test_who_looked_at_an_address_is_shown_to_a_supervisor(desk, officer, ilka) -> None:
    address = live(ilka, officer)
    desk.post(f"/staff/addresses/{address.pk}/", WHY)
    boss = desk_of(member(Role.SUPERVISOR, name="Ro Tarn"))
    page = text(boss.get(f"/staff/looks/?about=address&id={address.pk}"))
    assert REASON in page
    assert "Alder" not in page


@pytest.mark.parametrize("how", ["flag", "birth"])
def test_a_child_s_history_also_has_what_happened_at_home(desk, officer, ilka, how: str) -> None:
    live(ilka, officer)
    made = together(officer, door=Door("14 Alder Row"))
    path = f"/staff/people/{ilka.identity}/childhood/"
    assert path not in opened(desk, ilka)
    assert desk.post(path, WHY).status_code == 404
    typed = {"kind": "child", "born": "2012", "certainty": "said", "source": "seen"}
    desk.post(f"/staff/people/{ilka.identity}/add/{how}/", typed)
    page = opened(desk, ilka)
    assert path in page
    assert made.reference not in page
    assert made.reference in text(desk.get(path))  # said why of this person in this shift


def test_a_child_s_history_is_asked_why(officer, ilka) -> None:
    facts.add_flag(identity=ilka.identity, kind="child", words="", origin=SAID, by=officer, at=AT)
    path = f"/staff/people/{ilka.identity}/childhood/"
    page = text(desk_of(officer).get(path))
    assert "Ilka" not in page
    assert "Why do you need to see this?" in page


@pytest.mark.parametrize(
    "typed",
    [
        {"contact": "+44 7700 900456"},
        {"line": "14 alder row"},
        {"line": "14 Alder Row", "postcode": "zz1 1aa"},
        {"reference": "{person}"},
        {"reference": "{incident}"},
    ],
)
def test_somebody_is_found_by_what_else_is_known(desk, officer, ilka, typed) -> None:
    facts.add_contact(
        identity=ilka.identity, kind="mobile", value="07700 900456", origin=SAID, by=officer, at=AT
    )
    facts.add_home(
        identity=ilka.identity,
        line="14 Alder Row",
        town="Eastmere",
        postcode="ZZ1 1AA",
        origin=SAID,
        by=officer,
        at=AT,
    )
    made = together(officer, ilka)
    names = {"person": ilka.reference, "incident": made.reference}
    sent = {key: value.format(**names) for key, value in typed.items()}
    found = text(desk.post("/staff/people/", {**sent, **WHY})).split('id="search"')[0]
    assert "Ilka Brandreth" in found
    for words in ("900456", "Alder", "Eastmere", "Stalking"):
        assert words not in found
    actions = AuditEvent.objects.filter(action__startswith="people ").order_by("sequence")
    assert [row.action for row in actions] == ["people sought", "people found"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Write a name, or a part of one."),
        ({"name": "Ilka", "contact": "07700"}, "Search by one thing at a time."),
        ({"postcode": "ZZ1 1AA"}, "Write the first line of the address too."),
    ],
)
def test_one_thing_is_asked_for_and_no_more(desk, typed, says) -> None:
    page = text(desk.post("/staff/people/", {**typed, **WHY}))
    assert says in page
    assert all(f'value="{value}"' in page for value in typed.values())
    assert REASON in page
    assert not AuditEvent.objects.filter(action="people sought").exists()


def test_nobody_found_otherwise_says_where_was_searched(desk) -> None:
    page = text(desk.post("/staff/people/", {"contact": "07700 900456", **WHY}))
    assert "Nobody is found" in page
    assert "not known elsewhere" in page
