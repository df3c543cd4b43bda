"""The place of a photograph, for whoever is about to send it: offered, and used for nothing else.

This runs in the public process, so it opens no picture: it walks the segments of a JPEG in plain
Python, gives one of at most 64 KiB to the reader of EXIF, and never raises.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING

from safehold.files.examination import Place
from safehold.files.gps import GPS_IFD, place_in

if TYPE_CHECKING:
    from PIL.Image import Exif

_MOST = 256 * 1024
_EXIF = b"Exif\0\0"
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


def place_of_photo(first: bytes) -> Place | None:
    """Give the place that a JPEG says in its first 256 KiB; None for anything else."""
    try:
        exif = _exif_segment(bytes(first[:_MOST]))
        return None if exif is None else _place(exif)
    except Exception:  # whatever a stranger's bytes do in there, her page goes on without a place
        return None


def _exif_segment(first: bytes) -> bytes | None:
    """Find the first EXIF segment before the picture itself starts."""
    if first[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 4 <= len(first) and first[at] == 0xFF:
        marker = first[at + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in (0xD9, 0xDA):
            return None
        length = int.from_bytes(first[at + 2 : at + 4], "big")
        segment = first[at + 4 : at + 2 + length]
        if marker == 0xE1 and segment.startswith(_EXIF):
            return segment
        at += 2 + max(length, 2)
    return None


def _place(segment: bytes) -> Place | None:
    exif = _reader()()
    exif.load(segment)
    return place_in(exif.get_ifd(GPS_IFD))


@cache
def _reader() -> type[Exif]:
    """Import the reader of EXIF, and keep what it says of strangers' files out of every log."""
    from PIL.Image import Exif

    warnings.filterwarnings("ignore", module=r"PIL\.")
    return Exif
