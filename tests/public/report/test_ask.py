"""Someone asks under Clare's Law: named, danger first, and with nothing to keep."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from safehold.records.intake.models import SealedReport
from tests.public.report.visitor import Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

LEAST: dict[str, dict[str, Any]] = {
    "subject": {"name": "Zanzibar Quill"},
    "name": {"name": "Orla Winterbourne"},
    "contact": {"method": "call", "to": "07700 900123"},
}


@pytest.fixture
def asker(client: Client) -> Visitor:
    """Someone who opens the form."""
    return Visitor(client, "/ask/", "ask")


def test_it_sends_with_a_name_a_way_and_the_name_asked_about(asker: Visitor) -> None:
    asker.walks(**LEAST)
    assert asker.page == "check"
    asker.sends("send")
    assert asker.page == "sent"
    assert SealedReport.objects.count() == 1


def test_the_page_after_it_shows_no_reference_no_code_and_nothing_said(asker: Visitor) -> None:
    asker.walks(**LEAST).sends("send")
    assert SealedReport.objects.get().reference not in asker.html
    for said in ("Zanzibar", "Orla", "07700"):
        assert said not in asker.html
    assert "no code and no reference" in asker.words


def test_it_is_said_first_what_it_is_not_and_that_it_is_told_in_person(asker: Visitor) -> None:
    asker.begins().sends(danger="no")
    assert asker.page == "not_a_report"
    for said in ("told in person", "is not told that you asked", "not a way to report"):
        assert said in asker.words


@pytest.mark.parametrize(
    ("page", "sent", "sentence"),
    [
        ("subject", {"born": "about 40"}, "Give the name of the person you ask about"),
        ("name", {"name": " "}, "Give your name."),
        ("contact", {"method": "call"}, "Choose how we can reach you"),
        ("contact", {"to": "07700 900123"}, "Choose how we can reach you"),
    ],
)
def test_what_is_needed_is_asked_for_in_place_and_nothing_is_lost(
    asker: Visitor, page: str, sent: dict[str, str], sentence: str
) -> None:
    asker.begins()
    while asker.page != page:
        asker.sends(**LEAST.get(asker.page, {}))
    assert "You can skip this question" not in asker.words
    asker.sends(**sent)
    assert asker.page == page
    assert asker.problem.startswith(sentence)
    for value in sent.values():
        assert not value.strip() or value in asker.html


def test_what_is_missing_is_said_once_at_the_first_field(asker: Visitor) -> None:
    asker.begins()
    while asker.page != "contact":
        asker.sends(**LEAST.get(asker.page, {}))
    asker.sends()
    assert asker.problem.count("Choose how we can reach you") == 1
    assert asker.html.count("Choose how we can reach you") == 2  # in the summary, at the field
    assert 'href="#method"' in asker.html
    asker.sends(method="call")
    assert 'href="#to"' in asker.html
    assert 'href="#method"' not in asker.html


def test_it_cannot_be_saved_under_a_code(asker: Visitor) -> None:
    asker.begins()
    assert "come back later" not in asker.words
    assert asker.goes("/report/save/").heading == "There is nothing to show here"


def test_a_professional_is_told_that_it_is_right_to_know(asker: Visitor) -> None:
    asker.begins().sends().sends().sends(who="professional")
    assert asker.page == "for_others"
    assert "Right to Know" in asker.words


def test_someone_under_16_is_led_to_where_she_can_tell(asker: Visitor) -> None:
    asker.begins().sends().sends().sends().sends(answer="yes")
    assert asker.page == "if_under_16"
    assert 'href="/report/tell/"' in asker.html
