"""The page about what is kept on a device says all of it and nothing else."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from safehold.design import exit_script
from safehold.public import cookies
from safehold.public.about_cookies.stored import LEFT_MARK, Place, stored
from safehold.public.report.drafts import idle_minutes
from safehold.records.intake.cookies import DRAFT_COOKIE, KEY_COOKIE

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
    for path in (
        "/cookies/",
        "/report/",
        "/report/place/",
        "/exit/",
        "/feedback/",
        "/no-such-page/",
    ):
        response = client.get(path)
        assert {name for name, cookie in response.cookies.items() if cookie.value} == set(), path


@pytest.mark.database
def test_the_cookies_that_a_report_sets_are_the_ones_listed(client: Client) -> None:
    response = client.post("/report/1/", {"do": "continue", "q": "place.now", "danger": "no"})

    given = {name: cookie for name, cookie in response.cookies.items() if cookie.value}
    assert set(given) == {cookies.name(cookie) for cookie in (DRAFT_COOKIE, KEY_COOKIE)}
    for cookie in given.values():
        assert not cookie["max-age"], "kept beyond the visit"
        assert not cookie["expires"], "kept beyond the visit"
        assert cookie["samesite"] == "Strict"


def test_the_names_follow_the_installation(settings) -> None:
    settings.HTTPS = True
    assert {"__Host-d", "__Host-k", "__Host-f", "__Host-w"} <= _names(Place.COOKIE)
    settings.HTTPS = False
    assert {"d", "k", "f", "w"} <= _names(Place.COOKIE)


def test_leaving_takes_back_every_cookie_on_the_page_but_those_kept_on_purpose() -> None:
    """A cookie that somebody adds is in one of the two lists, and on the page, or this fails."""
    assert set(cookies.TAKEN_BACK).isdisjoint(cookies.KEPT_ON_LEAVING)
    ours = {cookies.name(cookie) for cookie in (*cookies.TAKEN_BACK, *cookies.KEPT_ON_LEAVING)}
    assert ours == _names(Place.COOKIE)
    for each in stored():
        kept = each.name in {cookies.name(cookie) for cookie in cookies.KEPT_ON_LEAVING}
        if each.place is Place.COOKIE:
            assert each.on_leaving.startswith("Kept" if kept else "Removed"), each.name


def test_no_name_is_longer_than_a_letter() -> None:
    for cookie in (*cookies.TAKEN_BACK, *cookies.KEPT_ON_LEAVING):
        assert len(cookie) == 1


def test_the_only_script_keeps_one_mark() -> None:
    kept = set(re.findall(r"sessionStorage\.(\w+)", exit_script.SOURCE))

    assert kept == {LEFT_MARK} == _names(Place.TAB)
    assert "localStorage" not in exit_script.SOURCE
    assert "indexedDB" not in exit_script.SOURCE
