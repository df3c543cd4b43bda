"""What published data may enter this installation: one that is ready, and of a force that exists.

Real and invented data never mix: a practice map with real offences on it is false twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from safehold.config.practice import NOTE
from safehold.domain.police_uk import FileRefusedError, parse_name

INSTEAD = (
    "Set SAFEHOLD_FORCE to the profile of a force that exists, such as forces/hertfordshire.toml, "
    "and leave SAFEHOLD_DATA unset: that force has a folder of its own."
)


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
