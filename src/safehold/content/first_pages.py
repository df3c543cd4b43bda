"""The words that an installation begins with: read from `texts/`, filled from a force's profile.

A text claims only what the profile says: a piece that `needs` a claim is left out where the force
does not make it.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.html import escape

from safehold.domain.force import Force
from safehold.domain.page_review import About

Piece = tuple[str, Any]
HOME, GUIDANCE, INDEX, ADVICE = KINDS = ("home", "guidance", "advice_index", "advice")
# The bones of every advice page, in their order. The first is drawn from one place for all.
EMERGENCY = "emergency"
BONES = ("what_it_is", "what_you_can_do", "cannot_wait", "tell", "orders", "support")
_FIELDS = frozenset(
    ("slug", "kind", "title", "browser_title", "introduction", "about", "needs", "sources")
) | {"to_be_confirmed", "body"}
NEEDS: Mapping[str, Callable[[Force], bool]] = {
    "white_ribbon": lambda force: force.claims.white_ribbon,
    "soteria": lambda force: force.claims.soteria,
    "vigilant": lambda force: force.claims.vigilant,
    "partnership": lambda force: bool(force.claims.partnership_name),
    "sarc": lambda force: force.phones.sarc is not None,
    "lines": lambda force: any(
        (force.phones.all_hours, force.phones.sarc, *force.phones.helplines)
    ),
}


class BadText(ValueError):
    """A text that cannot be made into a page; the message names the file and says what is wrong."""


@dataclass(frozen=True, slots=True)
class FirstPage:
    """One page as it stands before an editor changes it.

    `body` holds the pieces of a page; `sections` holds those of an advice page, by bone.
    """

    slug: str
    kind: str
    title: str
    browser_title: str
    introduction: str
    about: str
    sources: tuple[str, ...]
    to_be_confirmed: tuple[str, ...]
    body: tuple[Piece, ...]
    sections: Mapping[str, tuple[Piece, ...]]


def all_for(force: Force) -> tuple[FirstPage, ...]:
    """Return every first page of a force: the home page first, indexes before what is in them.

    Raises BadText.
    """
    pages = (read(name, raw, force) for name, raw in _texts())
    return tuple(sorted(pages, key=lambda page: (KINDS.index(page.kind), page.slug)))


def read(name: str, raw: Mapping[str, Any], force: Force) -> FirstPage:
    """Return a text as a page of a force. Raises BadText."""
    if set(raw) != _FIELDS:
        raise BadText(f"{name} has wrong or missing fields: {sorted(set(raw) ^ _FIELDS)}.")
    if raw["slug"] != name or raw["kind"] not in KINDS or raw["about"] not in list(About):
        raise BadText(f"{name} has a wrong slug, kind or about.")
    words = _words(force)
    flat, sections = _sorted_out(name, raw, force)
    return FirstPage(
        slug=raw["slug"],
        kind=raw["kind"],
        title=_filled(name, raw["title"], words),
        browser_title=_filled(name, raw["browser_title"], words),
        introduction=_filled(name, raw["introduction"], words),
        about=raw["about"],
        sources=tuple(raw["sources"]),
        to_be_confirmed=tuple(raw["to_be_confirmed"]),
        body=flat,
        sections=sections,
    )


@cache
def _texts() -> tuple[tuple[str, Mapping[str, Any]], ...]:
    folder = files(__package__) / "texts"
    found = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")),
        key=lambda entry: entry.name,
    )
    return tuple(
        (entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text(encoding="utf-8")))
        for entry in found
    )


def _sorted_out(
    name: str, raw: Mapping[str, Any], force: Force
) -> tuple[tuple[Piece, ...], dict[str, tuple[Piece, ...]]]:
    """Split a body at its bones; whatever stands before the first bone is the body of the page."""
    parts: dict[str, list[Piece]] = {"": []}
    current, words = "", _words(force)
    for each in raw["body"]:
        if each["kind"] == "section":
            current = each["key"]
            parts[current] = []
        elif _holds(name, each.get("needs", ""), force):
            parts[current].append(_piece(name, each, words))
    flat = tuple(parts.pop(""))
    found, wanted = tuple(parts), (EMERGENCY, *BONES) if raw["kind"] == ADVICE else ()
    if found != wanted:
        raise BadText(f"{name} has the sections {found}, not {wanted}.")
    return flat, {key: tuple(pieces) for key, pieces in parts.items() if key != EMERGENCY}


def _holds(name: str, need: str, force: Force) -> bool:
    if not need:
        return True
    if need not in NEEDS:
        raise BadText(f"{name} needs {need!r}, which no profile says.")
    return NEEDS[need](force)


def _piece(name: str, raw: Mapping[str, Any], words: Mapping[str, str]) -> Piece:
    given = {key: value for key, value in raw.items() if key not in {"kind", "needs"}}
    kind = raw["kind"]
    if kind == "paragraph":
        safe = {key: escape(value) for key, value in words.items()}
        return kind, f"<p>{_filled(name, given['text'], safe)}</p>"
    filled = _deep(name, given, words)
    if kind in {"cards", "columns"}:
        return kind, filled["items"]
    if kind == "heading":
        return kind, filled["text"]
    if kind == "other_forms":
        return kind, filled["about"]
    return kind, filled or None


def _deep(name: str, value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _filled(name, value, words)
    if isinstance(value, list):
        return [_deep(name, each, words) for each in value]
    if isinstance(value, dict):
        return {key: _deep(name, each, words) for key, each in value.items()}
    return value


def _words(force: Force) -> dict[str, str]:
    return {
        "emergency": force.phones.emergency,
        "non_emergency": force.phones.non_emergency,
        "force": force.name,
        "area": force.area_name,
        "unit": force.unit_name,
        "patrol": force.patrol_name,
        "partnership": force.claims.partnership_name,
    }


def _filled(name: str, text: str, words: Mapping[str, str]) -> str:
    try:
        return text.format_map(words)
    except (KeyError, ValueError, IndexError) as error:
        raise BadText(f"{name} has a placeholder that nothing fills: {error}.") from error
