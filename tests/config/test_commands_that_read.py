"""A command that shows something of casework asks who and why; each new one is decided about."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from safehold.config.cli import main_group

# Each asks for a member and a reason, and writes the look before it reads.
ASK = {"import records", "keys verify-proof"}
# None of these shows what is recorded of anybody but members: counts, keys, pages, whole stores.
SHOW_NOTHING = {
    "audit head",
    "audit verify",
    "backup",
    "demo",
    "hotspots",
    "import boundaries",
    "import crimes",
    "import gazetteer",
    "keys add-public",
    "keys check",
    "keys create",
    "keys destroy",
    "keys elsewhere",
    "keys export",
    "keys import",
    "keys list",
    "keys lost",
    "keys mend",
    "keys retire",
    "keys rotate",
    "languages",
    "migrate",
    "pages",
    "restore",
    "retention again",
    "retention certificate",
    "retention destroy",
    "retention due",
    "rules",
    "serve",
    "setup",
    "sms-stub",
    "staff add",
    "staff end",
    "staff list",
    "staff move",
    "staff names",
    "staff reset-second-factor",
}


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(main_group)
    for name in main_group.list_commands(context):
        command = main_group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            for inner, each in command.commands.items():
                yield f"{name} {inner}", each
        else:
            yield name, command


def test_every_command_is_decided_about() -> None:
    assert {name for name, _ in commands()} == ASK | SHOW_NOTHING


@pytest.mark.parametrize("name", sorted(ASK))
def test_whoever_reads_says_who_and_why(name: str) -> None:
    command = dict(commands())[name]
    options = {each.name: each for each in command.params if isinstance(each, click.Option)}
    assert {"username", "reason"} <= set(options)
    assert all(options[each].prompt or options[each].required for each in ("username", "reason"))
