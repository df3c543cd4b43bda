"""The restore drill: fill, back up, destroy, restore, compare, check the chains."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connections, transaction

from safehold.config.backups import making, manifest, postgresql
from safehold.config.commands import backup, restore
from safehold.crypto.codes import new_digits
from safehold.crypto.envelopes import Kind
from safehold.crypto.key_files import copy_list, write_recipients
from safehold.crypto.key_lives import rotate_key
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import SEALING, Purpose, load_recipients, read_list
from safehold.domain.access import Role
from safehold.domain.audit_chain import verify
from safehold.records.audit import checks
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.audit.chains import CHAINS
from safehold.records.audit.models import AuditEvent
from safehold.records.audit.operations import append
from safehold.records.intake import operations as intake
from safehold.records.intake.models import Draft, SavedDraft, SealedReport
from safehold.records.intake.nudges import ask_for_nudges, has_nudges, sealed_nudge
from safehold.records.intake.saved import save_under_code
from safehold.records.retention import certificates, destroying, runs
from safehold.records.retention.models import Certificate
from safehold.records.staff.models import StaffMember
from tests.crypto.keyrings import new_keyring
from tests.desk import member
from tests.whole_reports import set_aside_and_ended

pytestmark = pytest.mark.database
AT = datetime(2026, 11, 22, 21, 17, tzinfo=UTC)
ACCOUNT = {"where": "Underpass by the market"}
WHY = "Its time is over and nothing points to a need"


@pytest.fixture(autouse=True)
def installation(committed_stores: None, settings: Any, tmp_path: Path) -> Path:
    """A filled installation: two reports, an idle draft, a saved one, a member, an audit, files."""
    data = tmp_path / "data"
    (data / "media").mkdir(parents=True)
    (data / "media" / "leaflet.pdf").write_bytes(b"%PDF-leaflet")
    (data / "open-data").mkdir()
    (data / "open-data" / "crimes.parquet").write_bytes(b"PAR1")
    settings.SAFEHOLD_DATA, settings.KEYS_FOLDER = data, data / "keys"
    settings.DEMONSTRATION = False
    new_keyring(data / "keys")
    fill()
    return data


def fill() -> None:
    for _ in range(2):
        ticket = intake.start_draft(journey="place", at=AT)
        slip = {"kind": "place", "danger": []}
        intake.submit(ticket=ticket, slip=slip, account=ACCOUNT, identity=None, at=AT)
    intake.start_draft(journey="place", at=AT)
    save_under_code(code=new_digits(), journey="place", answers=ACCOUNT, at=AT)
    StaffMember.objects.create_user("pc.1", password="correct horse battery staple")
    for number in range(40):
        with transaction.atomic():
            append(
                action=Action.LOOKED,
                by=System("command line"),
                subject=About("report", str(number)),
                at=AT + timedelta(seconds=number),
                reason="Ünïcode “reason”",
            )


def run(command: Any, *arguments: object) -> Result:
    # The commands start Django as the stores' owner; here it runs already, on copies.
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def refused(result: Result) -> str:
    assert result.exit_code == 1, result.output
    assert result.output.count("\n") == 1, result.output
    return result.output.removeprefix("Error: ").strip()


def rows(alias: str) -> dict[str, list[tuple]]:
    """Everything in a store but what a backup leaves out on purpose."""
    name = {"default": "records", "intake": "intake"}[alias]
    with connections[alias].cursor() as cursor:
        tables = set(connections[alias].introspection.table_names(cursor))
        found = {}
        for table in sorted(tables - set(making.WITHOUT[name])):
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            found[table] = [tuple(map(plain, row)) for row in cursor.fetchall()]
    return found


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def both() -> dict[str, dict[str, list[tuple]]]:
    found = {alias: rows(alias) for alias in ("default", "intake")}
    connections.close_all()
    return found


def destroy() -> None:
    """Take everything away, as a burnt machine would."""
    for alias in ("default", "intake"):
        connection = connections[alias]
        if connection.vendor == "sqlite":
            connection.close()
            for path in Path(connection.settings_dict["NAME"]).parent.glob(
                Path(connection.settings_dict["NAME"]).name + "*"
            ):
                path.unlink()
        else:
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            connection.close()


def test_what_was_destroyed_comes_back_row_for_row(installation: Path, tmp_path: Path) -> None:
    made = run(backup.command, tmp_path / "backup", "--open-data", "--keys-to", tmp_path / "keys")
    assert made.exit_code == 0, made.output
    before = both()
    destroy()
    shutil.rmtree(installation / "media")
    shutil.rmtree(installation / "open-data")
    shutil.rmtree(installation / "keys")

    back = run(restore.command, tmp_path / "backup")
    assert back.exit_code == 0, back.output
    assert "Both audit chains hold and end as they were backed up." in back.output

    restored = AuditEvent.objects.order_by("-sequence").first()
    assert restored is not None
    assert (restored.action, restored.detail["software"]) == ("stores restored", "0.1.0")
    after = both()
    after["default"]["audit_auditevent"].pop()
    assert after == before
    assert (installation / "media" / "leaflet.pdf").read_bytes() == b"%PDF-leaflet"
    assert (installation / "open-data" / "crimes.parquet").read_bytes() == b"PAR1"
    for chain in CHAINS:
        assert verify(chain.links(), chain=chain.name).broken is None

    # and with the keys from their own place, what was sealed opens
    keys = load_opening_keys(tmp_path / "keys", purposes=SEALING)
    for report in SealedReport.objects.using("intake"):
        opened = open_envelope(
            bytes(report.account), kind=Kind.ACCOUNT, subject=str(report.id), keys=keys
        )
        assert json.loads(opened) | {"proof": None} == ACCOUNT | {"proof": None}
    connections.close_all()


def test_what_was_destroyed_after_a_backup_is_destroyed_again(
    installation: Path, tmp_path: Path
) -> None:
    over = AT + timedelta(days=365 * 11)
    report_id = set_aside_and_ended()
    made = run(backup.command, tmp_path / "backup")
    assert made.exit_code == 0, made.output
    one, two = (member(Role.SUPERVISOR, name=name) for name in ("Pell Lisle", "Ines Quarr"))
    agreed = runs.propose(report_ids=[report_id], reason=WHY, by=one, at=over)
    runs.confirm(run_id=agreed.pk, digest=agreed.digest, by=two, at=over)
    (certificate,) = destroying.carry_out(at=over + timedelta(days=2))
    connections.close_all()

    # on a machine that has neither the stores nor the folder: the copy is brought along
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(certificates.folder(), elsewhere)
    for brought in ([], ["--certificates", elsewhere]):
        destroy()
        back = run(restore.command, tmp_path / "backup", *brought)
        assert back.exit_code == 0, back.output
        assert "Destroyed again, as certificates say: 1." in back.output
        assert not SealedReport.objects.using("intake").filter(pk=report_id).exists()
        assert SealedReport.objects.using("intake").count() == 2
        assert Certificate.objects.get().digest == certificate.digest
        assert checks.reports_gone() == []
        connections.close_all()
        shutil.rmtree(certificates.folder())


def test_a_restore_that_cannot_destroy_again_says_so(installation: Path, tmp_path: Path) -> None:
    run(backup.command, tmp_path / "backup")
    destroy()
    (installation / "certificates").mkdir()
    (installation / "certificates" / "forged.json").write_text("{}")
    back = run(restore.command, tmp_path / "backup")
    assert back.exit_code == 1
    assert "do not serve it" in back.output
    assert "forged.json" in back.output
    connections.close_all()


def test_the_restored_audit_still_refuses_to_be_changed(tmp_path: Path) -> None:
    run(backup.command, tmp_path / "backup")
    destroy()
    run(restore.command, tmp_path / "backup")

    with pytest.raises(Exception, match="written once"), connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditevent")
    connections.close_all()


def unpacked(path: Path) -> bytes:
    """The bytes of a file, or the script in a dump of PostgreSQL, which is compressed."""
    if path.suffix != ".dump":
        return path.read_bytes()
    command = [postgresql.program("pg_restore"), "--file=-", str(path)]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_drafts_and_sessions_are_not_kept(tmp_path: Path) -> None:
    """A draft dies with its writer's device, or on the day she was told; no copy outlives that."""
    halves = [bytes(half) for half in Draft.objects.values_list("server_half", flat=True)]
    contents = [bytes(content) for content in Draft.objects.values_list("content", flat=True)]
    saved = list(SavedDraft.objects.values_list("find", "content"))
    contents += [part for find, content in saved for part in (find.encode(), bytes(content))]
    assert halves
    assert saved

    run(backup.command, tmp_path / "backup")

    for path in (tmp_path / "backup").glob("*.*"):
        text = unpacked(path)
        for part in halves + contents:
            assert part not in text
            assert part.hex().encode() not in text
    destroy()
    run(restore.command, tmp_path / "backup")
    assert not Draft.objects.exists()
    assert not SavedDraft.objects.exists()
    connections.close_all()


