"""The outermost door: what it answers, what it lets through, and what happens in an outage."""

import gc
import gzip
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import brotli
import pytest
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.config import content_policy, snapshots_middleware
from safehold.config.snapshots_middleware import (
    Shelf,
    SnapshotDoor,
    SnapshotMiddleware,
    coding,
)
from safehold.records.audit.actors import System
from safehold.records.snapshots import queries
from safehold.records.snapshots.operations import publish, withdraw

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
BY = System("test")
HTML = "<!doctype html><title>A page</title>" + "<p>words, words</p>" * 40
in_a_test = pytest.mark.django_db(databases=["default", "intake"])


def elsewhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse("elsewhere", status=404)


@pytest.fixture
def door() -> SnapshotMiddleware:
    publish(path="/", html=HTML, by=BY, at=AT)
    publish(path="/what-we-are-doing/", html=HTML + "2", by=BY, at=AT)
    return SnapshotMiddleware(elsewhere)


def get(door: SnapshotMiddleware, path: str, accept: str = "", method: str = "GET") -> HttpResponse:
    request = RequestFactory().generic(method, path, headers={"accept-encoding": accept})
    return door(request)


@in_a_test
@pytest.mark.parametrize(
    ("accept", "coded", "plain"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("", "", bytes),
    ],
)
def test_a_page_comes_as_the_browser_can_take_it(
    door: SnapshotMiddleware, accept: str, coded: str, plain: object
) -> None:
    response = get(door, "/", accept)
    assert response.status_code == 200
    assert response.headers.get("Content-Encoding", "") == coded
    assert plain(response.content).decode() == HTML  # type: ignore[operator]  # one of three
    assert int(response["Content-Length"]) == len(response.content)
    assert response["Vary"] == "Accept-Encoding"
    assert response["Content-Type"] == "text/html; charset=utf-8"


@in_a_test
def test_a_page_carries_every_header_and_leaves_nothing_behind(door: SnapshotMiddleware) -> None:
    response = get(door, "/")
    for name, value in content_policy.headers("/").items():
        assert response[name] == value
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert not response.cookies
    assert "safehold" not in str(response.headers).lower()


@in_a_test
def test_head_says_the_length_and_sends_no_body(door: SnapshotMiddleware) -> None:
    response = get(door, "/", "br", "HEAD")
    assert response.content == b""
    assert int(response["Content-Length"]) == len(get(door, "/", "br").content)


@in_a_test
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_pass(door: SnapshotMiddleware, method: str) -> None:
    assert get(door, "/", method=method).content == b"elsewhere"


@in_a_test
@pytest.mark.parametrize("asked", ["/what-we-are-doing", "/What-We-Are-Doing/"])
def test_a_path_nearly_right_is_led_on_and_not_remembered(
    door: SnapshotMiddleware, asked: str
) -> None:
    response = get(door, asked)
    assert (response.status_code, response["Location"]) == (302, "/what-we-are-doing/")
    assert response["Cache-Control"] == "no-store"


@in_a_test
def test_a_question_mark_changes_nothing(door: SnapshotMiddleware) -> None:
    assert get(door, "/?a=b").content.decode() == HTML


@in_a_test
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(path=st.text(st.characters(codec="latin-1"), max_size=30))
def test_no_other_path_is_answered(door: SnapshotMiddleware, path: str) -> None:
    request = RequestFactory().get("/")
    request.path_info = f"/{path}"
    response = door(request)
    if request.path_info in {"/", "/what-we-are-doing/"}:
        assert response.status_code == 200
    else:
        assert response.status_code == 302 or response.content == b"elsewhere"


@in_a_test
def test_nothing_published_lets_everything_pass() -> None:
    assert get(SnapshotMiddleware(elsewhere), "/").content == b"elsewhere"


