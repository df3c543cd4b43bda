"""A column map: which columns of an extract are which of our fields, as the force writes it. Pure.

The map is data: a TOML file for each kind of extract. What it does not say is not known, and what
it says wrongly is refused before a row is read.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from safehold.domain.import_kinds import KINDS, Field, Sort

_SYSTEM: Final = re.compile(r"[a-z][a-z0-9_-]{0,29}")
_ROOT: Final = frozenset(
    {"system", "kind", "encoding", "delimiter", "key", "days", "moments", "empty", "column"}
)
_COLUMN: Final = frozenset({"field", "as", "from", "values", "split"})
_ENCODINGS: Final = frozenset({"utf-8", "utf-8-sig", "cp1252", "iso8859-1", "utf-16"})
_DATE_PARTS: Final = ("%d", "%m", "%Y", "%y", "%b", "%B", "%j")


class MapRefused(ValueError):
    """The map cannot be used; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where one field comes from: its columns, our words for theirs, and what parts several."""

    field: str
    variant: str
    sources: tuple[str, ...]
    values: Mapping[str, str] | None
    split: str


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A map as read. Keys of one `system` are one namespace, whichever extract they stand in."""

    system: str
    kind: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    days: tuple[str, ...] = ("%d/%m/%Y", "%Y-%m-%d")
    moments: tuple[str, ...] = ("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")
    empty: frozenset[str] = field(default_factory=lambda: frozenset({""}))

    @property
    def named(self) -> tuple[str, ...]:
        """Return every column of the extract that the map names, each once."""
        sources = [source for column in self.columns for source in column.sources]
        return tuple(dict.fromkeys([*self.key, *sources]))

    def spec(self, column: Column) -> Field:
        """Return what a column's field is."""
        return KINDS[self.kind][column.field]


def read(text: str) -> ColumnMap:
    """Read a map. Raises MapRefused saying in one sentence what is wrong with it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MapRefused(f"The map is not TOML: {error}.") from error
    _refuse_unknown(content, _ROOT, "The map")
    kind = _kind(content.get("kind"))
    rows = content.get("column")
    if not isinstance(rows, list) or not rows:
        raise MapRefused("The map has no [[column]]: it says of no column what it is.")
    columns = tuple(_column(kind, row) for row in rows)
    _refuse_twice(kind, columns)
    _refuse_missing(kind, columns)
    return ColumnMap(
        system=_system(content.get("system")),
        kind=kind,
        key=_strings(content.get("key"), "key", least=1),
        columns=columns,
        encoding=_encoding(content.get("encoding", "utf-8-sig")),
        delimiter=_delimiter(content.get("delimiter", ",")),
        **_formats(content),
        empty=frozenset({"", *map(str.casefold, _strings(content.get("empty", []), "empty"))}),
    )


def _refuse_unknown(given: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for name in given:
        if name not in known:
            raise MapRefused(f"{where} says {name!r}, which means nothing here.")


def _kind(value: object) -> str:
    if value not in KINDS:
        raise MapRefused(f"The map's kind is one of {', '.join(KINDS)}.")
    return str(value)


def _system(value: object) -> str:
    if not isinstance(value, str) or not _SYSTEM.fullmatch(value):
        raise MapRefused("The map names its system in one short word of small letters.")
    return value


def _encoding(value: object) -> str:
    try:
        name = codecs.lookup(str(value)).name
    except LookupError:
        name = ""
    if name not in _ENCODINGS:
        raise MapRefused("The map's encoding is utf-8, cp1252, latin-1 or utf-16.")
    return "utf-8-sig" if name == "utf-8" else name


def _delimiter(value: object) -> str:
    if not isinstance(value, str) or len(value) != 1 or value in '"\r\n':
        raise MapRefused("The map's delimiter is one character.")
    return value


def _formats(content: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in ("days", "moments"):
        if name not in content:
            continue
        found[name] = _strings(content[name], name, least=1)
        for each in found[name]:
            if not any(part in each for part in _DATE_PARTS):
                raise MapRefused(f"The map's {name} are written like %d/%m/%Y.")
    return found


def _strings(value: object, name: str, *, least: int = 0) -> tuple[str, ...]:
    several = [value] if isinstance(value, str) else value
    if (
        not isinstance(several, list)
        or len(several) < least
        or not all(isinstance(each, str) for each in several)
    ):
        raise MapRefused(f"The map's {name} is a name, or a list of names.")
    return tuple(several)


def _column(kind: str, row: object) -> Column:
    if not isinstance(row, dict):
        raise MapRefused("Each [[column]] says a field and what it comes from.")
    _refuse_unknown(row, _COLUMN, "A [[column]]")
    name = row.get("field")
    spec = KINDS[kind].get(str(name))
    if spec is None:
        known = ", ".join(KINDS[kind])
        raise MapRefused(f"Of {kind} there is no field {name!r}; the fields are {known}.")
    split = row.get("split", "")
    if not isinstance(split, str) or (split and not spec.many):
        raise MapRefused(f"The field {name} comes once in a row, so it is not split.")
    return Column(
        field=str(name),
        variant=_variant(str(name), spec, row.get("as", "")),
        sources=_strings(row.get("from"), f"from of {name}", least=1),
        values=_values(str(name), spec, row.get("values")),
        split=split,
    )


def _variant(name: str, spec: Field, said: object) -> str:
    if not said:
        if spec.as_needed:
            raise MapRefused(f"The field {name} says as = one of {', '.join(spec.variants)}.")
        return spec.variants[0] if spec.variants else ""
    if said not in spec.variants:
        known = ", ".join(spec.variants) or "nothing"
        raise MapRefused(f"The field {name} may be as {known}, not {said!r}.")
    return str(said)


def _values(name: str, spec: Field, given: object) -> Mapping[str, str] | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise MapRefused(f"The values of {name} are pairs: their code = our word.")
    ours = _our_words(spec)
    for word in given.values():
        if not isinstance(word, str) or (ours and word not in ours):
            raise MapRefused(f"The values of {name} lead to one of {', '.join(ours)}.")
    return {_folded(theirs): word for theirs, word in given.items()}


def _our_words(spec: Field) -> Sequence[str]:
    return ("yes", "no") if spec.sort is Sort.YES else spec.words


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _refuse_twice(kind: str, columns: Sequence[Column]) -> None:
    met = set[tuple[str, str]]()
    for column in columns:
        which = (column.field, column.variant)
        if which in met and not KINDS[kind][column.field].many:
            raise MapRefused(f"The map says twice where {column.field} comes from.")
        met.add(which)


def _refuse_missing(kind: str, columns: Sequence[Column]) -> None:
    mapped = {column.field for column in columns}
    lacking = [name for name, spec in KINDS[kind].items() if spec.needed and name not in mapped]
    if lacking:
        raise MapRefused(f"A map of {kind} says where {' and '.join(lacking)} come from.")
