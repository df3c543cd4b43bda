"""What the commands on keys share: the stores where they are there, the audit, a passphrase."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
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
from safehold.crypto.recipients import FILE_NAME

if TYPE_CHECKING:
    from safehold.records.keys.stored import Stored

COPY = "recipients.json"  # in the data folder, for `safehold backup`, which may not see the keys
NOT_RECORDED = "The records store is not reachable from here: this is not in its audit."
_MOST_OF_A_PASSPHRASE = 1_000


@dataclass
class Acts:
    """What is done in one command, each act with its key: written into the audit at its end."""

    at: datetime
    reason: str = ""
    done: list[tuple[str, bytes, dict[str, Any]]] = field(default_factory=list)

    def add(self, action: str, key: bytes, **detail: object) -> None:
        """Note one act by its name in `records.audit.actions`."""
        self.done.append((action, key, detail))


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

    What the keys room refuses becomes one clear line; the copy of the list follows.
    """
    acts = Acts(at=datetime.now(UTC), reason=reason)
    ready = stores_ready()
    try:
        if ready:
            with transaction.atomic(using=RECORDS):
                yield acts
                _append(acts)
        else:
            yield acts
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    copy_list()
    if acts.done and not ready:
        click.echo(NOT_RECORDED)


def _append(acts: Acts) -> None:
    from safehold.records.audit.actions import Action
    from safehold.records.audit.actors import System
    from safehold.records.keys.operations import record_act

    for name, key, detail in acts.done:
        record_act(
            Action[name],
            key=key,
            by=System("command line"),
            at=acts.at,
            reason=acts.reason,
            detail=detail,
        )


def copy_list() -> None:
    """Lay a copy of the public list beside the keys' folder, where a backup may read it."""
    source, copy = settings.KEYS_FOLDER / FILE_NAME, settings.SAFEHOLD_DATA / COPY
    try:
        if not settings.SAFEHOLD_DATA.is_dir() or settings.SITE == "public":
            return
        content = source.read_bytes()
        if not copy.exists() or copy.read_bytes() != content:
            beside = copy.with_name(f".{copy.name}.new")
            beside.write_bytes(content)
            beside.chmod(0o640)
            beside.replace(copy)
    except OSError:
        click.echo(f"{copy} could not be written: backups may have an older list of keys.")


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
