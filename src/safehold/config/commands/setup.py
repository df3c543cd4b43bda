"""`safehold setup`: folder, keys, secrets, stores and static files, once; quick ever after."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from safehold.config import static_storage
from safehold.config.environment import SECRETS, Environment, load_force, read
from safehold.crypto.errors import CryptoError
from safehold.crypto.key_files import add_key, copy_list, create_keys
from safehold.crypto.recipients import FILE_NAME as RECIPIENTS
from safehold.crypto.recipients import Purpose, load_recipients
from safehold.domain.head_addresses import parse

DEMONSTRATION = "DEMONSTRATION"  # the file that marks a folder; `demonstration_marker` marks stores
PACKAGE = Path(__file__).resolve().parent.parent.parent
LIBRARIES = ("Django", "wagtail", "django-allauth", "django-tasks-db", "whitenoise")


def make_folder(folder: Path) -> bool:
    """Make a folder that its owner alone may enter; return whether it was missing.

    Raises ClickException where it cannot be made.
    """
    if folder.is_dir():
        return False
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        for one in reversed(missing):
            # Those above it too: `var` above one force's folder is the folder of another.
            one.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be made: {error.strerror}.") from error
    return True


def make_keys(environment: Environment) -> bool:
    """Make the force's keys unless there are some; return whether they were made.

    The public site is given `recipients.json` and makes none. Raises ClickException where the
    folder is open to others.
    """
    if environment.site == "public":
        return False
    try:
        if (environment.keys / RECIPIENTS).exists():
            return environment.demonstration and _add_to_practice(environment.keys)
        create_keys(environment.keys, at=datetime.now(UTC))
    except CryptoError as error:
        raise click.ClickException(str(error)) from error
    return True


def lay_out_list(environment: Environment) -> None:
    """Lay the public list where a backup may read it, wherever a staff site is set up."""
    if environment.site != "public":
        copy_list(environment.keys, environment.data)


def _add_to_practice(folder: Path) -> bool:
    # A practice folder from before there was a purpose gets its key; a force is told to make one.
    if any(key.purpose is Purpose.RELEASE for key in load_recipients(folder).keys):
        return False
    add_key(folder, purpose=Purpose.RELEASE, at=datetime.now(UTC))
    return True


def make_secrets(environment: Environment) -> list[str]:
    """Make the secret of each side that this site serves; return the names of those made."""
    names = {"public": ["public"], "staff": ["staff"], "all": ["public", "staff"]}
    made = []
    make_folder(environment.keys)
    for name in names[environment.site]:
        path = environment.keys / SECRETS[name]
        if path.exists():
            continue
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        made.append(path.name)
    return made


def _sources() -> Iterator[Path]:
    yield from sorted(PACKAGE.glob("**/migrations/*.py"))
    for folder in static_storage.our_folders():
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def fingerprint(environment: Environment) -> str:
    """Return a digest of everything that the stores and static files are made from."""
    digest = hashlib.sha256()
    for path in _sources():
        content = hashlib.sha256(path.read_bytes()).digest()
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + content)
    # Without the folder, so that an installation can be moved or copied as a whole.
    urls = [environment.records_url, environment.intake_url]
    about = [url.replace(str(environment.data), "") for url in urls]
    about.append(str(environment.demonstration))
    about += [f"{name}={version(name)}" for name in LIBRARIES]
    digest.update("\n".join(about).encode())
    return digest.hexdigest()


def _stores_are_there(environment: Environment) -> bool:
    files = [
        Path(url.removeprefix("sqlite:///"))
        for url in (environment.records_url, environment.intake_url)
        if url.startswith("sqlite:///")
    ]
    return all(path.exists() for path in files)


def is_done(environment: Environment) -> bool:
    """Tell whether an earlier run left the stores and static files as this code needs them.

    `serve` looks at the stores themselves, so a wrong guess here is never served.
    """
    note = _note(environment)
    return (
        note.exists()
        and note.read_text() == fingerprint(environment)
        and _stores_are_there(environment)
        and not any(
            static_storage.missing_files(root, site=site)
            for site, root in _static_roots(environment).items()
        )
    )


def _static_roots(environment: Environment) -> dict[str, Path]:
    """Name the folders to fill: an `all` installation can be served as the other two as well."""
    sites = ["all", "public", "staff"] if environment.site == "all" else [environment.site]
    return {site: environment.data / "static" / site for site in sites}


def _note(environment: Environment) -> Path:
    return environment.data / f".set-up-{environment.site}"


def _build(environment: Environment, say: Callable[[str], None]) -> None:
    from safehold.config.commands import migrate

    if environment.site == "all":
        migrate.start_as_owner()
        migrate.migrate_all()
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safehold.config.settings")
        import django

        django.setup()
        say("The stores are migrated apart: `safehold migrate` with the owner's addresses.")
    for site, root in _static_roots(environment).items():
        count = static_storage.collect(root, site=site)
        say(f"{count} static files for SITE={site}.")
    if environment.site != "public":
        _publish_first_head(say)


def _publish_first_head(say: Callable[[str], None]) -> None:
    """Sign where the audit begins: until the first head, a rewritten chain would not show."""
    from django.db import DatabaseError

    from safehold.records.audit.heads import HeadsNotPublished
    from safehold.records.audit.operations import publish_head

    try:
        publish_head(at=datetime.now(UTC))
    except HeadsNotPublished as error:
        say(f"Heads of the audit: {error}")
    except DatabaseError:
        say("The audit gets its first head when the stores are migrated and the scheduler runs.")


def _say_unconfirmed(environment: Environment, say: Callable[[str], None]) -> None:
    force = load_force(environment.force_file)
    if force.unconfirmed and not force.demonstration:
        names = ", ".join(force.unconfirmed)
        say(f"Not confirmed by {force.short_name} ({len(force.unconfirmed)}): {names}.")


def set_up(environment: Environment, say: Callable[[str], None]) -> None:
    """Make whatever is missing; say each thing that was made, and what the force has to confirm."""
    _say_unconfirmed(environment, say)
    if make_folder(environment.data):
        say(f"Made {environment.data}.")
    if make_keys(environment):
        say(f"Made keys in {environment.keys}: copy them to a safe place off this machine.")
    lay_out_list(environment)
    for name in make_secrets(environment):
        say(f"Made {name}.")
    marker = environment.data / DEMONSTRATION
    if environment.demonstration and not marker.exists():
        marker.write_text("Invented people and places. Not real.\n")
    for head in map(parse, environment.audit_heads):
        if head.folder and environment.site != "public":
            make_folder(head.folder)
    if is_done(environment):
        say("Everything else was in place.")
        return
    _build(environment, say)
    _note(environment).write_text(fingerprint(environment))


@click.command()
def command() -> None:
    """Make what Safehold needs on this machine; a second run changes nothing."""
    set_up(read(), click.echo)
