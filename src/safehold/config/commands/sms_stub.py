"""`safehold sms-stub`: a gateway for text messages that sends nothing and shows what it got."""

from __future__ import annotations

import hmac
import json
from collections import deque
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import click

from safehold.config.environment import read

_MOST_KEPT = 200
_LONGEST_BODY = 4_000  # bytes
_FIELDS = ("to", "text", "valid_until")
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
<title>Text messages</title></head><body><h1>Text messages</h1>
<p>Practice. What stands here was sent to nobody, and is gone when this program ends.</p>
{messages}</body></html>"""


@dataclass(frozen=True, slots=True)
class Message:
    """One text message that would have gone."""

    to: str
    text: str
    valid_until: str


@dataclass
class Stub:
    """What was taken, newest first; kept in memory alone."""

    token: str = field(repr=False)
    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=_MOST_KEPT), repr=False)

    def take(self, authorization: str, body: bytes) -> int:
        """Take a message and return the status to answer with."""
        if not hmac.compare_digest(authorization.encode(), f"Bearer {self.token}".encode()):
            return 401
        try:
            content = json.loads(body)
            message = Message(*(content[name] for name in _FIELDS))
        except (ValueError, KeyError, TypeError):
            return 400
        if not all(isinstance(content[name], str) for name in _FIELDS):
            return 400
        if not message.to.startswith("+"):
            return 422
        self.messages.appendleft(message)
        return 202

    def page(self) -> bytes:
        """Draw what was taken."""
        shown = "".join(
            f"<article><h2>{escape(one.to)}</h2><p>{escape(one.text)}</p>"
            f"<p>Not after {escape(one.valid_until)}</p></article>"
            for one in self.messages
        )
        return _PAGE.format(messages=shown or "<p>None yet.</p>").encode()


def server(stub: Stub, *, port: int) -> ThreadingHTTPServer:
    """Listen on this machine alone. Raises OSError where the port is taken."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            """Show the page."""
            self._answer(200, stub.page())

        def do_POST(self) -> None:
            """Take one message."""
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > _LONGEST_BODY:
                self._answer(413)
                return
            body = self.rfile.read(int(length))
            self._answer(stub.take(self.headers.get("Authorization", ""), body))

        def _answer(self, status: int, body: bytes = b"") -> None:
            self.send_response_only(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *parts: object) -> None:
            """Log nothing."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


@click.command()
@click.option("--port", default=8025, show_default=True, help="Port to listen on.")
def command(port: int) -> None:
    """Take text messages instead of a gateway, for practice, and show them on a page.

    It listens on this machine alone. Set SAFEHOLD_SMS_TOKEN to the same for it and for the site,
    and SAFEHOLD_SMS_URL=http://127.0.0.1:8025/ for the site.
    """
    environment = read()
    if not (environment.demonstration or environment.laptop):
        raise click.ClickException("This is for practice: it sends nothing to anybody.")
    if environment.nudges.sms is None:
        raise click.ClickException("Set SAFEHOLD_SMS_URL and SAFEHOLD_SMS_TOKEN first.")
    try:
        listening = server(Stub(environment.nudges.sms.token), port=port)
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {port}: {error.strerror}.") from error
    address = f"http://127.0.0.1:{listening.server_address[1]}/"
    click.echo(f"Text messages are shown on {address} (Ctrl-C ends it).")
    with listening:
        try:
            listening.serve_forever()
        except KeyboardInterrupt:
            click.echo("Ended.")
