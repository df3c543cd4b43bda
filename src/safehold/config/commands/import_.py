"""`safehold import`: open data, boundaries and gazetteers, from files that a person fetched."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safehold.config import installation
from safehold.config.import_records import records

if TYPE_CHECKING:
    from safehold.records.gazetteer.operations import LoadReport
    from safehold.records.open_data.loading import FileResult, ImportReport, Progress

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_attribution = click.option(
    "--attribution", default="", help="The licence line that its publisher asks for, shown with it."
)
_source = click.option(
    "--source",
    default="",
    metavar="NAME",
    help="What a later load of the same name replaces.  [default: the kind]",
)


@click.group()
def command() -> None:
    """Import data. Nothing is fetched: you name files that you downloaded.

    Real and invented data never mix: an installation for an invented force takes none of another.
    What the force's own records system gives out is `records`: by a column map, with a reason.
    """


command.add_command(records)


@command.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--refused",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to list refused rows.  [default: a dated file in the store's folder]",
)
@click.option(
    "--replace", is_flag=True, help="Accept a file that leaves less than half of a month held."
)
def crimes(paths: tuple[Path, ...], refused: Path | None, replace: bool) -> None:
    """Import police.uk street files: .csv, .csv.gz, .zip, or folders of them.

    Each file replaces its force and month whole; a file that is already in changes nothing. Rows
    that break a rule are listed in one file and stop nothing.
    """
    from django.conf import settings

    from safehold.records.audit.actors import System
    from safehold.records.open_data import operations

    at = datetime.now(UTC)
    installation.refuse_unless_set_up()
    installation.refuse_crimes_of_others(paths)
    with _clear_errors(), _progress(paths) as progress:
        report = operations.import_crimes(
            paths=paths,
            root=settings.OPEN_DATA,
            refused_file=refused or settings.OPEN_DATA / f"refused-{at:%Y%m%dT%H%M%SZ}.csv",
            by=System("command line"),
            at=at,
            progress=progress,
            replace=replace,
        )
    _say(report)


@command.command()
@click.argument("file", type=_FILE)
@click.option("--kind", required=True, help="What the areas are: force, district, ward …")
@click.option("--name-field", required=True, help="The property that holds an area's name.")
@click.option("--code-field", default="", help="The property that holds an area's code.")
@click.option("--only", default="", metavar="NAME", help="Load only the areas of this name.")
@_source
@_attribution
def boundaries(file: Path, **choices: str) -> None:
    """Load areas from a GeoJSON file in degrees of longitude and latitude (WGS 84).

    The area of kind `force` decides what is inside; areas of kind `district` are drawn on maps.
    """
    from safehold.records.audit.actors import System
    from safehold.records.gazetteer import operations

    installation.refuse_unless_set_up()
    installation.refuse_places_of_others(file)
    with _clear_errors(file):
        report = operations.load_boundaries(
            path=file, by=System("command line"), at=datetime.now(UTC), **choices
        )
    _say_load(report, "areas")


@command.command()
@click.argument("file", type=_FILE)
@click.option(
    "--kind",
    required=True,
    type=click.Choice(["street", "postcode", "town", "place"]),
    help="What the rows are.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    required=True,
    metavar="OURS=THEIRS",
    help="Which column holds our name, longitude, latitude, town, district or weight; repeat it.",
)
@_source
@_attribution
def gazetteer(
    file: Path, kind: str, columns: tuple[str, ...], source: str, attribution: str
) -> None:
    """Load streets, postcodes, towns or named places from a CSV file, plain or gzip.

    Name, longitude and latitude (degrees, WGS 84) are needed; the rest helps to tell places apart.
    """
    from safehold.records.audit.actors import System
    from safehold.records.gazetteer import operations

    installation.refuse_unless_set_up()
    installation.refuse_places_of_others(file)
    with _clear_errors(file):
        report = operations.load_entries(
            path=file,
            kind=kind,
            columns=_column_map(columns),
            source=source,
            attribution=attribution,
            by=System("command line"),
            at=datetime.now(UTC),
        )
    _say_load(report, "rows")


def _column_map(columns: tuple[str, ...]) -> dict[str, str]:
    pairs = [column.partition("=") for column in columns]
    wrong = [ours for ours, sign, theirs in pairs if not (ours and sign and theirs)]
    if wrong:
        raise click.ClickException(f"--column is written OURS=THEIRS, as in name={wrong[0]}.")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}


@contextmanager
def _clear_errors(file: Path | None = None) -> Iterator[None]:
    from django.db import DatabaseError

    from safehold.records.gazetteer.reading import GazetteerFileError
    from safehold.records.open_data.partitions import StoreError

    try:
        yield
    except GazetteerFileError as error:
        text = str(error)
        named = text if file is None or text.startswith(str(file)) else f"{file}: {text}"
        raise click.ClickException(named) from error
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    except DatabaseError as error:
        raise click.ClickException(f"The stores cannot be written: {error}.") from error


@contextmanager
def _progress(paths: tuple[Path, ...]) -> Iterator[Progress | None]:
    from safehold.records.open_data import sources

    if not sys.stderr.isatty():
        yield None
        return
    length = sum(1 for _ in sources.find(paths))
    with click.progressbar(length=length, label="Files", file=sys.stderr) as bar:

        def progress(_: FileResult) -> None:
            bar.update(1)

        yield progress


def _say(report: ImportReport) -> None:
    from safehold.records.open_data.loading import Outcome

    left_out = report.of(Outcome.LEFT_OUT)
    for file in report.failed:
        click.echo(f"{file.label}: {file.sentence}", err=True)
    for kind in sorted({file.partition.kind for file in left_out if file.partition}):
        click.echo(f"Left out: files of {kind}; only street files are imported.", err=True)
    if report.of(Outcome.IMPORTED):
        _say_rows(report)
    if report.refused_file is not None:
        click.echo(f"Refused rows are in {report.refused_file}")
    counts = ", ".join(f"{len(report.of(outcome)):,} {outcome}" for outcome in Outcome)
    click.echo(f"Files: {counts}.")
    _check_outcome(report)


def _say_rows(report: ImportReport) -> None:
    refused = sum(report.refused.values())
    click.echo(
        f"Rows: {report.read:,} read, {report.kept:,} kept, {refused:,} refused; "
        f"{report.without_coordinates:,} of the kept say no place."
    )
    for reason, count in report.refused.items():
        click.echo(f"  {count:,} × {reason}")
    for name, count in report.unlisted_classes.items():
        click.echo(f"  {count:,} rows kept of a class that our list does not have: {name}")


def _check_outcome(report: ImportReport) -> None:
    from safehold.records.open_data.loading import Outcome

    if report.failed:
        raise click.ClickException(
            f"{len(report.failed)} of {len(report.files)} files could not be imported; "
            "what the store held of their months is as it was."
        )
    if len(report.of(Outcome.LEFT_OUT)) == len(report.files):
        raise click.ClickException("There is no street file in what you named.")


def _say_load(report: LoadReport, what: str) -> None:
    if report.unchanged:
        click.echo(f"{report.source}: unchanged, this file is already loaded.")
        return
    refused = sum(report.refused.values())
    click.echo(
        f"{report.source}: {report.read:,} {what} read, {report.kept:,} kept, {refused:,} refused."
    )
    for reason, count in report.refused.items():
        click.echo(f"  {count:,} × {reason}")
