"""Put a page before the public, and take it away."""

import gzip
import hashlib
from collections.abc import Callable
from datetime import datetime

import brotli
from django.db import transaction
from django.db.models import F

from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, Member, System, actor_fields
from safehold.records.snapshots.models import Edition, Snapshot
from safehold.records.snapshots.paths import checked

STORE = "intake"
BROTLI_QUALITY = 11
GZIP_LEVEL = 9
_squeeze: Callable[..., bytes] = brotli.compress


class NotPublished(LookupError):
    """There is no published page at this path."""


def publish(*, path: str, html: str, by: Member | System, at: datetime) -> bool:
    """Publish a page at a path, in place of what stood there; return whether anything changed.

    The same bytes again change nothing and leave no row. Raises BadPath.
    """
    body = html.encode()
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic(), transaction.atomic(using=STORE):
        found = Snapshot.objects.using(STORE).filter(path=checked(path)).first()
        if found is not None and found.digest == digest:
            return False
        snapshot = found or Snapshot(path=path)
        snapshot.edition = _next_edition()
        snapshot.digest = digest
        snapshot.html = body
        snapshot.brotli = _squeeze(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
        # No time inside, so that the same page gives the same bytes.
        snapshot.gzip = gzip.compress(body, GZIP_LEVEL, mtime=0)
        snapshot.published_at = at
        snapshot.published_by = actor_fields(by)["actor"]
        snapshot.save(using=STORE)
        detail = {"digest": digest}
        audit.append(
            action=Action.PAGE_PUBLISHED, by=by, subject=About("page", path), at=at, detail=detail
        )
    return True


def withdraw(*, path: str, by: Member | System, at: datetime) -> None:
    """Take a page away from the public. Raises NotPublished where there is none at the path."""
    with transaction.atomic(), transaction.atomic(using=STORE):
        found = Snapshot.objects.using(STORE).filter(path=path).first()
        if found is None:
            raise NotPublished(f"There is no page at {path}.")
        found.delete(using=STORE)
        _next_edition()
        detail = {"digest": found.digest}
        audit.append(
            action=Action.PAGE_WITHDRAWN, by=by, subject=About("page", path), at=at, detail=detail
        )


def _next_edition() -> int:
    # The row is locked until the transaction ends: two editors never share a number.
    Edition.objects.using(STORE).get_or_create(pk=1)
    Edition.objects.using(STORE).filter(pk=1).update(number=F("number") + 1)
    return Edition.objects.using(STORE).get(pk=1).number
