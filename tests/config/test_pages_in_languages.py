"""The door picks a stored page in the language that its visitor chose, and English otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from safehold.config.snapshots_middleware import SnapshotDoor, SnapshotMiddleware
from safehold.domain.languages import ENGLISH, Known, Offered
from safehold.records.audit.actors import System
from safehold.records.snapshots.operations import publish

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
BY = System("test")


@pytest.fixture(autouse=True)
def pages(settings: Any) -> None:
    settings.LANGUAGES_OFFERED = (ENGLISH, Offered(Known("cy", "Cymraeg"), frozenset({"chrome"})))
    publish(path="/", html="Home", by=BY, at=AT)
    publish(path="/help/", html="Help", by=BY, at=AT)
    publish(path="/help/", html="Cymorth", language="cy", by=BY, at=AT)
    publish(path="/help/", html="Pomoc", language="pl", by=BY, at=AT)  # not offered any more


def _elsewhere(request: HttpRequest) -> HttpResponse:
    raise AssertionError("the door let a published page pass")


def _both_doors(path: str, sent_cookies: str) -> str:
    request = RequestFactory().get(path, headers={"cookie": sent_cookies})
    html = SnapshotMiddleware(_elsewhere)(request).content
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_COOKIE": sent_cookies}
    assert [html] == SnapshotDoor(lambda *_: [])(environ, lambda *_: None)
    return html.decode()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("", "Help"),
        ("l=cy", "Cymorth"),
        ("d=1; l=cy; k=2", "Cymorth"),
        ("l=en-GB", "Help"),
        ("l=pl", "Help"),
        ("l=xx", "Help"),
        ("l=", "Help"),
        ("xl=cy", "Help"),
        ("l=cy" + "; a=" + "b" * 5_000, "Help"),
    ],
)
def test_a_visitor_is_shown_the_language_that_she_chose(sent: str, shown: str) -> None:
    assert _both_doors("/help/", sent) == shown


def test_a_page_that_is_in_english_alone_is_shown_in_english() -> None:
    assert _both_doors("/", "l=cy") == "Home"


def test_on_https_a_neighbour_chooses_nothing(settings: Any) -> None:
    settings.HTTPS = True
    assert _both_doors("/help/", "l=cy") == "Help"
    assert _both_doors("/help/", "__Host-l=cy") == "Cymorth"
