"""The languages of an installation: which the force names, and which parts of them are approved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from safehold.domain.force import Force
from safehold.domain.languages import (
    ENGLISH,
    INVENTED,
    NOTICE,
    Catalogue,
    Known,
    NotACatalogue,
    Offered,
    known,
    live_parts,
    read_catalogue,
)

FOLDER: Final = Path(__file__).resolve().parent.parent / "locale"
_NAMES: Final = {"en-XA": "[Énglïsh]", "ar-XB": "\u202eEnglish\u202c"}


@cache
def parts() -> Mapping[str, tuple[str, ...]]:
    """Give every message that a visitor may read, by the part of the site that says it."""
    listed = json.loads((FOLDER / "messages.json").read_text(encoding="utf-8"))
    return {part: tuple(messages) for part, messages in listed.items()}


def catalogue(code: str, *, folder: Path = FOLDER) -> Catalogue:
    """Read a language's catalogue, empty where there is none. Raises NotACatalogue."""
    path = folder / code.replace("-", "_") / "LC_MESSAGES" / "django.mo"
    return read_catalogue(path.read_bytes()) if path.is_file() else {}


def offered(
    force: Force, *, folder: Path = FOLDER, invented: Path | None = None
) -> tuple[Offered, ...]:
    """Give English, then each other language of which at least one part may be shown.

    A catalogue that is damaged is as good as none: her page comes in English, and
    `safehold languages` says why. Invented languages are those of a folder made for tests.
    """
    spoken = [_offered(force, code, folder) for code in force.languages[1:]]
    made_up = INVENTED if invented is not None else ()
    return (
        ENGLISH,
        *(each for each in spoken if each.live),
        *(
            Offered(Known(code, _NAMES[code], code == "ar-XB"), frozenset(parts()))
            for code in made_up
        ),
    )


def _offered(force: Force, code: str, folder: Path) -> Offered:
    try:
        words = catalogue(code, folder=folder)
    except NotACatalogue:
        words = {}
    live = live_parts(code, parts(), words, force.approvals)
    sentence = "".join(words[message][0] for message in parts()[NOTICE]) if NOTICE in live else ""
    return Offered(known()[code], live, sentence)
