"""`safehold import records` asks who and why first, and says what it did without a value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from safehold.config.commands.import_ import command
from safehold.domain.access import Role
from safehold.records.imports.models import Batch
from safehold.records.marac.models import Coverage
from safehold.records.people.models import Person
from tests.desk import member
from tests.extracts import FOLDER, WHY

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]
MAP, EXTRACT = FOLDER / "people.toml", FOLDER / "people.csv"


@pytest.fixture
def boss() -> str:
    return member(Role.SUPERVISOR).username


def run(*arguments: object, by: str, reason: str = WHY, typed: str = "") -> Result:
    said = ["--reason", reason] if reason else []
    given = ["records", *map(str, arguments), "--by", by, *said]
    return CliRunner().invoke(command, given, input=typed)


def test_it_says_what_it_did_and_the_second_time_that_nothing_is_new(boss: str) -> None:
    first = run(MAP, EXTRACT, by=boss)
    assert first.exit_code == 0, first.output
    assert "people, 4 read: 4 new, 0 unchanged, 0 changed, 0 refused." in first.output
    assert "total by flag: weapons 1" in first.output
    assert "0 new, 4 unchanged" in run(MAP, EXTRACT, by=boss).output
    assert "Ilka" not in first.output


def test_a_dry_run_says_so_and_writes_nothing(boss: str) -> None:
    result = run(MAP, EXTRACT, "--dry-run", by=boss)
    assert "Dry run, nothing was written. people, 4 read: 4 new" in result.output
    assert not Person.objects.exists()
    assert not Batch.objects.exists()


def test_a_reason_is_asked_for_and_has_to_say_something(boss: str) -> None:
    assert run(MAP, EXTRACT, by=boss, reason="", typed=f"{WHY}\n").exit_code == 0
    result = run(MAP, "not-there.csv", by=boss, reason="x")
    assert "Say in a few words why" in result.output


def test_only_whoever_may_import_does(boss: str) -> None:
    assert "Importing is a supervisor" in run(MAP, EXTRACT, by=member().username).output
    assert "Nobody who may sign in" in run(MAP, EXTRACT, by="nobody").output


def test_what_cannot_be_taken_is_one_sentence_and_an_exit_code(boss: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("")
    result = run(MAP, EXTRACT, bad, by=boss)
    assert result.exit_code == 1
    assert "It is empty. Nothing of it was taken." in result.output
    assert "1 of 2 files could not be taken." in result.output
    assert Person.objects.count() == 4


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'kind = "people"', "has no [[column]]"),
        (b"\xff", "not TOML in UTF-8"),
        (None, "cannot be"),
    ],
)
def test_a_map_that_cannot_be_read_is_named(
    boss: str, tmp_path: Path, content: Any, sentence: str
) -> None:
    path = tmp_path / "map.toml"
    if content is not None:
        path.write_bytes(content)
    result = run(path, EXTRACT, by=boss)
    assert result.exit_code == 1
    assert sentence in result.output


def test_the_days_that_referrals_cover_are_said_once(boss: str) -> None:
    run(MAP, EXTRACT, by=boss)
    days = ("--covers", "2025-11-01", "2026-10-31")
    result = run(FOLDER / "marac.toml", FOLDER / "marac.csv", *days, by=boss)
    assert "Every referral from 2025-11-01 to 2026-10-31 is here." in result.output
    assert Coverage.objects.count() == 1
    wrong = run(FOLDER / "marac.toml", FOLDER / "marac.csv", *days[:2], "2090-01-01", by=boss)
    assert "none of them is still to come" in wrong.output
