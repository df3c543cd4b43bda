"""Key files: their owner's alone, and refused in one clear sentence where they are not."""

import json
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from safehold.crypto import key_files
from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.errors import KeyFileRefused, KeysExist, NoRecipient
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import FILE_NAME, SEALING, Purpose, load_recipients, read_list
from tests.crypto.keyrings import AT, new_keyring


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_keyring(tmp_path / "keys").folder


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_their_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        folder = new_keyring(tmp_path / "deep" / "keys").folder
    finally:
        os.umask(old)
    assert _mode(folder) == 0o700
    private = key_files.private_key_paths(folder)
    assert len(private) == len(Purpose)
    assert {_mode(path) for path in private} == {0o600}


def test_the_public_list_holds_no_secret(folder: Path) -> None:
    listed = (folder / FILE_NAME).read_text()
    for path in key_files.private_key_paths(folder):
        purpose = Purpose(path.name.split("-")[0])
        for private in key_files.read_private_keys(folder, purpose=purpose):
            assert private.secret.hex() not in listed
            assert repr(private.secret) not in repr(private)
    assert '"secret"' not in listed


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_key_file_open_to_others_is_refused(folder: Path, mode: int) -> None:
    key_files.private_key_paths(folder)[0].chmod(mode)
    with pytest.raises(KeyFileRefused, match="make it 0600"):
        load_opening_keys(folder, purposes=[Purpose.ACCOUNT])


def test_a_folder_open_to_others_is_refused(folder: Path) -> None:
    folder.chmod(0o750)
    with pytest.raises(KeyFileRefused, match="make it 0700"):
        load_opening_keys(folder, purposes=SEALING)


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    path = next(folder.glob("account-*.key"))
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFileRefused, match="cannot be read"):
        load_opening_keys(folder, purposes=[Purpose.ACCOUNT])


def test_a_public_list_that_others_can_write_is_refused(folder: Path) -> None:
    (folder / FILE_NAME).chmod(0o664)
    with pytest.raises(KeyFileRefused, match="can be written by others"):
        load_recipients(folder)


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", '{"version": 0, "keys": []}', '{"version": 1, "keys": [{}]}', "\xff"],
)
def test_a_damaged_public_list_is_refused(folder: Path, content: str) -> None:
    (folder / FILE_NAME).write_bytes(content.encode("latin-1"))
    with pytest.raises(KeyFileRefused, match="not a list of public keys"):
        load_recipients(folder)


def test_a_list_that_a_newer_version_wrote_is_refused_as_such(folder: Path) -> None:
    path = folder / FILE_NAME
    path.write_text(path.read_text().replace('"version": 2', '"version": 3'))
    with pytest.raises(KeyFileRefused, match="newer version of this software"):
        load_recipients(folder)


def test_a_list_of_the_first_version_is_read_with_every_key_in_use(folder: Path) -> None:
    path = folder / FILE_NAME
    before = load_recipients(folder)
    path.write_text(path.read_text().replace('"version": 2', '"version": 1'))
    assert load_recipients(folder) == before
    assert all(key.in_use for key in before.keys)


def test_an_older_folder_is_given_a_purpose_that_it_lacks(tmp_path: Path) -> None:
    old = tmp_path / "old"
    lacking = [purpose for purpose in Purpose if purpose is not Purpose.STANDARDS]
    key_files.create_keys(old, at=AT, purposes=lacking)
    with pytest.raises(NoRecipient, match="standards"):
        load_recipients(old)
    added = key_files.add_key(old, purpose=Purpose.STANDARDS, at=AT)
    assert load_recipients(old).for_purpose(Purpose.STANDARDS) == (added,)


def test_a_key_is_added_to_a_folder_without_a_salt_and_none_is_made_up(folder: Path) -> None:
    path = folder / FILE_NAME
    content = json.loads(path.read_text())
    del content["code_salt"]
    path.write_text(json.dumps(content))
    key_files.add_key(folder, purpose=Purpose.ACCOUNT, at=AT)
    assert "code_salt" not in json.loads(path.read_text())
    assert len(read_list(folder).in_use(Purpose.ACCOUNT)) == 2


@pytest.mark.parametrize("salt", [None, "", 7, [], "AA==", "x", "é" * 24, "A" * 44])
def test_a_public_list_without_a_salt_for_codes_is_refused(folder: Path, salt: object) -> None:
    path = folder / FILE_NAME
    content = json.loads(path.read_text())
    del content["code_salt"]
    path.write_text(json.dumps(content if salt is None else {**content, "code_salt": salt}))
    with pytest.raises(KeyFileRefused, match="has no code_salt of 16 bytes in base64"):
        load_recipients(folder)


def test_the_salt_of_codes_is_made_once_and_kept(folder: Path, tmp_path: Path) -> None:
    salt = load_recipients(folder).code_salt
    assert len(salt) == 16
    key_files.add_key(folder, purpose=Purpose.TRIAGE, at=AT)
    assert load_recipients(folder).code_salt == salt
    assert new_keyring(tmp_path / "others").recipients.code_salt != salt


def test_a_public_key_swapped_under_an_id_is_refused(folder: Path) -> None:
    path = folder / FILE_NAME
    triage, account = (key.key_id.hex() for key in load_recipients(folder).keys[:2])
    path.write_text(
        path.read_text().replace(triage, "x").replace(account, triage).replace("x", account)
    )
    with pytest.raises(KeyFileRefused):
        load_recipients(folder)


def test_an_absent_list_and_a_missing_purpose_are_said(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(KeyFileRefused, match="cannot be read"):
        load_recipients(tmp_path / "nowhere")
    partial = tmp_path / "partial"
    key_files.create_keys(partial, at=AT, purposes=[Purpose.TRIAGE, Purpose.ACCOUNT])
    with pytest.raises(NoRecipient, match="identity"):
        load_recipients(partial)


def test_a_private_key_kept_elsewhere_is_said(folder: Path, tmp_path: Path) -> None:
    path = next(folder.glob("identity-*.key"))
    path.rename(tmp_path / path.name)
    load_opening_keys(folder, purposes=[Purpose.TRIAGE, Purpose.ACCOUNT])
    with pytest.raises(KeyFileRefused, match="no private key for identity"):
        load_opening_keys(folder, purposes=SEALING)


def test_keys_are_not_made_over_keys(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(KeysExist):
        key_files.create_keys(folder, at=AT)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_an_added_key_opens_what_comes_later_and_the_old_one_still_does(folder: Path) -> None:
    old = load_opening_keys(folder, purposes=[Purpose.ACCOUNT])
    added = key_files.add_key(folder, purpose=Purpose.ACCOUNT, at=AT + timedelta(days=1))
    recipients = load_recipients(folder).for_purpose(Purpose.ACCOUNT)
    assert len(recipients) == 2
    assert added in recipients
    envelope = seal(b"said", kind=Kind.ACCOUNT, subject="r", recipients=recipients)
    both = load_opening_keys(folder, purposes=[Purpose.ACCOUNT])
    assert len(both.by_id) == 2
    for keys in (old, both):
        assert open_envelope(envelope, kind=Kind.ACCOUNT, subject="r", keys=keys) == b"said"


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"version":1,"purpose":"account","secret":"AA=="}']
)
def test_a_damaged_key_file_is_refused(folder: Path, content: bytes) -> None:
    next(folder.glob("account-*.key")).write_bytes(content)
    with pytest.raises(KeyFileRefused, match="not a key file"):
        load_opening_keys(folder, purposes=[Purpose.ACCOUNT])
