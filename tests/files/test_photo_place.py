"""The place of a photograph, read in plain Python from its beginning."""

from __future__ import annotations

import struct
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.files import place_of_photo
from tests.files import made_files as made

PHOTO = made.photo()


def directory(entries: list[bytes], following: int = 0) -> bytes:
    return struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", following)


def entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)


def with_exif(tiff: bytes) -> bytes:
    body = b"Exif\0\0" + tiff
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + PHOTO[2:]


HEAD = b"II*\0\x08\0\0\0"
BOMBS = {
    "a directory that is its own next": HEAD + directory([], following=8),
    "a place directory that is the first": HEAD + directory([entry(0x8825, 4, 1, 8)]),
    "a place that refers to itself": HEAD
    + directory([entry(0x8825, 4, 1, 26)])
    + directory([entry(0x8825, 4, 1, 26), entry(2, 5, 3, 26), entry(1, 2, 2, 78)]),
    "a value of four thousand million numbers": HEAD
    + directory([entry(0x8825, 5, 0xFFFFFFFF, 0xFFFFFFF0)]),
    "five thousand entries": HEAD + directory([entry(0x8825, 4, 1, 8)] * 5000),
}


def test_the_place_is_found_in_the_beginning_alone():
    place = place_of_photo(PHOTO[:2000])

    assert place == pytest.approx((made.LONGITUDE, made.LATITUDE), abs=1e-6)


@pytest.mark.parametrize(
    "content",
    [b"", made.photo(place=False), made.photo(form="PNG"), made.pdf(), bytes(1000)],
)
def test_anything_else_has_no_place(content):
    assert place_of_photo(content) is None


def test_a_place_behind_the_first_quarter_of_a_megabyte_is_not_looked_for():
    filler = b"\xff\xfe\xff\xff" + bytes(0xFFFD)

    assert place_of_photo(PHOTO[:2] + filler * 2 + PHOTO[2:]) is not None
    assert place_of_photo(PHOTO[:2] + filler * 5 + PHOTO[2:]) is None


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_in_the_details_is_no_place_and_takes_no_time(name):
    start = time.monotonic()

    assert place_of_photo(with_exif(BOMBS[name])) is None
    assert time.monotonic() - start < 2


@given(st.binary(max_size=2000))
def test_no_bytes_make_it_fail(content):
    assert place_of_photo(content) is None


@given(st.binary(max_size=600))
def test_no_details_make_it_fail(tiff):
    place_of_photo(with_exif(tiff))
    place_of_photo(with_exif(HEAD + tiff))


@given(st.integers(0, 1000), st.integers(0, 255))
def test_no_changed_byte_makes_it_fail(at, value):
    place = place_of_photo(PHOTO[:at] + bytes([value]) + PHOTO[at + 1 :])

    assert place is None or (abs(place.longitude) <= 180 and abs(place.latitude) <= 90)


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_every_place_comes_back(latitude, longitude):
    if abs(latitude) < 1e-3 and abs(longitude) < 1e-3:
        return
    exif = made.exif()
    exif.get_ifd(0x8825).update(
        {
            1: "N" if latitude >= 0 else "S",
            2: (abs(latitude), 0.0, 0.0),
            3: "E" if longitude >= 0 else "W",
            4: (abs(longitude), 0.0, 0.0),
        }
    )

    place = place_of_photo(made.saved(made.two_colours(8, 8), "JPEG", exif=exif))

    assert place == pytest.approx((longitude, latitude), abs=1e-5)


def test_a_photograph_leaves_no_line_in_a_log():
    odd = HEAD + directory([entry(number, 5, 8000, 100) for number in range(300)])
    code = "import sys; from safehold.files import place_of_photo as place; "
    code += "print(place(sys.stdin.buffer.read()))"

    ended = subprocess.run(
        [sys.executable, "-c", code], input=with_exif(odd), capture_output=True, check=True
    )

    assert (ended.stdout, ended.stderr) == (b"None\n", b"")


def test_importing_it_brings_no_parser():
    code = "import sys, safehold.files; print([m for m in sys.modules if m[:3] in ('PIL','pyp')])"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "[]"
