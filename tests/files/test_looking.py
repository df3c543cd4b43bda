"""Looking into broken and invented content, in this process: the answer is always findings."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safehold.files import looking, pictures
from safehold.files.examination import LIMITS, Problem
from safehold.files.findings import Findings
from safehold.files.kinds import FileType, matches_name, sniff
from tests.files import made_files as made
from tests.files.test_photo_place import BOMBS, with_exif

pictures.prepare()
KINDS = made.every_kind()
SECRETS = (b"hidden words", b"Someone", b"+51.7520", made.PHONE.encode())
STARTS = [content[:12] for content in KINDS.values()]


def looked(content: bytes) -> Findings:
    """Look, and hold every answer to what is true of all of them."""
    found = looking.look(content, sniff(content), LIMITS)
    assert isinstance(found, Findings)
    if found.cleaned is None:
        assert found.problems
        assert not found.removed
    else:
        assert not [secret for secret in SECRETS if secret in found.cleaned]
    return found


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=40)
@given(part=st.floats(0, 1))
def test_a_file_that_breaks_off_anywhere_tells_no_secret(name, part):
    looked(KINDS[name][: int(part * len(KINDS[name]))])


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_file_with_changed_bytes_is_looked_into_or_said_to_be_damaged(name, data):
    content = bytearray(KINDS[name])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    assert isinstance(looking.look(bytes(content), sniff(content), LIMITS), Findings)


@given(st.binary(max_size=3000))
def test_random_bytes_are_looked_into(content):
    looked(content)


@given(st.sampled_from(STARTS), st.binary(max_size=3000))
def test_random_bytes_behind_a_true_beginning_are_looked_into(start, content):
    looked(start + content)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_in_the_details_leaves_the_picture_to_be_shown(name):
    found = looked(with_exif(BOMBS[name]))

    assert found.cleaned_kind is FileType.JPEG
    assert found.previews
    assert not found.problems


def test_a_huge_text_in_a_picture_is_not_unpacked_without_bounds():
    import zlib

    text = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    content = made.photo(form="PNG")
    bomb = content[:33] + made.png_chunk(b"zTXt", text) + content[33:]
    tracemalloc.start()

    found = looking.look(bomb, sniff(bomb), LIMITS)

    assert tracemalloc.get_traced_memory()[1] < 80_000_000
    tracemalloc.stop()
    assert Problem.DAMAGED in found.problems


def a_large_jpeg() -> bytes:
    content = made.photo()
    at = content.index(b"\xff\xc0\x00\x11\x08") + 5
    return content[:at] + b"\xff\x00\xff\x00" + content[at + 4 :]


def a_large_webp() -> bytes:
    head = b"VP8X" + (10).to_bytes(4, "little") + bytes(4) + b"\xff\x3f\0" * 2
    picture = made.saved(made.two_colours(), "WEBP", lossless=True)[12:]
    whole = b"WEBP" + head + picture
    return b"RIFF" + len(whole).to_bytes(4, "little") + whole


def a_large_gif() -> bytes:
    content = made.moving("GIF")
    return content[:6] + b"\xff\xff\xff\xff" + content[10:]


@pytest.mark.parametrize("content", [a_large_jpeg(), a_large_webp(), a_large_gif()])
def test_a_picture_that_says_it_is_enormous_is_not_opened(content):
    found = looked(content)

    assert found.cleaned is None
    assert found.problems & {Problem.TOO_MANY_PIXELS, Problem.DAMAGED}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\0\0\0\x18ftypavif", FileType.OTHER),
        (b"\x1a\x45\xdf\xa3matroska", FileType.OTHER),
        (b"\xff\xfb\x90\x00" + bytes(500), FileType.OTHER),
        (b"\xff\xfeh\0i\0", FileType.TEXT),
        (b"<html>", FileType.TEXT),
        (b"MZ\0\0", FileType.OTHER),
        (b"PK\x03\x04", FileType.OTHER),
    ],
)
def test_what_only_looks_like_a_kind_is_not_taken_for_it(content, kind):
    assert sniff(content) is kind


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (FileType.MP4, "voice.m4a"),
        (FileType.MOV, "IMG_0001.MOV"),
        (FileType.HEIC, "IMG_0001.heif"),
        (FileType.OGG, "PTT-20260501-WA0001.opus"),
    ],
)
def test_names_that_phones_give_fit(kind, name):
    assert matches_name(kind, name)


@given(st.sampled_from(FileType), st.text(max_size=50))
def test_a_name_never_fits_what_is_unknown(kind, name):
    assert isinstance(matches_name(kind, name), bool)
    assert not matches_name(FileType.OTHER, name)
