"""A code that its holder closed leads nowhere for good: a backup that is put back opens none."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connections

from safehold.config.backups import codes, putting_back
from safehold.config.backups.manifest import BackupRefused
from safehold.config.commands import backup, restore
from safehold.records.audit.models import AuditEvent
from safehold.records.intake import closed_codes, returns
from safehold.records.intake.models import IntakeEvent
from safehold.records.intake.returns import CodeClosed, Place
from tests.crypto.keyrings import new_keyring
from tests.desk_codes import send_with_code

pytestmark = pytest.mark.database
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def installation(committed_stores: None, settings: Any, tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    settings.SAFEHOLD_DATA, settings.KEYS_FOLDER = data, data / "keys"
    settings.DEMONSTRATION = False
    new_keyring(data / "keys")
    return data


def run(command: Any, *arguments: object) -> Result:
    connections.close_all()
    return CliRunner().invoke(command, list(map(str, arguments)))


def opens(place: Place) -> bool:
    try:
        returns.conversation(place)
    except CodeClosed:
        return False
    return True


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "backup"


@pytest.fixture
def sent(kept: Path) -> tuple[Place, Place]:
    """Two codes in a backup; the first is closed after it was made."""
    _, one = send_with_code(at=NOW)
    _, other = send_with_code(at=NOW)
    made = run(backup.command, kept)
    assert made.exit_code == 0, made.output
    returns.close_code(one, NOW)
    return one, other


def lose_stores() -> None:
    for alias in ("intake", "default"):
        connection = connections[alias]
        if connection.vendor == "sqlite":
            connection.close()
            path = Path(connection.settings_dict["NAME"])
            for each in path.parent.glob(f"{path.name}*"):
                each.unlink()
        else:
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE")
                cursor.execute("CREATE SCHEMA public")
            connection.close()


def test_what_was_closed_after_the_backup_stays_closed(sent, kept, installation):
    back = run(restore.command, kept, "--replace")
    assert back.exit_code == 0, back.output
    assert "Codes closed again: 1." in back.output
    assert [opens(each) for each in sent] == [False, True]
    assert not (installation / codes.FILE).exists()
    restored = AuditEvent.objects.get(action="stores restored")
    assert restored.detail["codes closed again"] == 1


def test_where_the_store_is_gone_one_line_says_what_opens_again(sent, kept):
    lose_stores()
    back = run(restore.command, kept)
    assert back.exit_code == 0, back.output
    assert "Codes that were closed in the last day" in back.output
    assert "--replace --close-codes" in back.output
    assert [opens(each) for each in sent] == [True, True]
    again = run(restore.command, kept, "--replace", "--close-codes")
    assert "Codes closed again: 2." in again.output
    assert [opens(each) for each in sent] == [False, False]


def test_a_restore_that_breaks_off_in_between_forgets_nothing(
    sent, kept, installation, monkeypatch
):
    def breaks(*_: object) -> None:
        raise RuntimeError("power")

    with monkeypatch.context() as patched:
        patched.setattr(putting_back, "_put_folder", breaks)
        assert run(restore.command, kept, "--replace").exit_code != 0
    assert opens(sent[0])  # it is back, and nobody has closed it again yet
    assert (installation / codes.FILE).stat().st_mode & 0o777 == 0o600
    back = run(restore.command, kept, "--replace")
    assert "Codes closed again: 1." in back.output
    assert [opens(each) for each in sent] == [False, True]


def test_a_restore_that_is_refused_notes_nothing(sent, kept, installation):
    assert run(restore.command, kept).exit_code != 0
    assert not (installation / codes.FILE).exists()


def test_the_store_of_another_installation_knows_nothing_of_these_codes(
    sent, kept, tmp_path, monkeypatch
):
    monkeypatch.setattr(IntakeEvent.objects, "using", lambda _: IntakeEvent.objects.none())
    back = run(restore.command, kept, "--replace")
    assert "open again" in back.output


def test_without_a_code_there_is_nothing_to_say(kept):
    assert run(backup.command, kept).exit_code == 0
    lose_stores()
    back = run(restore.command, kept)
    assert "open again" not in back.output
    assert "Codes closed again: 0." in back.output


def test_the_days_are_counted_from_when_it_was_made(sent, kept):
    found = putting_back.check(kept)
    said = codes.warning(found, at=found.made + timedelta(days=3, hours=2))
    assert "in the last 4 days, after this backup was made" in said


def test_it_closes_any_number(sent):
    assert closed_codes.close_after_restore(still_open=closed_codes.open_codes()) == 0
    assert closed_codes.close_after_restore(still_open=()) == 1


def test_a_restore_that_is_refused_before_anything_is_replaced_leaves_no_note(
    sent, kept, installation, monkeypatch
):
    def refuses(*_: object) -> None:
        raise BackupRefused("The disk is full.")

    with monkeypatch.context() as patched:
        for room in (putting_back.sqlite, putting_back.postgresql):
            patched.setattr(room, "restore", refuses)
        assert run(restore.command, kept, "--replace").exit_code != 0
    assert not (installation / codes.FILE).exists()


def test_a_note_that_is_older_than_the_store_is_taken_anew(sent, kept, installation):
    last = IntakeEvent.objects.using("intake").order_by("sequence").values("sequence", "hash")
    first = last.first()
    note = installation / codes.FILE
    note.write_text(json.dumps({"open": [], "after": dict(first)}))
    back = run(restore.command, kept, "--replace")
    assert back.exit_code == 0, back.output
    assert [opens(each) for each in sent] == [False, True]
