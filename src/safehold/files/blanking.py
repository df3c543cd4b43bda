"""What films and recordings say in words: where, when, on what. Found without a parser."""

from __future__ import annotations

import re
from datetime import datetime

from safehold.files import gps
from safehold.files.examination import Place, Removed
from safehold.files.findings import Findings

_ISO_6709 = re.compile(rb"([+-]\d{2}(?:\.\d{1,10})?)([+-]\d{3}(?:\.\d{1,10})?)")
_MOMENT = re.compile(rb"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)")
_WORDS = {
    Removed.PLACE: (b"\xa9xyz", b"loci", b"location"),
    Removed.TIME: (b"\xa9day", b"creationdate", b"DateTimeOriginal"),
    Removed.DEVICE: (b"\xa9mak", b"\xa9mod", b".make", b".model"),
    Removed.AUTHOR: (b"\xa9ART", b"aART", b"\xa9aut", b"cprt", b"author", b"artist"),
    Removed.PROGRAM: (b"\xa9too", b"\xa9swr", b".software"),
    Removed.DESCRIPTION: (b"\xa9nam", b"\xa9cmt", b"desc", b"keyw", b"<x:xmpmeta"),
    Removed.THUMBNAIL: (b"covr", b"\xff\xd8\xff"),
}
_MOST = 4 * 1024 * 1024


def note_words(words: bytes, findings: Findings) -> None:
    """Note what a block of details that is taken out says, and the place and time in it."""
    if not words.strip(b"\0"):
        return
    words = words[:_MOST]
    found = {removed for removed, marks in _WORDS.items() if any(mark in words for mark in marks)}
    findings.removed |= found or {Removed.OTHER}
    findings.place = findings.place or place_in_words(words)
    said = moment_in_words(words)
    findings.taken_at = said or findings.taken_at


def place_in_words(words: bytes) -> Place | None:
    """Find a position written as "+51.7500-000.3400/", or in a `loci` box."""
    for found in _ISO_6709.finditer(words):
        place = gps.a_place(float(found[2]), float(found[1]))
        if place and b"." in found[0]:
            return place
    at = words.find(b"loci")
    return _loci(words[at + 4 :]) if at >= 0 else None


def _loci(box: bytes) -> Place | None:
    """Read the numbers behind version, language, a name that ends in a null, and a role."""
    end = box.find(b"\0", 6)
    numbers = box[end + 2 : end + 10]
    if end < 0 or len(numbers) < 8:
        return None
    longitude, latitude = (
        int.from_bytes(numbers[at : at + 4], "big", signed=True) / 65536 for at in (0, 4)
    )
    return gps.a_place(longitude, latitude)


def moment_in_words(words: bytes) -> datetime | None:
    """Find the first moment written as "2026-05-01T22:10:00", without its zone."""
    found = _MOMENT.search(words)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(f"{found[1].decode()}T{found[2].decode()}")
    except ValueError:
        return None
