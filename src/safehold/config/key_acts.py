"""What the commands on keys share: the stores where they are there, the audit, a passphrase."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.conf import settings
from django.db import DatabaseError, connections, transaction

from safehold.config import schema
from safehold.config.stores import INTAKE, RECORDS
from safehold.crypto.errors import CryptoError
from safehold.crypto.key_files import copy_list, write_recipients
from safehold.crypto.recipients import FILE_NAME, Listed, read_list

if TYPE_CHECKING:
    from safehold.records.keys.stored import Stored

NOT_RECORDED = "The records store is not reachable from here: this is not in its audit."
_MOST_OF_A_PASSPHRASE = 1_000


@dataclass
class Acts:
    """What is done in one command, each act with its key: written into the audit at its end."""

    at: datetime
    reason: str = ""
    ready: bool = True
    done: list[tuple[str, bytes, dict[str, Any]]] = field(default_factory=list)
    written: int = 0

    def add(self, action: str, key: bytes, **detail: object) -> None:
        """Note one act by its name in `records.audit.actions`."""
        self.done.append((action, key, detail))

    def write(self) -> None:
        """Write what was noted into the audit: before an act that cannot be undone."""
        if self.ready:
            _append(self, self.done[self.written :])
            self.written = len(self.done)


def stores_ready() -> bool:
    """Tell whether both stores are reachable from here and of this version."""
    if settings.SITE == "public":
        return False
    try:
        return all(_is_ready(alias) for alias in (RECORDS, INTAKE))
    except DatabaseError:
        return False


def _is_ready(alias: str) -> bool:
    store = connections[alias]
    if store.vendor == "sqlite":
        # To open a file that is not there would be to make it.
        name = str(store.settings_dict["NAME"])
        if not (name.startswith("file:") or Path(name).exists()):
            return False
    return schema.differences(store) == ([], [])


@contextmanager
def recorded(reason: str = "") -> Iterator[Acts]:
    """Do something with keys in one transaction with its audit rows, where there is a store.

    What the keys room refuses becomes one clear line; the copy of the list follows. Where the audit
    cannot be written the list is as it was before.
    """
    acts = Acts(at=datetime.now(UTC), reason=reason, ready=stores_ready())
    before = _list_as_it_is()
    try:
        with transaction.atomic(using=RECORDS) if acts.ready else nullcontext():
            yield acts
            acts.write()
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    except DatabaseError as error:
        _put_list_back(before)
        raise click.ClickException(
            f"The audit could not be written, and nothing was changed ({type(error).__name__})."
        ) from error
    lay_out_list()
    if acts.done and not acts.ready:
        click.echo(NOT_RECORDED)


def _list_as_it_is() -> Listed | None:
    try:
        return read_list(settings.KEYS_FOLDER)
    except CryptoError:
        return None


def _put_list_back(before: Listed | None) -> None:
    if before is None:
        (settings.KEYS_FOLDER / FILE_NAME).unlink(missing_ok=True)
    elif before != read_list(settings.KEYS_FOLDER):
        write_recipients(settings.KEYS_FOLDER, before.keys, code_salt=before.code_salt)


def _append(acts: Acts, noted: Iterable[tuple[str, bytes, dict[str, Any]]]) -> None:
    from safehold.records.audit.actions import Action
    from safehold.records.audit.actors import System
    from safehold.records.keys.operations import record_act

    for name, key, detail in noted:
        record_act(
            Action[name],
            key=key,
            by=System("command line"),
            at=acts.at,
            reason=acts.reason,
            detail=detail,
        )


def lay_out_list() -> None:
    """Lay a copy of the public list where a backup may read it, and say where that fails."""
    if settings.SITE == "public" or not settings.SAFEHOLD_DATA.is_dir():
        return
    try:
        copy_list(settings.KEYS_FOLDER, settings.SAFEHOLD_DATA)
    except OSError:
        click.echo(f"{settings.SAFEHOLD_DATA} takes no copy of {FILE_NAME}: a backup may lack it.")


def stored_with_progress() -> Stored | None:
    """Count what is stored by its keys, None where no store is reachable from here."""
    if not stores_ready():
        return None
    from safehold.records.keys.stored import count_stored

    return count_stored(_with_progress)


def _with_progress(says: str, total: int, rows: Iterable[Any]) -> Iterable[Any]:
    with click.progressbar(
        rows, length=total, label=says, update_min_steps=1_000, file=sys.stderr
    ) as bar:
        yield from bar


def asked_passphrase(*, from_stdin: bool, twice: bool) -> str:
    """Ask for a passphrase without showing it, or read one line of standard input."""
    if from_stdin:
        return sys.stdin.readline(_MOST_OF_A_PASSPHRASE).rstrip("\r\n")
    answer: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=twice)
    return answer


def reason_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for a reason, which the audit keeps."""
    return click.option("--reason", prompt="Why?", callback=_not_empty, help="Kept in the audit.")(
        command
    )


def _not_empty(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("Say why.")
    return value.strip()
