"""From a published page to its snapshot, in the same transaction as the publishing itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from safehold.content import rendering
from safehold.content.models import GuidancePage, HomePage, PublicPage
from safehold.records.audit.actors import Member, System
from safehold.records.snapshots import operations, queries

KINDS = (HomePage, GuidancePage)
SCHEDULE = System("scheduler")
# Who acts, and when, where no request says so: the CMS's signals carry neither.
_acting: ContextVar[tuple[Member | System, datetime] | None] = ContextVar("acting", default=None)


@contextmanager
def acting(by: Member | System, at: datetime) -> Iterator[None]:
    """Let what is published inside be published by this actor at this time."""
    token = _acting.set((by, at))
    try:
        yield
    finally:
        _acting.reset(token)


def live_pages() -> list[PublicPage]:
    """Return every page that is published, the first page first."""
    return [page for kind in KINDS for page in kind.objects.live().order_by("slug")]


def publish(page: PublicPage, *, by: Member | System, at: datetime) -> bool:
    """Put a page before the public as it now stands; return whether anything changed."""
    return operations.publish(path=page.address, html=rendering.html(page), by=by, at=at)


def withdraw_the_rest(*, by: Member | System, at: datetime, without: int | None = None) -> None:
    """Withdraw each snapshot whose page is no longer published, leaving out the page `without`.

    A renamed page has left its old address, and a first page taken down takes others with it.
    """
    kept = {page.address for page in live_pages() if page.pk != without}
    for path in sorted(queries.published_paths() - kept):
        operations.withdraw(path=path, by=by, at=at)


def on_published(instance: Page, revision: Any = None, **kwargs: object) -> None:
    """Publish the snapshot; whatever goes wrong here undoes the publishing in the CMS as well."""
    if isinstance(instance, PublicPage):
        by, at = _who_and_when(revision)
        publish(instance, by=by, at=at)
        withdraw_the_rest(by=by, at=at)


def on_unpublished(instance: Page, **kwargs: object) -> None:
    """Withdraw the snapshot."""
    if isinstance(instance.specific, PublicPage):
        by, at = _who_and_when(None)
        withdraw_the_rest(by=by, at=at, without=instance.pk)


def connect() -> None:
    """Listen to the CMS."""
    page_published.connect(on_published, dispatch_uid="snapshot")
    page_unpublished.connect(on_unpublished, dispatch_uid="snapshot")


def _who_and_when(revision: Any) -> tuple[Member | System, datetime]:
    # Whoever presses the button answers for it; on a schedule, whoever wrote what goes out.
    user = get_active_log_context().user or getattr(revision, "user", None)
    return _acting.get() or (user or SCHEDULE, timezone.now())
