"""`safehold pages`: the public pages, as an installation first has them and after an upgrade."""

from __future__ import annotations

from datetime import UTC, datetime

import click


@click.command()
@click.option(
    "--first",
    is_flag=True,
    help="Write the first pages from the force's profile too, where nobody has edited them.",
)
def command(first: bool) -> None:
    """Render every published page anew, with this version's chrome.

    Read forces/NAME.toml before --first: the pages say what it says, in public.
    """
    from django.conf import settings

    from safehold.content.operations import republish_pages, seed_pages
    from safehold.records.audit.actors import System
    from safehold.records.snapshots import queries

    if settings.SITE == "public":
        raise click.ClickException("The public site has no pages of its own to render: SITE=staff.")
    by, at = System("command line"), datetime.now(UTC)
    before = queries.current_version()
    if first:
        seed_pages(force=settings.FORCE, by=by, at=at)
    republish_pages(by=by, at=at)
    changed = queries.current_version() - before
    paths = sorted(queries.published_paths())
    if not paths:
        raise click.ClickException("No page is published yet; --first writes the first ones.")
    click.echo(f"Published: {', '.join(paths)}; changed now: {changed}.")
