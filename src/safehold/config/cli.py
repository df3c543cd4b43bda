"""The `safehold` command: one door to everything that is not a page."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys

import click

from safehold.config import commands
from safehold.config.environment import BadEnvironment

# These say themselves as which site and with whose addresses they start.
WITHOUT_DJANGO = frozenset(
    {"setup", "serve", "demo", "migrate", "backup", "restore", "rules", "sms-stub"}
)


def _module_name(command: str) -> str:
    name = command.replace("-", "_")
    return f"{name}_" if name in {"import"} else name


class _Commands(click.Group):
    """Load each subcommand from its own module, only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the modules in `commands`."""
        modules = pkgutil.iter_modules(commands.__path__)
        return sorted(module.name.rstrip("_").replace("_", "-") for module in modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a subcommand, with Django ready where it needs it."""
        if cmd_name not in self.list_commands(ctx):
            return None
        if cmd_name not in WITHOUT_DJANGO:
            _start_django()
        module = importlib.import_module(f"{commands.__name__}.{_module_name(cmd_name)}")
        command: click.Command = module.command
        return command


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safehold.config.settings")
    import django

    django.setup()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main_group() -> None:
    """Run and look after Safehold."""


def main() -> None:
    """Run the command; an environment that cannot be is one line and exit code 2."""
    try:
        main_group(prog_name="safehold")
    except BadEnvironment as error:
        click.echo(f"safehold: {error}", err=True)
        sys.exit(2)
