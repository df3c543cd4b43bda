"""The page about leaving promises nothing false, and holds the switch of the keys."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from safehold.public import cookies
from safehold.public.report.drafts import idle_minutes

ADDRESS = "/leaving/"

# The door in front of every page asks the store whether pages have changed.
pytestmark = pytest.mark.django_db(databases=["intake"])


def _words(client: Client) -> str:
    html = client.get(ADDRESS).content.decode()
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_it_says_what_leaving_cannot_do(client: Client) -> None:
    words = _words(client)

    for said in (
        "No website can undo that you were here",
        "Your browser’s history",
        "Back may show other pages again, such as this one",
        "No key leaves",
        "private window",
        "Software that watches",
        "Removing everything can be noticed",
        "How to come back",
        f"until {idle_minutes()} minutes after your last page",
    ):
        assert said in words, said


@pytest.mark.parametrize(
    "promise",
    [
        r"no trace",
        r"(?<!not )(erases|erase|clears|wipes|hides) (your|the|all)",
        r"(is|are|be|stay) (safe|anonymous|invisible|untraceable)\b",
        r"nobody (can|will) (know|see|find)",
    ],
)
def test_it_promises_nothing_false(client: Client, promise: str) -> None:
    """Words that no page about leaving may say, on the page and on the bar of every page."""
    for path in (ADDRESS, "/report/place/", "/cookies/"):
        html = client.get(path).content.decode()
        words = " ".join(re.sub(r"<script.*?</script>|<[^>]+>", " ", html).split())
        assert not re.findall(promise, words, re.IGNORECASE), path


def test_it_names_where_leaving_leads(client: Client, settings: Any) -> None:
    assert settings.FORCE.exit_url.removeprefix("https://") in _words(client)


def test_its_title_is_neutral_and_every_page_leads_there(client: Client) -> None:
    html = client.get(ADDRESS).content.decode()

    assert re.search(r"<title>Leaving this site – ", html)
    for path in ("/cookies/", "/no-such-page/", "/report/1/"):
        bar, _, rest = client.get(path).content.decode().partition("</section>")
        assert f'href="{ADDRESS}"' in bar, path
        assert f'href="{ADDRESS}"' in rest.partition("<footer")[2], path


def _switch(client: Client, to: str) -> Any:
    return client.post(ADDRESS, {"do": to}, headers={"sec-fetch-site": "same-origin"})


def test_the_keys_are_switched_off_and_on_again(client: Client) -> None:
    assert "The keys are switched on" in _words(client)

    response = _switch(client, "off")

    assert (response.status_code, response["Location"]) == (303, "/leaving/#keys")
    cookie = response.cookies[cookies.SWITCH_COOKIE]
    assert cookie.value == "1"
    assert not cookie["max-age"], "kept beyond the visit"
    assert not cookie["httponly"], "the script could not read it"
    assert cookie["samesite"] == "Strict"
    assert "The keys are switched off until you close this browser" in _words(client)

    assert _switch(client, "on").cookies[cookies.SWITCH_COOKIE]["max-age"] == 0
    assert "The keys are switched on" in _words(client)


def test_leaving_does_not_switch_them_on_again(client: Client) -> None:
    _switch(client, "off")

    client.get("/exit/")

    assert "The keys are switched off" in _words(client)


def test_reading_the_page_sets_nothing(client: Client) -> None:
    assert not client.get(ADDRESS).cookies


@pytest.mark.parametrize("sent", [{}, {"do": ""}, {"do": "OFF"}, {"do": ["on", "nonsense"]}])
def test_anything_else_changes_nothing(client: Client, sent: dict[str, Any]) -> None:
    response = client.post(ADDRESS, sent, headers={"sec-fetch-site": "same-origin"})

    assert response.status_code == 303
    assert not response.cookies


@pytest.mark.parametrize("held", ["0", "", "2", "1; x", "é", "1" * 5_000])
def test_a_tampered_setting_switches_nothing_off(client: Client, held: str) -> None:
    client.cookies[cookies.SWITCH_COOKIE] = held

    assert "The keys are switched on" in _words(client)


def test_another_site_cannot_switch_her_keys_off(client: Client) -> None:
    response = client.post(ADDRESS, {"do": "off"}, headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 403
    assert not response.cookies


def test_a_megabyte_is_refused_with_the_way_out_on_the_page(client: Client) -> None:
    response = client.post(ADDRESS, {"do": "o" * 3_000_000})

    assert response.status_code == 413
    assert b'href="/exit/"' in response.content


def test_on_https_the_setting_is_bound_to_the_host(client: Client, settings: Any) -> None:
    settings.HTTPS = True

    response = client.post(ADDRESS, {"do": "off"}, secure=True)

    assert response.cookies["__Host-w"]["secure"]
