"""What is known of a file that somebody adds to a report; wherever it is stored, it is locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

LONGEST_NAME = 200  # characters


def as_text(given: str) -> str:
    """Return what a browser says as text that can be written: no half of a surrogate, an end."""
    return given[:LONGEST_NAME].encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of one file; the key opens its parts. Locked, wherever it is stored."""

    name: str
    key: str = field(repr=False)
    size: int = 0
    parts: int = 0
    intimate: bool = False
    place: bool = False
    done: bool = False
    order: int = 0
    # What a browser tells of the file, so that the same one can go on where it broke off.
    stamp: str = ""

    def to_plain(self) -> dict[str, Any]:
        """Return the manifest as plain values."""
        return asdict(self)


def manifest_from(content: Mapping[str, Any]) -> Manifest:
    """Read a manifest from plain values. Raises TypeError or KeyError where it is none."""
    return Manifest(
        name=as_text(str(content["name"])),
        key=str(content["key"]),
        size=int(content["size"]),
        parts=int(content["parts"]),
        intimate=content.get("intimate") is True,
        place=content.get("place") is True,
        done=content.get("done") is True,
        order=int(content.get("order", 0)),
        stamp=as_text(str(content.get("stamp", ""))),
    )