@in_a_test
def test_an_outage_leaves_the_last_known_pages(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    publish(path="/", html=HTML, by=BY, at=AT)
    shelf = Shelf()
    shelf.refresh()

    def out_of_reach() -> int:
        raise OperationalError("could not connect to server at 10.0.0.1")

    monkeypatch.setattr(queries, "current_version", out_of_reach)
    with caplog.at_level(logging.WARNING):
        shelf.refresh()
    assert list(shelf.answers) == ["/"]
    assert "published pages stay as they were" in caplog.text
    assert "10.0.0.1" not in caplog.text


@in_a_test
def test_a_look_loads_what_changed_and_no_more() -> None:
    publish(path="/", html=HTML, by=BY, at=AT)
    shelf = Shelf()
    shelf.refresh()
    before = shelf.answers
    with CaptureQueriesContext(connections["intake"]) as asked:
        shelf.refresh()
    assert len(asked) == 1
    assert shelf.answers is before
    publish(path="/", html="new", by=BY, at=AT)
    withdrawn = shelf.answers
    shelf.refresh()
    assert shelf.answers is not withdrawn
    assert shelf.answers["/"].bodies[""] == b"new"
    withdraw(path="/", by=BY, at=AT)
    shelf.refresh()
    assert shelf.answers == {}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(snapshots_middleware, "CHECK_EVERY", 0.05)
    before = set(threading.enumerate())
    yield
    gc.collect()
    ends = time.monotonic() + 5
    while set(threading.enumerate()) - before and time.monotonic() < ends:
        time.sleep(0.02)
    # A shelf that is let go of takes its thread with it.
    assert not set(threading.enumerate()) - before


@pytest.mark.database
@pytest.mark.usefixtures("committed_stores", "quick")
def test_a_running_process_sees_a_new_page_without_a_request_asking() -> None:
    publish(path="/", html=HTML, by=BY, at=AT)
    door = SnapshotMiddleware(elsewhere)
    assert get(door, "/").content.decode() == HTML
    with CaptureQueriesContext(connections["intake"]) as asked:
        get(door, "/")
    assert len(asked) == 0
    publish(path="/", html="new", by=BY, at=AT)
    ends = time.monotonic() + 5
    while get(door, "/").content != b"new" and time.monotonic() < ends:
        time.sleep(0.02)
    assert get(door, "/").content == b"new"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("identity;q=0.5, gzip;q=0.2", ""),
        ("br;q=nonsense", ""),
        ("", ""),
        ("deflate", ""),
        ("BR", "br"),
    ],
)
def test_the_coding_follows_what_the_browser_says(accept: str, chosen: str) -> None:
    assert coding(accept) == chosen


@given(st.text(max_size=80))
def test_no_header_breaks_the_choice(accept: str) -> None:
    assert coding(accept) in {"br", "gzip", ""}


def ask(application: SnapshotDoor, path: str, accept: str, method: str) -> tuple[str, dict, bytes]:
    """Ask as a server does, without Django."""
    said: list = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_ACCEPT_ENCODING": accept}
    body = b"".join(application(environ, lambda *words: said.extend(words)))
    return said[0], dict(said[1]), body


@in_a_test
@pytest.mark.parametrize("accept", ["br", "gzip", ""])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/", "/what-we-are-doing", "/What-We-Are-Doing/"])
def test_the_door_before_django_gives_the_same_answer(
    door: SnapshotMiddleware, accept: str, method: str, path: str
) -> None:
    status, headers, body = ask(SnapshotDoor(refusing), path, accept, method)
    response = get(door, path, accept, method)

    assert (int(status[:3]), body) == (response.status_code, response.content)
    assert headers == dict(response.headers)


@in_a_test
def test_the_door_passes_on_what_is_not_published_and_says_that_it_asked(
    door: SnapshotMiddleware,
) -> None:
    def inside(environ: dict, start_response: Callable) -> list[bytes]:
        request = RequestFactory().get("/")
        request.META.update(environ)
        return [door(request).content]

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/report/"}
    assert SnapshotDoor(inside)(environ, print) == [b"elsewhere"]


def refusing(environ: dict, start_response: Callable) -> list[bytes]:
    """Stand for an application that must not be asked."""
    raise AssertionError("Django was asked for a published page")
