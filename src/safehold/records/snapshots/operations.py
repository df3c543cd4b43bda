"""Put a page before the public, and take it away."""

import gzip
import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

import brotli
from django.db import transaction
from django.db.models import F, QuerySet

from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, Member, System, actor_fields
from safehold.records.snapshots.models import Edition, Snapshot
from safehold.records.snapshots.paths import checked

STORE = "intake"
ENGLISH = "en-GB"
BROTLI_QUALITY = 11
GZIP_LEVEL = 9
_compress: Callable[..., bytes] = brotli.compress


class NotPublished(LookupError):
    """There is no published page at this path."""


def publish(
    *,
    path: str,
    html: str,
    by: Member | System,
    at: datetime,
    language: str = ENGLISH,
    title: str = "",
    review_by: date | None = None,
) -> bool:
    """Publish a page in a language, in place of what stood there; return whether anything changed.

    `title` and `review_by` are for staff, who are told before a review lapses. The same again
    changes nothing and leaves no row. Whoever calls answers for the language: a named speaker has
    approved these words, or they are English with a sentence that says so. Raises BadPath.
    """
    body = html.encode()
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic(), transaction.atomic(using=STORE):
        found = _standing(checked(path), language).first()
        if found is not None and _same(found, digest, title, review_by):
            return False
        snapshot = found or Snapshot(path=path, language=language)
        snapshot.edition = _next_edition()
        snapshot.digest, snapshot.title, snapshot.review_by = digest, title, review_by
        snapshot.html = body
        snapshot.brotli = _squeeze(body)
        # No time inside, so that the same page gives the same bytes.
        snapshot.gzip = gzip.compress(body, GZIP_LEVEL, mtime=0)
        snapshot.published_at = at
        snapshot.published_by = actor_fields(by)["actor"]
        snapshot.save(using=STORE)
        detail = _detail(digest, language)
        audit.append(
            action=Action.PAGE_PUBLISHED, by=by, subject=About("page", path), at=at, detail=detail
        )
    return True


def withdraw(*, path: str, by: Member | System, at: datetime, language: str = ENGLISH) -> None:
    """Take a page away from the public in one language; the English one takes the others along.

    Raises NotPublished where there is none at the path.
    """
    with transaction.atomic(), transaction.atomic(using=STORE):
        found = list(_standing(path, None if language == ENGLISH else language))
        if language not in {snapshot.language for snapshot in found}:
            raise NotPublished(f"There is no page at {path}.")
        _next_edition()
        for snapshot in found:
            snapshot.delete(using=STORE)
            audit.append(
                action=Action.PAGE_WITHDRAWN,
                by=by,
                subject=About("page", path),
                at=at,
                detail=_detail(snapshot.digest, snapshot.language),
            )


def _standing(path: str, language: str | None) -> QuerySet[Snapshot]:
    rows = Snapshot.objects.using(STORE).filter(path=path).order_by("language")
    return rows if language is None else rows.filter(language=language)


def _detail(digest: str, language: str) -> dict[str, str]:
    return {"digest": digest} if language == ENGLISH else {"digest": digest, "language": language}


def _next_edition() -> int:
    # The row is locked until the transaction ends: two editors never share a number.
    Edition.objects.using(STORE).get_or_create(pk=1)
    Edition.objects.using(STORE).filter(pk=1).update(number=F("number") + 1)
    return Edition.objects.using(STORE).get(pk=1).number


def _same(found: Snapshot, digest: str, title: str, review_by: date | None) -> bool:
    return (found.digest, found.title, found.review_by) == (digest, title, review_by)


@lru_cache(maxsize=64)
def _squeeze(body: bytes) -> bytes:
    # The slowest step of publishing, and the same for the same bytes.
    return _compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
