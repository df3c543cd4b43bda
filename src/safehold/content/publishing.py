"""From a published page to its snapshot, in the same transaction as the publishing itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from safehold.content import gate, languages, rendering, words
from safehold.content.models import KINDS, PublicPage
from safehold.design.languages import Offered, offered, speaking
from safehold.domain.languages import SOURCE
from safehold.records.audit.actors import Member, System
from safehold.records.snapshots import operations, queries

SCHEDULE = System("scheduler")
# Who acts, and when, where no request says so: the CMS's signals carry neither.
_acting: ContextVar[tuple[Member | System, datetime] | None] = ContextVar("acting", default=None)
_many: ContextVar[bool] = ContextVar("many", default=False)


@contextmanager
def acting(by: Member | System, at: datetime) -> Iterator[None]:
    """Let what is published inside be published by this actor at this time."""
    token = _acting.set((by, at))
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def many_at_once() -> Iterator[None]:
    """Leave checks and snapshots to the caller, who asks before and draws all pages at the end.

    A page is drawn once for itself and once more for each page that it leads to, otherwise.
    """
    token = _many.set(True)
    try:
        yield
    finally:
        _many.reset(token)


def live_pages(without: int | None = None) -> list[PublicPage]:
    """Return every page that is published, the first page first, leaving out one by its key."""
    live = (page for kind in KINDS for page in kind.objects.live().order_by("slug"))
    return [page for page in live if page.pk != without]


def draw_all(*, by: Member | System, at: datetime, without: int | None = None) -> int:
    """Bring the snapshot of every published page up to date; return how many changed.

    One page that comes or goes changes others: a link to a page that is not there is words only.
    """
    pages = live_pages(without)
    there = frozenset(page.address for page in pages)
    said = languages.approved(pages)
    with transaction.atomic(using=operations.STORE):
        return sum(_draw(page, there, said, by=by, at=at) for page in pages)


def draw_one(page: PublicPage, *, by: Member | System, at: datetime) -> bool:
    """Bring the snapshots of one published page up to date, in each language; tell if any changed.

    For a change of its words in another language, which changes no other page.
    """
    there = frozenset(each.address for each in live_pages())
    return _draw(page, there, languages.approved([page]), by=by, at=at)


Said = Mapping[tuple[int, str], Mapping[str, str]]


def _draw(
    page: PublicPage, there: frozenset[str], said: Said, *, by: Member | System, at: datetime
) -> bool:
    changed = operations.publish(
        path=page.address,
        html=rendering.html(page, there),
        title=page.title,
        review_by=page.review_by,
        by=by,
        at=at,
    )
    others = {
        each.code: _in_language(page, each, there, said.get((page.pk, each.code)))
        for each in offered()[1:]
    }
    shown = {code: html for code, html in others.items() if html}
    for code in sorted(queries.published_languages(page.address) - {SOURCE} - shown.keys()):
        operations.withdraw(path=page.address, language=code, by=by, at=at)
        changed = True
    for code, html in shown.items():
        changed |= operations.publish(
            path=page.address, html=html, language=code, title=page.title, by=by, at=at
        )
    return changed


def _in_language(
    page: PublicPage, language: Offered, there: frozenset[str], said: Mapping[str, str] | None
) -> str:
    """Draw a page in a language; else in English with the sentence that says so; else not at all.

    Without that sentence the English page itself is what a visitor is shown.
    """
    with speaking(language.code, "pages", approved=said is not None) as spoken:
        if spoken.language is language and said is not None:
            return rendering.html(words.put(page, said), there)
        return rendering.html(page, there) if language.not_yet else ""


def withdraw_the_rest(*, by: Member | System, at: datetime, without: int | None = None) -> None:
    """Withdraw each snapshot whose page is no longer published, leaving out the page `without`.

    A renamed page has left its old address, and a first page taken down takes others with it.
    """
    kept = {page.address for page in live_pages(without)}
    for path in sorted(queries.published_paths() - kept):
        operations.withdraw(path=path, by=by, at=at)


def on_published(instance: Page, revision: Any = None, **kwargs: object) -> None:
    """Publish the snapshot; whatever goes wrong here undoes the publishing in the CMS as well.

    Raises PublicationRefused, whichever way the page came here.
    """
    if isinstance(instance, PublicPage) and not _many.get():
        gate.check(instance)
        _bring_up_to_date(revision)


def on_unpublished(instance: Page, **kwargs: object) -> None:
    """Withdraw the snapshot."""
    if isinstance(instance.specific, PublicPage):
        _bring_up_to_date(None, without=instance.pk)


def _bring_up_to_date(revision: Any, without: int | None = None) -> None:
    by, at = _who_and_when(revision)
    # All of it or nothing: the public must not be shown half of a change.
    with transaction.atomic(using=operations.STORE):
        withdraw_the_rest(by=by, at=at, without=without)
        draw_all(by=by, at=at, without=without)


def connect() -> None:
    """Listen to the CMS."""
    page_published.connect(on_published, dispatch_uid="snapshot")
    page_unpublished.connect(on_unpublished, dispatch_uid="snapshot")


def _who_and_when(revision: Any) -> tuple[Member | System, datetime]:
    # Whoever presses the button answers for it; on a schedule, whoever wrote what goes out.
    user = get_active_log_context().user or getattr(revision, "user", None)
    return _acting.get() or (user or SCHEDULE, timezone.now())
