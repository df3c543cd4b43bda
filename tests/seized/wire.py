"""Django's test client, as far as our people use it, over a real connection to a real process."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

REDIRECTS = {301, 302, 303, 307}
FORM = "application/x-www-form-urlencoded"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Answer:
    """What came back: as much of Django's response as tests read."""

    def __init__(self, status: int, headers: http.client.HTTPMessage, content: bytes) -> None:
        self.status_code, self.headers, self.content = status, headers, content
        self.redirect_chain: list[tuple[str, int]] = []

    def __getitem__(self, name: str) -> str:
        return str(self.headers[name])


class WireClient:
    """A browser without scripts beyond the proxy: cookies, redirects, tokens of forms."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host, self.cookies, self.token = port, host, SimpleCookie(), ""

    def get(self, path: str, *, follow: bool = False) -> Answer:
        """Ask for a page."""
        return self._followed(self._ask("GET", path), follow)

    def post(self, path: str, data: Mapping[str, Any], *, follow: bool = False) -> Answer:
        """Send a form, with the token of the last page that had one."""
        given = {"csrfmiddlewaretoken": self.token, **data} if self.token else dict(data)
        if any(isinstance(value, SimpleUploadedFile) for value in given.values()):
            body, kind = encode_multipart(BOUNDARY, given), MULTIPART_CONTENT
        else:
            body, kind = urlencode(given, doseq=True).encode(), FORM
        return self._followed(self._ask("POST", path, body, kind), follow)

    def _followed(self, answer: Answer, follow: bool) -> Answer:
        chain: list[tuple[str, int]] = []
        while follow and answer.status_code in REDIRECTS:
            led = urlsplit(answer["Location"])
            path = led.path + (f"?{led.query}" if led.query else "")
            chain.append((path, answer.status_code))
            assert len(chain) < 20, chain
            answer = self._ask("GET", path)
        answer.redirect_chain = chain
        return answer

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        origin = f"https://{self.host}"
        held = {name: one.value for name, one in self.cookies.items() if one.value}
        headers = {"Host": self.host, "X-Forwarded-Proto": "https", "Referer": origin + path}
        if held:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in held.items())
        if body is not None:
            headers |= {"Origin": origin, "Content-Type": kind}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            received = connection.getresponse()
            answer = Answer(received.status, received.headers, received.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(line)
        found = TOKEN.search(answer.content.decode(errors="replace"))
        self.token = found[1] if found else self.token
        return answer
