"""What `safehold import records` asks and says; the command itself hangs on `safehold import`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from safehold.config import installation

if TYPE_CHECKING:
    from safehold.domain.column_maps import ColumnMap
    from safehold.records.imports.report import Report
    from safehold.records.staff.models import StaffMember

_SHOWN_LINES = 10
_DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])


@click.command()
@click.argument("map_file", metavar="MAP", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--by", "username", required=True, metavar="NAME", help="Your sign-in name.")
@click.option("--reason", prompt="Why do you import this?", help="Why; the audit keeps it.")
@click.option("--dry-run", is_flag=True, help="Write nothing, and report what an import would do.")
@click.option("--rows", type=int, help="How many rows the source says that each file has.")
@click.option(
    "--covers",
    nargs=2,
    type=_DAY,
    metavar="FIRST LAST",
    help="Of MARAC referrals: every referral between these days is in the file.",
)
def records(
    map_file: Path,
    files: tuple[Path, ...],
    *,
    username: str,
    reason: str,
    dry_run: bool,
    rows: int | None,
    covers: tuple[datetime, datetime] | None,
) -> None:
    """Import FILES of a records system by the column MAP that says what is what.

    Nothing is read before it is known who imports, and why. The same file again changes nothing;
    what an officer recorded or corrected here is never ended, and is told.
    """
    from safehold.crypto.errors import CryptoError
    from safehold.domain.access import Refused
    from safehold.records.imports import operations
    from safehold.records.triage.reasons import ReasonTooThin, meaningful

    installation.refuse_unless_set_up()
    by = _member(username)
    try:
        said = meaningful(reason)
    except ReasonTooThin as error:
        raise click.ClickException(str(error)) from error
    column_map, map_bytes = _map(map_file)
    asked = operations.Asked(
        map=column_map,
        map_bytes=map_bytes,
        reason=said,
        dry_run=dry_run,
        rows=rows,
        covers=_days(covers),
    )
    failed = 0
    try:
        with _progress() as progress:
            reports = operations.import_records(
                paths=files, asked=asked, by=by, at=datetime.now(UTC), progress=progress
            )
            for path, report in zip(files, reports, strict=True):
                _say(path, report, dry_run=dry_run)
                failed += report.failed
    except (Refused, operations.NotCovered) as error:
        raise click.ClickException(str(error)) from error
    except CryptoError as error:
        raise click.ClickException(
            f"Nothing can be sealed: {error} What stands whole stays."
        ) from error
    if failed:
        raise click.ClickException(f"{failed} of {len(files)} files could not be taken.")


def _member(username: str) -> StaffMember:
    from safehold.domain.access import Permission, Refused
    from safehold.records.staff.queries import by_username

    member = by_username(username)
    if member is None:
        raise click.ClickException("Nobody who may sign in has this name.")
    try:
        member.must(Permission.IMPORT_RECORDS)
    except Refused as error:
        raise click.ClickException(f"{error} Importing is a supervisor’s.") from error
    return member


def _map(path: Path) -> tuple[ColumnMap, bytes]:
    from safehold.domain import column_maps

    try:
        content = path.read_bytes()
        return column_maps.read(content.decode()), content
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} is not TOML in UTF-8.") from error
    except column_maps.MapRefused as error:
        raise click.ClickException(f"{path}: {error}") from error


def _days(covers: tuple[datetime, datetime] | None) -> tuple[date, date] | None:
    return (covers[0].date(), covers[1].date()) if covers else None


def _progress() -> nullcontext[Callable[[int], None] | None]:
    if not sys.stderr.isatty():
        return nullcontext(None)

    def progress(done: int) -> None:
        click.echo(f"\r{done:,} rows", err=True, nl=False)

    return nullcontext(progress)


def _say(path: Path, report: Report, *, dry_run: bool) -> None:
    if report.failed:
        click.echo(f"{path}: {report.sentence} Nothing of it was taken.", err=True)
        return
    counts = report.counts
    would = "Dry run, nothing was written. " if dry_run else ""
    repeated = f", {counts['repeated']:,} repeated" if counts["repeated"] else ""
    click.echo(
        f"{path}: {would}{report.kind}, {counts['read']:,} read: {counts['new']:,} new, "
        f"{counts['unchanged']:,} unchanged, {counts['changed']:,} changed, "
        f"{counts['refused']:,} refused{repeated}."
    )
    for (weight, column, says), told in sorted(report.told.items()):
        lines = ", ".join(f"{line}" for line in told.lines[:_SHOWN_LINES])
        more = f" and {told.count - _SHOWN_LINES:,} more" if told.count > _SHOWN_LINES else ""
        of = f"{column}: " if column else ""
        click.echo(f"  {weight}, {told.count:,} × {of}{says}. Lines {lines}{more}.")
    for what, of_each in sorted(report.totals.items()):
        words = ", ".join(f"{word} {count:,}" for word, count in sorted(of_each.items()))
        click.echo(f"  total by {what}: {words}")
    for note in report.notes:
        click.echo(f"  {note}")
