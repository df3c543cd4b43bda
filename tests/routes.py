"""Every address of a site, walked out of its URL table."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from django.urls import URLPattern, URLResolver

# An address of each public route that takes a parameter. One without an entry fails the walks.
EXAMPLES: dict[str, str] = {
    "public:file": "/files/1.webm",
    "public:easy": "/easy/1/",
    "public:support-page": "/support/found/1/",
    "public:step": "/report/1/",
}


class NoExample(LookupError):
    """A route takes a parameter, and nobody gave an address of it in EXAMPLES."""


def routes(urlconf: str) -> Iterator[tuple[str, str]]:
    """Walk an URL configuration: the full name and the path of every view in it."""
    yield from _walk(import_module(urlconf).urlpatterns, "/", "")


def public_addresses() -> list[str]:
    """Return an address of every route of the public site. Raises NoExample."""
    return [_address(name, at) for name, at in routes("safehold.config.urls.public")]


def _address(name: str, at: str) -> str:
    if "<" not in at and "(" not in at:
        return at
    if name not in EXAMPLES:
        raise NoExample(f"{name} ({at}) needs an address in tests/routes.py.")
    return EXAMPLES[name]


def _walk(
    patterns: list[URLPattern | URLResolver], at: str, space: str
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = at + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, here, inner)
        else:
            yield f"{space}{pattern.name or ''}", here
