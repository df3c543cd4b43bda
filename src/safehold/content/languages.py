"""Pages of the CMS in other languages: written, read by a named speaker, shown, taken back.

A page is shown in a language while exactly what stands in it was approved: its English words as
published, and the words in their place (domain/languages.py). Whoever changes the English takes the
page out of every language until somebody has read it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.utils.timezone import localdate

from safehold.content import words
from safehold.content.models import KINDS, PageInLanguage, PublicPage
from safehold.domain import languages
from safehold.domain.languages import SOURCE
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, Member

LONGEST = 20_000  # characters of one text
SHORTEST_NAME = 3


class Standing(StrEnum):
    """How far a page is in a language."""

    NONE = "none"
    UNFINISHED = "unfinished"
    UNREAD = "unread"
    CHANGED = "changed"
    APPROVED = "approved"


class NotThere(LookupError):
    """There is no such page, or no such language."""


class NotReady(ValueError):
    """Words that may not be approved as they stand; the message says why."""


class Overtaken(Exception):
    """Somebody saved meanwhile; nothing was changed. `now` holds what stands."""

    def __init__(self, now: Mapping[str, str], by: str, version: int) -> None:
        super().__init__(f"{by} saved this page in this language while you had it open.")
        self.now, self.version = now, version


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A published page in a language, as whoever writes it or reads it over needs it."""

    page: PublicPage
    code: str
    texts: tuple[words.Words, ...]
    said: Mapping[str, str]
    version: int
    digest: str
    faults: tuple[str, ...]
    standing: Standing
    approved_by: str = ""
    approved_on: date | None = None


def key_of(text: str) -> str:
    """Name the box of a text: it stays with its text, wherever that moves on the page."""
    return f"w-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def find(page_id: int, code: str) -> InLanguage:
    """Return a published page in a language, begun or not. Raises NotThere."""
    page = next(
        filter(None, (kind.objects.live().filter(pk=page_id).first() for kind in KINDS)), None
    )
    if page is None or code == SOURCE or code not in languages.known():
        raise NotThere("There is no such page, or no such language.")
    return _standing(page, code, PageInLanguage.objects.filter(page=page, language=code).first())


def of_all(pages: Iterable[PublicPage], code: str) -> list[InLanguage]:
    """Return every one of these pages in a language."""
    rows = {row.page_id: row for row in PageInLanguage.objects.filter(language=code)}
    return [_standing(page, code, rows.get(page.pk)) for page in pages]


def approved(pages: Iterable[PublicPage]) -> dict[tuple[int, str], Mapping[str, str]]:
    """Return the words of each page and language that may be shown."""
    by_key = {page.pk: page for page in pages}
    found = {}
    for row in PageInLanguage.objects.filter(page__in=by_key).exclude(approved_digest=""):
        standing = _standing(by_key[row.page_id], row.language, row)
        if standing.standing is Standing.APPROVED:
            found[row.page_id, row.language] = standing.said
    return found


def save(
    *, page_id: int, code: str, said: Mapping[str, str], seen: int, by: Member, at: datetime
) -> None:
    """Keep words, whole or not; approval of other words than these ends with it.

    `said` maps a text in English to its words; `seen` is the version that was on the screen. Raises
    NotThere, or Overtaken.
    """
    with transaction.atomic():
        found = find(page_id, code)
        row = _locked(found)
        if row.version != seen:
            raise Overtaken(row.words, row.changed_by, row.version)
        # What belongs to words that have gone from the page is kept: they may come back.
        kept = {**row.words, **{text: each for text, each in said.items() if each.strip()}}
        for text, each in said.items():
            if not each.strip():
                kept.pop(text, None)
        if kept == row.words:
            return
        row.words, row.version = kept, row.version + 1
        row.changed_at, row.changed_by = at, by.username
        row.save()
        _note(Action.PAGE_TRANSLATED, found, by=by, at=at)


def approve(
    *, page_id: int, code: str, digest: str, speaker: str, by: Member, at: datetime
) -> None:
    """Note that a named speaker has read exactly this version. The caller draws the pages anew.

    Raises NotThere, or NotReady where words are missing or wrong, changed since, or have no name.
    """
    name = " ".join(speaker.split())
    if len(name) < SHORTEST_NAME:
        raise NotReady("Give the name of who read it: they speak the language well.")
    with transaction.atomic():
        found = find(page_id, code)
        if found.digest != digest:
            raise NotReady("The page or its words changed since you opened this: read it again.")
        if found.faults:
            raise NotReady(found.faults[0])
        row = _locked(found)
        row.approved_by, row.approved_on, row.approved_digest = name, localdate(at), digest
        row.save()
        _note(Action.TRANSLATION_APPROVED, found, by=by, at=at, speaker=name)


def withdraw(*, page_id: int, code: str, by: Member, at: datetime) -> None:
    """Take an approval back; the words stay. The caller draws the pages anew. Raises NotThere."""
    with transaction.atomic():
        found = find(page_id, code)
        row = _locked(found)
        if not row.approved_digest:
            return
        row.approved_by, row.approved_on, row.approved_digest = "", None, ""
        row.save()
        _note(Action.TRANSLATION_WITHDRAWN, found, by=by, at=at)


def _standing(page: PublicPage, code: str, row: PageInLanguage | None) -> InLanguage:
    texts = tuple(words.of(page))
    messages = [each.text for each in texts]
    said = dict(row.words) if row else {}
    catalogue = {text: (said[text],) for text in messages if text in said}
    version = languages.digest(messages, catalogue)
    faults = tuple(languages.faults(messages, catalogue))
    return InLanguage(
        page=page,
        code=code,
        texts=texts,
        said=said,
        version=row.version if row else 0,
        digest=version,
        faults=faults,
        standing=_how_far(row, bool(catalogue), faults, version),
        approved_by=row.approved_by if row else "",
        approved_on=row.approved_on if row else None,
    )


def _how_far(
    row: PageInLanguage | None, begun: bool, faults: tuple[str, ...], version: str
) -> Standing:
    if row is None or not begun:
        return Standing.NONE
    if row.approved_digest and row.approved_digest != version:
        return Standing.CHANGED
    if faults:
        return Standing.UNFINISHED
    return Standing.APPROVED if row.approved_digest else Standing.UNREAD


def _locked(found: InLanguage) -> PageInLanguage:
    PageInLanguage.objects.get_or_create(page_id=found.page.pk, language=found.code)
    return PageInLanguage.objects.select_for_update().get(
        page_id=found.page.pk, language=found.code
    )


def _note(
    action: Action, found: InLanguage, *, by: Member, at: datetime, speaker: str = ""
) -> None:
    detail = {"language": found.code, "version": found.digest}
    audit.append(
        action=action,
        by=by,
        subject=About("page", found.page.address),
        at=at,
        detail=detail | ({"speaker": speaker} if speaker else {}),
    )
