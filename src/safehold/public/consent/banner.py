"""The one state of the cookie block that applies to a page, put where the layout leaves it.

Every page is drawn with the question in it, between two marks, because that is what most visitors
get: a stored page then goes out as it was stored. Only whoever has chosen gets another page.
"""

from __future__ import annotations

import re
from typing import Final

from django.template import engines
from django.utils import translation

from safehold.public.consent.choice import Choice

ASKED, NOTHING, SAVED = "asked", "nothing", "saved"
_BLOCK: Final = re.compile(rb"<!--choice-->.*?<!--/choice-->", re.DOTALL)
_LANGUAGE: Final = re.compile(rb'<html lang="([A-Za-z-]{2,20})"')


def state_of(made: Choice | None) -> str:
    """Name the state that a visitor with this choice is in."""
    if made is None:
        return ASKED
    return SAVED if made.just_saved else NOTHING


def has_block(html: bytes) -> bool:
    """Tell whether a page has a cookie block at all."""
    return b"<!--choice-->" in html


def filled(html: bytes, state: str) -> bytes:
    """Return a page with the block of a state; without a block it comes back as it is."""
    if state == ASKED or not has_block(html):
        return html
    block = _saved(html) if state == SAVED else b""
    return _BLOCK.sub(lambda _: block, html, count=1)


def _saved(html: bytes) -> bytes:
    # The page's own language: a stored one is drawn long before anybody asks for it.
    found = _LANGUAGE.search(html)
    template = engines["jinja2"].get_template("layout/_choice_saved.html")
    if found is None:
        return str(template.render({})).encode()
    with translation.override(found[1].decode().lower()):
        return str(template.render({})).encode()
