"""What a police.uk street file is: its name, its header, and the rules that one row must meet.

The published files hold one record on each line, so a stray quotation mark can spoil one row and
never the rows that follow it. Field names: https://data.police.uk/about/
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from safehold import rules
from safehold.domain import place_names, positions

STREET = "street"
KINDS = (STREET, "outcomes", "stop-and-search")
STREET_HEADER = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
MAX_LINE_BYTES = 65_536
MAX_FIELD_CHARACTERS = 500

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_NAME = re.compile(rf"({_MONTH.pattern})-([a-z][a-z0-9-]*?)-({'|'.join(KINDS)})")
_DECIMAL = re.compile(r"-?\d{1,3}(?:\.\d{1,15})?")
_CRIME_ID = re.compile(r"[0-9a-f]{64}")
# Controls, and the marks that make text read backwards on a page.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NEAR = "on or near "
_BOM = b"\xef\xbb\xbf"
_LINE_ENDS = (b"\n", b"\r")


class FileRefusedError(ValueError):
    """A file that is not one that we can import; the message is one clear sentence."""


class Reason(StrEnum):
    """Why a row is refused, as the import report says it."""

    TOO_LONG = f"the row is longer than {MAX_LINE_BYTES:,} bytes"
    NOT_UTF8 = "the text is not UTF-8"
    UNPRINTABLE = "the row holds control characters"
    QUOTES = "a quotation mark is never closed"
    FIELD_COUNT = f"the row does not have {len(STREET_HEADER)} fields"
    LONG_FIELD = f"a field is longer than {MAX_FIELD_CHARACTERS} characters"
    MONTH_SHAPE = "the month is not a year and month such as 2025-01"
    OTHER_MONTH = "the month is not the one in the file's name"
    NO_CRIME_TYPE = "the crime type is empty"
    CRIME_ID = "the crime ID is not 64 hexadecimal digits"
    HALF_A_POINT = "only one of longitude and latitude is given"
    NOT_A_NUMBER = "the longitude or latitude is not a number"
    SWAPPED = positions.Fault.SWAPPED.value
    NOT_DEGREES = positions.Fault.NOT_DEGREES.value
    OUTSIDE_UK = positions.Fault.OUTSIDE_UK.value


class RowRefusedError(ValueError):
    """One row that breaks a rule."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class FileName(NamedTuple):
    """What the name of a published file says of it: `2025-01`, `hertfordshire`, `street`."""

    month: str
    force: str
    kind: str


class StreetRow(NamedTuple):
    """One crime or incident as published; None where nothing was given. Degrees are WGS 84."""

    row: int
    crime_id: str | None
    month: str
    reported_by: str | None
    falls_within: str | None
    longitude: float | None
    latitude: float | None
    location: str | None
    lsoa_code: str | None
    lsoa_name: str | None
    crime_type: str
    last_outcome: str | None
    context: str | None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not kept: its number (the first after the header is 1), why, and its text."""

    row: int
    reason: Reason
    original: str


@dataclass(slots=True)
class StreetFile:
    """What one street file holds."""

    kept: list[StreetRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Count the rows met, kept or not."""
        return len(self.kept) + len(self.refused)

    @property
    def refused_by_reason(self) -> dict[str, int]:
        """Count the refused rows of each reason, most frequent first."""
        counts = Counter(str(row.reason) for row in self.refused)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class PoliceUkRules:
    """What the publisher says of the data: its classes, its limits and the licence line."""

    version: str
    crime_types: tuple[str, ...]
    limits: tuple[str, ...]
    attribution: str


def published_rules() -> PoliceUkRules:
    """Return what `rules/police_uk.toml` says of the data."""
    found = rules.load("police_uk")
    return PoliceUkRules(
        version=found.version,
        crime_types=tuple(found.tables["crime_types"]),
        limits=tuple(found.tables["limits"]),
        attribution=str(found.tables["attribution"]),
    )


def parse_name(name: str) -> FileName:
    """Read month, force and kind from a file's name; a path and endings may surround it.

    Raises FileRefusedError where the name is not one that police.uk gives.
    """
    stem = last_part(name)
    stem = re.sub(r"\.csv(\.gz)?$", "", stem, flags=re.IGNORECASE)
    match = _NAME.fullmatch(stem)
    if match is None:
        raise FileRefusedError(
            "its name does not say which month and force it holds, "
            "as in 2025-01-hertfordshire-street.csv."
        )
    return FileName(*match.groups())


def last_part(label: str) -> str:
    """Return the name of a file without its folders and without the zip file that it lies in."""
    return re.split(r"[/\\:]", label)[-1]


def place_name(location: str) -> str:
    """Return the name in a published location: `On or near High Street` is `High Street`."""
    name = place_names.tidy(location)
    return name[len(_NEAR) :] if name.lower().startswith(_NEAR) else name


def is_month(text: str) -> bool:
    """Tell whether a text is a year and month such as 2025-01."""
    return _MONTH.fullmatch(text) is not None


