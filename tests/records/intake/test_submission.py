"""Sending: sealed to the force, recorded once, forgotten here."""

import hashlib
import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from django.test.utils import CaptureQueriesContext

from safehold.crypto.drafts import join_halves, new_device_half, new_server_half
from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import KeyFileRefused, Tampered, WrongKey
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.domain.audit_chain import verify
from safehold.domain.triage_slip import BadSlip
from safehold.records import chain_rows
from safehold.records.intake import (
    chain,
    destroying,
    grants,
    operations,
    queries,
    references,
)
from safehold.records.intake.models import CHAIN, Draft, IntakeEvent, IntakeHead, SealedReport
from safehold.records.intake.operations import Receipt
from safehold.records.intake.tickets import DraftTicket
from tests.crypto.keyrings import Keyring

AT = datetime(2026, 11, 22, 21, 17, 42, 5, tzinfo=UTC)
SLIP = {"kind": "place", "danger": [{"prompt": "followed", "reason": "Followed now"}]}
ACCOUNT = {"where": "Underpass by the market – “dark”", "changes": ["route"]}
IDENTITY = {"name": "Ada"}

in_a_test = pytest.mark.django_db(databases=["intake"])
committing = pytest.mark.usefixtures("committed_stores")
pytestmark = pytest.mark.database


def started() -> DraftTicket:
    ticket = operations.start_draft(journey="place", at=AT)
    operations.save_answers(ticket=ticket, answers=ACCOUNT, at=AT)
    return ticket


def send(ticket: DraftTicket, at: datetime = AT, **changes: Any) -> Receipt:
    report = {"slip": SLIP, "account": ACCOUNT, "identity": None, **changes}
    return operations.submit(ticket=ticket, at=at, **report)


def only_report() -> queries.Sealed:
    return queries.sealed_report(SealedReport.objects.using("intake").get().id)


def chain_holds() -> int:
    found = verify(chain_rows.stored_links(IntakeEvent, using="intake"), chain=CHAIN)
    head = IntakeHead.objects.using("intake").get()
    assert found.broken is None
    assert (head.sequence, head.hash) == (found.sequence, found.hash)
    return found.rows


@in_a_test
def test_the_force_reads_what_was_sent(keyring: Keyring) -> None:
    send(started(), identity=IDENTITY)
    report = only_report()
    subject = str(report.report_id)
    slip = json.loads(
        open_envelope(report.slip, kind=Kind.SLIP, subject=subject, keys=keyring.opening)
    )
    assert slip["danger"] == SLIP["danger"]
    assert slip["wants_reply"] == "not asked"
    for sealed, kind, said in (
        (report.account, Kind.ACCOUNT, ACCOUNT),
        (report.identity, Kind.IDENTITY, IDENTITY),
    ):
        opened = open_envelope(sealed, kind=kind, subject=subject, keys=keyring.opening)
        found = json.loads(opened)
        proof = found.pop("proof", None)
        assert found == said
        assert (proof is not None) is (kind is Kind.ACCOUNT)


@in_a_test
def test_each_envelope_needs_its_own_key_and_its_own_report(keyring: Keyring) -> None:
    send(started(), identity=IDENTITY)
    report = only_report()
    triage = load_opening_keys(keyring.folder, purposes=[Purpose.TRIAGE])
    subject = str(report.report_id)
    for sealed, kind in ((report.account, Kind.ACCOUNT), (report.identity, Kind.IDENTITY)):
        with pytest.raises(WrongKey):
            open_envelope(sealed, kind=kind, subject=subject, keys=triage)
        with pytest.raises(Tampered):
            open_envelope(sealed, kind=kind, subject=str(uuid4()), keys=keyring.opening)


@in_a_test
def test_what_is_stored_says_neither_what_kind_nor_when_exactly() -> None:
    send(started())
    row = SealedReport.objects.get()
    assert row.received_at == datetime(2026, 11, 22, 21, tzinfo=UTC)
    assert row.identity is None
    event = IntakeEvent.objects.get()
    assert event.at == row.received_at
    written = " ".join(map(str, [*vars(row).values(), *vars(event).values()]))
    written += bytes(row.slip).decode("latin-1") + bytes(row.account).decode("latin-1")
    for word in ("place", "followed", "market", "where"):
        assert word not in written


