"""Films and recordings of phones (MP4, MOV, M4A): details are blanked where they stand.

A box that plays no part in showing the film becomes a `free` box of the same size, filled with
zeros, so that no offset changes and nothing is decoded. What is kept is a list; the unknown goes.
"""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from safehold.files.blanking import note_words
from safehold.files.boxlist import Box, NotBoxes, boxes_in, part_of
from safehold.files.examination import Limits, Problem, Removed
from safehold.files.findings import Findings
from safehold.files.samples import blank_between, samples_of

_KEPT: dict[bytes, frozenset[bytes]] = {
    b"": frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"sidx", b"styp", b"mfra", b"pdin"}),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia", b"tref", b"tapt"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf", b"elng"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"nmhd", b"sthd", b"gmhd", b"hdlr", b"dinf", b"stbl"}),
    b"stbl": frozenset(
        {b"stsd", b"stts", b"stss", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64"}
        | {b"sdtp", b"sgpd", b"sbgp", b"stps", b"subs", b"saiz", b"saio"}
    ),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset(
        {b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"}
    ),
}
_SHOWN = frozenset({b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp"})
_DATED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_EPOCH = datetime(1904, 1, 1)  # noqa: DTZ001 - as the device wrote it, without a zone


def look(content: bytes, findings: Findings, limits: Limits) -> None:
    """Blank everything that is not needed to show the film."""
    copy = bytearray(content)
    top = _top(copy)
    if not {b"moov", b"mdat"} <= {box.kind for box in top}:
        raise NotBoxes
    end = top[-1].end
    if end < len(copy):
        findings.removed.add(Removed.APPENDED)
        del copy[end:]
    _clean(copy, b"", top, findings)
    if _blank_unshown(copy, top, findings):
        findings.problems.discard(Problem.NOT_CLEANED)
    if Problem.NOT_CLEANED not in findings.problems:
        findings.keep(bytes(copy))


def _top(copy: bytearray) -> list[Box]:
    """Divide the file into boxes, as far as it is made of them."""
    found: list[Box] = []
    with contextlib.suppress(NotBoxes):
        for box in boxes_in(copy, 0, len(copy)):
            found.append(box)
    return found


def _clean(copy: bytearray, parent: bytes, boxes: list[Box], findings: Findings) -> None:
    for box in boxes:
        if box.kind not in _KEPT[parent]:
            _blank(copy, box, findings)
        elif box.kind == b"trak" and _handler(copy, box) not in _SHOWN:
            _blank_track(copy, box, findings)
        elif box.kind in _KEPT:
            _clean(copy, box.kind, list(boxes_in(copy, box.body, box.end)), findings)
        elif box.kind in _DATED:
            _blank_dates(copy, box, findings)
        elif box.kind == b"hdlr":
            _blank_name(copy, box, findings)


def _blank(copy: bytearray, box: Box, findings: Findings) -> None:
    note_words(bytes(copy[box.start + 4 : box.end]) if box.kind != b"free" else b"", findings)
    if any(copy[box.body : box.end]):
        if box.kind in (b"free", b"skip", b"wide"):
            findings.removed.add(Removed.OTHER)
        copy[box.body : box.end] = bytes(box.end - box.body)
    copy[box.start + 4 : box.start + 8] = b"free"


def _blank_track(copy: bytearray, track: Box, findings: Findings) -> None:
    """Blank a track that is neither seen nor heard, and what it points to: places, often."""
    samples = samples_of(copy, track)
    for start, end in samples.stretches if samples else []:
        copy[start:end] = bytes(end - start)
    if samples is None or not samples.exact:
        findings.problems.add(Problem.NOT_CLEANED)  # unless nothing but what is shown is left
    findings.removed.add(Removed.DATA_TRACK)
    copy[track.body : track.end] = bytes(track.end - track.body)
    copy[track.start + 4 : track.start + 8] = b"free"


def _blank_unshown(copy: bytearray, top: list[Box], findings: Findings) -> bool:
    """Blank what lies among the samples and belongs to no track; False where that is not known."""
    kept: list[tuple[int, int]] = []
    for film in (box for box in top if box.kind == b"moov"):
        for track in boxes_in(copy, film.body, film.end):
            if track.kind == b"trak":
                samples = samples_of(copy, track)
                if samples is None or not samples.exact:
                    return False
                kept += samples.stretches
    for box in top:
        if box.kind == b"mdat" and blank_between(copy, box, kept):
            findings.removed.add(Removed.UNSHOWN)
    return True


def _handler(data: bytearray, track: Box) -> bytes:
    """Say what kind of track this is."""
    box = part_of(data, track, b"mdia", b"hdlr")
    return b"" if box is None else bytes(data[box.body + 8 : box.body + 12])


def _blank_dates(copy: bytearray, box: Box, findings: Findings) -> None:
    """Set the moments of making and changing to zero; note the film's own."""
    wide = 8 if copy[box.body] == 1 else 4
    first, last = box.body + 4, box.body + 4 + 2 * wide
    if last > box.end:
        raise NotBoxes
    if not any(copy[first:last]):
        return
    findings.removed.add(Removed.TIME)
    seconds = int.from_bytes(copy[first : first + wide], "big")
    if box.kind == b"mvhd" and seconds and findings.taken_at is None and seconds < 2**33:
        findings.taken_at = _EPOCH + timedelta(seconds=seconds)
    copy[first:last] = bytes(2 * wide)


def _blank_name(copy: bytearray, box: Box, findings: Findings) -> None:
    """Blank the maker's name for the part that plays a track."""
    first = box.body + 24
    if first < box.end and any(copy[first : box.end]):
        findings.removed.add(Removed.PROGRAM)
        copy[first : box.end] = bytes(box.end - first)
