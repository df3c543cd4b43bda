"""`safehold keys`: make the force's keys and list them. Secrets are never printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click
from django.conf import settings

from safehold.crypto.errors import CryptoError
from safehold.crypto.key_files import (
    add_key,
    add_public_keys,
    create_keys,
    private_key_paths,
)
from safehold.crypto.recipients import SEALING, PublicKey, Purpose, load_recipients


@click.group()
def command() -> None:
    """Make the keys that reports are sealed to and that sign the audit, and list them."""


@command.command()
@click.option(
    "--add",
    "purpose",
    type=click.Choice([str(purpose) for purpose in Purpose]),
    help="Add one key to a purpose; earlier keys go on opening what was sealed to them.",
)
def create(purpose: str | None) -> None:
    """Make the first key of every purpose, or add one to a purpose.

    Copy the private files to a safe place off this machine: without them no report can be opened.
    """
    folder, at = settings.KEYS_FOLDER, datetime.now(UTC)
    try:
        made = (
            [add_key(folder, purpose=Purpose(purpose), at=at)]
            if purpose
            else create_keys(folder, at=at)
        )
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    _show(made)
    click.echo(f"Made in {folder}, readable by their owner only. Copy them off this machine.")


@command.command("add-public")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--purpose",
    type=click.Choice([str(purpose) for purpose in SEALING]),
    default=str(Purpose.STANDARDS),
    show_default=True,
    help="The purpose whose keys are taken over.",
)
def add_public(folder: Path, purpose: str) -> None:
    """List public keys that professional standards, or another force, made on a host of theirs.

    FOLDER holds their recipients.json. What arrives from now on is sealed to their keys as well;
    their private halves never come here.
    """
    try:
        added = add_public_keys(settings.KEYS_FOLDER, purpose=Purpose(purpose), listed_in=folder)
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    _show(added)
    click.echo(
        f"Added {len(added)} to {settings.KEYS_FOLDER}." if added else "They are listed already."
    )


@command.command("list")
def list_keys() -> None:
    """List every key by purpose and id, and whether its private half is on this machine."""
    try:
        keys = load_recipients(settings.KEYS_FOLDER).keys
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    _show(keys)


@command.command("verify-proof")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--as", "username", prompt="Your name here", help="The name that you sign in with.")
@click.option("--reason", prompt="Why do you check it?", help="Kept in the audit.")
def verify_proof(file: TextIO, username: str, reason: str) -> None:
    """Check the proof of a report that somebody shows: the file that the return page gave them.

    The report's account is opened in memory for its key alone, which is a look, and on record.
    """
    from safehold.domain.access import Refused
    from safehold.records.staff.queries import by_username
    from safehold.records.triage.proofs import NotAProof, check_proof
    from safehold.records.triage.reasons import ReasonTooThin

    member = by_username(username)
    if member is None:
        raise click.ClickException("Nobody here signs in with this name.")
    try:
        text = file.read(10_000)
        proven = check_proof(text, reason=reason, by=member, at=datetime.now(UTC))
    except (NotAProof, Refused, ReasonTooThin) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"True: report {proven.reference} was made on {proven.day}.")


def _show(keys: Iterable[PublicKey]) -> None:
    held = {path.stem for path in private_key_paths(settings.KEYS_FOLDER)}
    for key in keys:
        identifier = key.key_id.hex()
        place = "private half here" if f"{key.purpose}-{identifier}" in held else "public half only"
        click.echo(f"{key.purpose:<9} {identifier}  {key.created:%Y-%m-%d}  {place}")