def test_where_nudges_go_is_not_kept(tmp_path: Path, settings: Any) -> None:
    """An address that came back could find her where she is no longer safe."""
    settings.NUDGE_CHANNELS = frozenset({"text"})
    report_id = SealedReport.objects.using("intake").values_list("pk", flat=True)[0]
    ask_for_nudges(
        report_id=report_id,
        channel="text",
        address="07700 900123",
        own_text="",
        days=["mon"],
        parts=[],
        at=AT,
    )
    sealed = sealed_nudge(report_id)

    run(backup.command, tmp_path / "backup")

    for path in (tmp_path / "backup").glob("*.*"):
        text = unpacked(path)
        assert sealed not in text
        assert sealed.hex().encode() not in text
    destroy()
    run(restore.command, tmp_path / "backup")
    assert not has_nudges(report_id)
    connections.close_all()


def test_a_backup_holds_no_key_and_only_its_owner_can_read_it(
    installation: Path, tmp_path: Path
) -> None:
    run(backup.command, tmp_path / "backup", "--keys-to", tmp_path / "keys")

    files = [path for path in (tmp_path / "backup").rglob("*") if path.is_file()]
    secrets = [path.read_bytes() for path in (installation / "keys").glob("*.key")]
    assert secrets
    assert not [path for path in files for secret in secrets if secret in path.read_bytes()]
    for folder in (tmp_path / "backup", tmp_path / "keys"):
        for path in [folder, *folder.rglob("*")]:
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_the_public_list_comes_back_where_it_is_gone(installation: Path, tmp_path: Path) -> None:
    before = load_recipients(installation / "keys")
    run(backup.command, tmp_path / "backup")
    destroy()
    shutil.rmtree(installation / "keys")

    back = run(restore.command, tmp_path / "backup")

    assert back.exit_code == 0, back.output
    assert f"recipients.json restored to {installation}/keys" in back.output
    assert load_recipients(installation / "keys") == before
    assert not list((installation / "keys").glob("*.key"))
    connections.close_all()


