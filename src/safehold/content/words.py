"""The words of a page one by one, and the same page with other words in their place.

What an editor built stays: pieces, order, links, numbers to call. Only words change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from safehold.content.models import PublicPage

Change = Callable[[str, str], str]  # what sort of words it is, and the words

_LABELS = {
    "title": "Title",
    "seo_title": "Title in the browser",
    "introduction": "Introduction",
    "heading": "Heading",
    "paragraph": "Paragraph",
    "items": "A line of a list",
    "text": "Words",
}
_FIELDS = ("title", "seo_title", "introduction")
# Inside a piece of several words, what visitors read; a target is no word.
_READ = ("title", "text")


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a page, once, however often it stands there; `sort` says what it is."""

    sort: str
    text: str


def of(page: PublicPage) -> list[Words]:
    """List the texts of a page in the order in which they stand, each once."""
    found: dict[str, Words] = {}

    def note(sort: str, text: str) -> str:
        if text.strip():
            found.setdefault(text, Words(_LABELS[sort], text))
        return text

    _with(page, note)
    return list(found.values())


def put(page: PublicPage, said: Mapping[str, str]) -> PublicPage:
    """Return a page that is not saved, with each text in other words where there are some."""
    return _with(page, lambda sort, text: said.get(text, text))


def _with(page: PublicPage, change: Change) -> PublicPage:
    shown = copy(page)
    for name in _FIELDS:
        setattr(shown, name, change(name, getattr(page, name)))
    for name in page.streams:
        stream = getattr(page, name)
        raw = [_piece(each, change) for each in stream.get_prep_value()]
        setattr(shown, name, stream.stream_block.to_python(raw))
    return shown


def _piece(raw: Mapping[str, Any], change: Change) -> dict[str, Any]:
    return {**raw, "value": _changed(raw["type"], raw["value"], change)}


def _changed(sort: str, value: Any, change: Change) -> Any:
    if isinstance(value, str):
        return change(sort, value) if sort in _LABELS else value
    if isinstance(value, list):
        return [_item(sort, each, change) for each in value]
    if isinstance(value, dict):
        return {key: _inside(key, each, change) for key, each in value.items()}
    return value


def _inside(key: str, value: Any, change: Change) -> Any:
    if key in _READ:
        return change(key, value)
    return _changed(key, value, change) if key == "items" else value


def _item(sort: str, raw: Any, change: Change) -> Any:
    # A list's items are wrapped in what the CMS keeps beside them.
    if isinstance(raw, dict) and "value" in raw:
        return {**raw, "value": _changed(sort, raw["value"], change)}
    return _changed(sort, raw, change)
