"""Whatever is sent to any form of the public site, and wherever its sender stands."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers
from safehold.public.report import device, forms
from safehold.public.report.drafts import ENTRIES
from safehold.records.intake import calls, queries
from safehold.records.intake.tickets import DraftGone
from tests.bad_input.drawn import MARK, Body, Others, Page, bodies
from tests.bad_input.held import (
    DEEP,
    Lines,
    examples,
    holds_of,
    nothing_secret,
    rolled_back,
    typed_is_there,
)
from tests.public.report.conftest import county, keys
from tests.public.report.visitor import Visitor
from tests.public.test_calls import takes_start_code, types
from tests.public.test_returning import comes_back, sent, takes_code
from tests.routes import EXAMPLES, routes

__all__ = ["county", "keys"]

URLS = "safehold.config.urls.public"
START = datetime(2026, 11, 27, 12, tzinfo=UTC)
pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls(URLS),
    pytest.mark.usefixtures("county"),
]

# Where somebody may stand when she sends something, by route. A page that takes a POST and has no
# row here fails. A row names those standings that the page knows, and one that it does not.
WHERE: dict[str, tuple[str, ...]] = {
    "exit": ("nobody", "telling"),
    "leaving": ("nobody",),
    "languages": ("nobody", "telling"),
    "feedback": ("nobody", "telling"),
    "support-found": ("nobody",),
    "support-page": ("nobody",),
    "cookies": ("nobody",),
    "return": ("nobody", "place", "returned", "started"),
    "news": ("nobody", "returned"),
    "place": ("nobody", "place", "sent"),
    "harm": ("nobody", "telling"),
    "ask": ("nobody", "asking", "sent"),
    "step": ("nobody", "begun", "place", "telling", "asking", "typing", "sent", "returned"),
    "save": ("nobody", "telling", "saved", "place", "sent"),
    "call": ("nobody", "telling"),
    "files": ("nobody", "telling", "place", "sent"),
}
# Whose page is a list of questions: any of them may be asked, by its number.
STEPS = 24
MAY_KEEP = frozenset({"/exit/"})


@dataclass(frozen=True)
class Standing:
    """What a browser holds, and so what it meets."""

    cookies: str

    def client(self) -> Client:
        """Give a fresh browser that holds this."""
        client = Client()
        client.cookies = SimpleCookie(self.cookies)
        return client


def _standing(client: Client) -> Standing:
    pairs = (f"{name}={each.value}" for name, each in client.cookies.items() if each.value)
    return Standing("; ".join(pairs))


def _typing() -> Visitor:
    given = calls.give_pass(call_id=uuid4(), how="telephone", at=START)
    visitor = Visitor(Client(), "/report/call/", "harm")
    visitor.response = visitor.client.post(
        visitor.start, {"given": given, "do": "harm"}, follow=True
    )
    return visitor._arrived(visitor.start)


def _saved() -> Client:
    visitor = Visitor(Client(), "/report/tell/", "harm").walks()
    visitor.client.post("/report/save/", {"do": "digits"})
    return visitor.client


PLACE: dict[str, Any] = {"where": {"do": "words"}, "words": {"text": "By the weir"}}
LEAST = {
    "subject": {"name": "Someone"},
    "name": {"name": "Orla"},
    "contact": {"method": "email", "to": "orla@example.org"},
}
MADE: dict[str, Callable[[], Client]] = {
    "nobody": Client,
    "begun": lambda: Visitor(Client()).begins().client,
    "place": lambda: Visitor(Client()).walks(**PLACE).client,
    "telling": lambda: Visitor(Client(), "/report/tell/", "harm").walks().client,
    "asking": lambda: Visitor(Client(), "/ask/", "ask").walks(**LEAST).client,
    "typing": lambda: _typing().client,
    "saved": _saved,
    "sent": lambda: sent(Client()).client,
    "returned": lambda: comes_back(takes_code(sent(Client()))).client,
    "started": lambda: comes_back(takes_start_code(types(_typing()))).client,
}


def posting_routes() -> Iterator[tuple[str, str]]:
    """Give every route that takes a POST, with an address of it."""
    for name, at in routes(URLS):
        address = EXAMPLES.get(name, at)
        if Client().post(address).status_code != 405:
            yield name.removeprefix("public:"), address


# What is replayed: the hidden fields and answers of other pages.
OTHERS: dict[str, list[str]] = {
    "q": [
        *(form.token(each) for form in forms.every() for each in form.journey.questions),
        *(form.check_token for form in forms.every()),
        "place.",
        "?",
    ],
    "do": [
        *("continue", "skip", "skip_rest", "stay", "save", "finish", "send", "begin", "forget"),
        *("find", "map", "words", "digits", "start", "kept", "again", "carry_on", "copied"),
        *("write", "shut", "proof", "done", "destroy", "ask", "stop", "add", "harm", "place"),
    ],
    "once": [uuid4().hex, "0" * 32],
    "code": ["1234 5678 1234 5678", "1234 5678 1234"],
    "message": [MARK],
    "file": [str(uuid4())],
    "remove": [str(uuid4())],
    "at.x": ["140", "-9"],
    "at.y": ["140"],
} | {
    field.name: [option.key for option in field.options] or [MARK]
    for form in forms.every()
    for question in form.journey.questions
    for field in question.fields
}


def kept_answers_are_asked_for(client: Client) -> None:
    """Check that nothing is kept that the journey does not ask for, given the answers before it."""
    request = RequestFactory().get("/")
    request.COOKIES = {name: each.value for name, each in client.cookies.items()}
    ticket = device.ticket(request)
    if ticket is None:
        return
    try:
        state = queries.draft_state(ticket, START)
    except DraftGone:
        return
    form = forms.of(state.journey)
    if form is not None and not state.reference:
        kept = Answers.from_plain(state.answers.get(ENTRIES, {}))
        assert kept == walk.cleared(form.journey, kept)


def check(standing: Standing, address: str, body: Body, of: Page) -> None:
    """Post one body and follow where it leads."""
    client = standing.client()
    headers = {"Sec-Fetch-Site": "same-origin", "Referer": f"http://testserver{address}"}
    response = client.generic("POST", address, body.content, body.content_type, headers=headers)
    page = holds_of(response, at=address, keeps=response.status_code == 413)
    at = address
    for _ in range(4):
        to = response.get("Location", "")
        if not to.startswith("/"):
            break
        response, at = client.get(to), to
        page = holds_of(response, at=at, keeps=True)
        nothing_secret(page, at=at)
    asked = [value for name, value in body.fields if name == "q"][:1]
    if page.hidden("q")[:1] == asked:
        typed_is_there(page, body, of=of, at=at)
    kept_answers_are_asked_for(client)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Every line that is logged meanwhile."""
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Iterator[None]:
    settings.NUDGE_CHANNELS = frozenset({"text", "email"})
    with time_machine.travel(START, tick=False):
        yield


