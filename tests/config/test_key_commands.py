"""`safehold keys` over a key's life: each act on record, in clear lines, without a secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import OperationalError, connections

from safehold.config import key_acts
from safehold.config import key_custody as config_custody
from safehold.config.commands.keys import command
from safehold.crypto import key_custody
from safehold.crypto.key_files import key_path, read_list, write_recipients
from safehold.crypto.recipients import PublicKey, Purpose, load_recipients
from safehold.records.audit.models import AuditEvent
from safehold.records.audit.presenters import present
from safehold.records.intake import operations as intake
from safehold.records.intake.models import SealedReport
from tests.desk import AT
from tests.desk_codes import send_with_code
from tests.keys_for_tests import _made_once, keys

__all__ = ["_made_once", "keys"]

pytestmark = pytest.mark.django_db(databases=["default", "intake"])
WHY = ["--reason", "Yearly rotation"]
WORDS = "seven quiet herons cross the weir"


@pytest.fixture(autouse=True)
def place(keys: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.SAFEHOLD_DATA = keys.parent
    monkeypatch.setattr(key_custody, "_PASSES", key_custody.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(key_custody, "_MEMORY", key_custody.argon2id.MEMLIMIT_MIN)
    return keys


def run(*words: object, says: str | None = None) -> str:
    done = CliRunner().invoke(command, [str(word) for word in words], input=says)
    assert done.exit_code == 0, done.output
    for path in Path(key_acts.settings.KEYS_FOLDER).glob("*.key"):
        assert json.loads(path.read_text())["secret"] not in done.output
    return done.output


def refused(*words: object, says: str | None = None) -> str:
    done = CliRunner().invoke(command, [str(word) for word in words], input=says)
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit)
    return done.output.strip().splitlines()[-1].removeprefix("Error: ")


def send() -> None:
    ticket = intake.start_draft(journey="place", at=AT)
    slip = {"kind": "place", "danger": []}
    intake.submit(ticket=ticket, slip=slip, account={"words": "x"}, identity=None, at=AT)


def the(purpose: Purpose, folder: Path) -> PublicKey:
    (key,) = load_recipients(folder).for_purpose(purpose)
    return key


def line_of(key: PublicKey, listed: str) -> str:
    (line,) = [line for line in listed.splitlines() if key.key_id.hex() in line]
    return line


def acts() -> list[tuple[str, str]]:
    rows = AuditEvent.objects.order_by("sequence")
    return [(row.action, row.subject_id) for row in rows if row.subject_kind == "key"]


def test_a_rotation_is_on_record_and_listed(keys: Path) -> None:
    old = the(Purpose.ACCOUNT, keys)
    send()
    said = run("rotate", "account", *WHY)
    new = the(Purpose.ACCOUNT, keys)
    send()

    assert "Copy recipients.json to the public host now" in said
    assert acts() == [("key made", new.key_id.hex()), ("key retired", old.key_id.hex())]
    assert {row.reason for row in AuditEvent.objects.filter(subject_kind="key")} == {WHY[1]}
    assert present(AuditEvent.objects.filter(action="key retired").get()).verb.startswith("retired")
    listed = run("list")
    assert "retired" in line_of(old, listed)
    assert "in use" in line_of(new, listed)
    for key in (old, new):
        assert "private half here  1 stored, 1 open with no other" in line_of(key, listed)
    assert "stored" not in run("list", "--quick")


def test_where_the_audit_cannot_be_written_nothing_is_changed(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = the(Purpose.ACCOUNT, keys)
    run("rotate", "account", *WHY)
    before, rows = read_list(keys), acts()

    def broken(*_: object, **__: object) -> None:
        raise OperationalError("no space")

    monkeypatch.setattr("safehold.records.keys.operations.append", broken)
    for words in (
        ["rotate", "account"],
        ["create", "--add", "triage"],
        ["destroy", old.key_id.hex()],
    ):
        assert "nothing was changed" in refused(*words, *WHY)
        assert read_list(keys) == before
    where = [the(Purpose.IDENTITY, keys).key_id.hex(), tmp_path / "copy", "--passphrase-stdin"]
    assert "nothing was changed" in refused("export", *where, *WHY, says=f"{WORDS}\n")
    assert not (tmp_path / "copy").exists()
    assert key_path(keys, old).exists()
    assert acts() == rows


def test_where_no_store_is_reachable_it_is_done_and_said(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_acts, "stores_ready", lambda: False)
    said = run("rotate", "account", *WHY)
    assert key_acts.NOT_RECORDED in said
    assert acts() == []


def test_a_reason_is_asked_for(keys: Path) -> None:
    assert "Why?" in run("rotate", "triage", says="Yearly\n")
    done = CliRunner().invoke(command, ["rotate", "triage", "--reason", " "])
    assert done.exit_code == 2


def test_the_last_key_in_use_is_not_retired(keys: Path) -> None:
    only = the(Purpose.IDENTITY, keys)
    assert "This is the last key for identity" in refused("retire", only.key_id.hex(), *WHY)
    assert "lists no key with the id ff" in refused("retire", "ff", *WHY)
    run("create", "--add", "identity")
    assert "retired" in line_of(only, run("retire", only.key_id.hex(), *WHY))


def test_a_key_is_destroyed_only_with_the_number_of_what_it_takes_away(keys: Path) -> None:
    old = the(Purpose.ACCOUNT, keys)
    send()
    send()
    identifier = old.key_id.hex()
    assert "This key is in use" in refused("destroy", identifier, *WHY)
    run("rotate", "account", *WHY)
    said = refused("destroy", identifier, *WHY)
    assert said.startswith("2 stored envelopes open with no other key")
    assert said.endswith("say --although 2.")
    for wrong in (1, 3, 0):
        assert "--although 2" in refused("destroy", identifier, "--although", wrong, *WHY)
    assert key_path(keys, old).exists()

    said = run("destroy", identifier, "--although", 2, *WHY)

    assert "2 stored envelopes can never be opened again." in said
    assert not key_path(keys, old).exists()
    last = AuditEvent.objects.filter(action="key destroyed").get()
    assert (last.subject_id, last.detail["unreadable"]) == (identifier, 2)
    assert "destroyed" in line_of(old, run("list"))
    assert "can never be opened again" in run("check")


def test_a_key_that_nothing_needs_alone_is_destroyed_without_a_number(keys: Path) -> None:
    old = the(Purpose.ACCOUNT, keys)
    run("create", "--add", "account")
    send()
    run("retire", old.key_id.hex(), *WHY)
    assert "leave --although out" in refused("destroy", old.key_id.hex(), "--although", 1, *WHY)
    run("destroy", old.key_id.hex(), *WHY)
    assert "Every key that should be here is" in run("check")


def test_nothing_is_destroyed_where_nobody_can_say_what_needs_it(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = the(Purpose.ACCOUNT, keys)
    run("rotate", "account", *WHY)
    monkeypatch.setattr(key_acts, "stores_ready", lambda: False)
    assert "cannot be counted from here" in refused("destroy", old.key_id.hex(), *WHY)
    assert key_path(keys, old).exists()


def test_a_key_is_moved_to_its_keepers_and_back(keys: Path, tmp_path: Path) -> None:
    key, file = the(Purpose.STANDARDS, keys), tmp_path / "standards"
    move = ["export", key.key_id.hex(), file, "--move-to", "the safe of standards", *WHY]
    said = run(*move, says=f"{WORDS}\n{WORDS}\n")
    assert WORDS not in said
    assert not key_path(keys, key).exists()
    assert "kept elsewhere: the safe of standards" in line_of(key, run("list"))
    assert "Every key that should be here is" in run("check")

    brought = ["import", file, "--passphrase-stdin", *WHY]
    assert "does not open the copy" in refused(*brought, says="another one altogether\n")
    assert f"{key.key_id.hex()} is here" in run(*brought, says=f"{WORDS}\n")
    assert key_path(keys, key).exists()
    assert [act for act, _ in acts()] == ["key copied out", "key kept elsewhere", "key brought in"]


def test_nobody_waits_for_the_stores_while_a_passphrase_is_typed_and_stretched(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, depths, store = the(Purpose.STANDARDS, keys), [], connections["default"]
    outside = len(store.atomic_blocks)
    asked, stretched = config_custody.asked_passphrase, key_custody.argon2id.kdf

    def ask(**how: bool) -> str:
        depths.append(len(store.atomic_blocks))
        return asked(**how)

    def stretch(*words: Any, **limits: Any) -> bytes:
        depths.append(len(store.atomic_blocks))
        return stretched(*words, **limits)

    monkeypatch.setattr(config_custody, "asked_passphrase", ask)
    monkeypatch.setattr(key_custody.argon2id, "kdf", stretch)
    copy = tmp_path / "standards"
    run("export", key.key_id.hex(), copy, "--move-to", "x", *WHY, says=f"{WORDS}\n{WORDS}\n")
    run("import", copy, *WHY, says=f"{WORDS}\n")
    assert depths == [outside] * 5  # asked twice; made, tried and opened


def test_a_key_that_staff_processes_need_is_copied_and_not_moved(
    keys: Path, tmp_path: Path
) -> None:
    key = the(Purpose.TRIAGE, keys)
    where = ["export", key.key_id.hex(), tmp_path / "triage", "--passphrase-stdin", *WHY]
    assert "export it without moving it" in refused(*where, "--move-to", "x", says=f"{WORDS}\n")
    run(*where, says=f"{WORDS}\n")
    assert key_path(keys, key).exists()
    assert (tmp_path / "triage").exists()


def test_what_was_moved_by_hand_is_noted_and_taken_back(keys: Path) -> None:
    key = the(Purpose.IDENTITY, keys)
    assert "Its private half is on this machine." in refused("elsewhere", key.key_id.hex(), "x")
    key_path(keys, key).unlink()
    assert "The keys are not in order." in refused("check")
    run("elsewhere", key.key_id.hex(), "the keepers' host")
    run("check")
    run("elsewhere", key.key_id.hex(), "--forget")
    assert "The keys are not in order." in refused("check")
    done = CliRunner().invoke(command, ["elsewhere", key.key_id.hex()])
    assert done.exit_code == 2


def test_a_check_says_which_reports_and_tells_supervisors_unless_told_not_to(keys: Path) -> None:
    send()
    path = next(keys.glob("account-*.key"))
    path.rename(keys.parent / "away")
    done = CliRunner().invoke(command, ["check", "--no-record"])
    assert done.exit_code == 1
    assert not AuditEvent.objects.filter(subject_kind="keys").exists()
    (reference,) = SealedReport.objects.using("intake").values_list("reference", flat=True)
    assert f"Some of what cannot be opened belongs to: {reference}." in done.output

    refused("check")
    assert AuditEvent.objects.filter(action="keys wanting").count() == 1
    (keys.parent / "away").rename(path)
    run("check")
    assert AuditEvent.objects.filter(action="keys checked").count() == 1


def without_salt(keys: Path) -> None:
    write_recipients(keys, read_list(keys).keys, code_salt=None)


def test_a_salt_is_made_only_where_nothing_is_kept_under_a_code(keys: Path) -> None:
    salt = load_recipients(keys).code_salt
    assert "Nothing was missing." in run("mend", *WHY)
    send_with_code()
    without_salt(keys)
    assert "only the salt of its day finds" in refused("mend", *WHY)
    assert read_list(keys).code_salt is None
    write_recipients(keys, read_list(keys).keys, code_salt=salt)


def test_an_older_folder_is_mended(keys: Path) -> None:
    kept = [key for key in read_list(keys).keys if key.purpose is not Purpose.STANDARDS]
    write_recipients(keys, kept, code_salt=None)
    assert "`safehold keys mend` adds what it lacks" in run("create", "--add", "standards")
    said = run("mend", *WHY)
    assert "Made the salt of the codes." in said
    assert load_recipients(keys).for_purpose(Purpose.STANDARDS)
    assert "Every key that should be here is" in run("check")


def test_a_copy_of_the_list_is_laid_out_for_backups(keys: Path) -> None:
    run("rotate", "account", *WHY)
    copy = keys.parent / "recipients.json"
    assert copy.read_bytes() == (keys / "recipients.json").read_bytes()
