"""Two languages that nobody speaks, made from the catalogue: what is not in them was forgotten.

`en-XA` has an accent on every letter and is about 40 % longer; `ar-XB` is written in Arabic
letters, so that a browser really turns it round. Neither has an ASCII letter left, and so whatever
a page shows with one was never given to a translator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from string import ascii_letters, ascii_lowercase

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from safehold.config.languages import parts

LONGER, RIGHT_TO_LEFT = "en-XA", "ar-XB"
ACCENTED = str.maketrans(
    ascii_letters,
    "áƀçđéƒĝĥíĵķĺɱñóþɋŕšţúṽŵẋýžÁɃÇĐÉƑĜĤÍĴĶĹṀÑÓÞɊŔŠŢÚṼŴẊÝŽ",
)
ARABIC = str.maketrans(
    ascii_letters,
    "ابتثجحخدذرزسشصضطظعغفقكلمنه" * 2,
)
# What a translator leaves as it is: places, tags, character references.
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^<>]*>|&\w+;)")
LONGER_BY = 0.4
WORD = 7  # letters: one long word would be wider than any that a language has


def accented(text: str) -> str:
    """Say a text in en-XA, in brackets that show where it was cut off."""
    longer = round(LONGER_BY * len(_KEPT.sub("", text)))
    words = ["ö" * min(WORD, longer - at) for at in range(0, longer, WORD + 1)]
    return f"[{' '.join([_changed(text, ACCENTED), *words])}]"


def arabic(text: str) -> str:
    """Say a text in ar-XB."""
    return _changed(text, ARABIC)


def _changed(text: str, letters: dict[int, int]) -> str:
    pieces = _KEPT.split(text)
    return "".join(
        piece if number % 2 else piece.translate(letters) for number, piece in enumerate(pieces)
    )


INVENTED: dict[str, Callable[[str], str]] = {LONGER: accented, RIGHT_TO_LEFT: arabic}


def write(folder: Path) -> Path:
    """Put both languages, of every message that a visitor may read, into a folder."""
    for code in INVENTED:
        path = folder / code.replace("-", "_") / "LC_MESSAGES" / "django.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_compiled(code))
    return folder


@cache
def _compiled(code: str) -> bytes:
    said = INVENTED[code]
    catalogue = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for message in {message for messages in parts().values() for message in messages}:
        context, _, text = message.rpartition("\4")
        forms = text.split("\0")
        catalogue.add(
            forms[0] if len(forms) == 1 else tuple(forms),
            said(forms[0]) if len(forms) == 1 else tuple(said(form) for form in forms),
            context=context or None,
        )
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


SAID_ALOUD = {
    "data-title",
    "label",
    "alt",
    "aria-label",
    "aria-description",
    "placeholder",
    "title",
}
NEVER_SAID = {"script", "style"}
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

# A language chosen by its own name, and a force's own words, which are English.
_OTHERS = {"en-GB", LONGER, RIGHT_TO_LEFT}


class Texts(HTMLParser):
    """Everything that a page shows or says, but what it marks as English on purpose."""

    def __init__(self, html: str, *, without: str = "") -> None:
        super().__init__()
        self.found: list[str] = []
        self.language = self.direction = ""
        self._without = without
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language, self.direction = given.get("lang", ""), given.get("dir", "")
            return
        silent = tag in NEVER_SAID or tag == self._without or given.get("lang") in _OTHERS
        if tag == "textarea" or (tag == "input" and given.get("type") not in {"submit", "button"}):
            silent = True  # what the visitor typed herself
        hidden = silent or bool(self._open and self._open[-1][1])
        if not hidden or tag == "script":
            self.found += [given[name] for name in SAID_ALOUD & given.keys()]
        if tag == "input" and given.get("type") in {"submit", "button"} and not hidden:
            self.found.append(given.get("value", ""))
        if tag not in VOID:
            self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1][1]):
            self.found.append(data)


def forgotten(html: str, *, known: Iterable[str] = (), without: str = "") -> list[str]:
    """List what a page says in nobody's language: with a letter that a translator never saw.

    `known` are names that stay as they are; `without` is a tag whose words are an editor's.
    """
    return list(_with_letters(Texts(html, without=without).found, known))


def _with_letters(texts: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    names = sorted(known, key=len, reverse=True)
    for text in texts:
        rest = text
        for name in names:
            rest = rest.replace(name, "")
        if any(letter in rest.lower() for letter in ascii_lowercase):
            yield " ".join(text.split())


def of(html: str) -> tuple[str, str]:
    """Give the language and the direction that a page says it is in."""
    page = Texts(html)
    return page.language, page.direction
