"""A draft is its holder's, for as long as she uses it, and nobody's afterwards."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connections

from safehold import rules
from safehold.crypto.drafts import new_device_half
from safehold.crypto.errors import PayloadTooLarge
from safehold.crypto.padding import LARGEST
from safehold.records.intake import operations, queries
from safehold.records.intake.models import Draft, IntakeEvent
from safehold.records.intake.tickets import DraftGone, DraftTicket

AT = datetime(2026, 11, 22, 21, 17, 42, 5, tzinfo=UTC)
IDLE = timedelta(minutes=rules.load("drafts").tables["idle"]["minutes"])
ANSWERS = {"where": "Underpass by the market – “dark”", "what": ["lit", None], "n": 2}

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases=["intake"])]


def started() -> DraftTicket:
    return operations.start_draft(journey="place", at=AT)


def test_answers_come_back_as_they_were_saved() -> None:
    ticket = started()
    assert queries.draft_state(ticket, AT) == queries.DraftState("place", {})
    operations.save_answers(ticket=ticket, answers=ANSWERS, at=AT)
    assert queries.draft_state(ticket, AT) == queries.DraftState("place", ANSWERS)
    operations.save_answers(ticket=ticket, answers={"where": "Elsewhere"}, at=AT)
    assert queries.draft_state(ticket, AT).answers == {"where": "Elsewhere"}


def test_the_row_tells_nothing() -> None:
    ticket = started()
    operations.save_answers(ticket=ticket, answers=ANSWERS, at=AT)
    row = Draft.objects.get()
    written = b"|".join(str(value).encode() for value in vars(row).values()) + bytes(row.content)
    for word in (b"market", b"place", b"where", ticket.device_half.encode()):
        assert word not in written
    assert row.last_used_at == AT.replace(second=0, microsecond=0)
    assert not IntakeEvent.objects.exists()


def _gone(ticket: DraftTicket, at: datetime = AT) -> str:
    with pytest.raises(DraftGone) as read:
        queries.draft_state(ticket, at)
    with pytest.raises(DraftGone) as saved:
        operations.save_answers(ticket=ticket, answers={}, at=at)
    with pytest.raises(DraftGone) as sent:
        operations.submit(ticket=ticket, slip={"kind": "place"}, account={}, identity=None, at=at)
    assert str(read.value) == str(saved.value) == str(sent.value)
    return str(read.value)


def test_every_way_of_being_gone_looks_the_same() -> None:
    ticket, idle, discarded = started(), started(), started()
    operations.discard_draft(draft_id=discarded.draft_id, at=AT)
    messages = {
        _gone(DraftTicket(uuid4(), ticket.device_half)),
        _gone(DraftTicket(ticket.draft_id, new_device_half())),
        _gone(DraftTicket(ticket.draft_id, "")),
        _gone(DraftTicket(ticket.draft_id, "é" * 43)),
        _gone(idle, AT + IDLE + timedelta(minutes=2)),
        _gone(discarded),
    }
    assert len(messages) == 1
    assert queries.draft_state(ticket, AT).journey == "place"


def test_a_draft_is_idle_at_reading_even_if_nothing_destroyed_it() -> None:
    ticket = started()
    assert queries.draft_state(ticket, AT + IDLE).journey == "place"
    _gone(ticket, AT + IDLE + timedelta(minutes=1))
    assert Draft.objects.count() == 1


def test_saving_keeps_a_draft_alive() -> None:
    ticket = started()
    operations.save_answers(ticket=ticket, answers=ANSWERS, at=AT + IDLE)
    later = AT + 2 * IDLE
    assert queries.draft_state(ticket, later).answers == ANSWERS
    assert operations.destroy_idle_drafts(at=later) == 0


def test_reading_keeps_a_draft_alive_and_changes_nothing_in_it() -> None:
    ticket = started()
    operations.save_answers(ticket=ticket, answers=ANSWERS, at=AT)
    operations.use_draft(ticket=ticket, at=AT + IDLE)
    assert queries.draft_state(ticket, AT + 2 * IDLE).answers == ANSWERS
    _gone(ticket, AT + 2 * IDLE + timedelta(minutes=2))
    operations.use_draft(ticket=ticket, at=AT + 2 * IDLE + timedelta(minutes=2))
    _gone(ticket, AT + 2 * IDLE + timedelta(minutes=2))


def test_idle_drafts_are_destroyed_and_others_stay() -> None:
    idle = [started() for _ in range(3)]
    kept = started()
    operations.save_answers(ticket=kept, answers=ANSWERS, at=AT + IDLE)
    assert operations.destroy_idle_drafts(at=AT + IDLE) == 0
    assert operations.destroy_idle_drafts(at=AT + IDLE + timedelta(minutes=2)) == len(idle)
    assert [row.id for row in Draft.objects.all()] == [kept.draft_id]


def test_discarding_needs_no_half_and_says_nothing() -> None:
    ticket = started()
    operations.discard_draft(draft_id=ticket.draft_id, at=AT)
    operations.discard_draft(draft_id=ticket.draft_id, at=AT)
    operations.discard_draft(draft_id=uuid4(), at=AT)
    assert not Draft.objects.exists()


def test_a_destroyed_half_is_overwritten_before_it_is_removed(
    django_assert_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = started()
    half = bytes(Draft.objects.get().server_half)
    seen: list[bytes] = []
    rows = type(Draft.objects.all())
    delete = rows.delete

    def watched(self):
        seen.extend(bytes(row.server_half) + bytes(row.content) for row in self)
        return delete(self)

    monkeypatch.setattr(rows, "delete", watched)
    operations.discard_draft(draft_id=ticket.draft_id, at=AT)
    assert half != bytes(32)
    assert seen == [bytes(32)]


def test_a_draft_too_large_is_refused_and_the_last_answers_stay() -> None:
    ticket = started()
    operations.save_answers(ticket=ticket, answers=ANSWERS, at=AT)
    with pytest.raises(PayloadTooLarge):
        operations.save_answers(ticket=ticket, answers={"where": "x" * LARGEST}, at=AT)
    assert queries.draft_state(ticket, AT).answers == ANSWERS


def test_a_megabyte_of_words_fits() -> None:
    ticket = started()
    words = "Žluťoučký kůň 😀 " * 55_000
    operations.save_answers(ticket=ticket, answers={"where": words}, at=AT)
    assert queries.draft_state(ticket, AT).answers == {"where": words}


def test_sqlite_overwrites_what_it_frees() -> None:
    connection = connections["intake"]
    if connection.vendor != "sqlite":
        pytest.skip("the pragma is SQLite's")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)
