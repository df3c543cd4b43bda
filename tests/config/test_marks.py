"""A mark tells one visitor from another for an hour, and nobody who they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.config.marks import Marks
from safehold.config.web import MARK, Guarded

HOUR = 3600.0
ADDRESSES = st.ip_addresses().filter(lambda address: not address.is_loopback).map(str)


@given(ADDRESSES, st.floats(0, 3599))
def test_a_visitor_has_one_mark_within_an_hour_and_another_in_the_next(
    address: str, later: float
) -> None:
    marks = Marks()
    first = marks.of(address, at=HOUR)
    assert marks.of(address, at=HOUR + later) == first
    assert marks.of(address, at=2 * HOUR) != first


@given(ADDRESSES)
def test_two_processes_and_two_hours_share_nothing(address: str) -> None:
    assert Marks().of(address, at=HOUR) != Marks().of(address, at=HOUR)
    assert address not in Marks().of(address, at=HOUR)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "", "nobody", "10.0.0.1:80"])
def test_what_is_no_visitor_has_no_mark(address: str) -> None:
    assert Marks().of(address, at=HOUR) == ""


def test_one_line_of_a_household_is_one_visitor() -> None:
    marks = Marks()
    assert marks.of("2001:db8::1", at=HOUR) == marks.of("2001:db8::ffff", at=HOUR)
    assert marks.of("2001:db8::1", at=HOUR) != marks.of("2001:db8:0:1::1", at=HOUR)


def seen(**environ: str) -> dict[str, Any]:
    """Return what an application sees of a request."""
    found: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: object) -> list[bytes]:
        found.update(environ)
        return []

    list(Guarded(application)(dict(environ), lambda *given: None))
    return found


RETURN = {"PATH_INFO": "/return/", "REQUEST_METHOD": "POST"}


def test_the_page_of_codes_gets_a_mark_and_no_address() -> None:
    direct = seen(**RETURN, REMOTE_ADDR="198.51.100.7")
    proxied = seen(**RETURN, REMOTE_ADDR="127.0.0.1", HTTP_X_REAL_IP="198.51.100.7")
    for environ in (direct, proxied):
        assert environ[MARK]
        assert "198.51.100.7" not in str(environ)


def test_nobody_but_a_proxy_of_this_machine_is_believed() -> None:
    guarded: list[str] = []

    def application(environ: dict[str, Any], start_response: object) -> list[bytes]:
        guarded.append(environ.get(MARK, ""))
        return []

    web = Guarded(application)
    for said in ("203.0.113.1", "203.0.113.2"):
        environ = {**RETURN, "REMOTE_ADDR": "198.51.100.7", "HTTP_X_REAL_IP": said}
        list(web(environ, lambda *given: None))
    assert guarded[0] == guarded[1] != ""


@pytest.mark.parametrize(
    "environ",
    [
        {"PATH_INFO": "/report/1/", "REQUEST_METHOD": "POST"},
        {"PATH_INFO": "/return/", "REQUEST_METHOD": "GET"},
    ],
)
def test_no_other_page_gets_one(environ: dict[str, str]) -> None:
    assert MARK not in seen(**environ, REMOTE_ADDR="198.51.100.7")
