"""Where the samples of a track lie in a film, in order to blank those of a track of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safehold.files.boxes import Box

_MOST_SAMPLES = 5_000_000


def blank_samples(data: bytearray, track: Box) -> bool:
    """Fill the track's samples with zeros; False where its tables do not say where they lie."""
    tables = _tables(data, track)
    offsets = _offsets(data, tables)
    sizes = _sizes(data, tables)
    runs = _runs(data, tables)
    if not offsets or sizes is None or not runs:
        return False
    at = 0
    for number, offset in enumerate(offsets, 1):
        count = next((many for first, many in reversed(runs) if first <= number), 0)
        length = sum(sizes[at : at + count])
        at += count
        if offset + length > len(data):
            return False
        data[offset : offset + length] = bytes(length)
    return at == len(sizes)


def _tables(data: bytearray, track: Box) -> dict[bytes, Box]:
    from safehold.files.boxes import boxes_in

    found: dict[bytes, Box] = {}
    within = [track]
    for kind in (b"mdia", b"minf", b"stbl"):
        inside = [box for each in within for box in boxes_in(data, each.body, each.end)]
        within = [box for box in inside if box.kind == kind]
    for table in within:
        found |= {box.kind: box for box in boxes_in(data, table.body, table.end)}
    return found


def _numbers(data: bytearray, box: Box, skip: int, width: int) -> list[int] | None:
    """Read a table of numbers whose count stands right before it; None if it does not fit."""
    count = int.from_bytes(data[box.body + skip - 4 : box.body + skip], "big")
    start = box.body + skip
    if count > _MOST_SAMPLES or start + count * width > box.end:
        return None
    return [
        int.from_bytes(data[at : at + width], "big")
        for at in range(start, start + count * width, width)
    ]


def _offsets(data: bytearray, tables: dict[bytes, Box]) -> list[int] | None:
    if b"stco" in tables:
        return _numbers(data, tables[b"stco"], 8, 4)
    return _numbers(data, tables[b"co64"], 8, 8) if b"co64" in tables else None


def _sizes(data: bytearray, tables: dict[bytes, Box]) -> list[int] | None:
    box = tables.get(b"stsz")
    if box is None:
        return None
    same = int.from_bytes(data[box.body + 4 : box.body + 8], "big")
    if same == 0:
        return _numbers(data, box, 12, 4)
    count = int.from_bytes(data[box.body + 8 : box.body + 12], "big")
    return [same] * count if count <= _MOST_SAMPLES else None


def _runs(data: bytearray, tables: dict[bytes, Box]) -> list[tuple[int, int]] | None:
    """Read from which chunk on how many samples lie in each."""
    box = tables.get(b"stsc")
    if box is None:
        return None
    count = int.from_bytes(data[box.body + 4 : box.body + 8], "big")
    if box.body + 8 + 12 * count > box.end or count > 10_000:
        return None
    starts = range(box.body + 8, box.body + 8 + 12 * count, 12)
    return [
        (int.from_bytes(data[at : at + 4], "big"), int.from_bytes(data[at + 4 : at + 8], "big"))
        for at in starts
    ]
