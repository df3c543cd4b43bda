"""Looking for people and one person's page, as an officer meets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.incidents.models import Part
from safehold.records.people import facts, operations
from safehold.records.people.models import Home, PersonName
from tests import some_cases
from tests.desk import AT, REASON, member, sign_in
from tests.statements import statements

pytestmark = [pytest.mark.django_db(databases=["default", "intake"])]
SAID = operations.Origin("somebody", "the neighbour")


@pytest.fixture
def officer():
    return member()


def desk_of(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


@pytest.fixture
def desk(officer) -> Client:
    return desk_of(officer)


@pytest.fixture
def ilka(officer):
    return operations.record_person(
        name="Ilka Brandreth", origin=SAID, born=None, by=officer, at=AT
    )


def text(answer) -> str:
    return answer.content.decode()


def opened(desk: Client, who) -> str:
    return text(desk.post(f"/staff/people/{who.identity}/", {"look_reason": REASON}))


def test_a_search_shows_names_and_births_and_no_address_number_or_case(desk, officer, ilka) -> None:
    facts.add_contact(
        identity=ilka.identity, kind="mobile", value="07700 900456", origin=SAID, by=officer, at=AT
    )
    facts.add_home(
        identity=ilka.identity, line="14 Alder Row", town="Eastmere", origin=SAID, by=officer, at=AT
    )
    page = text(
        desk.post(
            "/staff/people/", {"name": "ilca brandraeth", "born": "1991", "look_reason": REASON}
        )
    )
    assert "1 person" in page
    assert "Ilka Brandreth" in page
    assert "900456" not in page
    assert "Alder" not in page


def test_a_search_without_a_reason_searches_nothing_and_keeps_what_was_typed(desk, ilka) -> None:
    page = text(desk.post("/staff/people/", {"name": "Ilka", "born": "x", "look_reason": ""}))
    assert 'value="Ilka"' in page
    assert "Give a reason." in page
    assert "about 30" in page
    assert not AuditEvent.objects.filter(action="people sought").exists()


def test_nobody_found_says_where_was_searched(desk) -> None:
    page = text(desk.post("/staff/people/", {"name": "Ilka", "look_reason": REASON}))
    assert "Nobody is found" in page
    assert "not known elsewhere" in page


def test_a_page_asks_why_once_a_shift_and_every_look_is_kept(desk, ilka) -> None:
    path = f"/staff/people/{ilka.identity}/"
    assert "Ilka" not in text(desk.get(path))
    assert "Ilka Brandreth" in opened(desk, ilka)
    again = text(desk.get(path))
    assert "Ilka Brandreth" in again
    assert REASON in again
    looks = AuditEvent.objects.filter(action="looked", subject_id=str(ilka.identity))
    assert looks.count() == 2


@pytest.mark.usefixtures("keys")
def test_how_often_a_page_asks_does_not_grow_with_the_person(desk, officer, ilka) -> None:
    def asked() -> int:
        why = {"look_reason": REASON}
        return statements(lambda: desk.post(f"/staff/people/{ilka.identity}/", why))

    def known(number: int) -> None:
        who = member(name=f"Oswin Tarrant {number}")
        told = {"identity": ilka.identity, "origin": SAID, "by": who, "at": AT}
        facts.add_need(kind="interpreter", words=f"Sorani {number}", **told)
        facts.add_home(line=f"{number} Alder Row", **told)
        other = some_cases.person(f"Dena Pell {number}", by=who)
        some_cases.incident(by=who, people_in={Part.VICTIM: ilka, Part.WITNESS: other})

    known(1)
    few = asked()
    for number in range(2, 7):
        known(number)
    assert asked() == few == 33


def test_the_next_shift_says_why_again(officer, ilka) -> None:
    with time_machine.travel(AT, tick=False):
        desk = desk_of(officer)
        opened(desk, ilka)
    with time_machine.travel(AT + timedelta(hours=11), tick=False):
        page = text(desk_of(officer).get(f"/staff/people/{ilka.identity}/"))
    assert "Ilka" not in page


@pytest.mark.parametrize(
    ("what", "typed", "shown"),
    [
        ("name", {"name": "Ilka Voss", "kind": "birth"}, "Ilka Voss"),
        ("birth", {"born": "2 March 1991", "certainty": "document"}, "2 March 1991"),
        ("contact", {"kind": "mobile", "value": "07700 900456"}, "07700 900456"),
        ("home", {"line": "14 Alder Row", "town": "Eastmere", "postcode": "zz1 1aa"}, "ZZ1 1AA"),
        ("need", {"kind": "interpreter", "words": "Sorani"}, "Sorani"),
        ("trait-ethnicity", {"answer": "W2"}, "White: Irish"),
        ("trait-religion", {"answer": "rather_not"}, "Rather not say"),
        ("trait-sex", {"answer": "not_asked", "words": "He was listening"}, "He was listening"),
        ("flag", {"kind": "weapons", "words": "an air rifle"}, "May have weapons: an air rifle"),
    ],
)
def test_each_sort_of_fact_is_recorded_shown_with_its_source_and_ended(
    desk, ilka, what: str, typed: dict[str, str], shown: str
) -> None:
    answer = desk.post(
        f"/staff/people/{ilka.identity}/add/{what}/",
        {**typed, "source": "seen", "source_words": "her passport"},
    )
    assert answer.status_code == 302, text(answer)
    page = opened(desk, ilka)
    assert shown in page
    assert "An officer saw or read it: her passport" in page
    ending = next(
        part.split('"')[0]
        for part in page.split('href="')
        if f"/end/{what.split('-')[0]}/" in part.split('"')[0]
    )
    if what == "name":
        ending = ending.rsplit("/", 2)[0] + f"/{PersonName.objects.get(kind='birth').pk}/"
    assert desk.post(ending, {"why": "She says that it is wrong"}).status_code == 302
    assert shown not in opened(desk, ilka)


def test_a_fact_without_a_source_is_asked_for_and_nothing_typed_is_lost(desk, ilka) -> None:
    page = text(
        desk.post(
            f"/staff/people/{ilka.identity}/add/contact/",
            {"kind": "mobile", "value": "07700 900456"},
        )
    )
    assert "Choose where this comes from." in page
    assert 'value="07700 900456"' in page


def test_one_flag_of_a_concept(desk, ilka) -> None:
    path = f"/staff/people/{ilka.identity}/add/flag/"
    typed = {"kind": "child", "source": "seen"}
    assert desk.post(path, typed).status_code == 302
    assert "This person has this flag." in text(desk.post(path, typed))


def test_the_last_name_stays(desk, ilka) -> None:
    name = PersonName.objects.get(person=ilka)
    page = text(
        desk.post(
            f"/staff/people/{ilka.identity}/end/name/{name.pk}/", {"why": "It is not her name"}
        )
    )
    assert "A person keeps at least one name." in page
    assert "It is not her name" in page


def test_a_protected_address_is_masked_for_all_but_named_members(desk, officer, ilka) -> None:
    facts.add_home(
        identity=ilka.identity,
        line="14 Alder Row",
        protected=True,
        origin=SAID,
        by=officer,
        at=AT,
    )
    assert "14 Alder Row" in opened(desk, ilka)
    other = opened(desk_of(member(name="Pell Lisle")), ilka)
    assert "Alder" not in other
    assert "A protected address." in other


def test_one_door_is_one_address_however_it_is_typed(officer, ilka) -> None:
    other = operations.record_person(name="Oswin Tarrant", origin=SAID, by=officer, at=AT)
    for person, line in ((ilka, "14 Alder Rd."), (other, "14  alder road")):
        facts.add_home(
            identity=person.identity, line=line, postcode="ZZ11AA", origin=SAID, by=officer, at=AT
        )
    assert len(set(Home.objects.values_list("address_id", flat=True))) == 1


def test_a_history_says_what_was_searched_and_what_was_not(desk, ilka) -> None:
    page = opened(desk, ilka)
    assert "Not searched:" in page
    assert "PNC; PND" in page
    path = f"/staff/people/{ilka.identity}/searched/"
    refused = desk.post(path, {"source": "pnc", "outcome": "not_done", "words": ""})
    assert "Write why it was not searched." in text(refused)
    for typed in (
        {"source": "pnc", "outcome": "nothing", "words": ""},
        {"source": "pnd", "outcome": "not_done", "words": "the link is down"},
    ):
        assert desk.post(path, typed).status_code == 302
    page = opened(desk, ilka)
    assert "nothing found" in page
    assert "PND (the link is down)" in page


def test_somebody_new_is_recorded_by_one_name(desk) -> None:
    answer = desk.post(
        "/staff/people/new/",
        {
            "name": "Oswin Tarrant",
            "kind": "usual",
            "born": "about 30",
            "police": "no",
            "source": "seen",
        },
    )
    assert answer.status_code == 302
    page = text(desk.post(answer["Location"], {"look_reason": REASON}))
    assert "Oswin Tarrant" in page
    assert "As it was said" in page


def test_who_is_sealed_to_standards_is_not_there_for_others(desk, officer) -> None:
    sealed = operations.record_person(
        name="Ilka Brandreth",
        origin=SAID,
        sealed_to=Role.PROFESSIONAL_STANDARDS,
        by=officer,
        at=AT,
    )
    for path in ("", "add/name/", "searched/"):
        assert desk.get(f"/staff/people/{sealed.identity}/{path}").status_code == 404
    page = text(desk.post("/staff/people/", {"name": "Ilka", "look_reason": REASON}))
    assert "Nobody is found" in page
