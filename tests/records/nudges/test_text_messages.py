"""Text messages to the stub that `safehold sms-stub` runs, over loopback, and what may go wrong."""

from __future__ import annotations

import http.client
import json
import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from safehold.config.commands import sms_stub
from safehold.config.commands.sms_stub import Message, Stub
from safehold.domain.gateways import SmsGateway
from safehold.domain.safe_contact import DAYS
from safehold.records.intake import nudges as intake
from safehold.records.nudges import operations
from safehold.records.nudges.text_messages import SmsByHttp
from safehold.records.nudges.transports import NotDelivered, Unanswered

UNTIL = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
TO, TEXT = "+447700900123", "Soup at the café, <b>today</b>"
SECRETS = ("900123", "Soup", "hunter2")


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    with server:
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def stub() -> Iterator[tuple[Stub, int]]:
    made = Stub("hunter2")
    with serving(sms_stub.server(made, port=0)) as port:
        yield made, port


def carrier(port: int, token: str = "hunter2") -> SmsByHttp:
    return SmsByHttp(SmsGateway(f"http://127.0.0.1:{port}/", token))


def refused(way: SmsByHttp, to: str = TO) -> NotDelivered:
    with pytest.raises(NotDelivered) as raised:
        way.send(to, "", TEXT, until=UNTIL)
    told = "".join(traceback.format_exception(raised.value))
    assert not [secret for secret in SECRETS if secret in told]
    return raised.value


def page(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert answer.getheader("Cache-Control") == "no-store"
    body = answer.read().decode()
    connection.close()
    return body


def test_the_stub_takes_a_message_and_shows_it(
    stub: tuple[Stub, int], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    kept, port = stub
    assert "None yet." in page(port)
    with caplog.at_level(logging.DEBUG):
        carrier(port).send(TO, "no subject", TEXT, until=UNTIL)

    assert list(kept.messages) == [Message(TO, TEXT, "2026-12-01T12:00:00+00:00")]
    shown = page(port)
    assert "Soup at the café, &lt;b&gt;today&lt;/b&gt;" in shown
    assert "Practice." in shown
    assert not [secret for secret in SECRETS if secret in caplog.text]
    assert capfd.readouterr() == ("", "")
    assert "900123" not in repr(kept)


def test_a_wrong_token_is_refused_and_said(stub: tuple[Stub, int]) -> None:
    error = refused(carrier(stub[1], "wrong"))
    assert str(error) == "The gateway for text messages answered 401."
    assert not error.for_good


def test_a_number_that_is_none_is_refused_for_good(stub: tuple[Stub, int]) -> None:
    assert refused(carrier(stub[1]), "900123").for_good


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"to": 1, "text": 2, "valid_until": 3}'])
def test_the_stub_refuses_what_is_no_message(stub: tuple[Stub, int], body: bytes) -> None:
    assert stub[0].take("Bearer hunter2", body) == 400


def test_the_stub_takes_no_flood(stub: tuple[Stub, int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stub[1], timeout=5)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", "5000000")
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    for number in range(300):
        said = {"to": TO, "text": str(number), "valid_until": ""}
        stub[0].take("Bearer hunter2", json.dumps(said).encode())
    assert len(stub[0].messages) == 200


def test_a_gateway_that_is_not_there_is_said(stub: tuple[Stub, int]) -> None:
    with serving(sms_stub.server(Stub("x"), port=0)) as port:
        pass
    error = refused(carrier(port))
    assert str(error) == "The gateway for text messages cannot be reached."


@contextmanager
def answering(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            paths.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.wfile.write(raw)

        def log_message(self, *parts: object) -> None:
            """Log nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield port, paths


@pytest.mark.parametrize("raw", [b"", b"no HTTP +447700900123\r\n\r\n"])
def test_a_gateway_that_falls_silent_may_have_sent_it(raw: bytes) -> None:
    with answering(raw) as (port, _):
        with pytest.raises(Unanswered) as raised:
            carrier(port).send(TO, "", TEXT, until=UNTIL)
        told = "".join(traceback.format_exception(raised.value))
        assert not [secret for secret in SECRETS if secret in told]


def test_nothing_follows_a_redirect() -> None:
    raw = b"HTTP/1.0 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    with answering(raw) as (port, paths):
        assert "answered 307" in str(refused(carrier(port)))
        assert paths == ["/"]


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "intake"])
def test_from_asking_to_the_page_of_the_stub(
    stub: tuple[Stub, int], settings: Any, keys: Any
) -> None:
    settings.NUDGE_CHANNELS = frozenset({"text"})
    settings.NUDGE_SMS = carrier(stub[1]).gateway
    at, report_id = datetime(2026, 11, 30, 9, 0, tzinfo=UTC), uuid4()
    intake.ask_for_nudges(
        report_id=report_id,
        channel="text",
        address="07700 900123",
        own_text="",
        days=DAYS,
        parts=["morning"],
        at=at,
    )
    with transaction.atomic():
        operations.something_new(report_id=report_id, at=at)

    assert operations.send_due(at=at + timedelta(minutes=1)) == 1
    (message,) = stub[0].messages
    assert message.to == TO
    assert message.valid_until == "2026-11-30T12:00:00+00:00"
    assert TO in page(stub[1])
