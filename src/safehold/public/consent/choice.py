"""The choice itself: two answers, as one cookie holds them.

The value is `y` or `n` for each purpose, in the order of `Choice`, and `s` while the visitor has
not yet been told that it is saved. Whatever else it says is no choice, so a purpose that is added
one day makes the site ask again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest, HttpResponse

from safehold.public import cookies

A_YEAR: Final = 365 * 24 * 60 * 60  # seconds
_LONGEST: Final = 4096  # of a header that is read at all


@dataclass(frozen=True, slots=True)
class Choice:
    """What was agreed to; `just_saved` until a page has said so."""

    count: bool
    remember: bool
    just_saved: bool = False

    def value(self) -> str:
        """Write the choice as the cookie holds it."""
        answers = "".join("y" if each else "n" for each in (self.count, self.remember))
        return f"{answers}s" if self.just_saved else answers


_KNOWN: Final = MappingProxyType(
    {made.value(): made for made in (Choice(*flags) for flags in product((False, True), repeat=3))}
)


def in_header(header: str) -> Choice | None:
    """Read the choice from a Cookie header; None where there is none, or not surely one.

    Two values that differ are none: nobody can tell which of them the visitor meant.
    """
    if not header or len(header) > _LONGEST:
        return None
    return _in_header(header, cookies.name(cookies.CHOICE_COOKIE))


@lru_cache(maxsize=64)
def _in_header(header: str, name: str) -> Choice | None:
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    found = {value for sent, _, value in pairs if sent == name}
    return _KNOWN.get(found.pop()) if len(found) == 1 else None


def of(request: HttpRequest) -> Choice | None:
    """Read the choice that a request carries."""
    return in_header(request.META.get("HTTP_COOKIE", ""))


def keep(response: HttpResponse, made: Choice) -> None:
    """Have the browser keep a choice for a year.

    Lax and not Strict: whoever comes from a search must not be asked again. It opens nothing.
    """
    cookies.give(response, cookies.CHOICE_COOKIE, made.value(), seconds=A_YEAR, samesite="Lax")


def told(made: Choice) -> Choice:
    """Give the choice as it stands once a page has said that it is saved."""
    return replace(made, just_saved=False)
