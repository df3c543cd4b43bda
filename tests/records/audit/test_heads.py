"""Heads: signed, kept where asked, and able to show what a chain cannot show of itself."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from click.testing import CliRunner
from django.db import connections, transaction

from safehold.config.commands import audit as audit_command
from safehold.crypto.errors import KeyFileRefused
from safehold.domain.audit_chain import GENESIS, Fault
from safehold.records.audit import checks, heads, operations
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.audit.models import AuditEvent
from safehold.records.intake import operations as intake
from safehold.records.intake.models import SealedReport
from tests.crypto.keyrings import Keyring, new_keyring

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
pytestmark = [pytest.mark.database, pytest.mark.usefixtures("committed_stores")]


@pytest.fixture(autouse=True)
def keyring(tmp_path: Path, settings: Any) -> Keyring:
    keyring = new_keyring(tmp_path / "keys")
    settings.KEYS_FOLDER = keyring.folder
    return keyring


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.AUDIT_HEADS = [str(tmp_path / "heads")]
    return tmp_path / "heads"


def note(count: int = 1, by: str = "worker") -> None:
    for _ in range(count):
        with transaction.atomic():
            operations.append(
                action=Action.LOOKED, by=System(by), subject=About("report", "9"), at=AT
            )


def report() -> None:
    ticket = intake.start_draft(journey="place", at=AT)
    intake.submit(
        ticket=ticket, slip={"kind": "place"}, account={"where": "here"}, identity=None, at=AT
    )


@contextmanager
def guards_down(alias: str, table: str) -> Iterator[Any]:
    """Do as somebody with the database file, or its owner's password, could."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_written_once")
        else:
            cursor.execute("PRAGMA ignore_check_constraints=ON")
            for name in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}")
        yield cursor


def verified(**options: Any) -> dict[str, checks.Result]:
    return {result.chain: result for result in checks.verify_all(**options)}


def run(*words: str, now: datetime = AT + timedelta(hours=2)) -> tuple[int, str]:
    with mock.patch.object(audit_command, "clock", return_value=now):
        done = CliRunner().invoke(audit_command.command, list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def test_heads_of_both_chains_are_kept_and_agree(folder: Path) -> None:
    operations.publish_head(at=AT)
    note(3)
    report()
    operations.publish_head(at=AT + timedelta(hours=1))
    note(2)
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "intake-000000000000-20261122T090000.000000.json",
        "intake-000000000001-20261122T100000.000000.json",
        "records-000000000000-20261122T090000.000000.json",
        "records-000000000003-20261122T100000.000000.json",
    ]
    first = json.loads((folder / names[2]).read_text())
    assert (first["sequence"], first["hash"]) == (0, GENESIS)
    found = verified()
    assert all(result.holds and result.heads == 2 for result in found.values())
    code, output = run("verify")
    assert code == 0, output
    assert "records: every row holds (5), every head agrees (2)." in output
    assert "intake: every row holds (1), every head agrees (2)." in output


def test_a_head_is_never_written_over(folder: Path) -> None:
    operations.publish_head(at=AT)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(heads.HeadsNotPublished, match="already holds this head"):
        operations.publish_head(at=AT)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_changed_row_is_named(folder: Path) -> None:
    note(5)
    with guards_down("default", "audit_auditevent") as cursor:
        cursor.execute("UPDATE audit_auditevent SET actor = 'nobody' WHERE sequence = 3")
    broken = verified()["records"].verdict.broken
    assert broken is not None
    assert (broken.sequence, broken.fault) == (3, Fault.ALTERED)
    code, output = run("verify")
    assert code == 1
    assert "records: row 3 is altered" in output


@pytest.mark.parametrize(
    ("column", "value"), [("at", "last week"), ("detail", "{not json"), ("detail", "[]")]
)
def test_a_row_that_cannot_be_read_is_named(column: str, value: str) -> None:
    if connections["default"].vendor == "postgresql" and value != "[]":
        pytest.skip("PostgreSQL keeps only what its types allow")
    note(5)
    with guards_down("default", "audit_auditevent") as cursor:
        cursor.execute(f"UPDATE audit_auditevent SET {column} = %s WHERE sequence = 2", [value])
    broken = verified()["records"].verdict.broken
    assert broken is not None
    assert (broken.sequence, broken.fault) == (2, Fault.ALTERED)


def test_a_removed_row_is_named() -> None:
    note(5)
    with guards_down("default", "audit_auditevent") as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE sequence = 2")
    broken = verified()["records"].verdict.broken
    assert broken is not None
    assert (broken.sequence, broken.fault) == (2, Fault.MISSING)


def test_a_cut_end_shows_against_a_head() -> None:
    note(5)
    operations.publish_head(at=AT)
    with guards_down("default", "audit_auditevent") as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE sequence > 3")
    broken = verified()["records"].verdict.broken
    assert broken is not None
    assert (broken.sequence, broken.fault) == (4, Fault.TRUNCATED)