def test_whoever_may_not_see_the_keys_backs_up_the_copy_laid_out_for_them(
    installation: Path, tmp_path: Path
) -> None:
    copy_list(installation / "keys", installation)
    assert stat.S_IMODE((installation / "recipients.json").stat().st_mode) == 0o640
    (installation / "keys").rename(tmp_path / "unseen")
    run(backup.command, tmp_path / "backup")
    assert read_list(tmp_path / "backup" / "keys").keys == read_list(tmp_path / "unseen").keys

    (installation / "recipients.json").unlink()
    said = run(backup.command, tmp_path / "without").output
    assert "recipients.json cannot be read from here and is not in it" in said
    assert not (tmp_path / "without" / "keys").exists()


def test_keys_that_do_not_fit_the_backup_are_refused_before_anything_is_touched(
    installation: Path, tmp_path: Path
) -> None:
    run(backup.command, tmp_path / "backup")
    before, keys = both(), installation / "keys"
    shutil.rmtree(keys)
    new_keyring(keys)

    said = refused(run(restore.command, tmp_path / "backup", "--replace"))
    assert "has another salt for codes than this backup" in said

    salt = read_list(tmp_path / "backup" / "keys").code_salt
    write_recipients(keys, read_list(keys).keys, code_salt=salt)
    said = refused(run(restore.command, tmp_path / "backup", "--replace"))
    assert f"does not list {len(Purpose)} of the keys that this backup was sealed to" in said
    assert both() == before