def read_street(content: bytes, *, month: str) -> StreetFile:
    """Read a street file of one month, keeping every sound row and refusing the others by name.

    Rows that are exact copies of another are kept: the publisher repeats real events.
    Raises FileRefusedError for an empty file, a wrong header, a file that ends inside a row, or no
    row that can be kept.
    """
    lines = content.removeprefix(_BOM).splitlines()
    check_header(lines[0] if lines else b"")
    if len(lines) > 1 and not content.endswith(_LINE_ENDS):
        # The publisher ends every line; what went missing after this one would go unnoticed.
        raise FileRefusedError("the file ends in the middle of a row: it was cut off.")
    result = StreetFile()
    for number, line in _records(lines):
        try:
            result.kept.append(parse_street_row(line, number=number, month=month))
        except RowRefusedError as refusal:
            result.refused.append(RefusedRow(number, refusal.reason, _as_text(line)))
    _check_something_kept(result)
    return result


def check_header(line: bytes) -> None:
    """Check the first line of a street file; raises FileRefusedError saying what differs."""
    if not line.strip():
        raise FileRefusedError("it is empty.")
    try:
        found = [name.strip() for name in _split(line.decode("utf-8"))]
    except (UnicodeDecodeError, RowRefusedError):
        raise FileRefusedError("its first line is not a police.uk header.") from None
    if "Outcome type" in found and found[0] == "Crime ID":
        raise FileRefusedError("it holds outcomes, though its name says street.")
    missing = [name for name in STREET_HEADER if name not in found]
    if len(missing) == len(STREET_HEADER):
        raise FileRefusedError("its first line is not a police.uk header.")
    if missing:
        raise FileRefusedError(f"its header lacks {_in_words(missing)}.")
    if tuple(found) != STREET_HEADER:
        raise FileRefusedError("its header has other columns, or another order, than police.uk's.")


def parse_street_row(line: bytes, *, number: int, month: str) -> StreetRow:
    """Read one row of a file of `month`; raises RowRefusedError with the first broken rule."""
    fields = [text.strip() or None for text in _split(_decoded(line))]
    if len(fields) != len(STREET_HEADER):
        raise RowRefusedError(Reason.FIELD_COUNT)
    crime_id, row_month, reporter, within, longitude, latitude, *rest = fields
    location, lsoa_code, lsoa_name, crime_type, outcome, context = rest
    if row_month != month:
        other = is_month(row_month or "")
        raise RowRefusedError(Reason.OTHER_MONTH if other else Reason.MONTH_SHAPE)
    if crime_type is None:
        raise RowRefusedError(Reason.NO_CRIME_TYPE)
    if crime_id is not None and _CRIME_ID.fullmatch(crime_id) is None:
        raise RowRefusedError(Reason.CRIME_ID)
    point = _point(longitude, latitude)
    return StreetRow(
        number,
        crime_id,
        month,
        reporter,
        within,
        *point,
        location,
        lsoa_code,
        lsoa_name,
        crime_type,
        outcome,
        context,
    )


def _records(lines: list[bytes]) -> Iterator[tuple[int, bytes]]:
    # A blank line is no row, yet it keeps its number: numbers must lead back to the published file.
    for number, line in enumerate(lines[1:], 1):
        if line.strip():
            yield number, line


def _decoded(line: bytes) -> str:
    if len(line) > MAX_LINE_BYTES:
        raise RowRefusedError(Reason.TOO_LONG)
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise RowRefusedError(Reason.NOT_UTF8) from None
    if not text.isprintable() and _UNPRINTABLE.search(text):
        raise RowRefusedError(Reason.UNPRINTABLE)
    return text


def _split(text: str) -> list[str]:
    if '"' in text:
        try:
            fields = next(csv.reader([text], strict=True))
        except csv.Error:
            raise RowRefusedError(Reason.QUOTES) from None
    else:
        fields = text.split(",")
    if len(text) > MAX_FIELD_CHARACTERS and max(map(len, fields)) > MAX_FIELD_CHARACTERS:
        raise RowRefusedError(Reason.LONG_FIELD)
    return fields


def _point(longitude: str | None, latitude: str | None) -> tuple[float | None, float | None]:
    if longitude is None and latitude is None:
        return None, None
    if longitude is None or latitude is None:
        raise RowRefusedError(Reason.HALF_A_POINT)
    if not (_DECIMAL.fullmatch(longitude) and _DECIMAL.fullmatch(latitude)):
        raise RowRefusedError(Reason.NOT_A_NUMBER)
    point = float(longitude), float(latitude)
    if (found := positions.fault(*point)) is not None:
        raise RowRefusedError(Reason(found.value))
    return point


def _check_something_kept(result: StreetFile) -> None:
    if result.kept:
        return
    if not result.refused:
        raise FileRefusedError("it has a header and no rows.")
    reason = next(iter(result.refused_by_reason))
    raise FileRefusedError(f"none of its {result.read:,} rows can be kept; mostly, {reason}.")


def _as_text(line: bytes) -> str:
    if len(line) <= MAX_LINE_BYTES:
        return line.decode("utf-8", errors="backslashreplace")
    start = line[:MAX_FIELD_CHARACTERS].decode("utf-8", errors="backslashreplace")
    return f"{start}… ({len(line):,} bytes)"


def _in_words(names: Iterable[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