@in_a_test
def test_short_and_long_reports_weigh_the_same() -> None:
    send(started(), account={"where": ""})
    send(started(), account={"where": "x" * 3_000})
    sizes = {(len(row.slip), len(row.account)) for row in SealedReport.objects.all()}
    assert len(sizes) == 1


@in_a_test
def test_the_draft_keeps_only_the_reference_and_what_a_code_would_lead_to() -> None:
    ticket = started()
    receipt = send(ticket)
    state = queries.draft_state(ticket, AT)
    assert (state.journey, state.reference) == ("place", receipt.reference)
    assert set(state.answers) == {"sent"}
    assert set(state.answers["sent"]) == {"report", "day", "standards", "sealed", "proof"}
    with pytest.raises(operations.AlreadySent) as again:
        operations.save_answers(ticket=ticket, answers=ACCOUNT, at=AT)
    assert again.value.reference == receipt.reference
    draft, report = Draft.objects.get(), SealedReport.objects.get()
    for value in (report.id.bytes, report.reference.encode(), report.submission.encode()):
        assert value not in bytes(draft.content) + draft.id.bytes


@in_a_test
def test_sending_again_shows_the_same_receipt_and_records_nothing() -> None:
    ticket = started()
    first = send(ticket)
    assert send(ticket, account={"where": "Something else"}) == first
    assert send(ticket, at=AT + timedelta(minutes=5), slip={"kind": "not even valid!"}) == first
    assert SealedReport.objects.count() == IntakeEvent.objects.count() == 1
    assert send(started()) != first


@in_a_test
def test_a_draft_that_forgot_it_was_sent_is_not_recorded_twice() -> None:
    # As after the drafts, but not the reports, were restored from a backup.
    ticket = started()
    before = bytes(Draft.objects.get().content)
    first = send(ticket)
    Draft.objects.update(content=before)
    assert send(ticket) == first
    assert send(ticket) == first
    assert SealedReport.objects.count() == IntakeEvent.objects.count() == 1
    assert chain_holds() == 1


@in_a_test
def test_a_taken_reference_is_replaced_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    real = references.reference
    taken = send(started()).reference

    def unlucky(key: Any, *, attempt: int = 0) -> str:
        return taken if attempt < 2 else real(key, attempt=attempt)

    monkeypatch.setattr(references, "reference", unlucky)
    assert send(started()).reference != taken
    assert chain_holds() == 2


def test_another_attempt_is_another_reference() -> None:
    key = join_halves(
        draft_id=uuid4(), server_half=new_server_half(), device_half=new_device_half()
    )
    attempts = {references.reference(key, attempt=number) for number in range(5)}
    assert len(attempts) == 5
    assert references.reference(key) in attempts


@in_a_test
def test_references_are_short_neutral_and_scattered() -> None:
    seen = [send(started()).reference for _ in range(30)]
    assert len(set(seen)) == len(seen)
    letters = Counter("".join(seen).replace("-", ""))
    assert set(letters) <= set(references.ALPHABET)
    assert not set(references.ALPHABET) & set("AEIOU01IL5SBZ")
    assert all(len(one) == 9 and one[4] == "-" for one in seen)
    assert len(letters) > 15


