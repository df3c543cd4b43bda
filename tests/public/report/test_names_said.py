"""Whoever tells is told that names are compared: where asked, before it is sent, and after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as installed
from django.test import Client

from safehold.content import first_pages
from safehold.domain.journey.journeys import JOURNEYS
from safehold.domain.journey.ruled import NAMES_COMPARED
from tests.public.report.visitor import Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

WORDS = {"where": {"do": "words"}, "words": {"text": "The path"}}
NEEDED = {
    "subject": {"name": "Quill"},
    "name": {"name": "Marsh"},
    "contact": {"method": "post", "to": "1 Elm Row"},
}
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "harm": ("/report/tell/", {}),
    "place": ("/report/place/", {"happened": {"to_you": "yes"}, **WORDS}),
    "ask": ("/ask/", NEEDED),
}
BEFORE = "a program compares the names in it, yours too if you give it"
AFTER = "if a name in it may be that of one of our staff or of someone close to them"


@pytest.mark.parametrize("form", FORMS)
def test_it_is_said_at_the_start_before_sending_and_after(client: Client, form: str) -> None:
    start, answers = FORMS[form]
    visitor = Visitor(client, start, form)
    assert BEFORE in visitor.goes().words
    assert BEFORE in visitor.walks(**answers).words
    assert AFTER in visitor.sends("send").words


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("form", FORMS)
def test_when_it_is_read_is_said_at_the_start_before_sending_and_after(
    client: Client, settings: Any, form: str, known: bool
) -> None:
    if not known:
        settings.FORCE = replace(settings.FORCE, when_reports_are_read="")
    start, answers = FORMS[form]
    visitor = Visitor(client, start, form)
    for words in (
        visitor.goes().words,
        visitor.walks(**answers).words,
        visitor.sends("send").words,
    ):
        assert ("This is a practice site, so nobody reads what is sent here" in words) == known
        assert ("this invented force: every day, from 7am to 11pm" in words) == known
        assert ("We cannot say yet when reports sent here are read" in words) != known


@pytest.mark.parametrize("form", FORMS)
def test_what_is_for_standards_anyway_is_compared_with_nothing(client: Client, form: str) -> None:
    start, answers = FORMS[form]
    check = Visitor(client, start, form).walks(**answers, works={"party": "yes"})
    assert BEFORE not in check.words
    assert "Only professional standards can open" in check.words


@pytest.mark.parametrize(
    ("form", "question"),
    [
        ("harm", "name"),
        ("harm", "victim"),
        ("harm", "person"),
        ("ask", "name"),
        ("ask", "subject"),
        ("ask", "at_risk"),
    ],
)
def test_it_is_said_where_a_name_is_asked(form: str, question: str) -> None:
    assert NAMES_COMPARED in JOURNEYS[form].question(question).hint


@pytest.mark.parametrize("form", FORMS)
def test_no_form_promises_that_the_unit_reads_whatever_a_name_says(form: str) -> None:
    hint = JOURNEYS[form].question("works").hint
    assert "a program compares names before anyone reads it" in hint


@pytest.mark.parametrize("page", ["privacy", "after-you-report", "without-your-name"])
def test_the_pages_about_what_we_keep_say_it(page: str) -> None:
    (found,) = [each for each in first_pages.all_for(installed.FORCE) if each.slug == page]
    assert "If one may match, only professional standards can open" in repr(found.body)


@pytest.mark.parametrize("form", FORMS)
def test_only_a_form_that_can_be_saved_speaks_of_a_code_that_brings_it_back(
    client: Client, form: str
) -> None:
    said = "the code brings it back" in Visitor(client, FORMS[form][0], form).goes().words
    assert said == (form == "harm")
