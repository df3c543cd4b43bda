"""`safehold keys`: files for their owner, ids for everybody, secrets for nobody."""

import stat
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from safehold.config.commands import keys, setup
from safehold.crypto.key_files import create_keys, private_key_paths, read_private_keys
from safehold.crypto.recipients import Purpose, load_recipients

pytestmark = pytest.mark.django_db(databases=["default", "intake"])


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.KEYS_FOLDER, settings.SAFEHOLD_DATA = tmp_path / "keys", tmp_path
    return tmp_path / "keys"


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(keys.command, list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def test_keys_are_made_and_listed_without_a_secret(folder: Path) -> None:
    code, made = run("create")
    assert code == 0
    code, listed = run("list")
    assert code == 0
    for key in load_recipients(folder).keys:
        assert f"{key.purpose:<9} {key.key_id.hex()}" in listed
        assert key.key_id.hex() in made
    for path in private_key_paths(folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        purpose = Purpose(path.name.split("-")[0])
        for private in read_private_keys(folder, purpose=purpose):
            assert private.secret.hex() not in made + listed
        secret = path.read_text().split('"secret": "')[1].split('"')[0]
        assert secret not in made + listed


def test_a_private_half_that_is_elsewhere_shows(folder: Path) -> None:
    run("create")
    next(folder.glob("identity-*.key")).unlink()
    lines = {line.split()[0]: line for line in run("list")[1].splitlines()}
    assert "public half only" in lines["identity"]
    assert "private half here" in lines["account"]


def test_keys_are_not_made_twice_but_can_be_added(folder: Path) -> None:
    run("create")
    code, output = run("create")
    assert code == 1
    assert "already holds keys" in output
    code, output = run("create", "--add", "account")
    assert code == 0
    assert len(load_recipients(folder).for_purpose(Purpose.ACCOUNT)) == 2


def test_a_folder_from_before_names_were_released_gets_its_key(folder: Path) -> None:
    before = [purpose for purpose in Purpose if purpose is not Purpose.RELEASE]
    create_keys(folder, at=datetime(2026, 11, 27, tzinfo=UTC), purposes=before)
    code, output = run("create", "--add", "release")
    assert code == 0
    assert "private half here" in output
    assert len(load_recipients(folder).for_purpose(Purpose.RELEASE)) == 1


def test_an_empty_folder_is_said_in_one_line(folder: Path) -> None:
    code, output = run("list")
    assert code == 1
    assert output.count("\n") == 1
    assert run("create", "--add", "triage")[0] == 1


def test_a_public_half_made_elsewhere_is_listed_and_brings_no_secret(
    folder: Path, tmp_path: Path
) -> None:
    run("create")
    theirs = tmp_path / "theirs"
    create_keys(theirs, at=datetime(2026, 11, 27, tzinfo=UTC))

    code, output = run("add-public", str(theirs))

    assert code == 0
    assert "public half only" in output
    listed = load_recipients(folder).for_purpose(Purpose.STANDARDS)
    assert len(listed) == 2
    assert len(list(folder.glob("standards-*.key"))) == 1
    assert run("add-public", str(theirs)) == (0, "They are listed already.\n")


def test_a_folder_without_a_list_of_keys_is_said_in_one_line(folder: Path, tmp_path: Path) -> None:
    run("create")
    (tmp_path / "empty").mkdir()
    code, output = run("add-public", str(tmp_path / "empty"))
    assert code == 1
    assert output.count("\n") == 1


def test_the_audit_key_is_not_one_to_seal_to(folder: Path, tmp_path: Path) -> None:
    run("create")
    assert run("add-public", str(folder), "--purpose", "audit")[0] == 2


@pytest.mark.parametrize("demonstration", [True, False])
def test_a_practice_folder_is_given_the_key_and_a_force_is_told_to_make_it(
    folder: Path, demonstration: bool
) -> None:
    before = [purpose for purpose in Purpose if purpose is not Purpose.RELEASE]
    create_keys(folder, at=datetime(2026, 11, 27, tzinfo=UTC), purposes=before)
    ground: Any = SimpleNamespace(site="all", keys=folder, demonstration=demonstration)
    assert setup.make_keys(ground) is demonstration
    assert not setup.make_keys(ground)
    listed = [key.purpose for key in load_recipients(folder).keys]
    assert (Purpose.RELEASE in listed) is demonstration
