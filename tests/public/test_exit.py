"""Leaving as the server sees it: everything of hers is gone, and nothing can hold her here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from safehold.public import cookies
from safehold.public.exit import views
from safehold.records.intake import operations, queries
from safehold.records.intake.cookies import DRAFT_COOKIE, KEY_COOKIE
from safehold.records.intake.tickets import DraftGone, DraftTicket

ADDRESS = "/exit/"

# The door in front of every page asks the store whether pages have changed.
pytestmark = pytest.mark.django_db(databases=["intake"])


@pytest.fixture
def begun(client: Client) -> DraftTicket:
    """A draft whose two halves the client's cookies hold."""
    ticket = operations.start_draft(journey="place", at=timezone.now())
    client.cookies[DRAFT_COOKIE] = ticket.draft_id.hex
    client.cookies[KEY_COOKIE] = ticket.device_half
    return ticket


def _is_forgotten(response: HttpResponse) -> None:
    assert set(response.cookies) == set(cookies.TAKEN_BACK) >= {DRAFT_COOKIE, KEY_COOKIE}
    for name in cookies.TAKEN_BACK:
        cookie = response.cookies[name]
        assert cookie.value == ""
        assert cookie["max-age"] == 0
        assert cookie["path"] == "/"


@pytest.mark.database
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_draft_is_destroyed_and_the_cookies_expire(
    client: Client, begun: DraftTicket, method: str
) -> None:
    response = getattr(client, method)(ADDRESS)

    _is_forgotten(response)
    with pytest.raises(DraftGone):
        queries.draft_state(begun, datetime.now(UTC))


@pytest.mark.database
def test_only_her_own_draft_is_destroyed(client: Client, begun: DraftTicket) -> None:
    other = operations.start_draft(journey="place", at=timezone.now())

    client.get(ADDRESS)

    assert queries.draft_state(other, timezone.now()).journey == "place"


def test_the_plain_link_leads_to_the_neutral_address(client: Client, settings) -> None:
    response = client.get(ADDRESS)

    assert (response.status_code, response["Location"]) == (303, settings.FORCE.exit_url)


def test_the_beacon_needs_no_answer(client: Client) -> None:
    response = client.post(ADDRESS, headers={"sec-fetch-site": "same-origin"})

    assert (response.status_code, response.content) == (204, b"")


def test_another_site_cannot_make_her_lose_a_draft(client: Client) -> None:
    assert client.post(ADDRESS, headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_neither_step_is_stored_or_told_to_the_next_site(client: Client, method: str) -> None:
    response = getattr(client, method)(ADDRESS)

    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(("owner", "asked"), [(False, '"cache"'), (True, '"cache", "cookies"')])
def test_a_browser_is_asked_to_drop_only_what_is_ours(
    client: Client, settings, owner: bool, asked: str
) -> None:
    """Storage is never among it: the mark that guards the Back button lives there."""
    settings.FORCE = replace(settings.FORCE, owns_registrable_domain=owner)

    assert client.get(ADDRESS)["Clear-Site-Data"] == asked


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_switch_of_the_keys_survives_also_where_every_cookie_would_go(
    client: Client, settings, method: str
) -> None:
    settings.FORCE = replace(settings.FORCE, owns_registrable_domain=True)
    client.cookies[cookies.SWITCH_COOKIE] = "1"

    response = getattr(client, method)(ADDRESS)

    _is_forgotten(response)
    assert response["Clear-Site-Data"] == '"cache"'


@pytest.mark.database
@pytest.mark.parametrize("said", ["Sec-Purpose", "Purpose"])
def test_a_browser_that_asks_ahead_destroys_nothing(
    client: Client, begun: DraftTicket, said: str
) -> None:
    """It guesses that she will press the link; she has not left, and is still writing."""
    response = client.get(ADDRESS, headers={said: "prefetch;prerender"})

    assert response.status_code == 503, "a browser throws such an answer away and asks again"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert queries.draft_state(begun, timezone.now()).journey == "place"


@pytest.mark.database
def test_asking_only_where_it_leads_destroys_nothing(
    client: Client, begun: DraftTicket, settings
) -> None:
    response = client.head(ADDRESS)

    assert (response.status_code, response["Location"]) == (303, settings.FORCE.exit_url)
    assert not response.cookies
    assert queries.draft_state(begun, timezone.now()).journey == "place"


@pytest.mark.parametrize("held", ["", "nonsense", "' or 1=1", "0" * 32, "\x00"])
def test_leaving_works_with_any_cookie_or_none(client: Client, held: str) -> None:
    if held:
        client.cookies[DRAFT_COOKIE] = held

    assert client.get(ADDRESS).status_code == 303


@pytest.mark.parametrize("failure", [RuntimeError("broken"), OSError("no disk")])
def test_leaving_works_with_the_store_down(
    client: Client, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(**_: object) -> None:
        raise failure

    monkeypatch.setattr(views, "discard_draft", fail)
    client.cookies[DRAFT_COOKIE] = uuid4().hex

    response = client.get(ADDRESS)

    assert response.status_code == 303
    _is_forgotten(response)


@pytest.mark.database
@pytest.mark.parametrize("fails", ["_destroy_feedback", "_destroy_report"])
def test_one_draft_that_cannot_be_destroyed_keeps_no_other_alive(
    client: Client, begun: DraftTicket, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    feedback = operations.start_draft(journey="feedback", at=timezone.now())
    client.cookies[cookies.FEEDBACK_COOKIE] = f"{feedback.draft_id.hex}{feedback.device_half}"

    def fail(request: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(views, fails, fail)

    assert client.get(ADDRESS).status_code == 303
    with pytest.raises(DraftGone):
        queries.draft_state(begun if fails == "_destroy_feedback" else feedback, timezone.now())


def test_leaving_asks_the_store_nothing_without_a_draft(
    rf: RequestFactory, django_assert_num_queries
) -> None:
    with django_assert_num_queries(0, using="intake"):
        assert views.leave(rf.get(ADDRESS)).status_code == 303
