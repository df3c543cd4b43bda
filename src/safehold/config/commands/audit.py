"""`safehold audit`: check the chains, and keep their ends where this host cannot rewrite them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from django.conf import settings

from safehold.config.scheduler import clock
from safehold.crypto.errors import CryptoError
from safehold.domain.audit_chain import Link
from safehold.records.audit import checks, heads, operations
from safehold.records.audit.chains import Chain

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Check the audit of both stores, and publish its signed end."""


@command.command()
@click.option(
    "--heads", "copies", multiple=True, type=_FOLDER, help="A folder of heads kept elsewhere."
)
@click.option(
    "--public-keys",
    type=_FOLDER,
    help="A folder with a recipients.json to believe instead of this machine's.",
)
@click.option(
    "--without-heads", is_flag=True, help="Be content where heads are missing or a day old."
)
def verify(copies: tuple[Path, ...], public_keys: Path | None, without_heads: bool) -> None:
    """Check every row of both chains, every head, every stored report and every trigger.

    Triggers refuse changes to what is written once. Ends with exit code 1 where one is gone, where
    a row does not hold, naming the first, and where no head or none of the last 25 hours vouches
    for the end of a chain.
    """
    unread = [one for one in settings.AUDIT_HEADS if heads.is_web(one)]
    for address in unread:
        click.echo(f"Heads at {address} are not read from here: bring a copy with --heads.")
    try:
        found = checks.verify_all(copies=copies, keys_folder=public_keys, progress=_with_progress)
    except (CryptoError, heads.BadHead) as error:
        raise click.ClickException(str(error)) from error
    for result in found:
        if result.holds:
            click.echo(result.in_words())
    broken = checks.in_words(
        found,
        replaced=checks.replaced_reports(),
        unguarded=checks.unguarded_tables(),
        gone=checks.reports_gone(),
    )
    wanting = [] if without_heads else checks.doubts(found, at=clock())
    if wanting:
        wanting.append("Bring a copy of the heads with --heads, or say --without-heads.")
    broken += wanting
    if broken:
        raise click.ClickException(" ".join(broken))
    click.echo("Every stored report is as it arrived, and every other was destroyed by an act.")


@command.command()
def head() -> None:
    """Sign the ends of both chains and write them to every address of SAFEHOLD_AUDIT_HEADS."""
    try:
        published = operations.publish_head(at=clock())
    except (CryptoError, heads.HeadsNotPublished) as error:
        raise click.ClickException(str(error)) from error
    for one in published:
        click.echo(f"{one.chain}: row {one.head.sequence:,}, {one.head.hash}")


def _with_progress(chain: Chain, links: Iterator[Link]) -> Iterable[Link]:
    with click.progressbar(
        links,
        length=chain.count(),
        label=f"{chain.name} chain",
        update_min_steps=5_000,
        file=sys.stderr,
    ) as bar:
        yield from bar
