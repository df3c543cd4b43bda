"""A private key on its way: locked under a passphrase, whole, and in one place at a time."""

from __future__ import annotations

import json
import stat
from datetime import datetime
from pathlib import Path

import pytest

from safehold.crypto import key_custody
from safehold.crypto.errors import KeyFileRefused, KeysExist, NoSuchKey, PassphraseRefused
from safehold.crypto.key_files import key_path, read_private_keys
from safehold.crypto.key_lives import destroy_key, is_here, rotate_key
from safehold.crypto.recipients import FILE_NAME, PublicKey, Purpose
from tests.crypto.keyrings import AT, new_keyring

WORDS = "seven quiet herons cross the weir"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_keyring(tmp_path / "keys").folder


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch a passphrase as little as the library lets: how long it takes is not tested."""
    monkeypatch.setattr(key_custody, "_PASSES", key_custody.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(key_custody, "_MEMORY", key_custody.argon2id.MEMLIMIT_MIN)


def the(purpose: Purpose, folder: Path) -> PublicKey:
    (key,) = key_custody.read_list(folder).in_use(purpose)
    return key


def export_key(folder: Path, key: PublicKey, target: Path, *, passphrase: str) -> None:
    key_custody.write_copy(key_custody.locked_copy(folder, key, passphrase=passphrase), target)


def import_key(folder: Path, source: Path, *, passphrase: str, at: datetime) -> PublicKey:
    opened = key_custody.open_copy(source, passphrase=passphrase)
    return key_custody.bring_in(folder, opened, at=at)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_key_comes_back_from_its_copy(folder: Path, tmp_path: Path, purpose: Purpose) -> None:
    key, copy = the(purpose, folder), tmp_path / "copy"
    export_key(folder, key, copy, passphrase=WORDS)
    before = read_private_keys(folder, purpose=purpose)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert json.loads(key_path(folder, key).read_text())["secret"] not in copy.read_text()

    key_custody.move_out(folder, key, where="the safe", at=AT)
    assert not is_here(folder, key)
    assert key_custody.kept_elsewhere(folder) == {key.key_id: "the safe"}

    assert import_key(folder, copy, passphrase=f" {WORDS}\n", at=AT) == key
    assert read_private_keys(folder, purpose=purpose) == before
    assert key_custody.kept_elsewhere(folder) == {}


def test_a_key_comes_to_a_machine_that_has_nothing(folder: Path, tmp_path: Path) -> None:
    key, copy = the(Purpose.STANDARDS, folder), tmp_path / "copy"
    export_key(folder, key, copy, passphrase=WORDS)
    new = tmp_path / "new"
    import_key(new, copy, passphrase=WORDS, at=AT)
    assert read_private_keys(new, purpose=key.purpose) == read_private_keys(
        folder, purpose=key.purpose
    )
    assert not (new / FILE_NAME).exists()


def test_a_copy_opens_with_its_passphrase_alone(folder: Path, tmp_path: Path) -> None:
    key, copy = the(Purpose.ACCOUNT, folder), tmp_path / "copy"
    export_key(folder, key, copy, passphrase=WORDS)
    key_path(folder, key).unlink()
    for wrong in (WORDS.upper(), "", WORDS[:-1]):
        with pytest.raises(PassphraseRefused, match="does not open the copy"):
            import_key(folder, copy, passphrase=wrong, at=AT)
    assert not is_here(folder, key)


@pytest.mark.parametrize("field", ["purpose", "id", "salt", "locked"])
def test_a_copy_in_which_anything_was_changed_is_refused(
    folder: Path, tmp_path: Path, field: str
) -> None:
    copies = {}
    for purpose in (Purpose.ACCOUNT, Purpose.IDENTITY):
        copy = tmp_path / f"copy-{purpose}"
        export_key(folder, the(purpose, folder), copy, passphrase=WORDS)
        copies[purpose] = json.loads(copy.read_text())
        key_path(folder, the(purpose, folder)).unlink()
    changed = {**copies[Purpose.ACCOUNT], field: copies[Purpose.IDENTITY][field]}
    (tmp_path / "changed").write_text(json.dumps(changed))
    with pytest.raises((PassphraseRefused, KeyFileRefused)):
        import_key(folder, tmp_path / "changed", passphrase=WORDS, at=AT)
    assert not list(folder.glob("account-*.key")) + list(folder.glob("identity-*.key"))


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"version": 2}', "\xff"])
def test_a_file_that_is_no_copy_is_said(folder: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "no").write_bytes(content.encode("latin-1"))
    with pytest.raises(KeyFileRefused, match="is not a copy of a key"):
        import_key(folder, tmp_path / "no", passphrase=WORDS, at=AT)
    with pytest.raises(KeyFileRefused, match="cannot be read"):
        import_key(folder, tmp_path / "nowhere", passphrase=WORDS, at=AT)


def test_nothing_is_overwritten(folder: Path, tmp_path: Path) -> None:
    key, copy = the(Purpose.ACCOUNT, folder), tmp_path / "copy"
    export_key(folder, key, copy, passphrase=WORDS)
    before = copy.read_bytes()
    with pytest.raises(KeysExist, match="name a new file"):
        export_key(folder, key, copy, passphrase=WORDS)
    with pytest.raises(KeysExist, match="is there already"):
        import_key(folder, copy, passphrase=WORDS, at=AT)
    assert copy.read_bytes() == before


def test_a_short_passphrase_and_a_key_that_is_not_here_are_refused(
    folder: Path, tmp_path: Path
) -> None:
    key = the(Purpose.ACCOUNT, folder)
    with pytest.raises(PassphraseRefused, match="at least 20 characters"):
        export_key(folder, key, tmp_path / "copy", passphrase="x" * 19 + "  ")
    with pytest.raises(KeyFileRefused, match="cannot be written"):
        export_key(folder, key, tmp_path / "no" / "copy", passphrase=WORDS)
    key_path(folder, key).unlink()
    with pytest.raises(NoSuchKey):
        export_key(folder, key, tmp_path / "copy", passphrase=WORDS)
    assert not (tmp_path / "copy").exists()


def test_a_destroyed_key_is_not_brought_back(folder: Path, tmp_path: Path) -> None:
    key, copy = the(Purpose.ACCOUNT, folder), tmp_path / "copy"
    export_key(folder, key, copy, passphrase=WORDS)
    rotate_key(folder, purpose=Purpose.ACCOUNT, at=AT)
    destroy_key(folder, key, at=AT)
    with pytest.raises(KeysExist, match="was destroyed on 22 November 2026, for good"):
        import_key(folder, copy, passphrase=WORDS, at=AT)


def test_a_damaged_note_of_what_is_elsewhere_is_said(folder: Path) -> None:
    (folder / key_custody.ELSEWHERE).write_text('{"x": 1}')
    with pytest.raises(KeyFileRefused, match="is not a note of keys"):
        key_custody.kept_elsewhere(folder)
