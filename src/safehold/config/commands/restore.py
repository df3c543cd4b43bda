"""`safehold restore FOLDER`: a checked backup, put back whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safehold.config.commands.migrate import grant, start_as_owner
from safehold.records.audit.actors import System

if TYPE_CHECKING:
    from safehold.config.backups.manifest import Manifest

_WHO = System("command line")


def _record(found: Manifest, closed: int | None) -> None:
    from django.db import transaction

    from safehold.records.audit.actions import Action
    from safehold.records.audit.actors import About
    from safehold.records.audit.operations import append

    with transaction.atomic():
        append(
            action=Action.STORES_RESTORED,
            by=_WHO,
            subject=About("stores", "both"),
            at=datetime.now(UTC),
            detail={
                "made": found.made.isoformat(),
                "software": found.software,
                "codes closed again": "not known" if closed is None else closed,
            },
        )


def _destroy_again(folder: Path | None) -> None:
    """Destroy what came back although certificates say that it was destroyed."""
    from safehold.records.retention import certificates, destroying

    places = [certificates.folder()] + ([folder] if folder else [])
    try:
        count = sum(
            destroying.destroy_again(folder=place, by=_WHO, at=datetime.now(UTC))
            for place in places
        )
    except (destroying.BadCertificate, destroying.NotDestroyed) as error:
        raise click.ClickException(
            f"Restored, but do not serve it: what was destroyed after this backup is back. {error}"
        ) from error
    click.echo(f"Destroyed again, as certificates say: {count:,}.")


def _close_codes(found: Manifest, *, every: bool) -> int | None:
    """Close the codes that were closed after the backup, or say what is open again."""
    from safehold.config.backups import codes

    closed = codes.close_again(every=every)
    if closed is None:
        click.echo(codes.warning(found, at=datetime.now(UTC)), err=True)
    else:
        click.echo(f"Codes closed again: {closed:,}.")
    return closed


def _finish(found: Manifest, folder: Path | None, *, close_codes: bool) -> None:
    """Check the chains, give roles their rights again, record it, and destroy what came back."""
    from django.db import connections

    from safehold.config import schema
    from safehold.config.backups import putting_back

    closed = _close_codes(found, every=close_codes)
    lines = putting_back.check_chains(found)
    if lines:
        raise click.ClickException("Restored, but do not serve it: " + " ".join(lines))
    for alias in ("intake", "default"):
        grant(alias)
    click.echo("Both audit chains hold and end as they were backed up.")
    if any(schema.differences(connections[alias])[0] for alias in ("intake", "default")):
        click.echo(
            "The backup is of an older version: run `safehold migrate`, then `safehold retention "
            "again`, which destroys what was destroyed after it."
        )
        return
    _record(found, closed)
    _destroy_again(folder)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put the backup in the place of stores in use here.")
@click.option("--check", "only_check", is_flag=True, help="Check the backup and change nothing.")
@click.option(
    "--certificates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of certificates brought from elsewhere, besides those of this machine.",
)
@click.option(
    "--close-codes",
    is_flag=True,
    help="Close every code of a report: their holders come back by no code that they have.",
)
def command(
    *,
    folder: Path,
    replace: bool,
    only_check: bool,
    certificates: Path | None,
    close_codes: bool,
) -> None:
    """Check the backup in FOLDER and put both stores back. Stop Safehold first.

    Private keys are not restored: bring their copies (`safehold keys import`). Where the keys here
    are others than those of the backup, it is refused. Heads of the audit that were published
    after the backup show which rows are lost: keep them. What was destroyed after the backup was
    made is destroyed again, as the certificates beside the stores say. Codes that were closed
    since stay closed where the store that knows them is here to be replaced; where it is not, a
    line says since when they are open again.
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
        _finish(found, certificates, close_codes=close_codes)
