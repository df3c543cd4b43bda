"""What is published, for a process that serves it from memory."""

from dataclasses import dataclass
from datetime import datetime

from safehold.records.snapshots.models import Edition, Snapshot

STORE = "intake"


@dataclass(frozen=True, slots=True)
class Page:
    """A published page in the three forms in which a browser may take it."""

    path: str
    digest: str
    html: bytes
    brotli: bytes
    gzip: bytes


@dataclass(frozen=True, slots=True)
class Publication:
    """When a page was last published, and by whom."""

    path: str
    digest: str
    at: datetime
    by: str


def current_version() -> int:
    """How often have the published pages changed? 0 where nothing was ever published."""
    numbers = Edition.objects.using(STORE).filter(pk=1).values_list("number", flat=True)
    return next(iter(numbers), 0)


def all_current() -> tuple[Page, ...]:
    """What are the published pages, by path?"""
    return tuple(
        Page(
            path=row.path,
            digest=row.digest,
            html=bytes(row.html),
            brotli=bytes(row.brotli),
            gzip=bytes(row.gzip),
        )
        for row in Snapshot.objects.using(STORE).order_by("path")
    )


def published_paths() -> frozenset[str]:
    """Which paths have a published page?"""
    return frozenset(Snapshot.objects.using(STORE).values_list("path", flat=True))


def publication(path: str) -> Publication | None:
    """When was the page at this path published, and by whom? None where there is none."""
    row = Snapshot.objects.using(STORE).filter(path=path).first()
    if row is None:
        return None
    return Publication(row.path, row.digest, row.published_at, row.published_by)
