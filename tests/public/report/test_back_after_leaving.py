"""Back after leaving, without a script: the server answers, and whoever stands beside her reads."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from safehold.domain.journey.place_questions import PLACE as JOURNEY
from safehold.records.intake.models import Draft
from tests.public.report.visitor import Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

WORDS = {"where": {"do": "words"}, "words": {"text": "The path behind the shop, Winterbourne"}}
SUBJECTS = "report|unsafe|abuse|assault|police|violen|stalk|harm|victim|danger|safe"
SLUGS = [*(question.key for question in JOURNEY.questions), "check", "sent"]


@pytest.mark.parametrize("sent", [False, True], ids=["not sent", "sent"])
def test_every_page_of_the_journey_is_one_page_that_names_no_subject(
    visitor: Visitor, sent: bool
) -> None:
    for_a_stranger = Visitor(Client()).goes("where").html
    visitor.walks(**WORDS)
    if sent:
        visitor.sends("send")

    visitor.client.get("/exit/")

    assert visitor.cookies == {}
    assert Draft.objects.count() == 0
    for slug in SLUGS:
        visitor.goes(slug)
        assert visitor.html == for_a_stranger, "it tells that somebody was here"
        assert visitor.response["Cache-Control"] == "no-store"
        assert visitor.cookies == {}


def test_that_page_is_neutral_and_has_an_ordinary_way_on(visitor: Visitor) -> None:
    visitor.goes("where")

    assert visitor.heading == "There is nothing to show here"
    assert visitor.title.startswith("Nothing to show")
    page = visitor.html.partition("<main")[2].partition("</main>")[0].lower()
    assert not re.findall(SUBJECTS, re.sub(r'href="[^"]*"', "", page))
    assert 'href="/"' in page
    assert 'href="/exit/"' in visitor.html


def test_the_picture_of_the_map_is_what_a_stranger_gets(visitor: Visitor) -> None:
    """It stands on no page then, and shows no place that anybody chose."""
    address = "/report/map/picture/"
    for_a_stranger = Client().get(address).content
    visitor.walks(where={"do": "find", "find": "elm row"})
    assert visitor.client.get(address).content != for_a_stranger
    visitor.client.get("/exit/")

    answer = visitor.client.get(address)

    assert answer.content == for_a_stranger
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
