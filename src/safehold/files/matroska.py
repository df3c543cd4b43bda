"""WebM: details are blanked where they stand, as `Void` elements of the same length.

A recording made in a browser does not say how long its segment and clusters are, so everything is
walked as one row: into a segment or cluster by stepping over its head, past all else by its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from safehold.files.blanking import note_words
from safehold.files.examination import Limits, Problem, Removed
from safehold.files.findings import Findings

_SEGMENT, _CLUSTER, _INFO = 0x18538067, 0x1F43B675, 0x1549A966
_TRACKS, _TRACK = 0x1654AE6B, 0xAE
_STEPPED_INTO = frozenset({_SEGMENT, _CLUSTER, _INFO, _TRACKS, _TRACK})
_BLOCKS = frozenset({0xA3, 0xA0})
_DATE = 0x4461
_DROPPED = {
    0x1254C367: Removed.DESCRIPTION,  # tags
    0x1941A469: Removed.EMBEDDED,  # attachments
    0x1043A770: Removed.DESCRIPTION,  # chapters
    0x7BA9: Removed.DESCRIPTION,  # title
    0x7384: Removed.DESCRIPTION,  # name of the file
    0x536E: Removed.DESCRIPTION,  # name of a track
    0xBF: Removed.OTHER,  # a checksum, of what is changed here
    _DATE: Removed.TIME,
}
_ZEROED = {0x4D80: Removed.PROGRAM, 0x5741: Removed.PROGRAM}  # a reader wants them there
_SHORT = frozenset(
    {0x1A45DFA3, 0x2AD7B1, 0x4489}  # the head, the scale of time, the length
    | {0xE7, 0xA7, 0xAB}  # of a cluster: moment, position, size
    | {0xD7, 0x73C5, 0x83, 0xB9, 0x88, 0x55AA, 0x9C, 0x22B59C, 0x86, 0x23E383, 0x56AA, 0x56BB}
    | {0x23314F, 0x55EE, 0x537F, 0xE0, 0xE1}  # of a track: numbers, kind, codec, size of picture
)
_CODEC_PRIVATE = 0x63A2
_KEPT = _SHORT | _STEPPED_INTO | _BLOCKS | {0x114D9B74, 0x1C53BB6B, _CODEC_PRIVATE, *_ZEROED}
_LONGEST_SHORT = 128
_VOID = 0xEC
_EPOCH = datetime(2001, 1, 1)  # noqa: DTZ001 - as the device wrote it, without a zone
_MOST_ELEMENTS = 3_000_000


class _Element(NamedTuple):
    number: int
    start: int
    body: int
    end: int


class _NotElements(Exception):
    """The content does not divide into elements."""


def look(content: bytes, findings: Findings, limits: Limits) -> None:
    """Blank the details."""
    copy = bytearray(content)
    seen = set()
    for element in _elements(copy, findings):
        seen.add(element.number)
        if element.number in _SHORT and element.end - element.body > _LONGEST_SHORT:
            raise _NotElements
        if element.number in _ZEROED:
            _zero(copy, element, findings)
        elif element.number not in _KEPT:
            _void(copy, element, findings)
    if not seen >= {_TRACKS, _CLUSTER}:
        raise _NotElements
    findings.keep(bytes(copy))


def _elements(data: bytearray, findings: Findings) -> Iterator[_Element]:
    at = 0
    for _ in range(_MOST_ELEMENTS):
        if at >= len(data):
            return
        number, after = _vint(data, at, 4)
        size, body = _vint(data, after, 8)
        unknown = size == (1 << 7 * (body - after)) - 1
        number |= 1 << 7 * (after - at)
        inside = number in _STEPPED_INTO
        if unknown and not inside:
            raise _NotElements
        end = body if inside else body + size
        if end > len(data):
            if number not in _BLOCKS:
                raise _NotElements
            findings.problems.add(Problem.INCOMPLETE)
            end = len(data)
        yield _Element(number, at, body, end)
        at = end
    raise _NotElements


def _vint(data: bytearray, at: int, longest: int) -> tuple[int, int]:
    """Read a number whose own first bit says its length; give it and where it ends."""
    if at >= len(data) or data[at] == 0:
        raise _NotElements
    length = 9 - data[at].bit_length()
    if length > longest or at + length > len(data):
        raise _NotElements
    value = int.from_bytes(data[at : at + length], "big")
    return value & ((1 << 7 * length) - 1), at + length


def _void(copy: bytearray, element: _Element, findings: Findings) -> None:
    """Turn an element into a void one of exactly its length."""
    words = bytes(copy[element.body : element.end])
    if any(words):
        findings.removed |= {_DROPPED.get(element.number, Removed.OTHER)}
    if element.number == _DATE:
        _note_date(words, findings)
    elif element.number != _VOID:
        note_words(words, findings)
    length = element.end - element.start
    if length >= 9:
        head = bytes([_VOID, 1]) + (length - 9).to_bytes(7, "big")
    else:
        head = bytes([_VOID, 0x80 | length - 2])
    copy[element.start : element.end] = head + bytes(length - len(head))


def _zero(copy: bytearray, element: _Element, findings: Findings) -> None:
    if any(copy[element.body : element.end]):
        findings.removed.add(_ZEROED[element.number])
        copy[element.body : element.end] = bytes(element.end - element.body)


def _note_date(words: bytes, findings: Findings) -> None:
    seconds = int.from_bytes(words[:8], "big", signed=True) / 1e9
    if abs(seconds) < 3e9:
        findings.taken_at = _EPOCH + timedelta(seconds=int(seconds))
