"""E-mail by a mail server of the force's choice, never readable on its way there."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.utils import timezone

from safehold.domain.gateways import Sender, SmtpServer
from safehold.records.nudges.transports import NotDelivered, Unanswered

_TIMEOUT = 10  # seconds, for each answer
_OK = range(200, 300)
# What a server says of an address, and not of us (RFC 3463): there is no such mailbox.
_NO_SUCH_ADDRESS = b"5.1."


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. Headers name the sender's domain alone, and never this host."""

    server: SmtpServer
    sender: Sender

    def send(self, address: str, subject: str, text: str, *, until: datetime) -> None:
        """Hand one e-mail over. A mail server cannot be told `until` when: it waits in a mailbox.

        Raises NotDelivered, or Unanswered.
        """
        try:
            content = _message(self.sender, address, subject, text)
        except (ValueError, MessageError):
            raise NotDelivered("No e-mail can be written to the address.", for_good=True) from None
        with self._connected() as client:
            try:
                _address(client, self.sender.address, address)
            except OSError:  # every exception of smtplib is one, and its message may hold anything
                raise NotDelivered("The mail server broke off.") from None
            try:
                code, _ = client.data(content)
            except smtplib.SMTPDataError:
                raise NotDelivered("The mail server takes no message.") from None
            except OSError:
                raise Unanswered("The mail server has not answered.") from None
            if code not in _OK:
                raise NotDelivered(f"The mail server refused the message ({code}).")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            client = self._opened()
        except (OSError, ValueError):
            raise NotDelivered("The mail server cannot be reached.") from None
        try:
            self._secured(client)
            yield client
        finally:
            with contextlib.suppress(OSError):
                client.quit()
            client.close()

    def _opened(self) -> smtplib.SMTP:
        server, name = self.server, self.sender.domain
        if server.tls:
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=name,
                timeout=_TIMEOUT,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=_TIMEOUT)

    def _secured(self, client: smtplib.SMTP) -> None:
        try:
            if not self.server.tls and not self.server.here:
                client.starttls(context=ssl.create_default_context())
        except OSError:
            raise NotDelivered("The mail server offers no TLS that can be trusted.") from None
        try:
            if self.server.user:
                client.login(self.server.user, self.server.password)
            else:
                client.ehlo_or_helo_if_needed()
        except (OSError, ValueError):
            raise NotDelivered("The mail server does not let us in.") from None


def _address(client: smtplib.SMTP, sender: str, recipient: str) -> None:
    code, _ = client.mail(sender)
    if code not in _OK:
        raise NotDelivered(f"The mail server refused the sender ({code}).")
    code, words = client.rcpt(recipient)
    if code not in _OK:
        raise NotDelivered(
            f"The mail server refused the address ({code}).",
            for_good=words.startswith(_NO_SUCH_ADDRESS),
        )


def _message(sender: Sender, address: str, subject: str, text: str) -> bytes:
    message = EmailMessage()
    message["From"] = Address(display_name=sender.name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = subject
    message["Date"] = format_datetime(timezone.localtime())
    message["Message-ID"] = make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"  # or an absence notice answers it
    message.set_content(f"{text}\n")
    return message.as_bytes(policy=policy.SMTP)
