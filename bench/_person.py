"""A person with a browser without scripts, as light as can be: what is measured is the server."""

from __future__ import annotations

import gzip
import http.client
import re
import time
from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import brotli

_ASKED = re.compile(r'name="q" value="([^"]+)"')
_TAKEN_UP = 200
_LED_ON = 303
_MOST_PAGES = 80


class Refused(RuntimeError):
    """The server answered something else than a page or the way to one."""


class Person:
    """One connection, the cookies of one visit, and how long each request took."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self.cookies: dict[str, str] = {}
        self.waits: list[float] = []

    def gets(self, path: str) -> str:
        """Return a page."""
        status, _, html = self._asks("GET", path, {})
        if status != _TAKEN_UP:
            raise Refused(f"GET {path} answered {status}")
        return html

    def posts(self, path: str, **fields: object) -> str:
        """Send a form and return the address that it leads to."""
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
            html = self.gets(at)
            asked = _ASKED.search(html)
            if asked is None:
                return html
            question = asked[1].rpartition(".")[2]
            pressed = "send" if question == "check" else "continue"
            at = self.posts(at, q=asked[1], **{"do": pressed, **answers.get(question, {})})
        raise Refused("The form has no end.")

    def _asks(self, method: str, path: str, fields: Mapping[str, object]) -> tuple[int, str, str]:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "gzip, br"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        sent = urlencode(fields, doseq=True) if method == "POST" else None
        began = time.perf_counter()
        self.connection.request(method, path, body=sent, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        self.waits.append(time.perf_counter() - began)
        html = _unpacked(body, answer.headers.get("Content-Encoding", ""))
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        self.cookies = {name: text for name, text in self.cookies.items() if text}
        return answer.status, answer.headers.get("Location", "").split("#")[0], html


def _unpacked(body: bytes, how: str) -> str:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(how, bytes)
    return unpack(body).decode()
