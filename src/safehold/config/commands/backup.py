"""`safehold backup FOLDER`: both stores, whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from safehold.config.commands.migrate import start_as_owner


def _record(at: datetime, *, keys: bool, open_data: bool) -> None:
    """Record the copy before it is made: it holds everything that an officer could look at.

    Stores of another version are copied all the same, which is what one wants before an upgrade
    that went wrong; only the row is left out, and that is said.
    """
    from django.db import connections, transaction

    from safehold.config import schema

    if schema.differences(connections["default"]) != ([], []):
        click.echo("The records store is of another version: this backup is not in its audit.")
        return
    from safehold.records.audit.actions import Action
    from safehold.records.audit.actors import About, System
    from safehold.records.audit.operations import append

    with transaction.atomic():
        append(
            action=Action.STORES_BACKED_UP,
            by=System("command line"),
            subject=About("stores", "both"),
            at=at,
            detail={"keys": keys, "open_data": open_data},
        )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--open-data", is_flag=True, help="Copy imported open data too (can be re-imported).")
@click.option(
    "--keys-to",
    type=click.Path(path_type=Path),
    help="Copy the keys to another folder: keep it apart from the backup.",
)
def command(folder: Path, open_data: bool, keys_to: Path | None) -> None:
    """Copy both stores, while they are in use, to a FOLDER that does not exist yet.

    No private key is in it, so what is sealed stays sealed; the list of public keys is. Without
    the private keys no report in a backup can be opened: keep a copy of them elsewhere (--keys-to,
    or `safehold keys export`).
    """
    start_as_owner()
    from django.conf import settings

    from safehold.config.backups import making
    from safehold.config.backups.manifest import BackupRefused

    at = datetime.now(UTC)
    try:
        making.refuse_taken(folder, keys_to)
        _record(at, keys=keys_to is not None, open_data=open_data)
        making.make(folder, at=at, open_data=open_data, say=click.echo)
        if keys_to is not None:
            count = making.copy_keys(settings.KEYS_FOLDER, keys_to)
            click.echo(f"{count} files of keys in {keys_to}: keep them apart from the backup.")
    except BackupRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Backup whole in {folder}.")
    if keys_to is None:
        click.echo(f"The private keys in {settings.KEYS_FOLDER} are not in it.")
