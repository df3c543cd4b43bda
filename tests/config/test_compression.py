"""Which pages travel compressed: the public's, and none of the staff's."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db(databases="__all__")]

TAKES_GZIP = {"headers": {"accept-encoding": "gzip"}}


def test_a_page_drawn_for_a_visitor_travels_compressed(client: Client) -> None:
    answer = client.get("/cookies/", **TAKES_GZIP)
    assert answer["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(answer.content)
    assert "Accept-Encoding" in answer["Vary"]


def test_a_browser_that_takes_none_gets_it_plain(client: Client) -> None:
    answer = client.get("/cookies/")
    assert not answer.has_header("Content-Encoding")
    assert b"</html>" in answer.content


def test_a_staff_page_stays_as_it_is(client: Client) -> None:
    answer = client.get("/staff/account/login/", **TAKES_GZIP)
    assert answer.status_code == 200
    assert not answer.has_header("Content-Encoding")