def test_a_chain_written_anew_shows_against_a_head() -> None:
    note(4)
    operations.publish_head(at=AT)
    with guards_down("default", "audit_auditevent") as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE sequence > 1")
    note(1, by="somebody else")
    note(4)
    broken = verified()["records"].verdict.broken
    assert broken is not None
    assert (broken.sequence, broken.fault) == (4, Fault.REWRITTEN)


def test_the_intake_chain_is_checked_too() -> None:
    for _ in range(3):
        report()
    with guards_down("intake", "intake_intakeevent") as cursor:
        cursor.execute("UPDATE intake_intakeevent SET report_id = '' WHERE sequence = 2")
    code, output = run("verify")
    assert code == 1
    assert "intake: row 2 is altered" in output
    assert "records: every row holds (0)" in output


def test_a_report_put_in_the_place_of_another_is_named() -> None:
    report()
    report()
    one, other = SealedReport.objects.using("intake").order_by("id")
    with guards_down("intake", "intake_sealedreport") as cursor:
        cursor.execute(
            "UPDATE intake_sealedreport SET account = %s WHERE id = %s",
            [other.account, SealedReport._meta.pk.get_db_prep_value(one.pk, connections["intake"])],
        )
    code, output = run("verify")
    assert code == 1
    assert f"the envelopes of report {one.pk} are not those that arrived" in output
    assert str(other.pk) not in output
    with pytest.raises(operations.ChainBroken, match=str(one.pk)):
        operations.verify_nightly(at=AT)
    replaced = AuditEvent.objects.filter(action="report replaced")
    assert [event.subject_id for event in replaced] == [str(one.pk)]


def test_a_table_without_its_triggers_is_named_by_command_and_by_night() -> None:
    note()
    operations.publish_head(at=AT)
    with guards_down("default", "audit_auditevent"):
        pass
    code, output = run("verify")
    assert code == 1
    assert "Rows of audit_auditevent could be changed: its triggers are gone" in output
    with pytest.raises(operations.ChainBroken, match="audit_auditevent could be changed"):
        operations.verify_nightly(at=AT)
    last = AuditEvent.objects.order_by("sequence").last()
    assert (last.action, last.subject_id) == ("guard missing", "audit_auditevent")


def test_a_report_without_an_event_is_named() -> None:
    SealedReport(
        id="0b0e7a4e-7d6f-4a59-9df2-51a0c6a5b6ad",
        reference="X",
        received_at=AT,
        slip=b"",
        account=b"",
        submission="X",
    ).save(using="intake")
    assert checks.replaced_reports() == ["0b0e7a4e-7d6f-4a59-9df2-51a0c6a5b6ad"]


def test_the_night_records_what_it_found() -> None:
    note(2)
    report()
    operations.publish_head(at=AT)
    operations.verify_nightly(at=AT)
    found = AuditEvent.objects.filter(action="chain verified").values_list("subject_id", "detail")
    assert dict(found) == {
        "records": {"rows": 2, "heads": 1, "row": None, "fault": None},
        "intake": {"rows": 1, "heads": 1, "row": None, "fault": None},
    }
    with guards_down("default", "audit_auditevent") as cursor:
        cursor.execute("UPDATE audit_auditevent SET reason = 'x' WHERE sequence = 1")
    with pytest.raises(operations.ChainBroken, match="records: row 1 is altered"):
        operations.verify_nightly(at=AT)
    broken = AuditEvent.objects.get(action="chain broken")
    assert (broken.subject_id, broken.detail["row"]) == ("records", 1)


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry: entry | {"hash": "f" * 64},
        lambda entry: entry | {"sequence": 1},
        lambda entry: entry | {"at": "2026-11-23T09:00:00+00:00"},
        lambda entry: entry | {"chain": "intake"},
        lambda entry: entry | {"key": "00" * 8},
        lambda entry: entry | {"signature": "AAAA"},
        lambda entry: entry | {"version": 2},
        lambda entry: {},
        lambda entry: [],
    ],
)
def test_a_head_that_somebody_changed_is_refused(folder: Path, damage: Any) -> None:
    note(2)
    operations.publish_head(at=AT)
    path = next(folder.glob("records-*.json"))
    path.write_text(json.dumps(damage(json.loads(path.read_text()))))
    with pytest.raises(heads.BadHead, match=path.name):
        checks.verify_all()
    assert run("verify")[0] == 1


def test_a_head_signed_by_somebody_else_is_refused(
    folder: Path, tmp_path: Path, settings: Any
) -> None:
    settings.KEYS_FOLDER = new_keyring(tmp_path / "theirs").folder
    operations.publish_head(at=AT)
    settings.KEYS_FOLDER = tmp_path / "keys"
    with pytest.raises(heads.BadHead, match="No listed key"):
        checks.verify_all()


def test_copies_kept_elsewhere_count_with_keys_kept_elsewhere(
    folder: Path, tmp_path: Path, settings: Any
) -> None:
    note(4)
    operations.publish_head(at=AT)
    folder.rename(tmp_path / "copy")
    (tmp_path / "public").mkdir()
    (tmp_path / "keys" / "recipients.json").rename(tmp_path / "public" / "recipients.json")
    with guards_down("default", "audit_auditevent") as cursor:
        cursor.execute("DELETE FROM audit_auditevent WHERE sequence > 2")
    words = ["--heads", str(tmp_path / "copy"), "--public-keys", str(tmp_path / "public")]
    code, output = run("verify", *words)
    assert code == 1
    assert "records: row 3 is truncated" in output


