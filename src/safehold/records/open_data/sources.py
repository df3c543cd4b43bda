"""Find published CSV files in what a person names: a file, a gzip file, a zip file, or a folder."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from safehold.domain.police_uk import FileRefusedError

# The largest month of the largest force is near 40 MB; a zip bomb is far beyond this.
MAX_FILE_BYTES = 512 * 1024 * 1024
ENDINGS = (".csv", ".csv.gz", ".zip")
_GZIP = b"\x1f\x8b"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Source:
    """One CSV file wherever it lies, or a path with the `problem` that kept it from being listed.

    `named` says that a person asked for this very file, not for what surrounds it.
    """

    label: str
    named: bool
    read: Callable[[], bytes] = bytes
    problem: str = ""


def find(paths: Iterable[Path]) -> Iterator[Source]:
    """List the CSV files of the paths, in a stable order; nothing is read before `read()`."""
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path)
        elif not path.exists():
            yield _refused(path, "there is no such file or folder.")
        elif not _has_ending(path):
            yield _refused(path, "it is not a .csv, .csv.gz or .zip file, nor a folder.")
        else:
            yield from _in_file(path, named=True)


def read_file(path: Path) -> bytes:
    """Read a plain or gzip file; raises FileRefusedError where it is damaged or too large."""
    try:
        with path.open("rb") as stream:
            return _decompressed(_limited(stream))
    except OSError as error:
        raise FileRefusedError(f"it cannot be read: {error.strerror or error}.") from error


def _in_folder(folder: Path) -> Iterator[Source]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and _has_ending(path)]
    found = [path for path in found if not _is_litter(path.as_posix())]
    if not found:
        yield _refused(folder, "there is no .csv, .csv.gz or .zip file in this folder.")
    for path in found:
        yield from _in_file(path, named=False)


def _in_file(path: Path, *, named: bool) -> Iterator[Source]:
    if path.suffix.lower() == ".zip":
        yield from _in_zip(path)
    else:
        yield Source(str(path), named, partial(read_file, path))


def _in_zip(path: Path) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(info.filename for info in archive.infolist() if not info.is_dir())
    except (zipfile.BadZipFile, OSError):
        yield _refused(path, "it is not a zip file, or it is cut short.")
        return
    names = [name for name in names if _has_ending(Path(name)) and not _is_litter(name)]
    if not names:
        yield _refused(path, "there is no .csv file in this zip file.")
    for name in names:
        if name.lower().endswith(".zip"):
            problem = "it is a zip file inside a zip file: unpack the outer one first."
            yield Source(f"{path}:{name}", named=False, problem=problem)
        else:
            yield Source(f"{path}:{name}", named=False, read=partial(_read_inside, path, name))


def _read_inside(path: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as stream:
            return _decompressed(_limited(stream))
    except _DAMAGED as error:
        raise FileRefusedError("it is damaged or encrypted inside its zip file.") from error


def _limited(stream: IO[bytes] | gzip.GzipFile) -> bytes:
    content = stream.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise FileRefusedError(f"it is larger than {MAX_FILE_BYTES // 1024**2} MiB.")
    return content


def _decompressed(content: bytes) -> bytes:
    # By what it holds, not by its name: browsers unpack a gzip and keep the ending, or the reverse.
    if not content.startswith(_GZIP):
        return content
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            return _limited(stream)
    except EOFError as error:
        raise FileRefusedError("the gzip file is cut short.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise FileRefusedError("the gzip file is damaged.") from error


def _has_ending(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS)


def _is_litter(name: str) -> bool:
    # What desktop systems leave beside real files.
    return "__MACOSX" in name or name.rsplit("/", 1)[-1].startswith(".")


def _refused(path: Path, problem: str) -> Source:
    return Source(str(path), named=True, problem=problem)
