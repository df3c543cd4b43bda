"""What a visitor does and sees, in her words: pages, buttons and boxes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client

PLACE = "/report/place/"
STEPS = "/report/"
NEVER_MET = 99
RECEIPTS = {"We have it"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.title = ""
        self.text: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"h1", "title", "script", "style"}:
            self._inside.append(tag)
            if tag == "h1":
                self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        inside = self._inside[-1] if self._inside else ""
        if inside == "h1":
            self.headings[-1] += data
        elif inside == "title":
            self.title += data
        if inside not in {"script", "style", "title"}:
            self.text.append(data)


class Visitor:
    """A browser without scripts: it follows where it is led and keeps its cookies.

    Questions are named by their keys; she knows the number of each that she has met.
    """

    def __init__(self, client: Client, start: str = PLACE, journey: str = "place") -> None:
        self.client = client
        self.start = start
        self.journey = journey
        self.at = ""
        self.numbers: dict[str, int] = {}
        self.response = HttpResponse()

    def goes(self, to: str = "") -> Visitor:
        """Open the first page, or one of the form, and follow where it leads."""
        address = self.address(to)
        self.response = self.client.get(address, follow=True)
        return self._arrived(address)

    def begins(self) -> Visitor:
        """Press Start, or open the first question where it was pressed already."""
        self.goes()
        return self.sends("begin") if 'value="begin"' in self.html else self.goes("now")

    def sends(self, do: str = "continue", /, at: str = "", **values: object) -> Visitor:
        """Press a button of the page she is on (or another), and follow where it leads."""
        address = self.address(at) if at else self.at
        hidden = f"{self.journey}.{at}" if at and not at.startswith("/") else self._asked()
        asked = {"q": hidden} if hidden else {}
        self.response = self.client.post(address, {"do": do, **asked, **values}, follow=True)
        return self._arrived(address)

    def walks(self, **answers: object) -> Visitor:
        """Go through to the check page, answering only some questions, by their keys."""
        self.begins()
        for _ in range(80):
            page = self.page
            if page == "check":
                return self
            values = answers.get(page, {})
            assert isinstance(values, dict)
            self.sends(**values)
        raise AssertionError(f"never arrived: still at {self.page}")

    def finds(self, key: str) -> Visitor:
        """Open one step after another until one asks this question."""
        for number in range(1, NEVER_MET):
            if self.goes(f"{STEPS}{number}/").page == key:
                return self
        raise AssertionError(f"no step asks {key}")

    def address(self, to: str) -> str:
        """The address of a page by the name that tests give it."""
        if not to or to.startswith("/"):
            return to or self.start
        if to == "map/picture":
            return f"{STEPS}{to}/"
        return f"{STEPS}{self.numbers.get(to, 1 if to == 'now' else NEVER_MET)}/"

    @property
    def page(self) -> str:
        """The question that she is asked, or the last part of the address she is at."""
        if asked := self._asked():
            return asked.rpartition(".")[2]
        is_receipt = "<h1>" in self.html and self.heading in RECEIPTS
        return "sent" if is_receipt else self.at.rstrip("/").rsplit("/", 1)[-1]

    @property
    def html(self) -> str:
        return self.response.content.decode()

    @property
    def words(self) -> str:
        """What she can read, with white space as one space."""
        return " ".join(" ".join(self._read().text).split())

    @property
    def title(self) -> str:
        return self._read().title

    @property
    def heading(self) -> str:
        headings = self._read().headings
        assert len(headings) == 1, headings
        return " ".join(headings[0].split())

    @property
    def problem(self) -> str:
        """The sentence under the summary of problems."""
        found = re.search(r'govuk-error-summary__list">(.*?)</ul>', self.html, re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""

    @property
    def cookies(self) -> dict[str, str]:
        return {name: morsel.value for name, morsel in self.client.cookies.items() if morsel.value}

    def _arrived(self, address: str) -> Visitor:
        chain = getattr(self.response, "redirect_chain", [])
        self.at = (chain[-1][0] if chain else address).split("#")[0]
        if asked := self._asked():
            self.numbers[asked.rpartition(".")[2]] = int(self.at.rstrip("/").rsplit("/", 1)[-1])
        return self

    def _asked(self) -> str:
        # The hidden field that names the question, which a browser sends with the rest.
        found = re.search(r'<input type="hidden" name="q" value="([^"]+)">', self.html)
        return found[1] if found else ""

    def _read(self) -> _Page:
        page = _Page()
        page.feed(self.html)
        return page
