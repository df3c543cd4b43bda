"""A person with a browser without scripts, as light as can be: what is measured is the server.

She shares its processors, so she speaks HTTP/1.1 herself over one connection that stays open, reads
the three headers that she acts on, and looks for one field in the page. The standard library's
client takes about as much again for a request as everything here.
"""

from __future__ import annotations

import re
import socket
import time
import zlib
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

_ASKED = re.compile(rb'name="q" value="([^"]+)"')
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LED_TO = re.compile(rb"\r\nlocation: *([^\r#]+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=]+)=\"?([^;\r\"]*)", re.IGNORECASE)
_GZIPPED = re.compile(rb"\r\ncontent-encoding: *gzip", re.IGNORECASE)
_GZIP = 16 + zlib.MAX_WBITS
_TAKEN_UP = 200
_LED_ON = 303
_MOST_PAGES = 80
_PIECE = 65_536


class Refused(RuntimeError):
    """The server answered something else than a page or the way to one."""


class Person:
    """One connection, the cookies of one visit, and how long each request took."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        name, _, port = self.host.partition(":")
        self.connection = socket.create_connection((name, int(port)), timeout=60)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.cookies: dict[str, str] = {}
        self.waits: list[float] = []

    def gets(self, path: str) -> str:
        """Return a page."""
        return self._page(path).decode()

    def posts(self, path: str, **fields: object) -> str:
        """Send a form and return the address that it leads to, without what stands after #."""
        status, onwards, _ = self._asks("POST", path, fields)
        if status != _LED_ON:
            raise Refused(f"POST {path} answered {status}")
        return onwards

    def tells(self, start: str, answers: Mapping[str, Mapping[str, object]]) -> str:
        """Go through a form from its first page to the receipt, and return the receipt."""
        self.cookies = {}
        self.gets(start)
        at = self.posts(start, do="begin")
        for _ in range(_MOST_PAGES):
            html = self._page(at)
            asked = _ASKED.search(html)
            if asked is None:
                return html.decode()
            token = asked[1].decode()
            question = token.rpartition(".")[2]
            pressed = "send" if question == "check" else "continue"
            at = self.posts(at, q=token, **{"do": pressed, **answers.get(question, {})})
        raise Refused("The form has no end.")

    def asks(self, method: str, path: str, **fields: object) -> tuple[int, str]:
        """Ask for anything, and return its status with the page."""
        status, _, html = self._asks(method, path, fields)
        return status, html.decode()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _page(self, path: str) -> bytes:
        status, _, html = self._asks("GET", path, {})
        if status != _TAKEN_UP:
            raise Refused(f"GET {path} answered {status}")
        return html

    def _asks(self, method: str, path: str, fields: Mapping[str, object]) -> tuple[int, str, bytes]:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.host}",
            "Sec-Fetch-Site: same-origin",
            "Accept-Encoding: gzip",
        ]
        if self.cookies:
            cookies = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
            lines.append(f"Cookie: {cookies}")
        sent = ""
        if method == "POST":
            sent = urlencode(fields, doseq=True)
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(sent)}")
        request = "\r\n".join((*lines, "", sent)).encode()
        began = time.perf_counter()
        self.connection.sendall(request)
        head, body = self._answer(method)
        self.waits.append(time.perf_counter() - began)
        for name, text in _COOKIE.findall(head):
            self.cookies[name.decode()] = text.decode()
        self.cookies = {name: text for name, text in self.cookies.items() if text}
        led_to = _LED_TO.search(head)
        html = zlib.decompress(body, _GZIP) if _GZIPPED.search(head) else body
        return int(head[9:12]), led_to[1].decode().strip() if led_to else "", html

    def _answer(self, method: str) -> tuple[bytes, bytes]:
        came = b""
        while b"\r\n\r\n" not in came:
            came += self._piece()
        head, _, body = came.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is None:
            raise Refused(f"{method} was answered without a length")
        while len(body) < int(length[1]):
            body += self._piece()
        return head, body

    def _piece(self) -> bytes:
        piece = self.connection.recv(_PIECE)
        if not piece:
            raise Refused("The server closed the connection.")
        return piece
