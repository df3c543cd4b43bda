"""`safehold demo`: from nothing to a practice site on this machine, in one command."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from safehold.config import practice
from safehold.config.commands import serve, setup
from safehold.config.environment import Environment, load_force, read
from safehold.domain.force import Force

CREDENTIALS = "demo-credentials.json"


def _practice_environment() -> tuple[Environment, Force]:
    """Return an environment for practice on one machine, and the force to practise for.

    Raises ClickException where SAFEHOLD_DEMONSTRATION or SITE says otherwise.
    """
    os.environ.setdefault("SAFEHOLD_DEMONSTRATION", "1")
    os.environ.setdefault("SITE", "all")
    environment = read()
    if not environment.demonstration:
        raise click.ClickException("SAFEHOLD_DEMONSTRATION=0: `safehold demo` is practice only.")
    if environment.site != "all":
        raise click.ClickException("`safehold demo` runs both sites in one process: SITE=all.")
    return environment, load_force(environment.force_file)


def prepare(environment: Environment, force: Force) -> None:
    """Set up, make the practice members and fill, each only where it is missing.

    Raises ClickException where the folder is filled with something else.
    """
    setup.set_up(environment, click.echo)
    try:
        done = practice.is_filled(environment.data, practice.filling_of(force))
        if done and (environment.data / CREDENTIALS).exists():
            return
        _start_django()
        from safehold.records.staff.demonstration import ensure_demo_members

        at = datetime.now(UTC)
        ensure_demo_members(at=at)
        practice.fill(force=force, data=environment.data, at=at, say=click.echo)
    except practice.Filled as error:
        raise click.ClickException(str(error)) from error


def say_who_signs_in(data: Path, host: str, port: int) -> None:
    """Print where to go and how each practice member signs in."""
    members = json.loads((data / CREDENTIALS).read_text())
    click.echo(f"\nPublic pages   http://{host}:{port}/")
    click.echo(f"Staff pages    http://{host}:{port}/staff/\n")
    width = max(len(member["username"]) for member in members)
    click.echo(f"{'name':{width}}  {'password':16}  authenticator secret")
    for member in members:
        row = f"{member['username']:{width}}  {member['password']:16}  {member['totp_secret']}"
        click.echo(row)
    click.echo(f"\nThe same is in {data / CREDENTIALS}.\n")


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safehold.config.settings")
    import django

    django.setup()


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--serve/--no-serve", "serving", default=True, help="Serve when all is there.")
@click.pass_context
def command(context: click.Context, port: int, serving: bool) -> None:
    """Set up, fill with the practice force, and serve on this machine alone.

    The force of forces/mereshire.toml is invented, and so is all that happens in it. With
    SAFEHOLD_FORCE=forces/hertfordshire.toml: that force's public pages, and no invented events.
    """
    host = "127.0.0.1"
    environment, force = _practice_environment()
    prepare(environment, force)
    if not force.demonstration:
        click.echo(f"Data is in {environment.data}; nothing in it is invented but the members.")
    if not serving:
        return
    say_who_signs_in(environment.data, host, port)
    context.invoke(serve.command, host=host, port=port, workers=None, only=None)
