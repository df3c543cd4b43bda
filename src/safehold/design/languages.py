"""The language that a page is drawn in, and those that a visitor may choose instead.

Decided before a page is drawn and the same for all of it: a page is wholly in a language that a
named speaker has approved, or wholly in English. What stands in English all the same (a force's
own words, which no catalogue holds) is marked as English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Protocol

from django.conf import settings
from django.utils.translation import gettext, ngettext, override
from markupsafe import Markup, escape

CHROME: Final = "chrome"


class Known(Protocol):
    """A language: its code, its name in its own words, and whether its lines run right to left."""

    @property
    def code(self) -> str: ...
    @property
    def autonym(self) -> str: ...
    @property
    def right_to_left(self) -> bool: ...


class Offered(Protocol):
    """A language that may be chosen (`domain.languages.Offered`, which stands above the ground)."""

    @property
    def code(self) -> str: ...
    @property
    def known(self) -> Known: ...
    @property
    def not_yet(self) -> str: ...

    def speaks(self, part: str) -> bool:
        """Tell whether a page of this part may be shown."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a page is drawn: its language, and the language that was asked for in vain, if any."""

    language: Offered
    wanted: Offered | None = None


_spoken: ContextVar[Spoken | None] = ContextVar("spoken", default=None)


def offered() -> tuple[Offered, ...]:
    """Give the languages that a visitor may choose, English first; English alone is no choice."""
    found: tuple[Offered, ...] = settings.LANGUAGES_OFFERED
    return found


def named(code: str) -> Offered:
    """Give the language of a code; English for any code that is not offered."""
    return next((each for each in offered() if each.code == code), offered()[0])


def now() -> Spoken:
    """Give how the page that is being drawn is spoken; in English where nobody said."""
    return _spoken.get() or Spoken(offered()[0])


@contextmanager
def speaking(code: str, part: str = CHROME, *, approved: bool = True) -> Iterator[Spoken]:
    """Draw what is drawn inside in a language, if that part of the site is approved in it.

    Else in English, with one sentence in the language that was wanted, where one is approved.
    `approved=False` says that the words of the page itself, an editor's, are not.
    """
    english, wanted = offered()[0], named(code)
    if wanted is english or (approved and wanted.speaks(part)):
        spoken = Spoken(wanted)
    else:
        spoken = Spoken(english, wanted)
    token = _spoken.set(spoken)
    try:
        with override(spoken.language.code):
            yield spoken
    finally:
        _spoken.reset(token)


def is_english() -> bool:
    """Tell whether what is being drawn is in the language that it was written in."""
    spoken = _spoken.get()
    return spoken is None or spoken.language is offered()[0]


def said(message: str) -> str:
    """Say a message in the language of the page.

    Most pages are in English, which is the message itself: to look it up costs a third of the time
    of a question page.
    """
    return message if is_english() else gettext(message)


def said_of(singular: str, plural: str, count: int) -> str:
    """Say one of two messages, by a count, in the language of the page."""
    if is_english():
        return singular if count == 1 else plural
    return ngettext(singular, plural, count)


def own(text: str) -> Markup:
    """Give words of the force itself: as its profile says them in the language of the page.

    Else in English, and marked as English (WCAG 2.2, 3.1.2).
    """
    if is_english():
        return escape(text)
    code = now().language.code
    for phrase in settings.FORCE.phrases:
        if (phrase.language, phrase.english) == (code, text):
            return escape(phrase.words)
    return Markup('<bdi lang="{}">{}</bdi>').format(offered()[0].code, text)


def part_of(*names: str) -> str:
    """Name the part of the site that a module or a template of ours belongs to.

    `names` are the folders below safehold and the file's stem: public, report, views. A page is
    approved with its room; what stands in no room of its own stands around every page.
    """
    if names[0] == "content":
        return "pages"
    if names[0] != "public" or len(names) < 3:
        return CHROME
    return names[3] if names[1] == "jinja2" else names[1]
