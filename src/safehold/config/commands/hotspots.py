"""`safehold hotspots`: where recorded offences gather, to the terminal and to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from safehold.analysis.hotspots import HotSpots
    from safehold.patrol.presenters import Row

SUFFIXES = (".geojson", ".csv", ".html")


@click.command()
@click.option(
    "--class",
    "classes",
    multiple=True,
    metavar="NAME",
    help="A class of the data; repeat it for more.  [default: Violence and sexual offences]",
)
@click.option("--from", "first", metavar="YYYY-MM", help="First month.  [default: the latest year]")
@click.option("--to", "last", metavar="YYYY-MM", help="Last month.  [default: the latest]")
@click.option(
    "--resolution",
    type=click.IntRange(8, 10),
    default=9,
    show_default=True,
    help="Size of a cell: 8 is about 1 km across, 9 about 350 m, 10 about 130 m.",
)
@click.option(
    "--top", type=click.IntRange(1), default=20, show_default=True, help="How many cells."
)
@click.option("--force", "forces", multiple=True, metavar="NAME", help="A force held; repeatable.")
@click.option("--district", default="", metavar="NAME", help="Count inside one district only.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a file too: .geojson, .csv, or .html (one page that needs nothing else).",
)
def command(out: Path | None, top: int, **asked: Any) -> None:
    """Rank cells by recorded offences in the published data that was imported."""
    from safehold.config import installation
    from safehold.patrol import presenters

    if out is not None and out.suffix not in SUFFIXES:
        raise click.ClickException(f"--out must end in one of {', '.join(SUFFIXES)}.")
    installation.refuse_unless_set_up()
    spots = _hot_spots({name: value for name, value in asked.items() if value})
    shown = presenters.rows(spots.top(top), asked["district"])
    _say(spots, shown, asked["district"])
    if out is not None:
        _write(out, spots, shown, asked["district"])


def _hot_spots(asked: dict[str, Any]) -> HotSpots:
    from dataclasses import replace

    from safehold.domain.police_uk import is_month
    from safehold.patrol import hotspots
    from safehold.records.open_data.partitions import StoreError

    for month in filter(None, (asked.get("first"), asked.get("last"))):
        if not is_month(month):
            raise click.ClickException(f"{month} is not a month such as 2025-01.")
    try:
        held = hotspots.available()
        if held.is_empty:
            raise click.ClickException(
                "No street data is imported yet: run `safehold import crimes PATH`."
            )
        return hotspots.hot_spots(replace(hotspots.usual(held), **asked))
    except (hotspots.ChoiceError, StoreError) as error:
        raise click.ClickException(str(error)) from error


def _say(spots: HotSpots, shown: list[Row], district: str) -> None:
    from safehold.patrol import presenters

    basis = spots.basis
    click.echo(f"{presenters.finding(spots)}.")
    click.echo(f"{'; '.join(basis.classes)}, {basis.area}, {presenters.period(basis)}.")
    click.echo()
    width = max((len(row.place) for row in shown), default=5)
    months = len(basis.months)
    click.echo(f"Rank  {'Place':<{width}}  Offences  Share   Months  Cell")
    for row in shown:
        click.echo(
            f"{row.rank:>4}  {row.place:<{width}}  {row.count:>8,}  {row.share:>5.2%}  "
            f"{row.months:>2}/{months:<3}  {row.cell}"
        )
    click.echo()
    click.echo(presenters.accounting(spots, district=district))
    for limit in basis.limits:
        click.echo(f"- {limit}")
    click.echo(f"{basis.data}.")
    if basis.attribution:
        click.echo(basis.attribution)


def _write(out: Path, spots: HotSpots, shown: list[Row], district: str) -> None:
    from safehold.patrol import exports

    if out.suffix == ".csv":
        text = exports.to_csv(spots, shown)
    elif out.suffix == ".geojson":
        text = exports.to_geojson(spots, shown)
    else:
        text = exports.to_html(spots, shown, district=district)
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"Written: {out}")
