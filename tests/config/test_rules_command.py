"""What is decided by rules, and what of it nobody confirmed, is said for whoever has to."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from safehold import rules
from safehold.config.commands import rules as rules_command

FOLDER = Path(rules.__file__).parent


def said(*arguments: str) -> str:
    result = CliRunner().invoke(rules_command.command, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_file_is_named_with_where_it_is_from_and_what_is_open() -> None:
    output = said()
    files = [path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.toml")]
    assert files
    for name in files:
        assert f"{name}, version" in output, name
    for each in rules.every():
        assert f"   source: {each.source}" in output
        for part in each.to_be_confirmed:
            assert f"   to be confirmed: {part}" in output


def test_what_is_to_be_confirmed_is_said_alone_when_asked() -> None:
    output = said("--to-confirm")
    assert "source:" not in output
    waiting = sum(len(each.to_be_confirmed) for each in rules.every())
    assert output.endswith(f"{len(rules.every())} rule files; {waiting} parts to be confirmed.\n")
