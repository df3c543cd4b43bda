"""`safehold setup` and `safehold migrate`, run as a person would."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from safehold.config import static_storage
from safehold.config.commands.setup import is_done
from safehold.config.environment import read
from tests.running.conftest import safehold

SITES = ("all", "public", "staff")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_setup_makes_is_for_its_owner_alone(installed: Path) -> None:
    assert mode(installed) == 0o700
    assert mode(installed / "keys") == 0o700
    private = [*(installed / "keys").glob("*.key"), *(installed / "keys").glob("secret-*")]
    assert len(private) == 8
    assert {mode(path) for path in private} == {0o600}


def test_the_two_sides_have_different_secrets(installed: Path) -> None:
    public, staff = ((installed / "keys" / f"secret-{s}").read_text() for s in ("public", "staff"))

    assert public != staff
    assert min(len(public), len(staff)) >= 50


def test_a_second_run_changes_nothing_and_takes_no_time(installed: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in installed.rglob("*") if path.is_file()}

    began = time.monotonic()
    done = safehold("setup", SAFEHOLD_DATA=str(installed), SITE="all")

    assert done.stdout == "Everything else was in place.\n"
    assert time.monotonic() - began < 5
    assert before == {
        path: path.stat().st_mtime_ns for path in installed.rglob("*") if path.is_file()
    }


def test_a_fresh_installation_has_an_audit_that_heads_vouch_for(
    installed: Path, tmp_path: Path
) -> None:
    where = {"SAFEHOLD_DATA": str(installed), "SITE": "all"}
    assert safehold("backup", str(tmp_path / "copy"), **where).returncode == 0  # an act on record

    done = safehold("audit", "verify", **where)
    assert done.returncode == 0, done.stderr
    assert "every head agrees (1)" in done.stdout

    shutil.rmtree(installed / "audit-heads")
    done = safehold("audit", "verify", **where)
    assert done.returncode == 1
    assert "Error: No head could be checked (records)" in done.stderr


def test_static_files_that_went_missing_are_made_again(installed: Path) -> None:
    manifest = installed / "static" / "all" / "staticfiles.json"
    manifest.unlink()

    done = safehold("setup", SAFEHOLD_DATA=str(installed), SITE="all")

    assert done.returncode == 0, done.stderr
    assert manifest.exists()


@pytest.mark.parametrize("name", ["records.sqlite3", "intake.sqlite3"])
def test_a_store_that_went_missing_is_noticed(installed: Path, name: str) -> None:
    found = read({"SAFEHOLD_DATA": str(installed), "SAFEHOLD_DEMONSTRATION": "1"})
    assert is_done(found)

    (installed / name).unlink()

    assert not is_done(found)


def test_a_public_host_gets_a_secret_and_pages_but_no_key(tmp_path: Path) -> None:
    done = safehold("setup", SAFEHOLD_DATA=str(tmp_path / "data"), SITE="public")

    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "data" / "keys").iterdir()] == ["secret-public"]
    assert [path.name for path in (tmp_path / "data" / "static").iterdir()] == ["public"]
    assert "migrated apart" in done.stdout


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = safehold("setup", SAFEHOLD_DATA=str(tmp_path / "file" / "data"), SITE="all")

    assert done.returncode == 1
    assert done.stderr == f"Error: {tmp_path}/file/data cannot be made: Not a directory.\n"


@pytest.mark.parametrize("site", SITES)
def test_static_files_are_whole_named_by_their_content_and_compressed(
    installed: Path, site: str
) -> None:
    root = installed / "static" / site

    assert static_storage.missing_files(root, site=site) == []
    sheet = next((root / "design").glob("public.*.css"))
    assert sheet.with_name(sheet.name + ".br").stat().st_size < sheet.stat().st_size / 2
    assert sheet.with_name(sheet.name + ".gz").exists()


def test_the_public_folder_holds_no_file_of_staff_pages(installed: Path) -> None:
    root = installed / "static" / "public"
    names = {path.relative_to(root).parts[0] for path in root.rglob("*") if path.is_file()}

    assert names == {"design", "staticfiles.json"}
    assert (installed / "static" / "staff" / "wagtailadmin").is_dir()


def test_nothing_that_the_public_is_served_names_the_product(installed: Path) -> None:
    for path in (installed / "static" / "public").rglob("*"):
        if path.is_file() and path.suffix not in {".br", ".gz"}:
            assert b"safehold" not in path.read_bytes().lower(), path


def test_a_file_that_is_gone_from_the_sources_is_not_missing(installed: Path) -> None:
    root = installed / "static" / "public"
    sheet = next((root / "design").glob("public.*.css"))
    sheet.unlink()

    assert static_storage.missing_files(root, site="public") == ["design/public.css"]


@pytest.mark.parametrize("site", ["public", "staff"])
def test_only_all_migrates(installed: Path, site: str) -> None:
    done = safehold("migrate", SAFEHOLD_DATA=str(installed), SITE=site)

    assert done.returncode == 1
    assert done.stderr == (
        "Error: Only SITE=all migrates: the public and staff sites may not change tables.\n"
    )


def test_migrating_again_says_so_and_changes_nothing(installed: Path) -> None:
    done = safehold("migrate", SAFEHOLD_DATA=str(installed), SITE="all")

    assert done.stdout == "intake store: up to date.\nrecords store: up to date.\n"


def test_a_store_that_is_newer_than_the_code_is_left_alone(installed: Path) -> None:
    with closing(sqlite3.connect(installed / "intake.sqlite3")) as store:
        store.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('intake', '0999_x', 0)"
        )
        store.commit()

    done = safehold("migrate", SAFEHOLD_DATA=str(installed), SITE="all")

    assert done.returncode == 1
    assert done.stderr == (
        "Error: The intake store is newer than this code (intake.0999_x); "
        "install the version that made it.\n"
    )
