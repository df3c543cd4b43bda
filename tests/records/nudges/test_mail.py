"""E-mail by a mail server on loopback: what it hears, and what is said when it will not."""

from __future__ import annotations

import email
import email.policy
import logging
import socket
import ssl
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from safehold.domain.gateways import Sender, SmtpServer
from safehold.records.nudges.mail import Smtp
from safehold.records.nudges.transports import NotDelivered, Unanswered
from tests.records.nudges.mail_server import Heard, certificate, listening

UNTIL = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
FROM = Sender("Local notices", "notices@notices.example")
TO, SUBJECT, TEXT = "hidden.person@example.org", "A new menu", "Soup at the café."
SECRETS = ("hidden.person", TEXT, SUBJECT, "our-user", "hunter2")


@pytest.fixture
def heard() -> Iterator[Heard]:
    with listening(Heard()) as server:
        yield server


def smtp(heard: Heard, *, user: str = "", tls: bool = False, host: str = "127.0.0.1") -> Smtp:
    return Smtp(SmtpServer(host, heard.port, tls, user, "hunter2" if user else ""), FROM)


def send(carrier: Smtp, to: str = TO) -> None:
    carrier.send(to, SUBJECT, TEXT, until=UNTIL)


def refused(carrier: Smtp, to: str = TO) -> NotDelivered:
    with pytest.raises(NotDelivered) as raised:
        send(carrier, to)
    told = "".join(traceback.format_exception(raised.value))
    for secret in SECRETS:
        assert secret not in told
    assert str(raised.value).count(".") == 1
    return raised.value


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the server of the tests for one on another machine."""
    monkeypatch.setattr(SmtpServer, "here", False)


def test_a_message_arrives_whole_and_names_only_its_sender(heard: Heard) -> None:
    send(smtp(heard, user="our-user"))

    (raw,) = heard.messages
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message["From"] == "Local notices <notices@notices.example>"
    assert (message["To"], message["Subject"]) == (TO, SUBJECT)
    assert message.get_content().strip() == TEXT
    assert message["Message-ID"].endswith("@notices.example>")
    assert set(message.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    for name in {socket.gethostname(), socket.getfqdn(), "localhost"}:
        assert name.encode() not in raw
    assert heard.commands[0] == "ehlo notices.example"


@pytest.mark.usefixtures("elsewhere")
def test_another_machine_has_to_take_up_tls(heard: Heard) -> None:
    assert "no TLS" in str(refused(smtp(heard, user="our-user")))
    assert {line.split(" ")[0].upper() for line in heard.commands} <= {"EHLO", "HELO", "QUIT"}


@pytest.mark.usefixtures("elsewhere")
def test_a_certificate_that_nobody_vouches_for_is_refused(heard: Heard, tmp_path: Path) -> None:
    heard.tls, _ = certificate(tmp_path)

    assert "no TLS" in str(refused(smtp(heard, user="our-user", host="localhost")))
    assert not [line for line in heard.commands if line.upper().startswith(("AUTH", "MAIL"))]


@pytest.mark.usefixtures("elsewhere")
def test_with_tls_the_password_goes_after_it(
    heard: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard.tls, trusted = certificate(tmp_path)
    usual = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: usual(cafile=str(trusted)))
    send(smtp(heard, user="our-user", host="localhost"))

    verbs = [line.split(" ")[0].upper() for line in heard.commands]
    assert verbs.index("STARTTLS") < verbs.index("AUTH") < verbs.index("MAIL")
    assert len(heard.messages) == 1


def test_a_server_that_is_not_there_is_said(heard: Heard) -> None:
    heard.port = _closed_port()
    assert str(refused(smtp(heard))) == "The mail server cannot be reached."
    assert str(refused(smtp(heard, tls=True))) == "The mail server cannot be reached."


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("command", "answer", "said"),
    [
        ("AUTH", "535 5.7.8 our-user: wrong password hunter2", "does not let us in"),
        ("MAIL", "550 5.7.1 no", "refused the sender (550)"),
        ("MAIL", "hang up", "broke off"),
        ("RCPT", "451 4.7.1 later, hidden.person@example.org", "refused the address (451)"),
        ("RCPT", "550 5.7.1 no relay for hidden.person@example.org", "refused the address (550)"),
        ("DATA", "451 4.3.0 full", "takes no message"),
        ("message", "554 5.6.0 no: Soup at the café.", "refused the message (554)"),
    ],
)
def test_each_refusal_is_one_sentence_without_what_the_server_repeats(
    heard: Heard, command: str, answer: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    heard.answers[command] = answer
    with caplog.at_level(logging.DEBUG):
        error = refused(smtp(heard, user="our-user"))

    assert said in str(error)
    assert not error.for_good
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_a_mailbox_that_does_not_exist_is_refused_for_good(heard: Heard) -> None:
    heard.answers["RCPT"] = "550 5.1.1 nobody is called hidden.person"
    assert refused(smtp(heard)).for_good


def test_an_address_that_no_mail_can_be_written_to_is_refused_for_good(heard: Heard) -> None:
    assert refused(smtp(heard), "hidden.person@example.org\nBcc: x@y.uk").for_good
    assert not heard.commands


def test_a_server_that_falls_silent_after_the_message_may_have_it(heard: Heard) -> None:
    heard.answers["message"] = "hang up"
    with pytest.raises(Unanswered) as raised:
        send(smtp(heard))
    told = "".join(traceback.format_exception(raised.value))
    assert not [secret for secret in SECRETS if secret in told]


@pytest.mark.parametrize("answer", ["hang up", "421 busy"])
def test_how_it_says_goodbye_does_not_matter(heard: Heard, answer: str) -> None:
    heard.answers["QUIT"] = answer
    send(smtp(heard))
    assert len(heard.messages) == 1
