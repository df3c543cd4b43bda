"""A stored page with the cookie block that applies to whoever asks for it."""

from __future__ import annotations

from datetime import UTC, datetime

import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from safehold.config.snapshots_middleware import SnapshotDoor, SnapshotMiddleware
from safehold.records.audit.actors import System
from safehold.records.snapshots import queries
from safehold.records.snapshots.operations import publish

pytestmark = [pytest.mark.django_db(databases=["default", "intake"])]

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
BLOCK = "<!--choice-->ASKED<!--/choice-->"
PAGE = f'<!doctype html><html lang="en-GB"><body>before{BLOCK}after'


@pytest.fixture
def door() -> SnapshotMiddleware:
    publish(path="/", html=PAGE, by=System("test"), at=AT)
    return SnapshotMiddleware(lambda request: HttpResponse("elsewhere", status=404))


def get(door: SnapshotMiddleware, cookie: str, accept: str = "", method: str = "GET"):
    headers = {"cookie": cookie, "accept-encoding": accept}
    return door(RequestFactory().generic(method, "/", headers=headers))


@pytest.mark.parametrize("cookie", ["", "c=zz", "c=yy; c=nn", "d=1", "c=" + "y" * 9000])
def test_without_a_choice_the_bytes_are_the_stored_ones(door, cookie):
    stored = queries.all_current()[0]
    assert get(door, cookie).content == stored.html
    assert get(door, cookie, "br").content == stored.brotli
    assert "Set-Cookie" not in get(door, cookie).headers


def test_with_a_choice_the_question_is_gone_in_every_coding(door):
    plain = get(door, "c=nn").content.decode()
    assert plain.endswith("<body>beforeafter")
    assert brotli.decompress(get(door, "c=nn", "br").content).decode() == plain
    assert get(door, "c=yy").content.decode() == plain


def test_a_choice_just_saved_is_said_and_then_said_no_more(door):
    response = get(door, "c=yns")
    assert "Your choice is saved" in response.content.decode()
    assert "ASKED" not in response.content.decode()
    assert response.headers["Set-Cookie"].startswith("c=yn; ")


def test_the_door_of_our_own_server_does_the_same(door):
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_COOKIE": "c=yns"}
    body = SnapshotDoor(lambda *_: [b""])(environ, lambda *said: begun.append(said))
    assert "Your choice is saved" in b"".join(body).decode()
    assert dict(begun[0][1])["Set-Cookie"].startswith("c=yn; ")


def test_a_variant_is_made_once(door):
    get(door, "c=nn")
    first = door.shelf.answers["/"]
    assert first.in_state("nothing") is first.in_state("nothing")
    assert set(first.variants) == {"nothing"}
