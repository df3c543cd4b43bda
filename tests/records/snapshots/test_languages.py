"""A page in several languages: each is published for itself, and none outlives the English one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from safehold.records.audit.actors import System
from safehold.records.audit.models import AuditEvent
from safehold.records.snapshots import queries
from safehold.records.snapshots.models import Snapshot
from safehold.records.snapshots.operations import NotPublished, publish, withdraw

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
BY = System("test")


@pytest.fixture(autouse=True)
def both() -> None:
    publish(path="/help/", html="Help", by=BY, at=AT)
    publish(path="/help/", html="Cymorth", language="cy", by=BY, at=AT)


def test_a_page_stands_in_each_language_with_its_own_row_in_the_audit() -> None:
    assert {(page.path, page.language, page.html) for page in queries.all_current()} == {
        ("/help/", "en-GB", b"Help"),
        ("/help/", "cy", b"Cymorth"),
    }
    assert queries.published_languages("/help/") == {"en-GB", "cy"}
    assert queries.published_paths() == {"/help/"}
    details = [row.detail.get("language") for row in AuditEvent.objects.order_by("sequence")]
    assert details == [None, "cy"]


def test_publishing_one_leaves_the_others_as_they_were() -> None:
    assert publish(path="/help/", html="Help!", by=BY, at=AT)
    assert not publish(path="/help/", html="Cymorth", language="cy", by=BY, at=AT)
    assert queries.current_version() == 3


def test_one_language_is_withdrawn_alone() -> None:
    withdraw(path="/help/", language="cy", by=BY, at=AT)
    assert queries.published_languages("/help/") == {"en-GB"}
    with pytest.raises(NotPublished):
        withdraw(path="/help/", language="cy", by=BY, at=AT)


def test_what_is_taken_from_the_public_is_taken_in_every_language() -> None:
    withdraw(path="/help/", by=BY, at=AT)
    assert queries.all_current() == ()
    last = [row.detail for row in AuditEvent.objects.order_by("sequence")][2:]
    assert [detail.get("language") for detail in last] == ["cy", None]


def test_a_page_stands_once_in_a_language() -> None:
    row = Snapshot(
        path="/help/", language="cy", edition=9, html=b"", brotli=b"", gzip=b"", published_at=AT
    )
    with pytest.raises(IntegrityError), transaction.atomic(using="intake"):
        row.save(using="intake")
