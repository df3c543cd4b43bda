"""What a visitor agreed to: asked, saved, changed, taken back, and never taken for granted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from safehold.public import consent, cookies
from safehold.public.consent import banner, choice
from safehold.public.consent.choice import Choice
from safehold.public.consent.views import came_from

# The door in front of every page asks the store whether pages have changed.
pytestmark = [pytest.mark.django_db(databases=["default", "intake"])]

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
ASKS, SAYS_SAVED, SAYS_FAILED = "May we keep a little more?", "Your choice is saved", "not saved"
HERE = "http://testserver"


def page(client: Client, path: str = "/report/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def states(html: str) -> list[str]:
    return [words for words in (ASKS, SAYS_SAVED, SAYS_FAILED) if words in html]


def choose(client: Client, do: str = "accept", path: str = "/report/", **more: str) -> None:
    """Press a button of the block on a page, and let the browser follow where it is led."""
    response = client.post("/cookies/", {"do": do, **more}, headers={"referer": HERE + path})
    assert (response.status_code, response["Location"]) == (303, "/cookies/kept/")
    response = client.get("/cookies/kept/", headers={"referer": HERE + path})
    assert (response.status_code, response["Location"]) == (303, path)


def held(client: Client) -> str:
    found = client.cookies.get("c")
    return found.value if found else ""


@pytest.mark.parametrize("path", ["/report/", "/leaving/", "/accessibility/", "/no-such-page/"])
def test_a_page_asks_before_anything_was_chosen_and_says_nothing_else(client, path):
    html = client.get(path).content.decode()
    assert states(html) == [ASKS]
    assert html.index("Leave this site") < html.index(ASKS) < html.index("Skip to the page")


@pytest.mark.parametrize(("do", "value"), [("accept", "yy"), ("reject", "nn")])
def test_a_choice_is_said_to_be_saved_once_and_then_nothing_is(client, do, value):
    choose(client, do)
    assert states(page(client)) == [SAYS_SAVED]
    assert held(client) == value
    assert states(page(client)) == []
    assert "choice" not in page(client).split("<main")[0]


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_a_page_is_as_long_as_it_says(encoding):
    client = Client(headers={"accept-encoding": encoding})
    for do in ("", "accept", "reject"):
        if do:
            choose(client, do)
        for path in ("/report/", "/cookies/", "/support/"):
            response = client.get(path)
            assert response.get("Content-Length", "") in {"", str(len(response.content))}, path


def test_each_purpose_is_chosen_by_itself_and_neither_is_chosen_beforehand(client):
    assert page(client, "/cookies/").count('value="no" checked') == 2
    response = client.post("/cookies/", {"do": "save", "count": "no", "remember": "yes"})
    assert response["Location"] == "/cookies/kept/"
    response = client.get("/cookies/kept/", headers={"referer": HERE + "/cookies/"})
    assert response["Location"] == "/cookies/"
    html = page(client, "/cookies/")
    assert SAYS_SAVED in html
    assert (html.count('value="no" checked'), html.count('value="yes" checked')) == (1, 1)
    assert held(client) == "ny"
    assert SAYS_SAVED not in page(client, "/cookies/")


def test_a_choice_can_be_changed_later(client):
    choose(client, "accept")
    choose(client, "save", "/leaving/", count="yes", remember="no")
    page(client)
    assert held(client) == "yn"


def test_hiding_leads_back_and_keeps_the_choice(client):
    choose(client)
    response = client.post("/cookies/", {"do": "hide"}, headers={"referer": HERE + "/report/"})
    assert (response.status_code, response["Location"]) == (303, "/report/")
    assert held(client) == "yy"
    assert states(page(client)) == []


def test_a_browser_that_kept_nothing_is_told_so_and_may_try_again(client):
    client.post("/cookies/", {"do": "accept"})
    client.cookies.clear()
    response = client.get("/cookies/kept/", headers={"referer": HERE + "/report/"})
    html = response.content.decode()
    assert states(html) == [SAYS_FAILED]
    assert not response.cookies
    assert html.count('name="do"') == 2
    assert 'href="/report/">Go on without it' in html


def test_a_browser_that_kept_an_older_choice_is_told_that_nothing_changed(client):
    client.cookies["c"] = "nn"
    assert SAYS_FAILED in client.get("/cookies/kept/").content.decode()
    assert held(client) == "nn"


def test_whoever_types_the_address_in_between_is_told_of_no_failure(client):
    response = client.get("/cookies/kept/", headers={"sec-fetch-site": "none"})
    assert response["Location"] == "/cookies/"


def test_a_button_that_we_do_not_have_saves_nothing(client):
    response = client.post("/cookies/", {"do": "<script>"})
    assert (response.status_code, response["Location"]) == (303, "/cookies/")
    assert not response.cookies


TAMPERED = ["", "y", "yyy", "YY", "yyss", "1", "yes", "y" * 5000, '"yy"', "ÿÿ", "%79y"]


@pytest.mark.parametrize("value", TAMPERED)
def test_a_tampered_choice_is_no_choice_and_no_consent(client, value):
    request = RequestFactory().get("/", headers={"cookie": f"c={value}"})
    assert choice.of(request) is None
    assert not consent.may_count(request)
    assert not consent.may_remember(request)
    response = client.get("/report/", headers={"cookie": f"c={value}"})
    assert response.status_code == 200
    assert states(response.content.decode()) == [ASKS]


def test_two_choices_that_differ_are_none():
    assert choice.in_header("c=yy; c=nn") is None
    assert choice.in_header("c=yy; d=1; c=yy") == Choice(count=True, remember=True)


@given(st.text(max_size=40))
def test_only_what_we_write_is_read(header):
    made = choice.in_header(f"c={header}")
    assert made is None or made.value() in header


@given(st.builds(Choice, st.booleans(), st.booleans(), st.booleans()))
def test_a_choice_comes_back_as_it_was_written(made):
    assert choice.in_header(f"d=1; c={made.value()}; w=1") == made


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        (f"{HERE}/leaving/", "/leaving/"),
        (f"{HERE}/", "/"),
        (f"{HERE}/leaving/?a=b#c", "/leaving/"),
        ("", "/cookies/"),
        ("http://elsewhere.example/leaving/", "/cookies/"),
        (f"{HERE}.elsewhere.example/leaving/", "/cookies/"),
        (f"{HERE}//elsewhere.example/", "/cookies/"),
        (f"{HERE}/\\elsewhere.example/", "/cookies/"),
        (f"{HERE}/exit/", "/cookies/"),
        (f"{HERE}/staff/", "/cookies/"),
        (f"{HERE}/cookies/kept/", "/cookies/"),
        ("http://[", "/cookies/"),
        (f"{HERE}/{'a' * 400}/", "/cookies/"),
        ("javascript:alert(1)", "/cookies/"),
    ],
)
def test_it_leads_back_to_a_path_of_ours_and_to_nothing_else(sent, path):
    request = RequestFactory().get("/cookies/kept/", headers={"referer": sent})
    assert came_from(request) == path


def test_the_choice_is_kept_a_year_and_no_script_can_read_it(client):
    given_back = client.post("/cookies/", {"do": "reject"}).cookies["c"]
    assert given_back["max-age"] == choice.A_YEAR
    assert given_back["httponly"]
    assert given_back["samesite"] == "Lax"


def test_leaving_takes_the_choice_back(client):
    choose(client)
    assert client.get("/exit/").cookies["c"]["max-age"] == 0


def test_another_site_cannot_choose_for_her(client):
    sent = client.post("/cookies/", {"do": "accept"}, headers={"sec-fetch-site": "cross-site"})
    assert sent.status_code == 403
    assert not sent.cookies


def test_a_question_page_does_not_ask_since_its_buttons_would_lose_what_is_typed(client):
    client.post("/report/place/", {"do": "begin"})
    assert states(page(client, "/report/1/")) == []


def test_no_address_says_what_was_chosen(client):
    for do in ("accept", "reject", "save", "hide"):
        led = client.post("/cookies/", {"do": do, "count": "yes"}, follow=True).redirect_chain
        assert {address for address, _ in led} <= {"/cookies/", "/cookies/kept/"}


def test_without_a_block_a_page_comes_back_as_it_is():
    assert banner.filled(b"<p>words", banner.SAVED) == b"<p>words"


def test_the_buttons_look_and_weigh_the_same(client):
    block = page(client).split("<!--choice-->")[1].split("<!--/choice-->")[0]
    assert block.count('class="govuk-button govuk-button--secondary"') == 3


def test_with_everything_rejected_every_page_is_the_same_as_before(client):
    paths = ("/report/", "/report/place/", "/leaving/", "/accessibility/", "/cookies/")
    before = {path: page(client, path).split("<main")[1] for path in paths}
    choose(client, "reject")
    page(client)
    for path in paths:
        assert page(client, path).split("<main")[1] == before[path], path


def test_https_names_it_for_this_host_alone(settings):
    settings.HTTPS = True
    assert choice.in_header("c=yy") is None
    assert choice.in_header(f"{cookies.name('c')}=yy") == Choice(count=True, remember=True)
