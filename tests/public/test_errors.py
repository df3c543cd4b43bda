"""A page for each thing that can go wrong: the way out, help, and what to do next."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory

from safehold.public import errors

STATUSES = sorted(errors.WORDS)


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_has_the_way_out_and_help(rf: RequestFactory, settings, status: int) -> None:
    response = errors.page(rf.get("/report/place/"), status)
    html = response.content.decode()

    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    assert 'href="/exit/"' in html
    assert "<script data-to=" in html
    assert f"call {settings.FORCE.phones.emergency}" in html
    assert errors.WORDS[status].heading in html
    assert "safehold" not in html.lower()


def test_the_statuses_of_the_contract_are_all_there() -> None:
    assert STATUSES == [400, 403, 404, 405, 413, 429, 500, 503]


def test_a_500_needs_neither_request_nor_store() -> None:
    """Without a mark for the database, any query would fail this test."""
    assert errors.broken().status_code == 500


def test_a_500_survives_the_loss_of_its_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __getitem__(self, name: str) -> None:
            raise RuntimeError("templates are broken too")

    monkeypatch.setattr(errors, "engines", Broken())

    html = errors.broken().content.decode()

    assert 'href="/exit/"' in html
    assert "call 999" in html


@pytest.mark.django_db(databases=["intake"])
def test_an_address_that_leads_nowhere(client: Client) -> None:
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert "There is no page here" in response.content.decode()


@pytest.mark.parametrize("cause", [RequestDataTooBig("x"), TooManyFieldsSent("x")])
def test_too_much_is_told_apart_from_damaged(rf: RequestFactory, cause: Exception) -> None:
    assert errors.bad_request(rf.post("/"), cause).status_code == 413
    assert errors.bad_request(rf.post("/"), ValueError("x")).status_code == 400


def test_an_empty_refusal_gets_its_page_and_keeps_what_it_allows(rf: RequestFactory) -> None:
    fill = errors.FillEmptyErrors(lambda request: HttpResponseNotAllowed(["POST"]))

    response = fill(rf.get("/feedback/"))

    assert response["Allow"] == "POST"
    assert 'href="/exit/"' in response.content.decode()


@pytest.mark.parametrize(
    "answer", [HttpResponse("words", status=404), HttpResponse(status=204), HttpResponse("page")]
)
def test_an_answer_with_words_of_its_own_is_left_alone(
    rf: RequestFactory, answer: HttpResponse
) -> None:
    assert errors.FillEmptyErrors(lambda request: answer)(rf.get("/")) is answer


def test_a_staff_page_keeps_its_own_look(rf: RequestFactory) -> None:
    html = errors.page(rf.get("/staff/reports/"), 403).content.decode()

    assert "You may not see this" in html
    assert "data-leave" in html
    assert "data-exit" not in html
