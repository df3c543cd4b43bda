"""`safehold retention`: what is due, and carrying out what two people confirmed on their pages.

No name is taken here: a name on a command line proves nothing, and nobody else would have seen the
list. Who proposes and who confirms signs in, each with a second factor.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click
from django.conf import settings
from django.utils import timezone

from safehold.config.scheduler import clock
from safehold.crypto.errors import CryptoError
from safehold.domain import retention
from safehold.domain.retention import Standing
from safehold.records.audit.actors import System

if TYPE_CHECKING:
    from safehold.records.retention.models import Certificate

_WHO = System("command line")
_WORDS = {
    Standing.DUE: "due",
    Standing.WAITS: "wait for somebody's act",
    Standing.HELD: "on hold",
}


@click.group()
def command() -> None:
    """See how many reports are due, destroy what two people confirmed, print certificates."""
    if settings.SITE == "public":
        raise click.ClickException("The public site keeps nobody's time: SITE=staff.")


@command.command()
@click.option("--by", "day", type=click.DateTime(["%Y-%m-%d"]), help="A day, instead of today.")
def due(day: datetime | None) -> None:
    """Count what would be due by a day, rule by rule. Changes nothing."""
    from safehold.records.retention import facts

    by = day.date() if day else timezone.localdate(clock())
    counts: Counter[tuple[str, Standing]] = Counter()
    for one in facts.over(today=by):
        counts[str(one.facts.status), one.found.standing] += 1
    rules = retention.table()
    click.echo(f"By {retention.day(by)}, rules of version {rules.version}. Nothing was changed.")
    for status, rule in rules.rules.items():
        found = [
            f"{counts[str(status), standing]:,} {words}"
            for standing, words in _WORDS.items()
            if counts[str(status), standing]
        ]
        click.echo(f"{rule.label} ({rule.period}): {', '.join(found) or 'none'}")
    total = sum(count for (_, standing), count in counts.items() if standing is Standing.DUE)
    click.echo(f"Due for a decision: {total:,}.")


@command.command()
def destroy() -> None:
    """Destroy now what two people confirmed, once its time to wait is over.

    The scheduler does the same every ten minutes. What was interrupted is taken up.
    """
    count, made, failed = 0, True, ""
    try:
        while made:
            certificates, failed = _carried_out()
            count, made = count + len(certificates), bool(certificates)
            for one in certificates:
                click.echo(f"{one.reference}: certificate {one.pk}")
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Destroyed: {count:,}.")
    if failed:
        raise click.ClickException(failed)


def _carried_out() -> tuple[list[Certificate], str]:
    from safehold.records.retention import destroying

    try:
        return destroying.carry_out(at=clock(), by=_WHO), ""
    except destroying.NotDestroyed as error:
        return error.made, str(error)


@command.command()
@click.argument("certificate_id", type=click.UUID)
def certificate(certificate_id: UUID) -> None:
    """Print a certificate, after checking its signature."""
    from safehold.records.retention import certificates
    from safehold.records.retention.models import Certificate

    row = Certificate.objects.filter(pk=certificate_id).first()
    if row is None:
        raise click.ClickException("There is no such certificate.")
    try:
        found = certificates.check(certificates.of_row(row))
    except certificates.BadCertificate as error:
        raise click.ClickException(str(error)) from error
    click.echo(found.content)
    click.echo(f"SHA-256: {row.digest}", err=True)
    click.echo(f"Signed with key {row.key_id}; the signature holds.", err=True)


@command.command()
@click.option(
    "--certificates",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of certificates brought from elsewhere.",
)
def again(folder: Path | None) -> None:
    """Destroy again what came back with a backup, as certificates say.

    `safehold restore` does it by itself; this is for keys that came later, or an older version.
    """
    from safehold.records.retention import destroying

    try:
        count = destroying.destroy_again(folder=folder, by=_WHO, at=clock())
    except (destroying.BadCertificate, destroying.NotDestroyed) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Destroyed again: {count:,}.")
