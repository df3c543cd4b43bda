"""What somebody holds after a seizure: folders, stores, keys, codes, pages; and what lies open.

Nothing here knows what is looked for. Everything that can be read is read: files as bytes, SQLite
files as tables, dumps of PostgreSQL as the script in them, key files as keys.
"""

from __future__ import annotations

import base64
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from nacl.bindings import crypto_scalarmult_base

from safehold.config.backups import postgresql
from safehold.crypto.key_files import PrivateKey, read_private_keys
from safehold.crypto.recipients import FILE_NAME, SEALING, key_id, read_list

Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]
SQLITE = b"SQLite format 3\x00"
A_RUN = re.compile(rb"[\x20-\x7e]{6,}")  # what `strings` would print
A_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


@dataclass(frozen=True)
class Loot:
    """What one attacker holds."""

    folders: tuple[Path, ...] = ()
    tables: tuple[Tables, ...] = ()  # of stores that are no file, as PostgreSQL's are
    codes: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()  # what a site shows to whoever has the code, or the phone


@dataclass
class Opened:
    """What lies open in it before anything is tried."""

    texts: list[str] = field(default_factory=list)  # each a row, a line, or a page
    raw: list[bytes] = field(default_factory=list)  # each a whole file
    rows: dict[str, list[Row]] = field(default_factory=dict)
    keys: dict[bytes, PrivateKey] = field(default_factory=dict)
    salts: set[bytes] = field(default_factory=set)


def flat(text: str) -> str:
    """Write every id in one way: both databases keep them in their own."""
    return A_UUID.sub(lambda found: found[0].replace("-", ""), text)


def take_apart(loot: Loot) -> Opened:
    """Read everything that needs no key."""
    found = Opened(texts=[*map(flat, loot.pages), *loot.codes])
    for tables in loot.tables:
        _add_tables(found, tables)
    for folder in loot.folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                _add_file(found, path)
        for keys in {path.parent for path in folder.rglob("*.key")}:
            _add_keys(found, keys)
        for listed in folder.rglob(FILE_NAME):
            salt = read_list(listed.parent).code_salt
            found.salts |= {salt} if salt else set()
    return found


def _add_file(found: Opened, path: Path) -> None:
    content = path.read_bytes()
    found.raw.append(content)
    if content.startswith(SQLITE):
        _add_tables(found, sqlite_tables(path))
    elif path.suffix == ".dump":
        command = [postgresql.program("pg_restore"), "--file=-", str(path)]
        script = subprocess.run(command, capture_output=True, check=True).stdout
        found.raw.append(script)
        _add_tables(found, dumped_tables(script.decode()))
    elif b"\0" in content:
        # Two rows that lie side by side in a log of SQLite are not one: what parts them is no text.
        found.texts += [flat(run.decode()) for run in A_RUN.findall(content)]
    else:
        found.texts += [flat(line) for line in content.decode(errors="replace").splitlines()]
    # The name of a file tells as well.
    found.texts.append(flat(str(path.name)))


def _add_tables(found: Opened, tables: Tables) -> None:
    for name, rows in tables.items():
        found.rows.setdefault(name, []).extend(rows)
        found.texts += [flat(f"{name}: {as_words(row)}") for row in rows]


def as_words(row: Row) -> str:
    """Give what a row says in clear."""
    return ", ".join(f"{key}={_word(value)}" for key, value in row.items())


def _word(value: Any) -> str:
    return "" if isinstance(value, (bytes, memoryview)) else str(value)


def sqlite_tables(path: Path) -> Tables:
    """Read every table of a file, with what its write-ahead log holds, on a copy."""
    with tempfile.TemporaryDirectory() as folder:
        for part in path.parent.glob(f"{path.name}*"):
            shutil.copyfile(part, Path(folder) / part.name)
        with closing(sqlite3.connect(Path(folder) / path.name)) as store:
            store.row_factory = sqlite3.Row
            names = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {name: _rows(store, name) for (name,) in map(tuple, names)}


def _rows(store: sqlite3.Connection, name: str) -> list[Row]:
    try:
        return [dict(row) for row in store.execute(f'SELECT * FROM "{name}"')]
    except sqlite3.OperationalError:  # a table of an extension that is not here
        return []


def dumped_tables(script: str) -> Tables:
    """Read the rows that a dump of PostgreSQL puts back."""
    found: dict[str, list[Row]] = {}
    pattern = r"^COPY public\.(\w+) \((.*?)\) FROM stdin;\n(.*?)^\\\.$"
    for name, columns, body in re.findall(pattern, script, re.S | re.M):
        keys = [column.strip(' "') for column in columns.split(",")]
        lines = body.splitlines()
        found[name] = [
            dict(zip(keys, map(_value, line.split("\t")), strict=True)) for line in lines
        ]
    return found


def _value(word: str) -> Any:
    if word == r"\N":
        return None
    return bytes.fromhex(word[3:]) if word.startswith(r"\\x") else word


def _add_keys(found: Opened, folder: Path) -> None:
    for purpose in SEALING:
        for private in read_private_keys(folder, purpose=purpose):
            public = crypto_scalarmult_base(private.secret)
            found.keys[key_id(purpose, public)] = private


def identifier(value: Any) -> UUID:
    """Read an id as either database keeps it."""
    return value if isinstance(value, UUID) else UUID(str(value))


def disguises(needle: str) -> Iterator[bytes]:
    """Give a text as it may lie in a file: in clear, as a browser keeps it, as words of base64."""
    plain = needle.encode()
    yield from (plain, needle.encode("utf-16-le"), plain.hex().encode())
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + plain)
        whole = encoded[4 if offset else 0 : len(encoded) // 4 * 4 - 4]
        yield whole
        yield base64.urlsafe_b64encode(b"\0" * offset + plain)[4 if offset else 0 : -4]


def lies_in(needle: str, files: Iterable[bytes]) -> bool:
    """Tell whether a text lies in any of these files, in any of its disguises."""
    looks = tuple(disguises(needle))
    return any(look in content for content in files for look in looks)
