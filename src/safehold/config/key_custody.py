"""The commands of `safehold keys` on private halves: where they are, and whether they do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.conf import settings
from django.db import transaction

from safehold.config.key_acts import (
    NOT_RECORDED,
    asked_passphrase,
    lay_out_list,
    reason_option,
    recorded,
    stored_with_progress,
    stores_ready,
)
from safehold.config.scheduler import clock
from safehold.crypto import key_custody, key_lives
from safehold.crypto.errors import CryptoError, KeyNeeded
from safehold.crypto.recipients import UNATTENDED, PublicKey, read_list

if TYPE_CHECKING:
    from safehold.records.keys.checks import Findings

_FILE = click.Path(dir_okay=False, path_type=Path)
_STDIN = click.option(
    "--passphrase-stdin", is_flag=True, help="Read it as one line of standard input."
)


@click.command("export")
@click.argument("identifier", metavar="ID")
@click.argument("file", type=_FILE)
@click.option("--move-to", metavar="WHERE", help="Remove it here afterwards; WHERE is noted.")
@_STDIN
@reason_option
def export(
    identifier: str, file: Path, move_to: str | None, passphrase_stdin: bool, reason: str
) -> None:
    """Copy the private key with this ID into FILE, encrypted under a passphrase.

    For the safe, for professional standards, for a new machine. Keep the passphrase apart from the
    file: whoever has both can read what the key opens; whoever lost it has nothing.
    """
    folder = settings.KEYS_FOLDER
    # Nobody waits for the stores meanwhile: whoever types takes their time, and so does stretching.
    try:
        key = key_lives.find_key(folder, identifier)
        if move_to is not None:
            _refuse_to_move(key)
        passphrase = asked_passphrase(from_stdin=passphrase_stdin, twice=True)
        copy = key_custody.locked_copy(folder, key, passphrase=passphrase)
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    with recorded(reason) as acts:
        acts.add("KEY_COPIED", key.key_id, purpose=str(key.purpose))
        if move_to is not None:
            _refuse_to_move(key)
            acts.add("KEY_KEPT_ELSEWHERE", key.key_id, where=move_to.strip())
        acts.write()
        key_custody.write_copy(copy, file)
        if move_to is not None:
            key_custody.move_out(folder, key, where=move_to.strip(), at=acts.at)
    click.echo(f"{file} holds the private key for {key.purpose}; it was opened once to be sure.")
    if move_to is not None:
        click.echo("The private half was overwritten and removed here.")


@click.command("import")
@click.argument("file", type=_FILE)
@_STDIN
@reason_option
def import_(file: Path, passphrase_stdin: bool, reason: str) -> None:
    """Bring a private key here from a FILE that `safehold keys export` wrote."""
    folder = settings.KEYS_FOLDER
    passphrase = asked_passphrase(from_stdin=passphrase_stdin, twice=False)
    try:
        opened = key_custody.open_copy(file, passphrase=passphrase)
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    with recorded(reason) as acts:
        key = key_custody.bring_in(folder, opened, at=acts.at)
        acts.add("KEY_BROUGHT", key.key_id, purpose=str(key.purpose))
    click.echo(f"The private key for {key.purpose} {key.key_id.hex()} is here.")
    if not _is_listed(key):
        click.echo(
            "No recipients.json here lists it: it opens what was sealed to it, and nothing new is."
        )


@click.command("elsewhere")
@click.argument("identifier", metavar="ID")
@click.argument("where", required=False, default="")
@click.option("--forget", is_flag=True, help="Take the note back: it is not there any more.")
def elsewhere(identifier: str, where: str, forget: bool) -> None:
    """Note WHERE the private half of the key with this ID is kept, if not on this machine.

    `safehold keys check` then knows that somebody can open what is sealed to it.
    """
    folder, where = settings.KEYS_FOLDER, where.strip()
    if bool(where) == forget:
        raise click.UsageError("Say where it is kept, or --forget.")
    with recorded(where) as acts:
        key = key_lives.find_key(folder, identifier)
        if key_lives.is_here(folder, key):
            raise KeyNeeded("Its private half is on this machine.")
        if key.destroyed:
            raise KeyNeeded("This key was destroyed.")
        if forget:
            key_custody.forget_elsewhere(folder, key.key_id)
        else:
            key_custody.note_elsewhere(folder, key.key_id, where=where, at=acts.at)
        acts.add("KEY_KEPT_ELSEWHERE", key.key_id, where=where)
    click.echo("Taken back." if forget else f"Noted: {key.purpose} is kept in {where}.")


@click.command("destroy")
@click.argument("identifier", metavar="ID")
@click.option("--although", type=int, help="How many stored envelopes nobody can open afterwards.")
@reason_option
def destroy(identifier: str, although: int | None, reason: str) -> None:
    """Overwrite and remove the private half of the retired key with this ID, for good.

    Where stored envelopes open with no other key, it is refused until you say --although with
    exactly their number: nobody can ever open them again.
    """
    folder = settings.KEYS_FOLDER
    try:
        key = key_lives.find_key(folder, identifier)
        key_lives.refuse_to_destroy(folder, key)
        alone = _opened_by_it_alone(key)
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    _refuse_loss(alone, although)
    with recorded(reason) as acts:
        acts.add("KEY_DESTROYED", key.key_id, purpose=str(key.purpose), unreadable=alone)
        acts.write()
        key_lives.destroy_key(folder, key, at=acts.at)
    click.echo(f"Overwrote and removed the private half of {key.purpose} {key.key_id.hex()}.")
    if alone:
        click.echo(f"{alone:,} stored envelopes can never be opened again.")
    click.echo(
        "Copies in a safe, on other machines and in older copies of the keys still open what it "
        "opened: destroy those too. A disk may keep old blocks; its encryption covers them."
    )


@click.command("lost")
@click.argument("identifier", metavar="ID")
@click.option("--although", type=int, help="How many stored envelopes nobody can open any more.")
@reason_option
def lost(identifier: str, although: int | None, reason: str) -> None:
    """Give the retired key with this ID up: its private half is nowhere, and nobody searches.

    `safehold keys check` no longer calls what it opened trouble. Takes --although as `destroy`
    does. Where a copy is found after all, `safehold keys import` brings it back.
    """
    folder = settings.KEYS_FOLDER
    try:
        key = key_lives.find_key(folder, identifier)
        if key_lives.is_here(folder, key):
            raise KeyNeeded("Its private half is on this machine.")
        if key.in_use:
            raise KeyNeeded("This key is in use: add another and retire this one first.")
        alone = _opened_by_it_alone(key)
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    _refuse_loss(alone, although)
    with recorded(reason) as acts:
        acts.add("KEY_GIVEN_UP", key.key_id, purpose=str(key.purpose), unreadable=alone)
        acts.write()
        key_custody.give_up(folder, key.key_id, at=acts.at)
    click.echo(f"Given up: {alone:,} stored envelopes can never be opened unless it is found.")


@click.command("check")
@click.option("--no-record", is_flag=True, help="Leave what supervisors see as it is.")
def check(no_record: bool) -> None:
    """Check that the keys here do what they should, and that what is stored can be opened.

    Nothing stored is opened. Exit code 1 where something is not in order. On a host of keepers that
    holds some keys only, say --no-record.
    """
    from safehold.records.keys import checks

    try:
        stored = stored_with_progress()
        found = checks.check(settings.KEYS_FOLDER, stored)
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    lay_out_list()
    if stored is None:
        click.echo("No store is reachable from here: only the keys themselves were checked.")
    elif not no_record:
        _record(found)
    for line in found.notes:
        click.echo(line)
    if not found.troubles:
        click.echo("Every key that should be here is, and opens what it should.")
        return
    for line in found.troubles:
        click.echo(line)
    _name_reports(found)
    raise click.ClickException("The keys are not in order.")


COMMANDS = (export, import_, elsewhere, destroy, lost, check)


def _is_listed(key: PublicKey) -> bool:
    try:
        return any(each.key_id == key.key_id for each in read_list(settings.KEYS_FOLDER).keys)
    except CryptoError:
        return False


def _refuse_to_move(key: PublicKey) -> None:
    if key.in_use and key.purpose in UNATTENDED:
        others = [
            each
            for each in read_list(settings.KEYS_FOLDER).in_use(key.purpose)
            if each != key and key_lives.is_here(settings.KEYS_FOLDER, each)
        ]
        if not others:
            raise KeyNeeded(
                f"Staff processes need a key for {key.purpose} here: export it without moving it."
            )


def _opened_by_it_alone(key: PublicKey) -> int:
    from safehold.domain.key_reach import needed_alone
    from safehold.records.keys.checks import whereabouts

    stored = stored_with_progress()
    if stored is None:
        raise click.ClickException(
            "What is stored cannot be counted from here, so nobody can say what needs this key: "
            f"run this where both stores are reachable. {NOT_RECORDED}"
        )
    return needed_alone(key.key_id, stored.counts, whereabouts(settings.KEYS_FOLDER))


def _refuse_loss(alone: int, although: int | None) -> None:
    if alone == (although or 0):
        return
    if alone == 0:
        raise click.ClickException("No stored envelope needs this key: leave --although out.")
    raise click.ClickException(
        f"{alone} stored envelopes open with no other key, and nobody could ever open them again. "
        f"To go on all the same, say --although {alone}."
    )


def _record(found: Findings) -> None:
    from safehold.records.audit.actors import System
    from safehold.records.keys.operations import record_check

    with transaction.atomic():
        record_check(found, by=System("command line"), at=clock())


def _name_reports(found: Findings) -> None:
    from safehold.records.keys.stored import references_of

    if found.reports and stores_ready():
        named = references_of(found.reports)
        click.echo(f"Some of what cannot be opened belongs to: {', '.join(named)}.")
