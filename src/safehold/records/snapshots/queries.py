"""What is published, for a process that serves it from memory."""

from dataclasses import dataclass
from datetime import date, datetime

from safehold.records.snapshots.models import Edition, Snapshot

STORE = "intake"


@dataclass(frozen=True, slots=True)
class Page:
    """A published page in the three forms in which a browser may take it."""

    path: str
    language: str
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


@dataclass(frozen=True, slots=True)
class Due:
    """A published page that has to be read again by a day."""

    path: str
    title: str
    review_by: date


def current_version() -> int:
    """How often have the published pages changed? 0 where nothing was ever published."""
    numbers = Edition.objects.using(STORE).filter(pk=1).values_list("number", flat=True)
    return next(iter(numbers), 0)


def all_current() -> tuple[Page, ...]:
    """What are the published pages, by path and language?"""
    return tuple(
        Page(
            path=row.path,
            language=row.language,
            digest=row.digest,
            html=bytes(row.html),
            brotli=bytes(row.brotli),
            gzip=bytes(row.gzip),
        )
        for row in Snapshot.objects.using(STORE).order_by("path", "language")
    )


def published_paths() -> frozenset[str]:
    """Which paths have a published page?"""
    return frozenset(Snapshot.objects.using(STORE).values_list("path", flat=True))


def is_published(path: str) -> bool:
    """Is a page published under this path?"""
    return Snapshot.objects.using(STORE).filter(path=path).exists()


def published_languages(path: str) -> frozenset[str]:
    """In which languages does the page at this path stand?"""
    rows = Snapshot.objects.using(STORE).filter(path=path)
    return frozenset(rows.values_list("language", flat=True))


def publication(path: str, language: str = "en-GB") -> Publication | None:
    """When was the page at this path published, and by whom? None where there is none."""
    row = Snapshot.objects.using(STORE).filter(path=path, language=language).first()
    if row is None:
        return None
    return Publication(row.path, row.digest, row.published_at, row.published_by)


def due_for_review(*, until: date) -> tuple[Due, ...]:
    """Which published pages have to be read again by a day, the longest overdue first?"""
    rows = Snapshot.objects.using(STORE).filter(review_by__lte=until).order_by("review_by", "path")
    return tuple(
        Due(path, title or path, day)
        for path, title, day in rows.values_list("path", "title", "review_by")
        if day is not None
    )
