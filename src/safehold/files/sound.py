"""MP3 and Ogg: the tags are taken out, the sound stays as it is."""

from __future__ import annotations

import io
from typing import Any

import mutagen
import mutagen.apev2
import mutagen.id3
from mutagen.mp3 import MP3
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis

from safehold.files import gps
from safehold.files.blanking import moment_in_words, place_in_words
from safehold.files.examination import Limits, Removed
from safehold.files.findings import Findings
from safehold.files.kinds import FileType

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
_MOST_ROUNDS = 8


def look(content: bytes, findings: Findings, limits: Limits) -> None:
    """Note the tags, then take them out of a copy in memory."""
    if findings.kind is FileType.MP3:
        _note(_mp3_tags(content), findings)
        findings.keep(_without_mp3_tags(content, findings))
    else:
        _look_ogg(content, findings)


def _mp3_tags(content: bytes) -> Any:
    try:
        return mutagen.File(io.BytesIO(content), options=[MP3]).tags
    except mutagen.MutagenError:
        return None


def _without_mp3_tags(content: bytes, findings: Findings) -> bytes:
    """Delete until nothing more is found: tags can be stacked."""
    for _ in range(_MOST_ROUNDS):
        file = io.BytesIO(content)
        mutagen.id3.delete(file)
        mutagen.apev2.delete(file)
        cleaned = file.getvalue()
        if cleaned == content:
            return cleaned
        findings.removed |= set() if findings.removed else {Removed.OTHER}
        content = cleaned
    raise mutagen.MutagenError("tags without end")


def _look_ogg(content: bytes, findings: Findings) -> None:
    kinds = [OggOpus, OggVorbis, OggFLAC, OggSpeex]
    file = io.BytesIO(content)
    audio = mutagen.File(file, options=kinds)
    if audio is None:
        raise mutagen.MutagenError("no sound that we know")
    _note(audio.tags, findings)
    if audio.tags:
        file.seek(0)
        audio.delete(file)
    findings.keep(file.getvalue())


def _note(tags: Any, findings: Findings) -> None:
    if not tags:
        return
    for key in tags.keys():  # noqa: SIM118 - some tags iterate over pairs
        findings.removed.add(_MEANINGS.get(str(key).partition(":")[0], Removed.DESCRIPTION))
    words = str(tags.pprint()).encode("utf-8", "replace")[:100_000]
    findings.place = place_in_words(words)
    findings.taken_at = moment_in_words(words) or gps.moment_in("")
