"""The Parquet files of the store: one for each (force, month, kind), replaced whole or not at all.

What was read, kept and refused, and the digest of the published file, travel in the Parquet footer:
the data and its provenance cannot come apart.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from safehold.domain.police_uk import FileName, StreetRow

FORMAT = 1
_FOOTER = b"safehold"
_INCOMING = ".incoming-"

SCHEMA = pa.schema(
    [
        ("row", pa.int32()),
        ("crime_id", pa.string()),
        ("month", pa.string()),
        ("reported_by", pa.string()),
        ("falls_within", pa.string()),
        ("longitude", pa.float64()),
        ("latitude", pa.float64()),
        ("location", pa.string()),
        ("lsoa_code", pa.string()),
        ("lsoa_name", pa.string()),
        ("crime_type", pa.string()),
        ("last_outcome", pa.string()),
        ("context", pa.string()),
        ("force", pa.string()),
        ("file_digest", pa.string()),
    ]
)


class StoreError(RuntimeError):
    """The store cannot be used; the message says which file or why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a partition came from. `digest` is SHA-256 of the CSV as published, unpacked."""

    digest: str
    source: str
    read: int
    kept: int
    refused: dict[str, int]
    without_coordinates: int
    imported_at: str
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Held:
    """A partition that the store holds."""

    partition: FileName
    path: Path
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Staged:
    """A partition written and synced beside its place, not yet visible."""

    partition: FileName
    incoming: Path
    place: Path


def digest_of(content: bytes) -> str:
    """Return the identity of a published file."""
    return hashlib.sha256(content).hexdigest()


def place_of(root: Path, partition: FileName) -> Path:
    """Return where a partition lies under the store's folder."""
    return root / partition.kind / partition.force / f"{partition.month}.parquet"


def provenance_of(path: Path) -> Provenance | None:
    """Read the provenance of a partition; None where there is none that this version can read."""
    try:
        footer = pq.read_metadata(path).metadata or {}
        found = json.loads(footer[_FOOTER])
        return Provenance(**found) if found.get("format") == FORMAT else None
    except (OSError, pa.ArrowInvalid, KeyError, TypeError, ValueError):
        return None


def stage(
    root: Path, partition: FileName, rows: Sequence[StreetRow], provenance: Provenance
) -> Staged:
    """Write a partition beside its place and wait until it is on the disk."""
    place = place_of(root, partition)
    place.parent.mkdir(parents=True, exist_ok=True)
    incoming = place.with_name(f"{_INCOMING}{uuid4().hex}")
    footer = {_FOOTER: json.dumps(asdict(provenance), sort_keys=True)}
    table = _table(rows, partition, provenance.digest).replace_schema_metadata(footer)
    with incoming.open("wb") as stream:
        pq.write_table(table, stream, compression="zstd")
        _sync(stream)
    return Staged(partition, incoming, place)


def publish(staged: Sequence[Staged]) -> None:
    """Put staged partitions in place, each in one step."""
    for one in staged:
        os.replace(one.incoming, one.place)
    for folder in {one.place.parent for one in staged}:
        _sync_folder(folder)


def discard(staged: Sequence[Staged]) -> None:
    """Remove what was staged and not published."""
    for one in staged:
        one.incoming.unlink(missing_ok=True)


@contextmanager
def only_writer(root: Path) -> Iterator[None]:
    """Hold the store for one import; raises StoreError where another import runs."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = (root / ".lock").open("a")
    except OSError as error:
        raise StoreError(f"The folder {root} cannot be written: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError("Another import is running. Try again when it has ended.") from None
        for leftover in root.rglob(f"{_INCOMING}*"):
            leftover.unlink(missing_ok=True)
        yield


def held(root: Path) -> list[Held]:
    """List the partitions of the store by kind, force and month.

    Raises StoreError naming a file that is damaged or was written by another version.
    """
    found = []
    for path in files(root):
        provenance = provenance_of(path)
        if provenance is None:
            raise StoreError(f"{path} is damaged or of another version. Import its month again.")
        partition = FileName(path.stem, path.parent.name, path.parent.parent.name)
        found.append(Held(partition, path, provenance))
    return found


def files(root: Path) -> list[Path]:
    """List the Parquet files of the store."""
    return sorted(root.glob("*/*/*.parquet"))


def version(root: Path) -> str:
    """Return a text that differs whenever a partition was added, replaced or removed."""
    seen = hashlib.sha256()
    for path in files(root):
        status = path.stat()
        seen.update(f"{path} {status.st_ino} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:16]


def timestamp(at: datetime) -> str:
    """Write a moment as provenance holds it."""
    return at.isoformat(timespec="seconds")


def _table(rows: Sequence[StreetRow], partition: FileName, digest: str) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(StreetRow._fields)
    named: dict[str, Sequence[Any]] = dict(zip(StreetRow._fields, columns, strict=True))
    named["force"] = [partition.force] * len(rows)
    named["file_digest"] = [digest] * len(rows)
    arrays = [pa.array(named[field.name], type=field.type) for field in SCHEMA]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _sync(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
