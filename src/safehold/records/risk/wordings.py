"""Wordings that a force is licensed to use: files of its own, never committed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from safehold.domain import instruments
from safehold.domain.instruments import WordingError

FOLDER: Final = "instruments"  # of SAFEHOLD_DATA


def licensed(data: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the definitions that a folder has licensed words for, read once.

    Raises WordingError where a file does not fit; a start is refused before that.
    """
    return _licensed(data)


def problems(data: Path) -> Iterator[str]:
    """Say what is wrong with the licensed wordings in a folder, a line each."""
    for path in _files(data):
        try:
            _read(path)
        except WordingError as error:
            yield f"Licensed wording {path}: {error}"


def forget() -> None:
    """Read the licensed wordings anew."""
    _licensed.cache_clear()


@cache
def _licensed(data: Path) -> Mapping[str, Mapping[str, Any]]:
    return {path.stem: _read(path) for path in _files(data)}


def _files(data: Path) -> list[Path]:
    folder = data / FOLDER
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _read(path: Path) -> Mapping[str, Any]:
    if path.stem not in instruments.NAMES or path.suffix != ".toml":
        named = ", ".join(f"{name}.toml" for name in instruments.NAMES)
        raise WordingError(f"it is none of {named}.")
    try:
        words = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WordingError(f"it cannot be read ({type(error).__name__}).") from None
    return instruments.worded(instruments.definitions()[path.stem], words)
