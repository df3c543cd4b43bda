"""Who can help and is not the police: confirmed lines, and a list that leaves no trace."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import brotli
import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client

from safehold.domain.services import lasts, words
from safehold.public.support import choice
from safehold.public.support.where import OUTSIDE, UNKNOWN, Where, look_up
from safehold.records.gazetteer.models import Entry, Load
from safehold.records.services import queries as services
from safehold.records.services.models import SupportService
from tests.desk import AT
from tests.some_services import add
from tests.told_places import load_land

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases=["default", "intake"])]

SUPPORT, FOUND = "/support/", "/support/found/"
LISTS_WEIGH = 30_000  # bytes on the wire, with headers


@pytest.fixture(autouse=True)
def at_a_day_in_november():
    with time_machine.travel(AT, tick=False):
        yield


def _page(client: Client, path: str = SUPPORT) -> str:
    return " ".join(unescape(client.get(path).content.decode()).replace("\xa0", " ").split())


def chooses(client: Client, **chosen: Any) -> Any:
    return client.post(FOUND, {"do": "find", **chosen})


def test_every_confirmed_line_is_given_with_its_hours(client: Client, settings: Any) -> None:
    page = _page(client)
    phones = settings.FORCE.phones
    for line in (phones.all_hours, phones.sarc, *phones.helplines):
        assert f'href="tel:{line.number.replace(" ", "")}"' in page
        assert line.hours in page


def test_where_nothing_is_confirmed_the_page_says_so(client: Client, settings: Any) -> None:
    empty = replace(settings.FORCE.phones, all_hours=None, sarc=None, helplines=())
    settings.FORCE = replace(settings.FORCE, phones=empty)
    page = _page(client)
    assert "We give no number here yet" in page
    assert "0808" not in page
    assert "In danger now? Call 999" in page
    assert "Find services" not in page


def test_the_lines_are_there_when_the_store_is_not(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(services, "shown", away)
    page = _page(client)
    assert settings.FORCE.phones.all_hours.number in page
    assert "Find services" not in page


def test_reading_keeps_nothing(client: Client) -> None:
    add(AT)
    for path in (SUPPORT, FOUND):
        assert not client.get(path).cookies
    assert client.post(SUPPORT).status_code == 405


def test_the_whole_list_needs_no_choice(client: Client) -> None:
    add(AT)
    page = _page(client, FOUND)
    assert "This is the whole list." in page
    assert 'href="tel:08081570101"' in page
    assert "Open now" in page
    assert "A call may be named on your phone bill." in page


def test_a_choice_stands_in_no_address_and_no_readable_cookie(client: Client) -> None:
    add(AT, name="Signs", needs=frozenset({"deaf"}))
    add(AT, name="Died", harms=frozenset({"died"}))
    answer = chooses(client, harm="at_home", needs=["deaf", "no_recourse"], language="ur")
    assert (answer.status_code, answer["Location"]) == (303, FOUND)
    held = answer.cookies["s"].value
    opened = urlsafe_b64decode(held)
    for word in (b"at_home", b"deaf", b"no_recourse"):
        assert word not in opened
    assert answer.cookies["s"]["max-age"] == ""
    page = _page(client, FOUND)
    assert "Signs" in page
    assert ">Died<" not in page
    assert "None does all that you chose. These do a part of it" in page
    assert "They have not said that they speak the language you chose." in page


def test_whoever_opens_the_page_next_is_not_shown_what_was_chosen(client: Client) -> None:
    add(AT)
    chooses(client, harm="at_home", needs=["deaf"], language="ur")
    page = client.get(SUPPORT).content.decode()
    assert "selected" not in page.replace('value="" selected', "")
    assert "checked" not in page.split("Find a service that fits you")[1].split("Before you")[0]


def test_cookies_of_any_two_choices_are_of_one_length(client: Client) -> None:
    load_land()
    lengths = {
        len(chooses(client, **chosen).cookies["s"].value)
        for chosen in (
            {"open_now": "on"},
            {"harm": "changing", "needs": list(words("needs")), "language": "bsl"},
            {"where": "ŵ" * 80},
        )
    }
    assert len(lengths) == 1
    assert lengths != {0}


def test_clearing_drops_it(client: Client) -> None:
    add(AT)
    chooses(client, harm="at_home")
    answer = client.post(FOUND, {"do": "clear"})
    assert answer["Location"] == SUPPORT
    assert answer.cookies["s"]["max-age"] == 0


def test_a_choice_ends_with_its_time(client: Client) -> None:
    add(AT, name="Died", harms=frozenset({"died"}))
    chooses(client, harm="at_home")
    assert "Died" not in _page(client, FOUND)
    with time_machine.travel(AT + timedelta(minutes=30), tick=False):
        assert "Died" in _page(client, FOUND)


@pytest.mark.parametrize("held", ["x", "a" * 3_000, "AQ==", "%00", "{}"])
def test_a_cookie_that_was_changed_is_nothing(client: Client, held: str) -> None:
    add(AT)
    client.cookies["s"] = held
    assert "This is the whole list." in _page(client, FOUND)


def test_a_cookie_of_another_key_is_nothing(client: Client, settings: Any) -> None:
    add(AT)
    chooses(client, harm="died")
    settings.SECRET_KEY = "another installation"
    assert "This is the whole list." in _page(client, FOUND)


def test_what_no_list_holds_means_nothing(client: Client) -> None:
    add(AT)
    answer = chooses(client, harm="<script>", needs=["x"], language="xx", open_now="")
    assert answer.cookies["s"]["max-age"] == 0
    assert "Harbour line" in _page(client, FOUND)


def test_a_megabyte_is_refused_in_words(client: Client) -> None:
    add(AT)
    answer = chooses(client, where="x" * 3_000_000)
    assert answer.status_code == 413
    assert "In danger now? Call 999" in answer.content.decode()


class TestWhere:
    """What a typed place comes to."""

    @pytest.fixture(autouse=True)
    def land(self) -> None:
        load_land()

    def test_a_place_is_kept_as_its_district(self, client: Client) -> None:
        from safehold.records.gazetteer import queries as gazetteer

        town = next(one for one in gazetteer.towns() if one.name == "Samplesea")
        district = gazetteer.district_of(town.longitude, town.latitude)
        add(AT, name="Near", districts=frozenset({district}))
        add(AT, name="Far", districts=frozenset({"Elsewhere"}))
        chooses(client, where="samplesea")
        page = _page(client, FOUND)
        assert "Near" in page
        assert ">Far<" not in page
        assert f'value="{district}"' in page

    def test_a_place_that_nobody_knows_is_told_in_its_place(self, client: Client) -> None:
        add(AT)
        answer = chooses(client, where="Atlantis <b>", harm="at_home")
        assert answer["Location"] == SUPPORT
        page = client.get(SUPPORT).content.decode()
        assert "We do not know that place here." in page
        assert 'value="Atlantis &lt;b&gt;"' in page
        assert '<option value="at_home" selected' in page
        assert "Error: Find support" in page
        # The list is not shown as if the place had been understood.
        assert client.get(FOUND)["Location"] == SUPPORT

    def test_where_a_typed_place_leads(self, settings: Any) -> None:
        load = Load.objects.get()
        for name, longitude in (("QM1 1AA", 2.30), ("QM1 2BB", 2.40), ("QM2 1AA", 3.5)):
            Entry.objects.create(
                load=load, kind="postcode", name=name, key=f" {name.lower()}",
                longitude=longitude, latitude=54.6,
            )  # fmt: skip
        assert look_up("") == look_up(settings.FORCE.area_name) == look_up("  ") == Where()
        assert look_up("west").districts == {"West"}
        assert look_up("qm11aa").districts == {"West"}
        assert look_up("QM1 2bb").districts == {"East"}
        assert look_up("qm1").districts == {"West", "East"}
        assert look_up("Testhaven").districts == {"West"}
        assert look_up("QM2 1AA").problem == look_up("qm2").problem == OUTSIDE
        assert look_up("Atlantis").problem == look_up("QM1 9ZZ").problem == UNKNOWN

    def test_several_districts_stay_while_the_rest_is_changed(self, client: Client) -> None:
        load = Load.objects.get()
        for name, longitude in (("QM1 1AA", 2.30), ("QM1 2BB", 2.40)):
            Entry.objects.create(
                load=load, kind="postcode", name=name, key=f" {name.lower()}",
                longitude=longitude, latitude=54.6,
            )  # fmt: skip
        add(AT)
        chooses(client, where="qm1")
        assert 'value="East, West"' in _page(client, FOUND)
        assert chooses(client, where="East, West", language="pl")["Location"] == FOUND
        assert 'value="East, West"' in _page(client, FOUND)


def test_a_lapsed_service_is_gone_the_same_day(client: Client) -> None:
    add(AT - lasts() + timedelta(days=1))
    assert "Harbour line" in _page(client, FOUND)
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        assert "Harbour line" not in _page(client, FOUND)


def test_a_refuge_has_no_place(client: Client) -> None:
    add(AT, is_refuge=True)
    assert "Its address is kept secret." in _page(client, FOUND)


def test_three_hundred_services_stay_light_and_none_is_lost(client: Client) -> None:
    for number in range(300):
        add(AT, name=f"Service {number:03}", about="Talks with you about harm at home. " * 8)
    found: set[str] = set()
    page = 1
    while True:
        path = FOUND if page == 1 else f"{FOUND}{page}/"
        answer = client.get(path)
        body = answer.content
        weight = len(brotli.compress(body, quality=5)) + 2_000
        assert weight < LISTS_WEIGH
        text = body.decode()
        found |= {f"Service {n:03}" for n in range(300) if f"Service {n:03}<" in text}
        if f"{FOUND}{page + 1}/" not in text:
            break
        page += 1
    assert len(found) == 300
    assert client.get(f"{FOUND}{page + 1}/").status_code == 404
    assert SupportService.objects.using("intake").count() == 300


def test_every_label_of_the_lists_is_a_sentence_of_ours() -> None:
    for table in ("harms", "serves", "needs", "languages"):
        assert all(label[0].isupper() for label in words(table).values())
    assert words("needs").keys() == words("needs_served").keys()


def test_a_choice_is_read_as_it_was_kept(rf: Any) -> None:
    from django.http import HttpResponse

    from safehold.domain.services import Wanted

    made = choice.Choice(
        wanted=Wanted(harm="at_home", needs=frozenset({"deaf"}), language="pl", open_now=True)
    )
    response = choice.keep(HttpResponse(), made, at=AT)
    request = rf.get(FOUND)
    request.COOKIES["s"] = response.cookies["s"].value
    assert choice.kept(request, at=AT) == made
