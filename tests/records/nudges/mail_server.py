"""A mail server on loopback that says what it is told to say, and keeps what it heard."""

from __future__ import annotations

import datetime
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Heard:
    """Commands and messages, in their order; `answers` replaces the answer to a command."""

    answers: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    commands: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    secured: bool = False
    port: int = 0


class _Handler(socketserver.StreamRequestHandler):
    server: Any
    timeout = 5

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline():
            said = line.decode().strip()
            verb = said.split(" ")[0].upper()
            self.heard.commands.append(said)
            answer = self.heard.answers.get(verb, self.usual(verb))
            if answer == "hang up":
                return
            self.say(answer)
            if verb == "STARTTLS" and answer.startswith("220"):
                self.secure()
            elif verb == "DATA" and answer.startswith("354"):
                if not self.take():
                    return
            elif verb == "QUIT":
                return

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    @property
    def heard(self) -> Heard:
        return self.server.heard

    def usual(self, verb: str) -> str:
        if verb == "EHLO":
            offers = ["250-here", "250-AUTH PLAIN LOGIN"]
            if self.heard.tls and not self.heard.secured:
                offers.append("250-STARTTLS")
            return "\r\n".join([*offers, "250 8BITMIME"])
        return {
            "DATA": "354 go on",
            "AUTH": "235 in",
            "QUIT": "221 bye",
            "STARTTLS": "220 go on" if self.heard.tls else "502 no",
        }.get(verb, "250 ok")

    def take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        self.heard.messages.append(b"".join(lines))
        answer = self.heard.answers.get("message", "250 taken")
        if answer != "hang up":
            self.say(answer)
        return answer != "hang up"

    def secure(self) -> None:
        assert self.heard.tls is not None
        self.connection = self.heard.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)  # type: ignore[assignment]  # the same to write to
        self.heard.secured = True

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    heard: Heard

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that breaks off is what some tests want."""


@contextmanager
def listening(heard: Heard) -> Iterator[Heard]:
    """Serve on a free port until the block ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.heard = heard
        heard.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield heard
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for localhost; return a server's context and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    trusted, secret = folder / "trusted.crt", folder / "server.secret"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, secret)
    return context, trusted
