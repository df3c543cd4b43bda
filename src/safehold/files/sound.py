"""MP3 and Ogg: the frames of sound are kept as they are, the tags are not."""

from __future__ import annotations

import io
from typing import Any

import mutagen
from mutagen.mp3 import MP3
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis

from safehold.files.blanking import moment_in_words, place_in_words
from safehold.files.examination import Limits, Removed
from safehold.files.findings import Findings
from safehold.files.kinds import FileType, mp3_frame

_MEANINGS = {
    "TPE1": Removed.AUTHOR,
    "TCOM": Removed.AUTHOR,
    "artist": Removed.AUTHOR,
    "TDRC": Removed.TIME,
    "TDOR": Removed.TIME,
    "date": Removed.TIME,
    "TSSE": Removed.PROGRAM,
    "TENC": Removed.PROGRAM,
    "encoder": Removed.PROGRAM,
    "APIC": Removed.THUMBNAIL,
    "metadata_block_picture": Removed.THUMBNAIL,
    "COMM": Removed.COMMENT,
    "comment": Removed.COMMENT,
    "GEOB": Removed.EMBEDDED,
    "location": Removed.PLACE,
}


def look(content: bytes, findings: Findings, limits: Limits) -> None:
    """Note the tags, then make a copy without them."""
    if findings.kind is FileType.MP3:
        _note(_mp3_tags(content), findings)
        cleaned = _only_frames(content, findings)
        if cleaned:
            findings.keep(cleaned)
    else:
        _look_ogg(content, findings)


def _mp3_tags(content: bytes) -> Any:
    try:
        return mutagen.File(io.BytesIO(content), options=[MP3]).tags
    except mutagen.MutagenError:
        return None


def _only_frames(content: bytes, findings: Findings) -> bytes:
    """Copy the frames of sound, one behind the other; whatever lies between them is left out."""
    frames = []
    at = 0
    while at < len(content):
        length = mp3_frame(content[at : at + 4])
        follows = at + length
        if length and (follows == len(content) or _starts(content, follows)):
            frames.append(content[at:follows])
            at = follows
        else:
            at = _next_start(content, at + 1)
    cleaned = b"".join(frames)
    if len(cleaned) < len(content) and not findings.removed:
        findings.removed.add(Removed.OTHER)
    return cleaned


def _starts(content: bytes, at: int) -> bool:
    """Say whether a frame starts here, or the tags that end a file."""
    return bool(mp3_frame(content[at : at + 4])) or content[at : at + 3] in (b"TAG", b"APE")


def _next_start(content: bytes, at: int) -> int:
    found = content.find(b"\xff", at)
    return found if found >= 0 else len(content)


def _look_ogg(content: bytes, findings: Findings) -> None:
    """Write the block of tags anew and empty, the maker's name in it included."""
    file = io.BytesIO(content)
    audio = mutagen.File(file, options=[OggOpus, OggVorbis, OggFLAC, OggSpeex])
    if audio is None or audio.tags is None:
        raise mutagen.MutagenError("no sound that we know")
    _note(audio.tags, findings)
    if audio.tags.vendor:
        findings.removed.add(Removed.PROGRAM)
    audio.tags.clear()
    audio.tags.vendor = ""
    if hasattr(audio.tags, "_pad_data"):
        audio.tags._pad_data = b""
    file.seek(0)
    audio.save(file, padding=lambda info: 0)
    findings.keep(file.getvalue())


def _note(tags: Any, findings: Findings) -> None:
    if not tags:
        return
    for key in tags.keys():  # noqa: SIM118 - some tags iterate over pairs
        findings.removed.add(_MEANINGS.get(str(key).partition(":")[0], Removed.DESCRIPTION))
    words = str(tags.pprint()).encode("utf-8", "replace")[:100_000]
    findings.place = place_in_words(words)
    findings.taken_at = moment_in_words(words)
