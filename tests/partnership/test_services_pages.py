"""The register's pages, walked as a clerk walks them."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import time_machine

from safehold.domain.access import Role
from safehold.domain.services import lasts
from safehold.records.services import operations, queries
from safehold.records.services.models import SupportService
from tests.desk import AT, member, sign_in
from tests.some_services import LINE, add

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases=["default", "intake"])]

HERE = "/staff/services/"
TYPED = {
    "name": "Saltings line",
    "about": "Listens after an assault.",
    "serves": "everyone",
    "harms": ["sexual"],
    "phone": "01632 960002",
    "monday": "9-5",
    "on_bank_holidays": "closed",
    "free": "yes",
    "hidden_on_bill": "unknown",
    "hides_number": "no",
    "leaves_no_message": "unknown",
    "without_name": "unknown",
    "asked": "on",
}


@pytest.fixture(autouse=True)
def at_a_day_in_november():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def clerk(client):
    who = member(Role.EDITOR, name="Ash Vane")
    sign_in(client, who)
    return who


def words_of(response):
    text = response.content.decode()
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


def test_an_empty_register_says_what_to_do(client, clerk):
    assert "No service is listed yet" in words_of(client.get(HERE))


def test_a_service_is_added_and_the_public_sees_it(client, clerk):
    answer = client.post(f"{HERE}new/", TYPED)
    assert answer.status_code == 302
    page = words_of(client.get(answer["Location"]))
    assert "Shown. Asked 22 November 2026" in page
    assert "Added, 22 November 2026" in page
    (shown,) = queries.shown(AT.date())
    assert shown.service.hours.week[0] == ((540, 1020),)
    assert "01632 960002" in client.get("/support/found/").content.decode().replace("\xa0", " ")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Give the name by which people know the service."),
        ({"about": "We are at 12 Elm Row."}, "Leave the street out"),
        ({"monday": "early"}, "Monday: Write the hours of a day like 9:00-17:00 or"),
        ({"always": "on"}, "Either at any hour, or the hours of each day: not both."),
        ({"phone": ""}, "Give at least one way to reach them"),
        ({"harms": []}, "Choose what it is about: at least one."),
        ({"is_refuge": "on", "meets_in": "Saltmere"}, "A refuge is never placed"),
        ({"asked": ""}, "Ask them first: a service is listed only when somebody has."),
        ({"serves": "nobody"}, "Choose from the list."),
        ({"districts": ["Atlantis"]}, "Choose from the list."),
        ({"name": "x" * 121}, "at most 120 characters"),
    ],
)
def test_bad_input_gets_one_sentence_and_nothing_typed_is_lost(client, clerk, change, sentence):
    answer = client.post(f"{HERE}new/", TYPED | change)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert sentence in words_of(answer)
    assert "Listens after an assault." in page or "about" in change
    assert 'value="09:00-17:00"' in page or 'value="9-5"' in page or "monday" in change
    assert not SupportService.objects.using("intake").exists()


def test_a_form_that_was_sent_twice_adds_one_service(client, clerk):
    client.post(f"{HERE}new/", TYPED)
    answer = client.post(f"{HERE}new/", TYPED | {"name": "saltings LINE"})
    assert "A service of this name is listed already: change that one." in words_of(answer)
    assert SupportService.objects.using("intake").count() == 1
    key = add(AT, name="Another")
    answer = client.post(f"{HERE}{key}/", TYPED | {"seen": "1"})
    assert "A service of this name is listed already: change that one." in words_of(answer)


def test_no_two_boxes_of_the_page_share_an_id(client, clerk):
    page = client.get(f"{HERE}{add(AT)}/").content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_script_is_shown_as_text(client, clerk):
    client.post(f"{HERE}new/", TYPED | {"name": "<script>alert(1)</script>"})
    for path in (HERE, "/support/found/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_two_clerks_at_one_service_lose_nothing(client, clerk):
    key, other = add(AT), member(Role.SUPERVISOR, name="Pell Lisle")
    seen = client.get(f"{HERE}{key}/").content.decode()
    assert 'name="seen" value="1"' in seen
    from dataclasses import replace

    operations.change(
        service_id=key,
        service=replace(LINE, phone="01632 960777"),
        seen=1,
        asked_again=False,
        by=other,
        at=AT,
    )

    answer = client.post(f"{HERE}{key}/", TYPED | {"seen": "1", "name": "Mine"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Changed: telephone" in words_of(answer)
    assert "Now, telephone: 01632 960777" in words_of(answer)
    assert 'value="Mine"' in page
    assert 'name="seen" value="2"' in page

    assert client.post(f"{HERE}{key}/", TYPED | {"seen": "2", "name": "Mine"}).status_code == 302
    assert queries.shown(AT.date())[0].service.name == "Mine"
    history = words_of(client.get(f"{HERE}{key}/"))
    assert "telephone: 0808 157 0101 → 01632 960777" in history
    assert "name: Harbour line → Mine" in history


def test_the_history_says_yes_and_no(client, clerk):
    key = add(AT)
    client.post(f"{HERE}{key}/", TYPED | {"seen": "1", "interpreter": "on"})
    assert "interpreter: no → yes" in words_of(client.get(f"{HERE}{key}/"))


def test_a_stale_page_neither_verifies_nor_withdraws(client, clerk):
    key = add(AT - timedelta(days=20))
    operations.verify(service_id=key, seen=1, by=clerk, at=AT)
    for act, typed in (("asked", {}), ("withdraw", {"reason": "It closed"})):
        answer = client.post(f"{HERE}{key}/{act}/", {"seen": "1", **typed})
        assert answer.status_code == 409
        assert "Look again, then decide." in words_of(answer)
    assert queries.shown(AT.date())


def test_a_withdrawal_needs_a_reason_and_takes_it_off_the_page(client, clerk):
    key = add(AT)
    answer = client.post(f"{HERE}{key}/withdraw/", {"seen": "1", "reason": " "})
    assert "Say why it is taken off the page." in words_of(answer)
    client.post(f"{HERE}{key}/withdraw/", {"seen": "1", "reason": "The line closed"})
    assert "Harbour line" not in client.get("/support/found/").content.decode()
    page = words_of(client.get(f"{HERE}{key}/"))
    assert "“The line closed”" in page
    client.post(f"{HERE}{key}/asked/", {"seen": "2"})
    assert "Harbour line" in client.get("/support/found/").content.decode()


def test_what_lapses_is_listed_first_and_told_on_the_first_page(client, clerk):
    add(AT - lasts(), name="Gone by")
    add(AT - lasts() + timedelta(days=3), name="Nearly")
    add(AT, name="Fresh")
    page = client.get(HERE).content.decode()
    order = [page.index(name) for name in ("Gone by", "Nearly", "Fresh")]
    assert order == sorted(order)
    assert "Fresh" not in client.get(f"{HERE}?state=lapsed").content.decode()
    assert "Fresh" in client.get(f"{HERE}?state=rubbish").content.decode()
    work = words_of(client.get("/staff/"))
    assert "1 support service has lapsed and is not shown" in work
    assert "1 support service lapses soon" in work


def test_a_service_that_is_not_there_is_not_found(client, clerk):
    assert client.get(f"{HERE}00000000-0000-4000-8000-000000000000/").status_code == 404