def test_keys_that_were_rotated_since_the_backup_fit_it(installation: Path, tmp_path: Path) -> None:
    run(backup.command, tmp_path / "backup")
    rotate_key(installation / "keys", purpose=Purpose.ACCOUNT, at=AT)

    assert run(restore.command, tmp_path / "backup", "--replace").exit_code == 0
    assert len(load_recipients(installation / "keys").keys) == len(Purpose) + 1
    connections.close_all()


def test_the_backup_is_in_its_own_audit(tmp_path: Path) -> None:
    run(backup.command, tmp_path / "backup", "--keys-to", tmp_path / "keys")

    last = AuditEvent.objects.order_by("-sequence").first()
    assert last is not None
    assert (last.action, last.detail) == ("stores backed up", {"keys": True, "open_data": False})
    head = manifest.read(tmp_path / "backup").stores["records"].head
    assert head == {"sequence": last.sequence, "hash": last.hash}


@pytest.mark.parametrize("name", ["records", "intake", "media/leaflet.pdf"])
def test_one_changed_byte_is_refused_and_nothing_is_touched(tmp_path: Path, name: str) -> None:
    run(backup.command, tmp_path / "backup")
    before = both()
    (path,) = [
        path
        for path in (tmp_path / "backup").rglob("*")
        if path.relative_to(tmp_path / "backup").as_posix().startswith(name)
    ]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    said = refused(run(restore.command, tmp_path / "backup", "--replace"))

    assert said == f"{path} was changed or damaged after the backup was made."
    assert both() == before


def test_a_changed_manifest_is_refused(tmp_path: Path) -> None:
    run(backup.command, tmp_path / "backup")
    path = tmp_path / "backup" / manifest.FILE
    path.write_text(path.read_text().replace('"demonstration": false', '"demonstration": true'))

    said = refused(run(restore.command, tmp_path / "backup"))

    assert said == f"{path} was changed after the backup was made."


def test_half_a_backup_is_refused(tmp_path: Path) -> None:
    run(backup.command, tmp_path / "backup")
    missing = tmp_path / "backup" / "media" / "leaflet.pdf"
    missing.unlink()
    assert "media/leaflet.pdf is missing" in refused(run(restore.command, tmp_path / "backup"))

    (tmp_path / "backup" / manifest.FILE).unlink()
    said = refused(run(restore.command, tmp_path / "backup"))
    assert said == f"{tmp_path}/backup is not a whole backup: it has no manifest.json."


def test_a_file_that_nobody_listed_is_refused(tmp_path: Path) -> None:
    run(backup.command, tmp_path / "backup")
    (tmp_path / "backup" / "media" / "extra.html").write_text("<script>")

    said = refused(run(restore.command, tmp_path / "backup"))

    assert said == f"{tmp_path}/backup holds media/extra.html, which its manifest does not list."


def test_stores_in_place_are_not_overwritten_unless_told(tmp_path: Path) -> None:
    run(backup.command, tmp_path / "backup")
    StaffMember.objects.create_user("later")
    connections.close_all()

    said = refused(run(restore.command, tmp_path / "backup"))
    assert said == "The intake store is there already; --replace puts the backup in its place."
    assert StaffMember.objects.filter(username="later").exists()
    connections.close_all()

    assert run(restore.command, tmp_path / "backup", "--replace").exit_code == 0
    assert not StaffMember.objects.filter(username="later").exists()
    connections.close_all()


