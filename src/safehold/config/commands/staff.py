"""`safehold staff`: who may sign in, said on the machine itself, a first officer's only door."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from django.conf import settings

from safehold.domain.access import Role
from safehold.domain.access import table as access_table

WHO = "administrator"
_MOST_COLUMNS = 2


@click.group()
def command() -> None:
    """Take members in, list them, and let one who lost a phone set up another."""
    if settings.SITE == "public":
        raise click.ClickException("The public site knows no member: SITE=staff.")


def _password(*, from_stdin: bool) -> str:
    # Never an argument: those are in the shell's history and in the list of processes.
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@command.command()
@click.argument("username")
@click.option("--name", required=True, help="The name that colleagues know.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]))
@click.option("--team", required=True, help="The team they belong to.")
@click.option("--agency", default="", help="The partner agency of an advocate; nobody else's.")
@click.option(
    "--password-stdin", "from_stdin", is_flag=True, help="Read the password's line from stdin."
)
def add(username: str, *, from_stdin: bool, **place: str) -> None:
    """Take in a member. The password is asked for; it is never an argument.

    At the first sign-in they are led to set up an authenticator, and reach nothing before it.
    """
    from safehold.records.audit.actors import System
    from safehold.records.staff import operations

    try:
        member = operations.create_member(
            username=username,
            **place,
            password=_password(from_stdin=from_stdin),
            by=System(WHO),
            at=datetime.now(UTC),
        )
    except (
        operations.NameTaken,
        operations.PasswordTooWeak,
        operations.WrongAgency,
    ) as error:
        raise click.ClickException(str(error)) from error
    may = member.role_label
    click.echo(
        f"{member.username} may sign in ({may}); the first sign-in sets up an authenticator."
    )


@command.command()
@click.argument("username")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]))
@click.option("--team", required=True, help="The team they go to.")
@click.option("--agency", default="", help="The partner agency of an advocate; nobody else's.")
@click.option("--why", required=True, help="Why, for the audit.")
def move(username: str, role: str, team: str, agency: str, why: str) -> None:
    """Give a member another role or team; their open sign-ins end.

    What they worked on and may no longer see waits on the supervisors' first page.
    """
    from safehold.records.audit.actors import System
    from safehold.records.staff import operations

    try:
        member = operations.move_member(
            username=username,
            role=role,
            team=team,
            agency=agency,
            why=why,
            by=System(WHO),
            at=datetime.now(UTC),
        )
    except (operations.NoSuchMember, operations.WrongAgency, operations.WhyNeeded) as error:
        raise click.ClickException(str(error)) from error
    label = access_table().labels[Role(role)]
    click.echo(f"{member.username} is {label} of {member.team} from the next sign-in on.")


@command.command()
@click.argument("username")
@click.option("--why", required=True, help="Why, for the audit.")
def end(username: str, why: str) -> None:
    """Let a member who leaves sign in no more, at once; what they wrote stays theirs.

    What they worked on waits on the supervisors' first page.
    """
    from safehold.records.audit.actors import System
    from safehold.records.staff import operations

    try:
        member = operations.end_member(
            username=username, why=why, by=System(WHO), at=datetime.now(UTC)
        )
    except (operations.NoSuchMember, operations.WhyNeeded) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{member.username} may sign in no more.")


@command.command("list")
def list_members() -> None:
    """List every member: name, role, team, and whether a second factor is set up.

    This is administration: it shows nobody's casework, and the audit keeps no row of it.
    """
    from safehold.records.staff.queries import roster

    for one in roster():
        factor = "second factor" if one.second_factor else "no second factor yet"
        parts = [one.username, one.name, one.role, one.team, factor]
        click.echo("  ".join([*parts, *([] if one.may_sign_in else ["may not sign in"])]))


@command.command("names")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def names(path: Path) -> None:
    """Take in the names of staff who do not sign in here, one a line of FILE, and nothing else.

    They take the place of the list before. What arrives is compared with them from a minute later:
    a report that names one goes to professional standards.
    """
    from safehold.records.audit.actors import System
    from safehold.records.conflicts import operations

    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [[cell.strip() for cell in row] for row in csv.reader(file)]
        given = [_one_name(row, number) for number, row in enumerate(rows, 1) if any(row)]
        if not given:
            raise click.ClickException(f"{path} holds no name; nothing was changed.")
        count = operations.replace_colleagues(given=given, by=System(WHO), at=datetime.now(UTC))
    except operations.NoName as error:
        raise click.ClickException(f"{error} Nothing was changed.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{path} cannot be read as CSV in UTF-8.") from error
    click.echo(f"{count:,} names are compared with what arrives, from a minute from now.")


def _one_name(row: list[str], number: int) -> str:
    # Two columns are first name and surname; anything more is what nobody should hand over.
    if len(row) > _MOST_COLUMNS:
        raise click.ClickException(
            f"Line {number} has {len(row)} columns. Give names alone: nothing was changed."
        )
    return " ".join(cell for cell in row if cell)


@command.command("reset-second-factor")
@click.argument("username")
def reset_second_factor(username: str) -> None:
    """Let a member who lost their phone set up another; their open sign-ins end.

    Until they do, their password alone leads to the page that sets one up: do it while they are
    with you.
    """
    from safehold.records.audit.actors import System
    from safehold.records.staff import operations

    try:
        member = operations.remove_second_factor(
            username=username, by=System(WHO), at=datetime.now(UTC)
        )
    except operations.NoSuchMember as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{member.username} sets up an authenticator at the next sign-in.")