@in_a_test
def test_the_event_holds_digests_and_comes_last() -> None:
    with CaptureQueriesContext(connections["intake"]) as asked:
        send(started(), identity=IDENTITY)
    event, report = IntakeEvent.objects.get(), SealedReport.objects.get()
    assert (event.action, event.actor) == ("report received", "public site")
    assert event.report_id == str(report.id)
    assert event.detail == {
        name: hashlib.sha256(bytes(getattr(report, name))).hexdigest()
        for name in ("slip", "account", "identity", "release")
    }
    writes = [
        query["sql"]
        for query in asked.captured_queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert 'INSERT INTO "intake_intakeevent"' in writes[-2]
    assert 'UPDATE "intake_intakehead"' in writes[-1]


@in_a_test
def test_a_draft_and_the_end_of_the_chain_are_held_while_sending() -> None:
    if connections["intake"].vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    with CaptureQueriesContext(connections["intake"]) as asked:
        send(started())
    held = [query["sql"] for query in asked.captured_queries if "FOR UPDATE" in query["sql"]]
    assert 'FROM "intake_draft"' in held[-2]
    assert 'FROM "intake_intakehead"' in held[-1]


@in_a_test
def test_nothing_that_is_written_asks_to_read_it_back() -> None:
    with CaptureQueriesContext(connections["intake"]) as asked:
        send(started())
    statements = [query["sql"] for query in asked.captured_queries]
    assert any("intake_sealedreport" in statement for statement in statements)
    assert not [one for one in statements if "RETURNING" in one]
    assert not [one for one in statements if one.startswith("SELECT") and "sealedreport" in one]


@in_a_test
@pytest.mark.parametrize("slip", [{"kind": "place", "name": "Ada"}, {}, {"kind": "NO"}])
def test_a_slip_that_holds_more_or_less_is_refused(slip: dict[str, Any]) -> None:
    ticket = started()
    with pytest.raises(BadSlip):
        send(ticket, slip=slip)
    assert queries.draft_state(ticket, AT).answers == ACCOUNT
    assert not SealedReport.objects.exists()


@in_a_test
def test_with_nobody_to_seal_to_nothing_is_lost(settings, tmp_path) -> None:
    settings.KEYS_FOLDER = tmp_path
    ticket = started()
    with pytest.raises(KeyFileRefused):
        send(ticket)
    assert queries.draft_state(ticket, AT).answers == ACCOUNT


@committing
def test_a_failed_event_takes_the_report_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise OSError("the disk is full")

    ticket = started()
    monkeypatch.setattr(chain, "append", broken)
    with pytest.raises(OSError, match="full"):
        send(ticket)
    assert not SealedReport.objects.using("intake").exists()
    assert queries.draft_state(ticket, AT).answers == ACCOUNT
    monkeypatch.undo()
    assert send(ticket).reference
    assert chain_holds() == 1


def _at_once(count: int, act: Any) -> list[Any]:
    """Run `act(number)` in threads that start together, each with its own connection."""
    gate = threading.Barrier(count)

    def run(number: int) -> Any:
        try:
            gate.wait(10)
            return act(number)
        finally:
            connections["intake"].close()

    with ThreadPoolExecutor(count) as pool:
        return [done.result() for done in [pool.submit(run, number) for number in range(count)]]


@committing
def test_two_presses_at_once_are_one_report(keyring: Keyring) -> None:
    for _ in range(5):
        ticket = started()
        receipts = _at_once(4, lambda _: send(ticket))  # noqa: B023 - run before the next turn
        assert len(set(receipts)) == 1
    assert SealedReport.objects.using("intake").count() == 5
    assert chain_holds() == 5


@committing
def test_many_people_at_once_make_one_chain(keyring: Keyring) -> None:
    tickets = [started() for _ in range(12)]

    def send_three(number: int) -> list[Receipt]:
        return [send(ticket) for ticket in tickets[3 * number : 3 * number + 3]]

    receipts = [one for some in _at_once(4, send_three) for one in some]
    assert len(set(receipts)) == 12
    assert chain_holds() == 12


@committing
def test_a_reader_who_pages_misses_none_while_reports_arrive(keyring: Keyring) -> None:
    tickets = [started() for _ in range(20)]
    seen: list[UUID] = []

    def act(number: int) -> None:
        if number:
            for ticket in tickets[number - 1 :: 3]:
                send(ticket)
            return
        cursor, until = 0, time.monotonic() + 60
        while len(seen) < 20 and time.monotonic() < until:
            arrived = queries.sealed_reports_since(cursor, limit=2)
            seen.extend(one.report_id for one in arrived)
            cursor = arrived[-1].cursor if arrived else cursor
            time.sleep(0.001)  # so that those who send have their turn

    _at_once(4, act)
    stored = SealedReport.objects.using("intake").values_list("id", flat=True)
    assert len(seen) == 20
    assert set(seen) == set(stored)


@in_a_test
def test_arrivals_page_in_order_and_pass_over_what_was_removed() -> None:
    receipts = [send(started()).reference for _ in range(5)]
    gone = SealedReport.objects.get(reference=receipts[1])
    destroying.destroy(report_id=gone.id, act=uuid4(), expected=0, at=AT)
    first = queries.sealed_reports_since(0, limit=2)
    rest = queries.sealed_reports_since(first[-1].cursor, limit=10)
    assert [one.reference for one in first] == [receipts[0], receipts[2]]
    assert [one.reference for one in rest] == receipts[3:]
    assert queries.sealed_reports_since(rest[-1].cursor) == []
    assert first[0].slip == queries.sealed_report(first[0].report_id).slip


@in_a_test
def test_a_report_that_is_not_there_is_said() -> None:
    with pytest.raises(queries.NoSuchReport):
        queries.sealed_report(uuid4())


@in_a_test
def test_the_chain_has_one_head() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(using="intake"):
        IntakeHead.objects.create(id=2, sequence=0, hash="")


@committing
def test_the_public_role_writes_reports_and_never_reads_them(keyring: Keyring) -> None:
    connection = connections["intake"]
    if connection.vendor != "postgresql":
        pytest.skip("roles are PostgreSQL's; SQLite has none")
    role = f"public_{uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        cursor.execute(f"GRANT {role} TO CURRENT_USER")
        for table, privileges in grants.PUBLIC_ROLE:
            cursor.execute(f"GRANT {', '.join(privileges)} ON {table} TO {role}")
        cursor.execute(f"SET ROLE {role}")
        ticket = started()
        receipt = send(ticket, identity=IDENTITY)
        assert send(ticket) == receipt
        assert queries.draft_state(ticket, AT).reference == receipt.reference
        operations.discard_draft(draft_id=ticket.draft_id, at=AT)
        assert operations.destroy_idle_drafts(at=AT + timedelta(days=1)) == 0
        for refused in (
            "SELECT * FROM intake_sealedreport",
            "SELECT count(*) FROM intake_sealedreport",
            "SELECT id FROM intake_sealedreport",
            "INSERT INTO intake_sealedreport SELECT * FROM intake_sealedreport RETURNING slip",
            "UPDATE intake_sealedreport SET account = ''",
            "DELETE FROM intake_sealedreport",
            "TRUNCATE intake_sealedreport",
            "SELECT * FROM intake_intakeevent",
            "DELETE FROM intake_intakeevent",
            "DELETE FROM intake_intakehead",
            "INSERT INTO intake_intakehead VALUES (1, 0, '')",
            "CREATE TABLE elsewhere (id int)",
        ):
            with pytest.raises(Exception, match="permission denied"):
                cursor.execute(refused)
        cursor.execute("RESET ROLE")
        assert only_report().reference == receipt.reference
        assert chain_holds() == 1
        cursor.execute(f"DROP OWNED BY {role}")
        cursor.execute(f"DROP ROLE {role}")


@committing
def test_the_staff_role_reads_and_destroys_but_cannot_rewrite(keyring: Keyring) -> None:
    connection = connections["intake"]
    if connection.vendor != "postgresql":
        pytest.skip("roles are PostgreSQL's; SQLite has none")
    role = f"staff_{uuid4().hex[:8]}"
    send(started())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        cursor.execute(f"GRANT {role} TO CURRENT_USER")
        for table, privileges in grants.STAFF_ROLE:
            cursor.execute(f"GRANT {', '.join(privileges)} ON {table} TO {role}")
        cursor.execute(f"SET ROLE {role}")
        assert [one.report_id for one in queries.sealed_reports_since(0)]
        assert only_report().account
        assert operations.destroy_idle_drafts(at=AT + timedelta(days=1)) == 1
        assert chain_holds() == 1
        for refused in (
            "UPDATE intake_sealedreport SET account = ''",
            "UPDATE intake_intakeevent SET actor = ''",
            "DELETE FROM intake_intakeevent",
        ):
            with pytest.raises(Exception, match="permission denied"):
                cursor.execute(refused)
        cursor.execute("RESET ROLE")
        cursor.execute(f"DROP OWNED BY {role}")
        cursor.execute(f"DROP ROLE {role}")