NO_HEAD = "No head could be checked (records), so an end cut off would not show."


def test_a_chain_that_no_head_vouches_for_is_an_error_unless_said_otherwise(folder: Path) -> None:
    note()
    code, output = run("verify")
    assert code == 1
    assert output.splitlines()[-1] == (
        f"Error: {NO_HEAD} Bring a copy of the heads with --heads, or say --without-heads."
    )
    code, output = run("verify", "--without-heads")
    assert code == 0
    assert "no head was there to compare" in output


def test_heads_that_were_removed_are_missed(folder: Path, tmp_path: Path) -> None:
    note()
    operations.publish_head(at=AT)
    assert run("verify")[0] == 0
    for path in folder.glob("records-*.json"):
        path.unlink()
    assert run("verify")[0] == 1
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert run("verify")[0] == 1


def test_empty_chains_need_no_head() -> None:
    code, output = run("verify")
    assert code == 0, output


def test_a_head_of_over_a_day_ago_is_an_error_where_rows_were_added_since() -> None:
    note()
    operations.publish_head(at=AT)
    late = AT + timedelta(hours=25, seconds=1)
    code, output = run("verify", now=late)
    assert code == 0, output
    note()
    assert run("verify", now=late - timedelta(seconds=1))[0] == 0
    code, output = run("verify", now=late)
    assert code == 1
    assert "records: rows were added after the newest head, which is of 22 November 2026" in output
    assert run("verify", "--without-heads", now=late)[0] == 0
    operations.publish_head(at=late)
    assert run("verify", now=late)[0] == 0


def test_the_night_records_heads_that_are_missing_or_old_and_is_loud() -> None:
    note()
    with pytest.raises(operations.HeadsWanting, match="No head could be checked"):
        operations.verify_nightly(at=AT)
    wanting = AuditEvent.objects.filter(action="heads wanting")
    assert [event.subject_id for event in wanting] == ["records"]
    operations.publish_head(at=AT)
    operations.verify_nightly(at=AT + timedelta(hours=1))
    with pytest.raises(operations.HeadsWanting, match="rows were added after the newest head"):
        operations.verify_nightly(at=AT + timedelta(hours=26))
    assert wanting.all().count() == 2


class Receiver(BaseHTTPRequestHandler):
    """Takes heads as somebody else's server would."""

    answer = 201
    taken: list[tuple[str, dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((self.path, json.loads(body)))
        self.send_response(self.answer)
        if 300 <= self.answer < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - the server looks for this name

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[str]:
    Receiver.taken, Receiver.answer = [], 201
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/heads"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_is_posted_each_head(settings: Any, receiver: str) -> None:
    note(2)
    settings.AUDIT_HEADS = [receiver]
    operations.publish_head(at=AT)
    assert [(path, head["chain"], head["sequence"]) for path, head in Receiver.taken] == [
        ("/heads", "records", 2),
        ("/heads", "intake", 0),
    ]
    code, output = run("verify")
    assert code == 1
    assert f"Heads at {receiver} are not read from here" in output
    assert NO_HEAD in output


@pytest.mark.parametrize("answer", [301, 302, 307, 308, 403, 500])
def test_an_address_that_does_not_take_it_is_named_and_not_followed(
    settings: Any, receiver: str, folder: Path, answer: int
) -> None:
    Receiver.answer = answer
    settings.AUDIT_HEADS = [receiver, str(folder)]
    with pytest.raises(heads.HeadsNotPublished, match=f"heads: answered {answer}"):
        operations.publish_head(at=AT)
    assert {path for path, _ in Receiver.taken} == {"/heads"}
    assert len(list(folder.iterdir())) == 2


def test_every_failing_address_is_named(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    closed = "http://127.0.0.1:9/heads"
    settings.AUDIT_HEADS = [closed, str(tmp_path / "file")]
    code, output = run("head")
    assert code == 1
    assert closed in output
    assert str(tmp_path / "file") in output


def test_a_chain_end_kept_nowhere_is_said(settings: Any) -> None:
    settings.AUDIT_HEADS = []
    with pytest.raises(heads.HeadsNotPublished, match="kept nowhere"):
        operations.publish_head(at=AT)


def test_without_a_signing_key_nothing_is_published(keyring: Keyring, folder: Path) -> None:
    next(keyring.folder.glob("audit-*.key")).unlink()
    with pytest.raises(KeyFileRefused):
        operations.publish_head(at=AT)
    assert not folder.exists()


def test_publishing_by_command_says_where_the_chains_end() -> None:
    note(2)
    code, output = run("head")
    assert code == 0
    assert f"records: row 2, {AuditEvent.objects.get(sequence=2).hash}" in output
    assert f"intake: row 0, {GENESIS}" in output
