"""Reading an extract: held whole against its map first, then row by row, in bounded memory.

The first reading finds what spoils a file as a whole (another encoding, a lost column, an end in
the middle of a row) and which keys come twice, before anything is written. It keeps keyed digests
alone, in a temporary store that nothing else can open.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from safehold.domain.column_maps import ColumnMap
from safehold.domain.extract_rows import Reading, RowReader

_BLOCK = 1 << 20
LONGEST_CELL = 1 << 20
_UTF_8 = "utf-8-sig"
_ANY_DAY = Reading(date.max, ZoneInfo("UTC"))  # a key is read alike on every day


class FileRefused(ValueError):
    """The file cannot be taken as a whole; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One row as it stands: where it ends, and its cells by column; None where it is misshapen."""

    line: int
    cells: dict[str, str] | None


@dataclass
class Checked:
    """A file that was read once: its digest, its rows, and the keys that come twice."""

    path: Path
    digest: str
    rows: int
    ends_openly: bool
    _keys: sqlite3.Connection = field(repr=False)
    _salt: bytes = field(repr=False)

    def twice(self, line: int, key: str) -> str:
        """Say how a row's key comes twice: "other" with other words, "same" as an earlier line."""
        found = self._keys.execute(
            "SELECT line, other FROM met WHERE key = ?", [_mark(self._salt, key)]
        ).fetchone()
        if found is None or not key:
            return ""
        if found[1]:
            return "other"
        return "same" if found[0] != line else ""


@contextmanager
def checked(path: Path, by: ColumnMap, *, rows: int | None = None) -> Iterator[Checked]:
    """Read a file once, whole. Raises FileRefused with one sentence where it cannot be taken.

    `rows` is how many the source says that there are, where somebody gave it.
    """
    with _opened(path) as stream:
        digest, ends_openly = _bytes(stream, by)
    salt, reader = secrets.token_bytes(32), RowReader(by, _ANY_DAY)
    keys = sqlite3.connect("")  # a file of its own that is gone when it is closed
    try:
        keys.execute("CREATE TABLE met (key BLOB PRIMARY KEY, says BLOB, line INT, other INT)")
        count, last = 0, Cells(0, {})
        for last in read(path, by):
            count += 1
            if last.cells is not None and (key := reader.key_of(last.cells)):
                _meet(keys, _mark(salt, key), _mark(salt, repr(last.cells)), last.line)
        if count == 0:
            raise FileRefused("It has a header and not one row.")
        if last.cells is None:
            raise FileRefused(
                f"Its last row, line {last.line:,}, is not as long as its header: it is cut short."
            )
        if rows is not None and rows != count:
            raise FileRefused(f"It has {count:,} rows, and the source says {rows:,}.")
        yield Checked(path, digest, count, ends_openly, keys, salt)
    finally:
        keys.close()


def read(path: Path, by: ColumnMap) -> Iterator[Cells]:
    """Read a file's rows in order. Raises FileRefused as `checked` does."""
    with _opened(path) as stream:
        text = TextIOWrapper(stream, encoding=by.encoding, errors="strict", newline="")
        csv.field_size_limit(LONGEST_CELL)
        rows = csv.reader(text, delimiter=by.delimiter, strict=True)
        try:
            header = [name.strip() for name in next(rows, [])]
            _refuse_header(header, by)
            for cells in rows:
                if not cells:
                    continue  # a line with nothing on it
                whole = len(cells) == len(header)
                given = dict(zip(header, cells, strict=True)) if whole else None
                yield Cells(rows.line_num, given and {name: given[name] for name in by.named})
        except UnicodeDecodeError as error:
            line = rows.line_num + 1
            raise FileRefused(
                f"It is not in {by.encoding} near line {line:,}, as the map says that it is."
            ) from error
        except csv.Error as error:
            raise FileRefused(_csv_words(str(error), rows.line_num)) from error


def _csv_words(error: str, line: int) -> str:
    if "unexpected end" in error:
        return f"It ends in the middle of a quoted cell, on line {line:,}: it is cut short."
    if "field larger" in error:
        return f"A cell near line {line:,} is longer than any cell may be: a quote is never closed."
    return f"Line {line:,} is not CSV with the map's delimiter."


def _refuse_header(header: list[str], by: ColumnMap) -> None:
    if not any(header):
        raise FileRefused("It has no header.")
    for name in by.named:
        if name not in header:
            raise FileRefused(f"Its header has no column {name!r}, which the map names.")
        if header.count(name) > 1:
            raise FileRefused(f"Its header has the column {name!r} twice.")


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise FileRefused(f"It cannot be read: {error.strerror or error}.") from error


def _bytes(stream: BinaryIO, by: ColumnMap) -> tuple[str, bool]:
    """Return the digest of a file and whether its last line has no end."""
    digest, last, size = hashlib.sha256(), b"", 0
    utf_8 = _LooksLikeUtf8()
    while block := stream.read(_BLOCK):
        digest.update(block)
        utf_8.feed(block)
        last, size = block[-2:], size + len(block)
    if size == 0:
        raise FileRefused("It is empty.")
    if utf_8.told and by.encoding not in {_UTF_8, "utf-16"}:
        raise FileRefused(f"It is in UTF-8, and the map says {by.encoding}.")
    return digest.hexdigest(), b"\n" not in last


class _LooksLikeUtf8:
    """Whether bytes hold letters beyond ASCII, and all of them are UTF-8."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._fails = False
        self._beyond = False

    @property
    def told(self) -> bool:
        return self._beyond and not self._fails

    def feed(self, block: bytes) -> None:
        if self._fails:
            return
        self._beyond = self._beyond or not block.isascii()
        try:
            self._decoder.decode(block)
        except UnicodeDecodeError:
            self._fails = True


def _mark(salt: bytes, text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=salt, digest_size=16).digest()


def _meet(keys: sqlite3.Connection, key: bytes, says: bytes, line: int) -> None:
    with suppress(sqlite3.IntegrityError):
        keys.execute("INSERT INTO met VALUES (?, ?, ?, 0)", [key, says, line])
        return
    keys.execute("UPDATE met SET other = 1 WHERE key = ? AND says != ?", [key, says])
