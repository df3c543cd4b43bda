"""Where a public page may lead, and nowhere else."""

import re
from collections.abc import Collection, Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve

from safehold.records.snapshots.paths import TAKEN

# A path of ours (with a part of the page, perhaps), or a call.
_PATH = re.compile(r"/(?:[a-z0-9]+(?:-[a-z0-9]+)*/)*(?:#[a-z0-9-]+)?")
_CALL = re.compile(r"tel:[0-9]{3,15}")


def check_target(target: str) -> None:
    """Raise ValidationError unless this is a path of our own or a call.

    A card or a button is the way on for someone in a hurry: it never leads to another site.
    """
    if not (_PATH.fullmatch(target) or _CALL.fullmatch(target)):
        raise ValidationError("Give a path of this site such as /report/place/, or a call: tel:999")


FOREIGN = (
    "A link on this page leads to another site: a visitor in a hurry stays on ours, and another "
    "site sees who comes. Give the name in words, or link to a page here, such as /support/."
)


def check_html(html: str) -> None:
    """Raise ValidationError unless every link in a paragraph leads to a page of ours or a call."""
    for each in _Reader(html).links:
        if "id" in each:
            continue  # a page of the CMS, whose address is looked up when the page is drawn
        try:
            check_target(each.get("href") or "")
        except ValidationError as error:
            raise ValidationError(FOREIGN) from error


def addresses(streams: Iterable[Any]) -> Iterator[str]:
    """Give every address that the pieces of a page lead to."""
    for block in (each for stream in streams for each in stream):
        if block.block_type == "paragraph":
            yield from (each["href"] or "" for each in _Reader(str(block.value)).links)
        elif block.block_type == "action":
            yield block.value["target"]
        elif block.block_type == "cards":
            yield from (card["target"] for card in block.value if card["target"])


def leads(address: str, pages: Collection[str]) -> bool:
    """Tell whether an address is a call, one of these pages, or a live part of the public site."""
    path = address.partition("#")[0]
    if not path or address.startswith("tel:") or path in pages:
        return True
    try:
        resolve(path, urlconf="safehold.config.urls.public")
    except Resolver404:
        return path in TAKEN
    return True


def shown(html: str, pages: Collection[str]) -> str:
    """Return a paragraph in which a link to a page that is not published is words only."""
    return _LINK.sub(lambda m: m[0] if leads(m["href"], pages) else m["words"], html)


_LINK = re.compile(r'<a [^>]*?href="(?P<href>[^"]*)"[^>]*>(?P<words>.*?)</a>', re.DOTALL)


class _Reader(HTMLParser):
    """Collects the links of a paragraph."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append({"href": "", **dict(attrs)})
