"""Publishing: whole or not at all, compressed once, on the record."""

import gzip
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from django.db import IntegrityError, transaction

from safehold.records.audit.actors import System
from safehold.records.audit.models import AuditEvent
from safehold.records.snapshots import operations, queries
from safehold.records.snapshots.models import Edition, Snapshot
from safehold.records.snapshots.operations import NotPublished, publish, withdraw
from safehold.records.snapshots.paths import BadPath

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
EDITOR = System("test")
HTML = "<!doctype html><title>Näme</title>" + "<p>the same words</p>" * 50


def acts() -> list[tuple[str, str]]:
    rows = AuditEvent.objects.order_by("sequence")
    return [(row.action, row.subject_id) for row in rows]


def test_a_published_page_is_kept_in_three_forms_of_the_same_bytes() -> None:
    assert publish(path="/help/", html=HTML, by=EDITOR, at=AT)
    (page,) = queries.all_current()
    assert page.html == HTML.encode()
    assert brotli.decompress(page.brotli) == page.html
    assert gzip.decompress(page.gzip) == page.html
    assert len(page.brotli) < len(page.html) / 4
    known = queries.publication("/help/")
    assert known is not None
    assert (known.at, known.by, known.digest) == (AT, "test", page.digest)


def test_each_change_has_a_number_of_its_own_and_a_row() -> None:
    assert queries.current_version() == 0
    publish(path="/", html=HTML, by=EDITOR, at=AT)
    publish(path="/help/", html=HTML, by=EDITOR, at=AT)
    publish(path="/help/", html=HTML + "!", by=EDITOR, at=AT + timedelta(hours=1))
    assert queries.current_version() == 3
    withdraw(path="/help/", by=EDITOR, at=AT)
    assert queries.current_version() == 4
    assert queries.published_paths() == {"/"}
    assert acts() == [
        ("page published", "/"),
        ("page published", "/help/"),
        ("page published", "/help/"),
        ("page withdrawn", "/help/"),
    ]


def test_the_same_words_again_change_nothing() -> None:
    publish(path="/", html=HTML, by=EDITOR, at=AT)
    assert not publish(path="/", html=HTML, by=EDITOR, at=AT + timedelta(days=1))
    assert queries.current_version() == 1
    assert len(acts()) == 1


def test_without_its_audit_row_nothing_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(path="/", html=HTML, by=EDITOR, at=AT)

    def broken(**_: object) -> None:
        raise RuntimeError("the audit is full")

    monkeypatch.setattr(operations.audit, "append", broken)
    with pytest.raises(RuntimeError, match="the audit is full"):
        publish(path="/", html="other", by=EDITOR, at=AT)
    with pytest.raises(RuntimeError, match="the audit is full"):
        withdraw(path="/", by=EDITOR, at=AT)
    (page,) = queries.all_current()
    assert page.html == HTML.encode()
    assert queries.current_version() == 1


def test_withdrawing_what_is_not_there_is_said() -> None:
    with pytest.raises(NotPublished, match="no page at /help/"):
        withdraw(path="/help/", by=EDITOR, at=AT)


def test_no_page_is_published_where_something_else_answers() -> None:
    with pytest.raises(BadPath):
        publish(path="/exit/", html=HTML, by=EDITOR, at=AT)
    assert queries.all_current() == ()


def test_there_is_one_edition() -> None:
    publish(path="/", html=HTML, by=EDITOR, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic(using="intake"):
        Edition.objects.using("intake").create(pk=2)


def test_the_store_refuses_a_path_that_is_no_folder() -> None:
    row = Snapshot(
        path="help", edition=1, html=b"", brotli=b"", gzip=b"", published_at=AT, digest="0"
    )
    with pytest.raises(IntegrityError), transaction.atomic(using="intake"):
        row.save(using="intake")
