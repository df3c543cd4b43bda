"""What published data may enter this installation: one that is ready, and of a force that exists.

Real and invented data never mix: a practice map with real offences on it is false twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from safehold.config import schema
from safehold.config.practice import NOTE
from safehold.config.stores import INTAKE, RECORDS
from safehold.domain.police_uk import FileRefusedError, parse_name

INSTEAD = (
    "Set SAFEHOLD_FORCE to the profile of a force that exists, such as forces/hertfordshire.toml, "
    "and leave SAFEHOLD_DATA unset: that force has a folder of its own."
)


def refuse_unless_set_up() -> None:
    """Refuse where the folder or a table is missing, before anything makes half of it.

    Raises ClickException saying which command comes first.
    """
    from django.conf import settings
    from django.db import DatabaseError, connections

    if settings.SITE == "public":
        raise click.ClickException("SITE=public holds no records: run this as SITE=staff or all.")
    stores = [connections[alias] for alias in (RECORDS, INTAKE)]
    # To open an SQLite file that is not there would be to make it.
    files = [Path(str(one.settings_dict["NAME"])) for one in stores if one.vendor == "sqlite"]
    if not settings.SAFEHOLD_DATA.is_dir() or not all(file.exists() for file in files):
        raise click.ClickException(
            f"Nothing is set up in {settings.SAFEHOLD_DATA} yet: run `safehold setup` first, "
            "or `make demo` to practise."
        )
    try:
        lacking = any(schema.differences(one)[0] for one in stores)
    except DatabaseError as error:
        raise click.ClickException(f"The stores do not answer: {error}") from error
    if lacking:
        raise click.ClickException("The stores are of an older version: run `safehold migrate`.")


def invented_force() -> str | None:
    """Return the key of the invented force that this installation is for, None where it is real.

    The note of what filled the folder counts beside the profile, so that naming another profile
    does not open the practice folder.
    """
    from django.conf import settings

    if settings.FORCE.demonstration:
        return str(settings.FORCE.key)
    try:
        found = json.loads((settings.SAFEHOLD_DATA / NOTE).read_text())
    except (OSError, ValueError):
        return None
    return str(found["force"]) if found.get("seed") else None


def refuse_crimes_of_others(paths: Iterable[Path]) -> None:
    """Refuse street files of any force but the invented one, where this installation is for one.

    Raises ClickException naming the first such file and what to do instead.
    """
    from safehold.records.open_data import sources

    invented = invented_force()
    if invented is None:
        return
    for source in sources.find(paths):
        try:
            force = parse_name(source.label).force
        except FileRefusedError:
            continue  # the import itself says what is wrong with it
        if force != invented:
            raise click.ClickException(
                f"{source.label} is of {force}, and {_practises(invented)}. {INSTEAD}"
            )


def refuse_places_of_others(file: Path) -> None:
    """Refuse any boundary or gazetteer where this installation is for an invented force.

    Its own come with `safehold demo`; nothing in such a file says of which force it is. Raises
    ClickException saying what to do instead.
    """
    invented = invented_force()
    if invented is not None:
        raise click.ClickException(
            f"{file} is not loaded: {_practises(invented)}, whose places `safehold demo` loads. "
            f"{INSTEAD}"
        )


def _practises(invented: str) -> str:
    return f"this installation practises with an invented force ({invented})"
