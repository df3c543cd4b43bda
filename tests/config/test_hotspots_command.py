"""`safehold hotspots` prints its finding with what it stands on, and writes three kinds of file."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from safehold.config.commands.hotspots import command
from tests.patrol.conftest import _forget, crimes, outlines

__all__ = ["_forget", "crimes", "outlines"]
pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_the_table_comes_with_data_period_and_limits(crimes: Path, outlines: None) -> None:
    result = run("--top", 1)
    assert result.exit_code == 0
    first = next(line for line in result.output.splitlines() if line.startswith("   1"))
    assert "Nightclub, Sallow & Withy" in first
    assert "73.33%" in first
    assert "2/2" in first
    assert "Quay Lane" not in result.output
    assert "2026-01 to 2026-02" in result.output
    assert "20 rows read: 15 counted, 3 outside Mereshire, 2 without" in result.output
    assert "never a day or an hour" in result.output


def test_a_choice_is_kept_to(crimes: Path, outlines: None) -> None:
    asked = ["--class", "Drugs", "--from", "2026-01", "--to", "2026-01", "--district", "East"]
    result = run(*asked, "--resolution", 8)
    assert "Drugs, East, 2026-01." in result.output
    assert "Quay Lane" in result.output


@pytest.mark.parametrize(
    ("suffix", "start"),
    [(".csv", "rank,cell"), (".geojson", '{"type"'), (".html", "<!doctype html>")],
)
def test_a_file_is_written(
    crimes: Path, outlines: None, tmp_path: Path, suffix: str, start: str
) -> None:
    out = tmp_path / f"spots{suffix}"
    result = run("--out", out)
    assert result.exit_code == 0
    assert out.read_text().lstrip().startswith(start)
    assert "2026-01" in out.read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "January"], "January is not a month such as 2025-01."),
        (["--from", "2020-01", "--to", "2020-02"], "the store holds 2026-01 to 2026-02"),
        (["--class", "Nonsense"], "“Nonsense” is not a class"),
        (["--district", "Atlantis"], "No district named “Atlantis”"),
        (["--force", "fenshire"], "The store holds only: mereshire."),
        (["--out", "spots.pdf"], "--out must end in one of"),
        (["--out", "/nowhere/at/all/spots.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_clear_sentence(
    crimes: Path, arguments: list[str], sentence: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert sentence in result.output


def test_without_data_it_says_which_command_loads_it(settings: Any, tmp_path: Path) -> None:
    settings.OPEN_DATA = tmp_path / "nothing"
    result = run()
    assert result.exit_code == 1
    assert "safehold import crimes" in result.output
