"""What a visitor does and sees, in her words: pages, buttons and boxes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client

PLACE = "/report/place/"


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
    """A browser without scripts: it follows where it is led and keeps its cookies."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.at = ""
        self.response = HttpResponse()

    def goes(self, slug: str = "") -> Visitor:
        """Open a page of the journey and follow where it leads."""
        self.response = self.client.get(f"{PLACE}{slug}/" if slug else PLACE, follow=True)
        return self._arrived(f"{PLACE}{slug}/" if slug else PLACE)

    def begins(self) -> Visitor:
        """Press Start, or open the first question where it was pressed already."""
        self.goes()
        return self.sends("begin") if 'value="begin"' in self.html else self.goes("now")

    def sends(self, do: str = "continue", /, at: str = "", **values: object) -> Visitor:
        """Press a button of the page she is on (or another), and follow where it leads."""
        address = self.at if not at else at if at.startswith("/") else f"{PLACE}{at}/"
        self.response = self.client.post(address, {"do": do, **values}, follow=True)
        return self._arrived(address)

    def walks(self, **answers: object) -> Visitor:
        """Go through to the check page, answering only some questions, by the names of pages."""
        self.begins()
        for _ in range(40):
            page = self.page
            if page == "check":
                return self
            values = answers.get(page.replace("-", "_"), {})
            assert isinstance(values, dict)
            self.sends(**values)
        raise AssertionError(f"never arrived: still at {self.page}")

    @property
    def page(self) -> str:
        """The last part of the address she is at."""
        return self.at.rstrip("/").rsplit("/", 1)[-1]

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
        return self

    def _read(self) -> _Page:
        page = _Page()
        page.feed(self.html)
        return page
