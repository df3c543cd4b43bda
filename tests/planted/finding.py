"""Find planted words in whatever was written, in every form in which it is likely to stand."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import io
import lzma
import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import brotli
import psycopg

from tests.planted.words import PLANTED, is_planted, planted_phrases

AT_ONCE = 64 * 2**20
OVERLAP = 4_096
DEEPEST = 3
A_LINE = 2**16
# Of long content: what a copy shares with what was clean before is looked at once.
PIECE = 2**14
REACH = 1_024  # longer than any needle: what begins in a piece ends in what is read beyond it
MOST_UNPACKED = 64 * 2**20
DIGITS = re.compile(rb"(?<![0-9])[0-9]{4}(?:[ \-+]?[0-9]{4}){3}(?![0-9])")
# What stands before a stream of zlib in a PDF, a PNG or a pack.
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


@dataclass(frozen=True, order=True)
class Hit:
    """A planted word, the form in which it was found, and where."""

    where: str
    word: str
    form: str

    def __str__(self) -> str:
        return f"{self.word} ({self.form}) in {self.where}"


@dataclass(frozen=True)
class _Needle:
    word: str
    form: str
    sought: bytes
    folded: bool  # sought in the content with its capitals made small


def _in_base64(written: bytes) -> Iterator[bytes]:
    """Give what of it stands in base64 wherever it begins: at each of three offsets."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + written)
        first = -(-before * 8 // 6)
        yield coded[first : (before + len(written)) * 8 // 6]


_CLEAN: set[bytes] = set()


@cache
def _needles() -> tuple[_Needle, ...]:
    """Give each spelling in each form; folded ones stand for any mixture of capitals."""
    made: dict[tuple[bytes, bool], _Needle] = {}
    for word, spellings in PLANTED.items():
        for spelling in spellings:
            for needle in _of(word, spelling):
                made.setdefault((needle.sought, needle.folded), needle)
    return tuple(made.values())


def _of(word: str, spelling: str) -> Iterator[_Needle]:
    yield _Needle(word, "as typed", spelling.encode(), True)
    wide = spelling.encode("utf-16-le")[:-1]  # without its last byte it is the other order's too
    yield _Needle(word, "utf-16", wide, True)
    # The first letter may be a capital and the rest not, which the rest alone covers.
    rest = spelling[1:]
    for written in {rest, rest.upper()}:
        yield _Needle(word, "hexadecimal", written.encode().hex().encode(), True)
        for coded in _in_base64(written.encode()):
            yield _Needle(word, "base64", coded, False)
            yield _Needle(word, "base64", coded.replace(b"+", b"-").replace(b"/", b"_"), False)
        for coded in _in_base64(written.encode("utf-16-le")):
            yield _Needle(word, "base64 of utf-16", coded, False)
        percent = "".join(f"%{byte:02x}" for byte in written.encode())
        yield _Needle(word, "percent", percent.encode(), True)
        entities = "".join(f"&#{ord(letter)};" for letter in written)
        yield _Needle(word, "entities", entities.encode(), True)
        escaped = "".join(f"\\u{ord(letter):04x}" for letter in written)
        yield _Needle(word, "escapes", escaped.encode(), True)
    yield _Needle(word, "backwards", spelling[::-1].encode(), True)


def found_in(content: bytes, *, phrases: bool = True) -> list[tuple[str, str]]:
    """Return the planted words in some bytes, each with its form; codes of words if short."""
    small = content.lower()
    found = [
        (needle.word, needle.form)
        for needle in _needles()
        if needle.sought in (small if needle.folded else content)
    ]
    if any(is_planted(figures) for figures in DIGITS.findall(content)):
        found.append(("a code", "figures"))
    if phrases and len(content) < A_LINE and any(phrase in small for phrase in planted_phrases()):
        found.append(("a code", "words"))
    return sorted(set(found))


def _found_in_pieces(content: bytes) -> list[tuple[str, str]]:
    """Return what `found_in` does, passing by the pieces that were found clean before.

    Every store is a copy of one template and differs from it in few pages.
    """
    found: set[tuple[str, str]] = set()
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE + REACH]
        digest = hashlib.blake2b(piece, digest_size=16).digest()
        if digest in _CLEAN:
            continue
        here = found_in(piece, phrases=False)
        found.update(here)
        # Figures may be a code that is drawn later.
        if not here and not DIGITS.search(piece):
            _CLEAN.add(digest)
    return sorted(found)


def look(content: bytes, where: str, *, depth: int = 0) -> Iterator[Hit]:
    """Find planted words in bytes, and in what is packed in them."""
    for word, form in found_in(content) if len(content) < A_LINE else _found_in_pieces(content):
        yield Hit(where, word, form)
    if depth < DEEPEST:
        for name, inner in _unpacked(content):
            yield from look(inner, f"{where} > {name}", depth=depth + 1)


def look_in_file(path: Path) -> Iterator[Hit]:
    """Find planted words in a file and in its name."""
    where = str(path)
    for word, form in found_in(path.name.encode("utf-8", "surrogateescape")):
        yield Hit(where, word, f"{form}, in its name")
    with suppress(FileNotFoundError, PermissionError):
        if path.stat().st_size <= AT_ONCE:
            yield from look(path.read_bytes(), where)
            return
        with path.open("rb") as opened:
            before = b""
            while part := opened.read(AT_ONCE):
                for word, form in found_in(before + part):
                    yield Hit(where, word, form)
                before = part[-OVERLAP:]


def look_in_folder(folder: Path) -> Iterator[Hit]:
    """Find planted words in every file of a folder, and in the names of its folders."""
    for place, folders, files in os.walk(folder):
        for name in folders:
            for word, form in found_in(name.encode("utf-8", "surrogateescape")):
                yield Hit(f"{place}/{name}", word, f"{form}, in its name")
        for name in files:
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield from look_in_file(path)


def look_in_postgresql(connection: psycopg.Connection[Any], name: str) -> Iterator[Hit]:
    """Find planted words in every row of every table of a database, bytes as they stand."""
    tables = connection.execute(
        "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    ).fetchall()
    for (table,) in tables:
        query = f"SELECT * FROM {table}"  # a name that the database quoted itself
        cursor = connection.execute(query)  # type: ignore[arg-type] # no literal, for the name
        for row in cursor:
            # Each by itself: what is packed is known by how it begins.
            for value in row:
                raw = isinstance(value, bytes | memoryview)
                held = bytes(value) if raw else str(value).encode()
                yield from _look_once(held, f"{name}: {table}")


def _look_once(held: bytes, where: str) -> Iterator[Hit]:
    """Find planted words in what was not found clean before: most of a copy is its template's."""
    digest = hashlib.blake2b(held, digest_size=16).digest()
    if digest in _CLEAN:
        return
    hits = list(look(held, where))
    if not hits:
        _CLEAN.add(digest)
    yield from hits


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    # What claims to be packed and is not, is not: it was searched as it stands.
    with suppress(Exception):
        yield from _archive(content)
    yield from _streams(content)


def _archive(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content[:2] == b"\x1f\x8b":
        yield "gzip", gzip.GzipFile(fileobj=io.BytesIO(content)).read(MOST_UNPACKED)
    elif content[:6] == b"\xfd7zXZ\0":
        yield "xz", lzma.LZMADecompressor().decompress(content, MOST_UNPACKED)
    elif content[:3] == b"BZh":
        yield "bzip2", bz2.BZ2Decompressor().decompress(content, MOST_UNPACKED)
    elif content[:4] == b"PK\x03\x04":
        yield from _zipped(content)
    elif content[257:262] == b"ustar":
        yield from _in_tar(content)


def _zipped(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for each in packed.infolist():
            if each.file_size <= MOST_UNPACKED:
                yield f"zip: {each.filename}", packed.read(each)


def _in_tar(content: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        for member in packed:
            opened = packed.extractfile(member) if member.isfile() else None
            if opened is not None:
                yield f"tar: {member.name}", opened.read(MOST_UNPACKED)


def _streams(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give what is squeezed inside other formats: PDF, PNG; and a body in gzip or Brotli."""
    if content[:5] == b"%PDF-" or content[:8] == b"\x89PNG\r\n\x1a\n":
        starts = chain.from_iterable(
            (found.start() for found in re.finditer(re.escape(mark), content)) for mark in _ZLIB
        )
        for start in starts:
            with suppress(zlib.error):
                unpacked = zlib.decompressobj().decompress(content[start:], MOST_UNPACKED)
                yield "zlib", unpacked


def look_in_body(content: bytes, coding: str, where: str) -> Iterator[Hit]:
    """Find planted words in the body of an answer, whatever its content coding."""
    if coding == "br":
        content = brotli.decompress(content)
    elif coding == "gzip":
        content = gzip.decompress(content)
    yield from look(content, where)
