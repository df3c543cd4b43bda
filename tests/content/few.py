"""Two of the first pages, for tests that need some and not all: each takes a tenth of a second."""

from dataclasses import replace
from typing import Any

from safehold.content import first_pages, links
from safehold.content.first_pages import FirstPage
from safehold.domain.force import Force

TWO = ("home", "what-we-are-doing")
THERE = {"/", "/what-we-are-doing/"}


def few(force: Force, slugs: tuple[str, ...] = TWO) -> list[FirstPage]:
    """Return the first pages with these slugs, without what leads to the others."""
    return [
        replace(page, body=tuple(_alone(each) for each in page.body if _leads(each)))
        for page in first_pages.all_for(force)
        if page.slug in slugs
    ]


def _leads(piece: tuple[str, Any]) -> bool:
    return piece[0] != "action" or links.leads(piece[1]["target"], THERE)


def _alone(piece: tuple[str, Any]) -> tuple[str, Any]:
    kind, value = piece
    if kind == "paragraph":
        return kind, links.shown(value, THERE)
    if kind == "cards":
        return kind, [card for card in value if links.leads(card["target"], THERE)]
    return piece
