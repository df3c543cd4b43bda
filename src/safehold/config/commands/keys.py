"""`safehold keys`: make the force's keys, list and retire them. Secrets are never printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click
from django.conf import settings

from safehold.config import key_custody
from safehold.config.key_acts import reason_option, recorded, stored_with_progress, stores_ready
from safehold.crypto import key_lives
from safehold.crypto.errors import CryptoError
from safehold.crypto.key_custody import kept_elsewhere, note_elsewhere
from safehold.crypto.key_files import add_key, add_public_keys, create_keys
from safehold.crypto.recipients import SEALING, PublicKey, Purpose, load_recipients, read_list

if TYPE_CHECKING:
    from safehold.domain.key_reach import Whereabouts
    from safehold.records.keys.stored import Stored

PURPOSES = click.Choice([str(purpose) for purpose in Purpose])
COPY_TO_PUBLIC = (
    "Copy recipients.json to the public host now: until then it seals as it did before."
)


@click.group()
def command() -> None:
    """Make the keys that reports are sealed to and that sign the audit; list and check them."""


@command.command()
@click.option(
    "--add",
    "purpose",
    type=PURPOSES,
    help="Add one key to a purpose; earlier keys go on opening what was sealed to them.",
)
@click.option("--reason", default="", help="Kept in the audit.")
def create(purpose: str | None, reason: str) -> None:
    """Make the first key of every purpose, or add one to a purpose.

    Copy the private files to a safe place off this machine: without them no report can be opened.
    """
    folder = settings.KEYS_FOLDER
    with recorded(reason) as acts:
        made = (
            [add_key(folder, purpose=Purpose(purpose), at=acts.at)]
            if purpose
            else create_keys(folder, at=acts.at)
        )
        for key in made:
            acts.add("KEY_MADE", key.key_id, purpose=str(key.purpose))
    _show(made)
    click.echo(f"Made in {folder}, readable by their owner only. Copy them off this machine.")
    _say_what_lacks()


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
    their private halves never come here, and are noted as kept where they were made.
    """
    keys = settings.KEYS_FOLDER
    with recorded() as acts:
        added = add_public_keys(keys, purpose=Purpose(purpose), listed_in=folder)
        for key in added:
            note_elsewhere(keys, key.key_id, where="where it was made", at=acts.at)
            acts.add("KEY_LISTED", key.key_id, purpose=purpose)
    _show(added)
    click.echo(f"Added {len(added)} to {keys}." if added else "They are listed already.")


@command.command("list")
@click.option("--quick", is_flag=True, help="Leave out how many stored envelopes need each.")
def list_keys(quick: bool) -> None:
    """List every key: in use or not, whether its private half is here, and what needs it."""
    try:
        keys = read_list(settings.KEYS_FOLDER).keys
        if quick or not stores_ready():
            _show(keys)
            return
        _show_with_counts(keys)
    except CryptoError as error:
        raise click.ClickException(str(error)) from error


@command.command()
@click.argument("purpose", type=PURPOSES)
@reason_option
def rotate(purpose: str, reason: str) -> None:
    """Make a new key of PURPOSE and retire the one here: it opens what is old, nothing new.

    Keys of the purpose that are kept elsewhere stay in use.
    """
    with recorded(reason) as acts:
        done = key_lives.rotate_key(settings.KEYS_FOLDER, purpose=Purpose(purpose), at=acts.at)
        acts.add("KEY_MADE", done.made.key_id, purpose=purpose)
        for key in done.retired:
            acts.add("KEY_RETIRED", key.key_id, purpose=purpose)
    _show([*done.retired, done.made])
    click.echo("Copy the new private file off this machine, as you did the old one.")
    click.echo(COPY_TO_PUBLIC)


@command.command()
@click.argument("identifier", metavar="ID")
@reason_option
def retire(identifier: str, reason: str) -> None:
    """Seal nothing more to the key with this ID; what was sealed to it still opens."""
    folder = settings.KEYS_FOLDER
    with recorded(reason) as acts:
        key = key_lives.retire_key(folder, key_lives.find_key(folder, identifier), at=acts.at)
        acts.add("KEY_RETIRED", key.key_id, purpose=str(key.purpose))
    _show([key])
    click.echo(COPY_TO_PUBLIC)


@command.command()
@reason_option
def mend(reason: str) -> None:
    """Give an older folder what it lacks: a key of each purpose, and the salt of the codes.

    A salt is made only where nothing is kept under a code: with a new one no earlier code works.
    """
    folder = settings.KEYS_FOLDER
    with recorded(reason) as acts:
        lacks_salt = read_list(folder).code_salt is None
        if lacks_salt:
            _refuse_salt_over_codes()
        done = key_lives.mend(folder, at=acts.at, salt=lacks_salt)
        for key in done.made:
            acts.add("KEY_MADE", key.key_id, purpose=str(key.purpose))
    _show(done.made)
    if done.salt:
        click.echo("Made the salt of the codes.")
    if not done.made and not done.salt:
        click.echo("Nothing was missing.")
        return
    click.echo(COPY_TO_PUBLIC)


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


for each in key_custody.COMMANDS:
    command.add_command(each)


def _refuse_salt_over_codes() -> None:
    if not stores_ready():
        raise click.ClickException(
            "Whether anything is kept under a code cannot be seen from here: run this where the "
            "intake store is reachable, or bring back a copy of recipients.json with its salt."
        )
    from safehold.records.keys.stored import leads_by_code

    if leads_by_code():
        raise click.ClickException(
            "Something is kept under a code, which only the salt of its day finds: bring back a "
            "copy of recipients.json that has it, from a backup or from the public host."
        )


def _say_what_lacks() -> None:
    try:
        load_recipients(settings.KEYS_FOLDER)
    except CryptoError as error:
        click.echo(f"The folder is not whole yet: {error} `safehold keys mend` adds what it lacks.")


def _show_with_counts(keys: Iterable[PublicKey]) -> None:
    from safehold.records.keys.checks import whereabouts

    where, stored = whereabouts(settings.KEYS_FOLDER), stored_with_progress()
    _show(keys, where=where, stored=stored)


def _show(
    keys: Iterable[PublicKey], *, where: Whereabouts | None = None, stored: Stored | None = None
) -> None:
    try:
        elsewhere = kept_elsewhere(settings.KEYS_FOLDER)
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    for key in keys:
        line = f"{key.purpose:<9} {key.key_id.hex()}  {key.created:%Y-%m-%d}  {_state(key):<20}"
        line += f"  {_place(key, elsewhere)}"
        if where is not None and stored is not None and key.purpose in SEALING:
            line += f"  {_needs(key, where, stored)}"
        click.echo(line)


def _state(key: PublicKey) -> str:
    if key.destroyed:
        return f"destroyed {key.destroyed:%Y-%m-%d}"
    return f"retired {key.retired:%Y-%m-%d}" if key.retired else "in use"


def _place(key: PublicKey, elsewhere: dict[bytes, str]) -> str:
    if key_lives.is_here(settings.KEYS_FOLDER, key):
        return "private half here"
    kept = elsewhere.get(key.key_id)
    return f"public half only, kept elsewhere: {kept}" if kept else "public half only"


def _needs(key: PublicKey, where: Whereabouts, stored: Stored) -> str:
    from safehold.domain.key_reach import needed, needed_alone

    count, alone = needed(key.key_id, stored.counts), needed_alone(key.key_id, stored.counts, where)
    return f"{count:,} stored, {alone:,} open with no other"