def test_a_store_in_use_is_not_replaced(tmp_path: Path) -> None:
    if connections["default"].vendor != "sqlite":
        pytest.skip("PostgreSQL replaces a store in one transaction, whoever is connected")
    run(backup.command, tmp_path / "backup")
    name = connections["default"].settings_dict["NAME"]
    held = (
        "import sqlite3, sys; store = sqlite3.connect(sys.argv[1]);"
        "store.execute('SELECT count(*) FROM staff_member').fetchone();"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        ["python3", "-c", held, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        said = refused(run(restore.command, tmp_path / "backup", "--replace"))

    assert said == f"{name} is in use; stop Safehold first."


def test_a_folder_that_is_there_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()

    assert refused(run(backup.command, tmp_path / "backup")) == (
        f"{tmp_path}/backup is there already; name a new folder."
    )
    assert list((tmp_path / "backup").iterdir()) == []


def test_keys_do_not_go_into_the_backup(tmp_path: Path) -> None:
    said = refused(run(backup.command, tmp_path / "b", "--keys-to", tmp_path / "b" / "keys"))

    assert said == "Keys do not go into the backup: name a folder elsewhere."
    assert not (tmp_path / "b").exists()


def test_a_backup_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.manifest, "digests", full)

    result = run(backup.command, tmp_path / "backup")

    assert result.exit_code == 1
    assert result.output.endswith("cannot be written: No space left on device.\n")
    assert not [path for path in tmp_path.iterdir() if "backup" in path.name]


def test_a_backup_of_the_demonstration_stays_there(tmp_path: Path, settings: Any) -> None:
    settings.DEMONSTRATION = True
    run(backup.command, tmp_path / "backup")
    settings.DEMONSTRATION = False

    said = refused(run(restore.command, tmp_path / "backup", "--replace"))

    assert said.endswith("is a backup of the demonstration; it does not belong here.")


def test_a_chain_that_was_broken_before_the_backup_is_not_served(tmp_path: Path) -> None:
    connection = connections["default"]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_auditevent_no_update")
        else:
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER ALL")
        cursor.execute("UPDATE audit_auditevent SET reason = 'tidied' WHERE sequence = 7")
    connection.close()
    run(backup.command, tmp_path / "backup")
    destroy()

    result = run(restore.command, tmp_path / "backup")

    assert result.exit_code == 1
    assert "do not serve it: records: row 7 is altered" in result.output
    connections.close_all()


def test_checking_changes_nothing(tmp_path: Path) -> None:
    run(backup.command, tmp_path / "backup")
    before = both()

    result = run(restore.command, tmp_path / "backup", "--check")

    assert result.exit_code == 0
    assert "is whole" in result.output
    assert both() == before


def test_addresses_of_stores_are_on_no_command_line(tmp_path: Path, monkeypatch) -> None:
    if connections["default"].vendor != "postgresql":
        pytest.skip("SQLite has no address")
    seen = []
    real = subprocess.run

    def note(command: list[str], **options: Any) -> Any:
        seen.append(" ".join(command))
        return real(command, **options)

    monkeypatch.setattr(postgresql.subprocess, "run", note)
    run(backup.command, tmp_path / "backup")
    run(restore.command, tmp_path / "backup", "--replace")

    assert [line.split()[0].rsplit("/", 1)[1] for line in seen].count("pg_dump") == 2
    settings = connections["default"].settings_dict
    assert not [
        line for line in seen for part in ("HOST", "USER", "NAME") if settings[part] in line
    ]
    connections.close_all()


def test_a_backup_while_people_write_is_one_moment(tmp_path: Path) -> None:
    """Each store's copy holds whole transactions: its chain ends where its rows end."""
    stop = tmp_path / "stop"
    writer = os.fork() if connections["default"].vendor == "sqlite" else None
    if writer is None:
        pytest.skip("pg_dump works from one exported snapshot; SQLite's copy is made in steps")
    if writer == 0:
        try:
            connections.close_all()
            number = 0
            while not stop.exists():
                number += 1
                with transaction.atomic():
                    append(
                        action=Action.LOOKED,
                        by=System("command line"),
                        subject=About("report", str(number)),
                        at=AT,
                        reason="x" * 200,
                    )
        finally:
            os._exit(0)
    for turn in range(3):
        result = run(backup.command, tmp_path / f"backup-{turn}")
        assert result.exit_code == 0, result.output
    stop.touch()
    os.waitpid(writer, 0)
    connections.close_all()
    for turn in range(3):
        destroy()
        result = run(restore.command, tmp_path / f"backup-{turn}")
        assert result.exit_code == 0, result.output
    connections.close_all()
