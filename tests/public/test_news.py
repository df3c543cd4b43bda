"""A message when there is news: its dangers first, off until asked for, taken back at will."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from safehold.records.intake.models import Nudge
from tests.public.report.conftest import county, keys
from tests.public.report.visitor import Visitor
from tests.public.test_returning import (
    RETURN,
    clock,
    closes,
    comes_back,
    sent,
    takes_code,
)

__all__ = ["clock", "county", "keys"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

NEWS = "/return/news/"
ASKED = {"channel": "text", "address": "07700 900123", "parts": ["morning"], "days": ["mon"]}


@pytest.fixture(autouse=True)
def offered(settings: Any) -> None:
    settings.NUDGE_CHANNELS = frozenset({"text", "email"})


def asks(visitor: Visitor, **changes: Any) -> Visitor:
    visitor.response = visitor.client.post(NEWS, {"do": "ask", **ASKED, **changes}, follow=True)
    return visitor._arrived(NEWS)


def test_what_it_leaves_behind_is_said_before_anything_is_asked(client: Client) -> None:
    back = comes_back(takes_code(sent(client)))
    assert "Get a message when there is something new" in back.words
    page = back.goes(NEWS).words
    assert page.index("It can put you at risk.") < page.index("The number or the address")
    assert not Nudge.objects.using("intake").exists()


def test_it_is_kept_sealed_and_taken_back(client: Client) -> None:
    back = comes_back(takes_code(sent(client)))
    assert "You asked for messages." in asks(back).words
    assert "07700 900123" not in back.html
    (row,) = Nudge.objects.using("intake").all()
    assert b"900123" not in bytes(row.sealed)
    back.response = back.client.post(NEWS, {"do": "stop"}, follow=True)
    assert "You asked for messages." not in back._arrived(NEWS).words
    assert not Nudge.objects.using("intake").exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"channel": ""}, "Choose one of the ways on this page."),
        ({"address": "12"}, "Give a mobile number such as 07700 900123."),
        ({"parts": [], "days": []}, "Choose when it is safe"),
        ({"own_text": "see www.example.org"}, "Leave out links and addresses"),
    ],
)
def test_what_is_wrong_is_said_in_place_and_nothing_typed_is_lost(
    client: Client, changes: dict[str, Any], says: str
) -> None:
    back = asks(comes_back(takes_code(sent(client))), **changes)
    assert says in back.words
    assert str(changes.get("address", ASKED["address"])) in back.html
    assert not Nudge.objects.using("intake").exists()


def test_closing_the_code_takes_the_address_along(client: Client) -> None:
    code = takes_code(sent(client))
    back = asks(comes_back(code))
    closes(back, code)
    assert not Nudge.objects.using("intake").exists()


def test_it_is_not_offered_where_the_police_would_open_the_address(client: Client) -> None:
    back = comes_back(takes_code(sent(client, works={"party": "yes"})))
    assert "Get a message" not in back.words
    assert back.goes(NEWS).at == RETURN
    asks(back)
    assert not Nudge.objects.using("intake").exists()


def test_it_is_not_offered_where_nothing_is_set_up(client: Client, settings: Any) -> None:
    settings.NUDGE_CHANNELS = frozenset()
    back = comes_back(takes_code(sent(client)))
    assert "Get a message" not in back.words
    assert back.goes(NEWS).at == RETURN


def test_without_a_code_the_page_leads_to_where_one_is_asked(client: Client) -> None:
    assert client.get(NEWS)["Location"] == RETURN
    assert client.post(NEWS, {"do": "ask", **ASKED})["Location"] == RETURN
