"""Where nudges are handed over: a mail server and a gateway for text messages, as they are named.

An address may hold a password: no message here repeats any part of one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"smtp": 587, "smtps": 465}


class BadGateway(ValueError):
    """Nothing can be handed over there; the message says what an address may be."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server. `tls` is from the first byte; without it STARTTLS has to be taken up."""

    host: str
    port: int
    tls: bool
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def here(self) -> bool:
        """Tell whether it is on this machine, where nothing leaves in clear."""
        return self.host in _THIS_MACHINE


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """What takes a POST of one text message as JSON, and the token that it knows us by."""

    url: str
    token: str = field(repr=False)

    @property
    def here(self) -> bool:
        """Tell whether it is on this machine."""
        return urlsplit(self.url).hostname in _THIS_MACHINE


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom an e-mail seems to come."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """Return what stands behind the @."""
        return self.address.rpartition("@")[2]


def smtp_server(text: str) -> SmtpServer:
    """Read an address such as smtps://user:password@host:465. Raises BadGateway."""
    parts, port = _split(text)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise BadGateway("give smtps://user:password@host:465 or smtp://host:587.")
    if bool(parts.username) is not bool(parts.password):
        raise BadGateway("a name goes with a password.")
    return SmtpServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def sms_gateway(url: str, token: str) -> SmsGateway:
    """Read the address of a gateway for text messages, and our token. Raises BadGateway."""
    parts, _ = _split(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username is not None:
        raise BadGateway("give https://host/path, without a name or a password.")
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
        raise BadGateway("only https:// leaves this machine.")
    if not token.isascii() or not token.isprintable() or not token.strip():
        raise BadGateway("set SAFEHOLD_SMS_TOKEN, in plain letters and figures.")
    return SmsGateway(url, token)


def sender(text: str, *, never: tuple[str, ...]) -> Sender:
    """Read a sender such as `Local notices <notices@example.org>`. Raises BadGateway.

    `never` are words that would tell who sends it: the force's names.
    """
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    if not (name and local and domain and text.isascii() and text.isprintable()):
        raise BadGateway("give a name and an address, such as Local notices <notices@example.org>.")
    telling = next((word for word in never if word and word.casefold() in text.casefold()), None)
    if telling is not None:
        raise BadGateway(f"a watcher may not read “{telling}” there.")
    return Sender(name, address)


def _split(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        return parts, parts.port
    except ValueError:
        raise BadGateway("this is not an address.") from None
