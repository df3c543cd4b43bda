"""Dividing a film into its boxes, each of which says its length and its kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_MOST_BOXES = 100_000


class Box(NamedTuple):
    """Where a box lies: `start` of its header, `body`, and `end`."""

    kind: bytes
    start: int
    body: int
    end: int


class NotBoxes(Exception):
    """The content does not divide into boxes."""


def boxes_in(data: bytearray, start: int, end: int) -> Iterator[Box]:
    """Divide a stretch into boxes; raises NotBoxes where one does not fit."""
    for _ in range(_MOST_BOXES):
        if start == end:
            return
        size, body = int.from_bytes(data[start : start + 4], "big"), start + 8
        if size == 1:
            size, body = int.from_bytes(data[start + 8 : start + 16], "big"), start + 16
        elif size == 0:
            size = end - start
        if body > end or start + size > end or size < body - start:
            raise NotBoxes
        yield Box(bytes(data[start + 4 : start + 8]), start, body, start + size)
        start += size
    raise NotBoxes


def part_of(data: bytearray, box: Box, *path: bytes) -> Box | None:
    """Give the first box inside at the end of the path."""
    for kind in path:
        inside = (each for each in boxes_in(data, box.body, box.end) if each.kind == kind)
        found = next(inside, None)
        if found is None:
            return None
        box = found
    return box