def test_every_page_that_takes_a_post_is_held_to_it() -> None:
    assert {name for name, _ in posting_routes()} == set(WHERE)


@pytest.mark.parametrize(
    "count", [2, pytest.param(DEEP, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)
def test_no_form_breaks_tells_or_loses_what_was_typed(count: int, lines: list[str]) -> None:
    made = {name: _standing(make()) for name, make in MADE.items()}
    for name, address in posting_routes():
        for where in WHERE[name]:
            hold(name, made[where], address, count * (5 if name == "step" else 1))
    assert not [line for line in lines if MARK.lower() in line.lower()]


def hold(name: str, standing: Standing, address: str, count: int) -> None:
    """Hold one page, as somebody meets it, to what must always hold."""

    @examples(count)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        to = address
        if name == "step":
            to = f"/report/{data.draw(st.integers(1, STEPS))}/"
        with rolled_back():
            page = Page(standing.client().get(to, follow=True).content.decode())
            check(standing, to, data.draw(bodies(page, others=Others(OTHERS))), page)

    holds()


@pytest.mark.parametrize(("name", "where"), [(n, w[-1]) for n, w in WHERE.items()])
def test_more_than_a_page_can_take_is_refused_plainly(name: str, where: str) -> None:
    address = dict(posting_routes())[name]
    standing = _standing(MADE[where]())
    many = "&".join(f"{MARK}{number}=x" for number in range(300)).encode()
    for content in (b"text=" + b"x" * 2_600_000, many):
        check(
            standing,
            address,
            Body(content, "application/x-www-form-urlencoded", (), False),
            Page(""),
        )
