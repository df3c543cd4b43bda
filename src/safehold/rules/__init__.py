"""Rules are data: one TOML file a subject, read from this folder and never changed in memory."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


class RulesError(ValueError):
    """A rules file that is absent, is not TOML, or does not say where its rules come from."""


@dataclass(frozen=True, slots=True)
class Rules:
    """One file of rules.

    `to_be_confirmed` lists, as dotted paths, the parts that nobody with authority has confirmed.
    """

    name: str
    version: str
    effective: date
    source: str
    to_be_confirmed: tuple[str, ...]
    tables: Mapping[str, Any]


@cache
def load(name: str) -> Rules:
    """Read `NAME.toml` of this folder.

    Raises RulesError with one sentence where the file is absent, is not TOML, or lacks `version`,
    `effective`, `source` or `to_be_confirmed`.
    """
    try:
        text = (files(__package__) / f"{name}.toml").read_text(encoding="utf-8")
        return _parsed(name, tomllib.loads(text))
    except FileNotFoundError as error:
        raise RulesError(f"There is no rules file named {name}.toml.") from error
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{name}.toml is not TOML: {error}.") from error


def every() -> list[Rules]:
    """Return every file of this folder and of the folders in it, by name. Raises as `load` does."""
    top = files(__package__)
    folders = [("", top), *((f"{each.name}/", each) for each in top.iterdir() if each.is_dir())]
    names = sorted(
        f"{before}{each.name.removesuffix('.toml')}"
        for before, folder in folders
        for each in folder.iterdir()
        if each.name.endswith(".toml")
    )
    return [load(name) for name in names]


def _parsed(name: str, content: dict[str, Any]) -> Rules:
    def take(field: str, kind: type) -> Any:
        value = content.pop(field, None)
        if type(value) is not kind:
            raise RulesError(f"{name}.toml needs a field {field} ({kind.__name__}).")
        return value

    return Rules(
        name=name,
        version=take("version", str),
        effective=take("effective", date),
        source=take("source", str),
        to_be_confirmed=tuple(take("to_be_confirmed", list)),
        tables=MappingProxyType(content),
    )
