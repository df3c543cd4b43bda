"""What waits for the disk before it is answered, and what does not: read at every write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from safehold.crypto import codes
from safehold.crypto.errors import PayloadTooLarge
from safehold.crypto.padding import LARGEST
from safehold.records.intake import operations, queries, saved
from safehold.records.intake.models import Draft
from safehold.records.intake.quick_commits import quick
from safehold.records.intake.tickets import DraftGone, DraftTicket
from tests.crypto.keyrings import Keyring
from tests.records.intake import telling

AT = datetime(2026, 11, 22, 21, 17, 42, 5, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
USUAL, QUICK = {"2", "on"}, {"1", "off"}  # as SQLite and as PostgreSQL say it

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def a_careful_database(committed_stores: None) -> None:
    """Have PostgreSQL wait for the disk, as a real one does: that of these tests never does."""
    if connections["intake"].vendor == "postgresql":
        with connections["intake"].cursor() as cursor:
            cursor.execute("SET synchronous_commit TO on")


def how_it_commits() -> str:
    connection = connections["intake"]
    is_sqlite = connection.vendor == "sqlite"
    asked = "PRAGMA synchronous" if is_sqlite else "SHOW synchronous_commit"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return str(cursor.fetchone()[0])


@contextmanager
def watched() -> Iterator[set[str]]:
    """Note, at each statement that writes, how what it writes will be committed."""
    seen: set[str] = set()

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)
        if sql.split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            seen.add(how_it_commits())
        return done

    with connections["intake"].execute_wrapper(watch):
        yield seen
    assert how_it_commits() in USUAL


def started() -> DraftTicket:
    return operations.start_draft(journey="harm", at=AT)


def test_an_answer_of_a_draft_does_not_wait_for_the_disk() -> None:
    with watched() as seen:
        ticket = started()
        operations.save_answers(ticket=ticket, answers={"a": "1"}, at=AT)
        read = queries.draft_state(ticket, AT)
        operations.change_answers(ticket=ticket, change=lambda _: {}, at=AT, read=read)
        operations.use_draft(ticket=ticket, at=LATER)
    assert seen
    assert seen <= QUICK


def test_a_report_waits_and_so_does_whatever_is_destroyed_or_kept_under_a_code(
    keyring: Keyring,
) -> None:
    sent, left, idle = started(), started(), started()
    with watched() as seen:
        operations.submit(ticket=sent, **telling.report("1"), at=AT)
    assert seen <= USUAL
    with watched() as seen:
        operations.discard_draft(draft_id=left.draft_id, at=AT)
        operations.destroy_idle_drafts(at=AT + timedelta(days=2))
        saved.save_under_code(
            code=codes.read(codes.shown(codes.new_digits())),
            journey="harm",
            answers={},
            files=[],
            at=AT,
        )
    assert seen
    assert seen <= USUAL
    assert not Draft.objects.filter(id=idle.draft_id).exists()


def test_what_fails_leaves_the_connection_as_it_was() -> None:
    ticket = started()
    with pytest.raises(PayloadTooLarge), watched():
        operations.save_answers(ticket=ticket, answers={"a": "x" * LARGEST}, at=AT)
    assert how_it_commits() in USUAL


def test_within_another_transaction_all_of_it_waits() -> None:
    with watched() as seen, transaction.atomic(using="intake"), quick():
        started()
    assert seen <= USUAL


def test_what_was_saved_since_the_reading_is_changed_and_not_overwritten() -> None:
    ticket = started()
    read = queries.draft_state(ticket, AT)
    operations.save_answers(ticket=ticket, answers={"other": "tab"}, at=AT)
    operations.change_answers(
        ticket=ticket, change=lambda now: {**now, "this": "tab"}, at=AT, read=read
    )
    assert queries.draft_state(ticket, AT).answers == {"other": "tab", "this": "tab"}


def test_what_was_destroyed_since_the_reading_does_not_come_back() -> None:
    ticket = started()
    read = queries.draft_state(ticket, AT)
    operations.discard_draft(draft_id=ticket.draft_id, at=AT)
    with pytest.raises(DraftGone):
        operations.change_answers(ticket=ticket, change=lambda _: {}, at=AT, read=read)
    assert not Draft.objects.exists()


def test_what_was_sent_since_the_reading_stays_sent(keyring: Keyring) -> None:
    ticket = started()
    read = queries.draft_state(ticket, AT)
    operations.submit(ticket=ticket, **telling.report("1"), at=AT)
    with pytest.raises(operations.AlreadySent):
        operations.change_answers(ticket=ticket, change=lambda _: {}, at=AT, read=read)


def test_what_was_idle_since_the_reading_is_not_changed() -> None:
    ticket = started()
    read = queries.draft_state(ticket, AT)
    too_late = AT + timedelta(days=1)
    with pytest.raises(DraftGone):
        operations.change_answers(ticket=ticket, change=lambda _: {}, at=too_late, read=read)
