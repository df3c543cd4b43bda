"""Films in sign language and pages of easy words that an installation puts into its data folder.

`media/public/SLOT/` holds `signed.mp4` (or .webm), `signed.vtt` with its captions and `signed.txt`
with its transcript: all three, or none is shown. `easy-read.toml` and its pictures make a page.
Neither is shown before the profile names who approved exactly that version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from safehold.domain.languages import DIGEST_LENGTH, Approval
from safehold.domain.other_forms import (
    EASY,
    SIGNED,
    SLOTS,
    Easy,
    NotEasy,
    has_captions,
    read_easy,
)

FOLDER: Final = "media/public"
FILMS: Final = {".mp4": "video/mp4", ".webm": "video/webm"}
PICTURES: Final = {".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}
CAPTIONS: Final = "text/vtt; charset=utf-8"
_MOST_TEXT: Final = 200_000  # bytes; what is longer is no transcript


class NotThere(LookupError):
    """Nothing that may be shown lies at this name."""


class Unfit(ValueError):
    """What lies in a slot cannot be shown; the message says why."""


@dataclass(frozen=True, slots=True)
class Film:
    """A film that may be shown; `file` and `captions` are names in an address, `size` is bytes."""

    file: str
    kind: str
    captions: str
    size: int
    transcript: tuple[str, ...]

    @property
    def megabytes(self) -> str:
        """Say how heavy it is."""
        return f"{max(self.size / 1_000_000, 0.1):.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Forms:
    """The other forms of the words about one subject; `easy` is the address of a page."""

    film: Film | None = None
    easy: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is sent."""

    path: Path
    kind: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What lies in a slot, for whoever looks after it: its version, or what is wrong with it."""

    slot: str
    form: str
    digest: str = ""
    wrong: str = ""
    approval: Approval | None = None


def forms(slot: str, *, data: Path, approvals: Sequence[Approval]) -> Forms:
    """What may be shown beside the words about a subject?"""
    folder, number = data / FOLDER / slot, SLOTS[slot]
    signed, easy = (_standing(slot, form, folder, approvals) for form in (SIGNED, EASY))
    film = _film(folder, number) if signed and signed.approval else None
    return Forms(film, f"/easy/{number}/" if easy and easy.approval else "")


def file(name: str, *, data: Path, approvals: Sequence[Approval]) -> File:
    """Which file does a name in an address mean? Raises NotThere."""
    for slot, number in SLOTS.items():
        if name.startswith((f"{number}.", f"{number}-")):
            folder = data / FOLDER / slot
            shown = _shown(slot, folder, number, approvals)
            if name in shown:
                return shown[name]
    raise NotThere("There is no such file.")


def easy_words(number: int, *, data: Path, approvals: Sequence[Approval]) -> Easy:
    """What does the page of easy words with this number say? Raises NotThere."""
    for slot, its_number in SLOTS.items():
        if its_number == number:
            folder = data / FOLDER / slot
            found = _standing(slot, EASY, folder, approvals)
            if found and found.approval:
                return _easy(folder)
    raise NotThere("There is no such page.")


def standings(*, data: Path, approvals: Sequence[Approval]) -> Iterator[Standing]:
    """What lies in each slot, and what keeps it from being shown?"""
    for slot in SLOTS:
        for form in (SIGNED, EASY):
            found = _standing(slot, form, data / FOLDER / slot, approvals)
            if found is not None:
                yield found


def _standing(slot: str, form: str, folder: Path, approvals: Sequence[Approval]) -> Standing | None:
    try:
        files = _files(form, folder)
    except Unfit as error:
        return Standing(slot, form, wrong=str(error))
    if not files:
        return None
    version = _digest(tuple((path, *_stamp(path)) for path in files))
    read = ((a.language, a.part, a.digest) == (form, slot, version) for a in approvals)
    approval = next((a for a, fits in zip(approvals, read, strict=True) if fits), None)
    return Standing(slot, form, version, approval=approval)


def _files(form: str, folder: Path) -> list[Path]:
    if form == SIGNED:
        return _film_files(folder)
    if not (folder / "easy-read.toml").is_file():
        return []
    pictures = [folder / line.picture for line in _easy(folder).lines if line.picture]
    for picture in pictures:
        if not picture.is_file():
            raise Unfit(f"easy-read.toml names {picture.name}, which is not there.")
    return [folder / "easy-read.toml", *pictures]


def _film_files(folder: Path) -> list[Path]:
    film = _film_path(folder)
    if film is None:
        return []
    captions, transcript = folder / "signed.vtt", folder / "signed.txt"
    if not has_captions(_text(captions)):
        raise Unfit("signed.vtt, with its captions, is not there or has none.")
    if not _text(transcript).strip():
        raise Unfit("signed.txt, with its transcript, is not there or is empty.")
    return [film, captions, transcript]


def _film_path(folder: Path) -> Path | None:
    found = (folder / f"signed{ending}" for ending in FILMS)
    return next((path for path in found if path.is_file()), None)


def _film(folder: Path, number: int) -> Film | None:
    path = _film_path(folder)
    if path is None:
        return None
    return Film(
        file=f"{number}{path.suffix}",
        kind=FILMS[path.suffix],
        captions=f"{number}.vtt",
        size=path.stat().st_size,
        transcript=tuple(
            " ".join(each.split()) for each in _text(folder / "signed.txt").split("\n\n")
        ),
    )


def _shown(slot: str, folder: Path, number: int, approvals: Sequence[Approval]) -> dict[str, File]:
    shown = {}
    signed, easy = (_standing(slot, form, folder, approvals) for form in (SIGNED, EASY))
    film = _film_path(folder)
    if film is not None and signed and signed.approval:
        shown[f"{number}{film.suffix}"] = File(film, FILMS[film.suffix])
        shown[f"{number}.vtt"] = File(folder / "signed.vtt", CAPTIONS)
    if easy and easy.approval:
        for line in _easy(folder).lines:
            if line.picture:
                path = folder / line.picture
                shown[f"{number}-{line.picture}"] = File(path, PICTURES[path.suffix])
    return shown


def _easy(folder: Path) -> Easy:
    try:
        return read_easy(_text(folder / "easy-read.toml"))
    except NotEasy as error:
        raise Unfit(f"easy-read.toml cannot be shown. {error}") from error


def _text(path: Path) -> str:
    if not path.is_file():
        return ""
    return _read(path, *_stamp(path))


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _read(path: Path, changed: int, size: int) -> str:
    if size > _MOST_TEXT:
        return ""
    return path.read_text(encoding="utf-8", errors="replace")


@lru_cache(maxsize=64)
def _digest(files: tuple[tuple[Path, int, int], ...]) -> str:
    """Give the version of some files; read whole once, and again when one of them changes."""
    version = hashlib.sha256()
    for path, _, size in files:
        version.update(f"{path.name} {size}\n".encode())
        with path.open("rb") as content:
            version.update(hashlib.file_digest(content, "sha256").digest())
    return version.hexdigest()[:DIGEST_LENGTH]
