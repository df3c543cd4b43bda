"""What is destroyed is gone from the disk too, not only from the table."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from safehold.records.intake import operations
from safehold.records.intake.at_rest import empty_write_ahead_log
from safehold.records.intake.models import Draft
from safehold.records.intake.tickets import DraftTicket

AT = datetime(2026, 11, 22, 21, 17, tzinfo=UTC)

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the log is SQLite's own"),
]


def on_disk() -> bytes:
    path = Path(connections["intake"].settings_dict["NAME"])
    return b"".join(found.read_bytes() for found in path.parent.glob(f"{path.name}*"))


def begun() -> tuple[DraftTicket, list[bytes]]:
    ticket = operations.start_draft(journey="place", at=AT)
    for number in range(4):
        operations.save_answers(ticket=ticket, answers={"where": f"here {number}"}, at=AT)
    row = Draft.objects.get(pk=ticket.draft_id)
    return ticket, [bytes(row.server_half), bytes(row.content)[:64]]


def test_an_idle_draft_leaves_neither_key_nor_content_in_any_file(committed_stores) -> None:
    _, secrets = begun()
    assert all(secret in on_disk() for secret in secrets), "the test looks in the wrong place"

    assert operations.destroy_idle_drafts(at=AT + timedelta(hours=1)) == 1

    assert not [secret for secret in secrets if secret in on_disk()]


def test_what_was_destroyed_on_leaving_is_gone_at_the_next_run(committed_stores) -> None:
    ticket, secrets = begun()
    operations.discard_draft(draft_id=ticket.draft_id, at=AT)

    operations.destroy_idle_drafts(at=AT)

    assert not [secret for secret in secrets if secret in on_disk()]


def test_a_busy_store_is_left_for_the_next_run(committed_stores) -> None:
    begun()
    reader = connections["intake"].copy()
    with reader.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT count(*) FROM intake_draft")
        operations.start_draft(journey="place", at=AT)
        assert not empty_write_ahead_log()
        cursor.execute("ROLLBACK")
    reader.close()
    assert empty_write_ahead_log()
