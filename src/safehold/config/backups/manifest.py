"""What a backup says of itself: its files with their digests, versions, and audit heads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = "manifest.json"
FORMAT = 1


class BackupRefused(Exception):
    """A backup that is not whole, not ours, or not for this place; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Store:
    """One store in a backup: its file, engine, last migrations and the end of its audit chain."""

    file: str
    engine: str
    migrations: dict[str, str]
    head: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Everything that a restore checks before it touches anything."""

    made: datetime
    software: str
    demonstration: bool
    stores: Mapping[str, Store]
    files: Mapping[str, str]  # relative path: SHA-256


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder but the manifest, by relative path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != FILE)
    return {path.relative_to(folder).as_posix(): digest(path) for path in files}


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, with a digest of itself as its last field."""
    entry = {"format": FORMAT, **asdict(manifest), "made": manifest.made.isoformat()}
    text = json.dumps(entry, indent=1, sort_keys=True)
    seal = hashlib.sha256(text.encode()).hexdigest()
    (folder / FILE).write_text(json.dumps({"manifest": entry, "sha256": seal}, indent=1) + "\n")


def _entry(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    try:
        outer = json.loads(path.read_text())
        entry, seal = dict(outer["manifest"]), outer["sha256"]
    except FileNotFoundError:
        raise BackupRefused(f"{folder} is not a whole backup: it has no {FILE}.") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupRefused(f"{path} cannot be read.") from None
    text = json.dumps(entry, indent=1, sort_keys=True)
    if hashlib.sha256(text.encode()).hexdigest() != seal:
        raise BackupRefused(f"{path} was changed after the backup was made.")
    return entry


def read(folder: Path) -> Manifest:
    """Read a backup's manifest. Raises BackupRefused where it is absent, changed or unknown."""
    entry = _entry(folder)
    if entry.pop("format") != FORMAT:
        raise BackupRefused(f"{folder} was made in a format that this version does not know.")
    stores = {name: Store(**store) for name, store in entry.pop("stores").items()}
    made = datetime.fromisoformat(entry.pop("made")).astimezone(UTC)
    return Manifest(made=made, stores=stores, **entry)


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with its digest. Raises BackupRefused naming the first that differs."""
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise BackupRefused(f"{folder} is not whole: {name} is missing.")
        if digest(path) != expected:
            raise BackupRefused(f"{path} was changed or damaged after the backup was made.")
    _refuse_strangers(set(digests(folder)) - set(manifest.files), folder)


def _refuse_strangers(names: Iterable[str], folder: Path) -> None:
    for name in sorted(names):
        raise BackupRefused(f"{folder} holds {name}, which its manifest does not list.")
