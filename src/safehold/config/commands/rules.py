"""`safehold rules`: what the software decides by, and what of it nobody has confirmed."""

from __future__ import annotations

import click


@click.command()
@click.option("--to-confirm", is_flag=True, help="Only what is still to be confirmed.")
def command(to_confirm: bool) -> None:
    """Say of each rule file its version, since when, from where, and what is to be confirmed.

    A force goes through this with its legal services before it opens the site.
    """
    from safehold import rules

    found = rules.every()
    for each in found:
        if to_confirm and not each.to_be_confirmed:
            continue
        click.echo(f"{each.name}.toml, version {each.version}, from {each.effective:%d/%m/%Y}")
        if not to_confirm:
            click.echo(f"   source: {each.source}")
        for part in each.to_be_confirmed:
            click.echo(f"   to be confirmed: {part}")
    waiting = sum(len(each.to_be_confirmed) for each in found)
    click.echo(f"{len(found)} rule files; {waiting} parts to be confirmed.")
