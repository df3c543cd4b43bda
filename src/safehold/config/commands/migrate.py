"""`safehold migrate`: the only door through which tables change."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from safehold.config.environment import read
from safehold.config.stores import INTAKE, INTAKE_APPS, RECORDS

_SHOWN = {RECORDS: "records", INTAKE: "intake"}


class _Steps(io.TextIOBase):
    """Turn the lines of Django's command into steps of a progress bar."""

    def __init__(self, bar: Any) -> None:
        self.bar = bar

    def write(self, text: str) -> int:
        self.bar.update(text.count("  Applying "))
        return len(text)


def start_as_owner() -> None:
    """Start Django as SITE=all with the addresses of the stores' owners."""
    os.environ["SITE"] = "all"
    os.environ["SAFEHOLD_AS_OWNER"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safehold.config.settings")
    import django

    django.setup()


@contextmanager
def _one_at_a_time(connection: Any) -> Iterator[None]:
    """Hold off a second migration of the same store; SQLite locks the file by itself."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(727200)")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(727200)")


def _apply(labels: list[str], alias: str, steps: _Steps) -> None:
    from django.core.management import call_command

    call_command("migrate", *labels, database=alias, verbosity=1, stdout=steps, no_color=True)


def migrate_store(alias: str) -> int:
    """Bring one store to this version of the code; return the number of steps applied.

    Raises ClickException where the store is newer than the code.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from safehold.config import demonstration_marker, schema

    connection = connections[alias]
    with _one_at_a_time(connection):
        lacking, unknown = schema.differences(connection)
        if unknown:
            raise click.ClickException(
                f"The {_SHOWN[alias]} store is newer than this code ({schema.describe(unknown)}); "
                "install the version that made it."
            )
        if lacking:
            label = f"{_SHOWN[alias]} store"
            with click.progressbar(length=len(lacking), label=label) as bar:
                # The intake store is given its own apps' steps alone: going through the few
                # hundred of the others, which change nothing there, takes ten seconds.
                for chosen in [[app] for app in sorted(INTAKE_APPS)] if alias == INTAKE else [[]]:
                    _apply(chosen, alias, _Steps(bar))
        if alias == RECORDS:
            call_command("createcachetable", database=alias, verbosity=0)
        if settings.DEMONSTRATION:
            demonstration_marker.mark(connection)
        grant(alias)
    return len(lacking)


def grant(alias: str) -> None:
    """Give the application's roles what they need and no more; nothing to do on SQLite."""
    from django.db import connections

    connection = connections[alias]
    if connection.vendor != "postgresql":
        return
    from safehold.config import grants, policies

    if alias == RECORDS:
        held = policies.apply(connection)
        click.echo(f"{_SHOWN[alias]} store: row policies on {held} tables.")
    environment = read()
    roles = grants.Roles(staff=environment.staff_role, public=environment.public_role)
    given = grants.apply(connection, alias=alias, roles=roles)
    missing = {roles.staff, roles.public} - set(given)
    click.echo(f"{_SHOWN[alias]} store: rights given to {', '.join(given) or 'nobody'}.")
    if missing:
        click.echo(f"There is no role {' or '.join(sorted(missing))}: see docs/running.md.")


def migrate_all() -> None:
    """Migrate both stores and say what was done."""
    for alias in (INTAKE, RECORDS):
        count = migrate_store(alias)
        done = f"{count} steps applied" if count else "up to date"
        click.echo(f"{_SHOWN[alias]} store: {done}.")


@click.command()
def command() -> None:
    """Bring both stores to this version's tables (as SITE=all, with the owner's addresses)."""
    if read().site != "all":
        raise click.ClickException(
            "Only SITE=all migrates: the public and staff sites may not change tables."
        )
    start_as_owner()
    migrate_all()
