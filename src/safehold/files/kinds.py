"""What a file is: told by its first bytes, never by its name.

A table of our own: thirteen kinds, several of which share a container and differ by one word in it,
which the general libraries guess at and do not tell apart.
"""

from __future__ import annotations

import re
from enum import StrEnum

FIRST = 4096


class FileType(StrEnum):
    """The kinds that staff can be shown something of; everything else is `other`."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    HEIC = "heic"
    PDF = "pdf"
    MP4 = "mp4"
    MOV = "mov"
    WEBM = "webm"
    MP3 = "mp3"
    M4A = "m4a"
    WAV = "wav"
    OGG = "ogg"
    TEXT = "text"
    OTHER = "other"


EXTENSIONS: dict[FileType, frozenset[str]] = {
    FileType.JPEG: frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    FileType.PNG: frozenset({"png"}),
    FileType.WEBP: frozenset({"webp"}),
    FileType.GIF: frozenset({"gif"}),
    FileType.HEIC: frozenset({"heic", "heif", "hif"}),
    FileType.PDF: frozenset({"pdf"}),
    FileType.MP4: frozenset({"mp4", "m4v", "3gp", "3g2", "m4a"}),  # recorders name sound so, too
    FileType.MOV: frozenset({"mov", "qt"}),
    FileType.WEBM: frozenset({"webm", "weba"}),
    FileType.MP3: frozenset({"mp3"}),
    FileType.M4A: frozenset({"m4a", "m4b", "aac"}),
    FileType.WAV: frozenset({"wav", "wave"}),
    FileType.OGG: frozenset({"ogg", "oga", "opus"}),
    FileType.TEXT: frozenset({"txt", "text", "log", "csv", "md"}),
    FileType.OTHER: frozenset(),
}

_STARTS = (
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"GIF87a", FileType.GIF),
    (b"GIF89a", FileType.GIF),
    (b"%PDF-", FileType.PDF),
    (b"OggS", FileType.OGG),
    (b"ID3", FileType.MP3),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_SOUND_BRANDS = {b"M4A ", b"M4B ", b"M4P "}
_NOT_VIDEO = {b"avif", b"avis", b"crx "}
_MP3_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def sniff(content: bytes) -> FileType:
    """Say what the content is; never raises."""
    first = bytes(content[:FIRST])
    for start, kind in _STARTS:
        if first.startswith(start):
            return kind
    for told in (_riff, _base_media, _matroska, _mp3, _late_pdf):
        found = told(first)
        if found:
            return found
    return FileType.TEXT if is_text(content) else FileType.OTHER


def matches_name(kind: FileType, name: str) -> bool:
    """Say whether the extension of the name is one that files of this kind have."""
    _, dot, extension = name.rpartition(".")
    return bool(dot) and extension.strip().lower() in EXTENSIONS[kind]


def _riff(first: bytes) -> FileType | None:
    if first[:4] != b"RIFF":
        return None
    return {b"WEBP": FileType.WEBP, b"WAVE": FileType.WAV}.get(first[8:12])


def _base_media(first: bytes) -> FileType | None:
    if first[4:8] in (b"moov", b"wide", b"mdat") and first[:4] != b"\0\0\0\0":
        return FileType.MOV  # QuickTime before it named its brand
    if first[4:8] != b"ftyp":
        return None
    brand = first[8:12]
    if brand in _HEIC_BRANDS:
        others = {first[at : at + 4] for at in range(16, min(len(first), 64), 4)}
        return FileType.OTHER if others & _NOT_VIDEO else FileType.HEIC
    if brand in _NOT_VIDEO:
        return None
    if brand in _SOUND_BRANDS:
        return FileType.M4A
    return FileType.MOV if brand == b"qt  " else FileType.MP4


def _matroska(first: bytes) -> FileType | None:
    if first[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in first[:64]:
        return FileType.WEBM
    return None


def _mp3(first: bytes) -> FileType | None:
    """Find two frames in a row: the mark of one is only eleven bits long."""
    length = mp3_frame(first[:4])
    if length and mp3_frame(first[length : length + 4]):
        return FileType.MP3
    return None


def mp3_frame(header: bytes) -> int:
    """Give the length of the frame that starts with these four bytes; 0 if none does."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, bitrate, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate == 3 or bitrate in (0, 15):
        return 0
    kbps = (_MP3_BITRATES if version == 3 else _MP3_BITRATES_2)[bitrate]
    samples = 144_000 if version == 3 else 72_000
    return samples * kbps // _MP3_RATES[version][rate] + (header[2] >> 1 & 1)


def _late_pdf(first: bytes) -> FileType | None:
    return FileType.PDF if b"%PDF-" in first[:1024] else None


def is_text(content: bytes) -> bool:
    """Say whether the content is text of some length, in UTF-8 or in marked UTF-16."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decodes(content, "utf-16")
    if not content or _CONTROLS.search(content):
        return False
    return _decodes(content, "utf-8")


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        return "\0" not in content.decode(encoding)
    except UnicodeDecodeError:
        return False
