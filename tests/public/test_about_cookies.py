"""The page about what is kept on a device says all of it and nothing else."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from safehold.design import exit_script
from safehold.public.about_cookies.stored import LEFT_MARK, Place, stored
from safehold.public.report.drafts import idle_minutes

# The door in front of every page asks the store whether pages have changed.
pytestmark = pytest.mark.django_db(databases=["intake"])


def _names(place: Place) -> set[str]:
    return {each.name for each in stored() if each.place is place}


def test_the_page_shows_every_entry(client: Client) -> None:
    html = client.get("/cookies/").content.decode()

    for each in stored():
        assert f"“{each.name}”" in html
        assert each.on_leaving in html
    assert f"{idle_minutes()} minutes" in html


def test_reading_pages_sets_nothing(client: Client) -> None:
    for path in ("/cookies/", "/report/", "/report/place/", "/exit/", "/no-such-page/"):
        response = client.get(path)
        assert {name for name, cookie in response.cookies.items() if cookie.value} == set(), path


@pytest.mark.database
def test_the_cookies_that_a_report_sets_are_the_ones_listed(client: Client) -> None:
    response = client.post("/report/place/now/", {"do": "continue", "danger": "no"})

    given = {name: cookie for name, cookie in response.cookies.items() if cookie.value}
    assert set(given) == _names(Place.COOKIE)
    for cookie in given.values():
        assert not cookie["max-age"], "kept beyond the visit"
        assert not cookie["expires"], "kept beyond the visit"
        assert cookie["samesite"] == "Strict"


def test_the_names_follow_the_installation(settings) -> None:
    settings.HTTPS = True
    assert _names(Place.COOKIE) == {"__Host-d", "__Host-k"}
    settings.HTTPS = False
    assert _names(Place.COOKIE) == {"d", "k"}


def test_the_only_script_keeps_one_mark() -> None:
    kept = set(re.findall(r"sessionStorage\.(\w+)", exit_script.SOURCE))

    assert kept == {LEFT_MARK} == _names(Place.TAB)
    assert "localStorage" not in exit_script.SOURCE
    assert "indexedDB" not in exit_script.SOURCE
