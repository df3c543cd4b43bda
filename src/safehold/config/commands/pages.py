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

    Read forces/NAME.toml before --first: the pages say what it says, in public. Advice on safety,
    law and health then waits as drafts until an editor names who has read it.
    """
    from django.conf import settings

    from safehold.content import gate
    from safehold.content.operations import republish_pages, seed_pages
    from safehold.design import chrome
    from safehold.records.audit.actors import System
    from safehold.records.snapshots import queries

    if settings.SITE == "public":
        raise click.ClickException("The public site has no pages of its own to render: SITE=staff.")
    by, at = System("command line"), datetime.now(UTC)
    before = queries.current_version()
    waiting = seed_pages(force=settings.FORCE, by=by, at=at) if first else []
    republish_pages(by=by, at=at)
    changed = queries.current_version() - before
    for draft in waiting:
        click.echo(f"Draft: {draft.title}")
        for line in draft.to_be_confirmed:
            click.echo(f"   to be confirmed: {line}")
    if waiting:
        click.echo(
            f"{len(waiting)} pages wait as drafts: name who has read each under Public pages."
        )
        around = {link.path for link in (*chrome.NAVIGATION, *chrome.FOOT)}
        led_to = sorted(around & {draft.path for draft in waiting})
        click.echo(f"Every page leads to {', '.join(led_to)}: publish before you open the site.")
    paths = sorted(queries.published_paths())
    if not paths:
        missing = gate.missing_lines()
        raise click.ClickException(
            f"No page is published yet. {missing or '--first writes the first ones.'}"
        )
    click.echo(f"Published: {', '.join(paths)}; changed now: {changed}.")
