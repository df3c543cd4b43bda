"""Where the samples of a track lie in a film: to blank those of data, and what no track shows."""

from __future__ import annotations

from typing import NamedTuple

from safehold.files.boxlist import Box, boxes_in

_MOST_SAMPLES = 5_000_000
_MOST_RUNS = 1_000_000


class Samples(NamedTuple):
    """The stretches of a track, in its order; not `exact` where one size stands for all samples.

    Old recorders write the size 1 there whatever it is, so nothing may be blanked on its account.
    """

    stretches: list[tuple[int, int]]
    exact: bool


def samples_of(data: bytearray, track: Box) -> Samples | None:
    """Find the samples of a track; None where its tables do not say where they lie."""
    tables = _tables(data, track)
    offsets, runs = _offsets(data, tables), _runs(data, tables)
    sizes, exact = _sizes(data, tables)
    if not offsets or sizes is None or not runs:
        return None
    stretches: list[tuple[int, int]] = []
    at = run = 0
    for number, offset in enumerate(offsets, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        length = sum(sizes[at : at + runs[run][1]])
        at += runs[run][1]
        if offset + length > len(data):
            return None
        stretches.append((offset, offset + length))
    return Samples(stretches, exact) if at == len(sizes) else None


def blank_between(data: bytearray, box: Box, kept: list[tuple[int, int]]) -> bool:
    """Fill with zeros what lies in the box and in none of the stretches; say if anything did."""
    blanked = False
    at = box.body
    for start, end in [*sorted(kept), (box.end, box.end)]:
        start = min(start, box.end)
        if start > at and any(data[at:start]):
            data[at:start] = bytes(start - at)
            blanked = True
        at = max(at, end)
    return blanked


def _tables(data: bytearray, track: Box) -> dict[bytes, Box]:
    within = [track]
    for kind in (b"mdia", b"minf", b"stbl"):
        inside = [box for each in within for box in boxes_in(data, each.body, each.end)]
        within = [box for box in inside if box.kind == kind]
    return {box.kind: box for each in within for box in boxes_in(data, each.body, each.end)}


def _numbers(data: bytearray, box: Box, skip: int, width: int) -> list[int] | None:
    """Read a table of numbers whose count stands right before it; None if it does not fit."""
    count = int.from_bytes(data[box.body + skip - 4 : box.body + skip], "big")
    start = box.body + skip
    if count > _MOST_SAMPLES or start + count * width > box.end:
        return None
    ends = range(start, start + count * width, width)
    return [int.from_bytes(data[at : at + width], "big") for at in ends]


def _offsets(data: bytearray, tables: dict[bytes, Box]) -> list[int] | None:
    if b"stco" in tables:
        return _numbers(data, tables[b"stco"], 8, 4)
    return _numbers(data, tables[b"co64"], 8, 8) if b"co64" in tables else None


def _sizes(data: bytearray, tables: dict[bytes, Box]) -> tuple[list[int] | None, bool]:
    box = tables.get(b"stsz")
    if box is None:
        return None, False
    same = int.from_bytes(data[box.body + 4 : box.body + 8], "big")
    if same == 0:
        return _numbers(data, box, 12, 4), True
    count = int.from_bytes(data[box.body + 8 : box.body + 12], "big")
    return ([same] * count if count <= _MOST_SAMPLES else None), False


def _runs(data: bytearray, tables: dict[bytes, Box]) -> list[tuple[int, int]] | None:
    """Read from which chunk on how many samples lie in each."""
    box = tables.get(b"stsc")
    if box is None:
        return None
    count = int.from_bytes(data[box.body + 4 : box.body + 8], "big")
    if box.body + 8 + 12 * count > box.end or count > _MOST_RUNS:
        return None
    starts = range(box.body + 8, box.body + 8 + 12 * count, 12)
    return [
        (int.from_bytes(data[at : at + 4], "big"), int.from_bytes(data[at + 4 : at + 8], "big"))
        for at in starts
    ]
