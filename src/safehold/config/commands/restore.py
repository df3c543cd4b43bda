"""`safehold restore FOLDER`: a checked backup, put back whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safehold.config.commands.migrate import grant, start_as_owner

if TYPE_CHECKING:
    from safehold.config.backups.manifest import Manifest


def _record(found: Manifest) -> None:
    from django.db import transaction

    from safehold.records.audit.actions import Action
    from safehold.records.audit.actors import About, System
    from safehold.records.audit.operations import append

    with transaction.atomic():
        append(
            action=Action.STORES_RESTORED,
            by=System("command line"),
            subject=About("stores", "both"),
            at=datetime.now(UTC),
            detail={"made": found.made.isoformat(), "software": found.software},
        )


def _finish(found: Manifest) -> None:
    """Check the chains, give roles their rights again, and record the restore."""
    from django.db import connections

    from safehold.config import schema
    from safehold.config.backups import putting_back

    lines = putting_back.check_chains(found)
    if lines:
        raise click.ClickException("Restored, but do not serve it: " + " ".join(lines))
    for alias in ("intake", "default"):
        grant(alias)
    click.echo("Both audit chains hold and end as they were backed up.")
    if any(schema.differences(connections[alias])[0] for alias in ("intake", "default")):
        click.echo("The backup is of an older version: run `safehold migrate`.")
        return
    _record(found)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put the backup in the place of stores in use here.")
@click.option("--check", "only_check", is_flag=True, help="Check the backup and change nothing.")
def command(folder: Path, replace: bool, only_check: bool) -> None:
    """Check the backup in FOLDER and put both stores back. Stop Safehold first.

    Private keys are not restored: bring their copies (`safehold keys import`). Where the keys here
    are others than those of the backup, it is refused. Heads of the audit that were published
    after the backup show which rows are lost: keep them.
    """
    start_as_owner()
    from safehold.config.backups import putting_back
    from safehold.config.backups.manifest import BackupRefused

    try:
        if only_check:
            found = putting_back.check(folder)
        else:
            found = putting_back.put_back(folder, replace=replace, say=click.echo)
    except BackupRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The backup of {found.made:%d %B %Y, %H:%M} UTC is whole.")
    if not only_check:
        _finish(found)
