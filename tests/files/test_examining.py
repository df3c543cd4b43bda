"""Whole examinations, each in its restricted process."""

from __future__ import annotations

import hashlib
import io
import time
from dataclasses import replace
from datetime import datetime

import pytest
from PIL import Image
from pypdf import PdfReader

from safehold import files
from safehold.files.examination import LIMITS, Restriction
from tests.files import made_files as made

KINDS = made.every_kind()


@pytest.mark.parametrize("name", KINDS)
def test_an_ordinary_file_is_known_cleaned_and_said_to_fit_its_name(name):
    content = KINDS[name]

    found = files.examine(content, name=name)

    assert found.type == {"jpg": "jpeg", "txt": "text"}.get(name[-3:], name.rpartition(".")[2])
    assert found.matches_name
    assert found.problems == ()
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.cleaned_sha256 == hashlib.sha256(found.cleaned).hexdigest()
    for secret in (b"hidden words", b"Someone", made.PHONE.encode(), b"+51.7520"):
        assert secret not in found.cleaned


@pytest.mark.parametrize("name", KINDS)
def test_cleaning_twice_changes_nothing_more(name):
    once = files.examine(KINDS[name], name=name)
    twice = files.examine(once.cleaned, name=f"a.{once.cleaned_type}")

    assert twice.removed == ()
    assert twice.place is None
    assert twice.taken_at is None
    if once.cleaned_type != "jpeg":  # whose pixels are rounded anew each time
        assert twice.cleaned == once.cleaned


def test_what_was_applied_is_said_and_the_limits_always_are():
    found = files.examine(b"words", name="a.txt")

    assert Restriction.LIMITS.value in found.restrictions
    assert set(found.restrictions) | set(found.missing_restrictions) == set(map(str, Restriction))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photograph_says_where_and_when_and_its_copy_does_not(form):
    found = files.examine(made.photo(form=form), name="a")

    assert found.place == pytest.approx((made.LONGITUDE, made.LATITUDE), abs=1e-6)
    assert found.taken_at == datetime.fromisoformat("2026-05-01T22:10:00")
    assert found.removed[:4] == (
        "where it was taken",
        "when it was taken",
        "which device",
        "author",
    )
    assert not Image.open(io.BytesIO(found.cleaned)).getexif()
    assert b"Exif" not in found.cleaned


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photograph_is_turned_upright_in_its_pixels(orientation):
    from PIL import ImageOps

    content = made.photo(orientation)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))

    found = files.examine(content, name="a.jpg")
    cleaned = Image.open(io.BytesIO(found.cleaned))

    assert cleaned.size == expected.size
    assert (found.previews[0].width, found.previews[0].height) == expected.size
    for x, y in ((5, 5), (expected.width - 6, expected.height - 6)):
        assert cleaned.getpixel((x, y)) == pytest.approx(expected.getpixel((x, y)), abs=6)


def test_a_jpeg_cleaned_twice_looks_the_same():
    once = files.examine(made.photo(), name="a.jpg").cleaned
    twice = files.examine(once, name="a.jpg").cleaned
    before, after = (Image.open(io.BytesIO(each)).tobytes() for each in (once, twice))

    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) <= 3


def test_previews_are_small_and_drawn_in_this_process():
    found = files.examine(made.saved(Image.new("RGB", (4000, 1000)), "PNG"), name="a.png")
    preview = found.previews[0]

    assert (preview.width, preview.height) == (1200, 300)
    assert Image.open(io.BytesIO(preview.content)).size == (1200, 300)


def test_a_document_keeps_its_words_and_loses_everything_that_acts():
    found = files.examine(made.pdf_with_everything(), name="a.pdf")
    cleaned = PdfReader(io.BytesIO(found.cleaned))

    assert found.pages == 2
    assert len(found.previews) == 2
    assert {"script", "embedded file", "author", "notes, links or form fields"} <= set(
        found.removed
    )
    assert [page.extract_text().strip() for page in cleaned.pages] == ["Page 1", "Page 2"]
    assert not cleaned.attachments
    assert not cleaned.metadata
    for word in (b"JavaScript", b"/AA", b"OpenAction", b"EmbeddedFile", b"/Annots", b"hidden"):
        assert word not in found.cleaned


def test_a_locked_document_is_said_to_be_locked():
    found = files.examine(made.locked_pdf(), name="a.pdf")

    assert "The document is locked with a password, so we cannot look inside." in found.problems
    assert found.cleaned is None


@pytest.mark.parametrize("place", [made.android_place(), made.loci_place()])
def test_a_film_says_where_it_was_taken_and_its_copy_does_not(place):
    found = files.examine(made.film(place=place), name="a.mp4")

    assert found.place == pytest.approx((made.LONGITUDE, made.LATITUDE), abs=1e-4)
    assert found.taken_at == datetime.fromisoformat("2026-04-25T22:13:20")
    assert len(found.cleaned) == len(made.film(place=place))
    assert b"PICTURES" * 4 in found.cleaned


def test_a_track_of_data_is_blanked_with_what_it_points_to():
    found = files.examine(made.film(b"qt  ", data_track=True), name="a.mov")

    assert "a track of data beside picture and sound" in found.removed
    assert b"+51.7520" not in found.cleaned
    assert b"PICTURES" * 4 in found.cleaned


def test_what_lies_unshown_among_the_pictures_of_a_film_is_blanked():
    film = made.film(unshown=made.zipped())
    found = files.examine(film, name="a.mp4")

    assert "something that is neither seen nor heard" in found.removed
    assert len(found.cleaned) == len(film)
    assert b"PICTURES" * 4 in found.cleaned
    assert b"PK\x03\x04" not in found.cleaned


def test_a_data_track_that_cannot_be_blanked_leaves_no_copy():
    film = made.film(b"qt  ", data_track=True, same_size=True)

    found = files.examine(film, name="a.mov")

    assert found.cleaned is None
    assert found.removed == ()


def test_hidden_characters_of_a_text_are_removed():
    found = files.examine("abc\u202egpj.exe\u200b".encode(), name="a.txt")

    assert found.cleaned == b"abcgpj.exe"
    assert found.removed == ("hidden characters",)


# ---- what somebody with bad intentions would send


def test_an_empty_file_is_said_to_be_empty():
    found = files.examine(b"", name="a.jpg")

    assert (found.type, found.problems) == ("other", ("The file is empty.",))
    assert not found.matches_name


@pytest.mark.parametrize(
    ("name", "matches"), [("a.JPEG", True), ("a.jpg.png", False), ("jpg", False)]
)
def test_a_wrong_extension_is_noticed(name, matches):
    assert files.examine(made.photo(), name=name).matches_name is matches


def test_a_bomb_of_pixels_is_not_opened():
    bomb = made.png_bomb()
    start = time.monotonic()

    found = files.examine(bomb, name="a.png")

    assert len(bomb) < 2_000_000
    assert found.cleaned is None
    assert found.previews == ()
    assert "The picture has more pixels than we open, so nothing of it is shown." in found.problems
    assert time.monotonic() - start < 20


def test_a_zip_that_calls_itself_a_picture_is_not_unpacked():
    found = files.examine(made.zip_bomb(), name="a.jpg")

    assert (found.type, found.matches_name, found.cleaned) == ("other", False, None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", made.photo() + made.zipped()),
        ("a.png", made.photo(form="PNG") + made.zipped()),
        ("a.gif", made.moving("GIF") + b"*/=1;alert('hidden words')//<script>"),
        ("a.webp", made.photo(form="WEBP") + made.zipped()),
        ("a.pdf", b"<html><script>alert('hidden words')</script>\n" + made.pdf() + made.zipped()),
        ("a.wav", made.wav() + made.zipped()),
        ("a.mp4", made.film() + made.zipped()),
    ],
)
def test_two_files_in_one_are_one_in_the_copy(name, content):
    found = files.examine(content, name=name)

    assert found.matches_name
    assert "something added before its start or after its end" in found.removed
    for sign in (b"PK\x03\x04", b"<script>", b"hidden words", b"<html>"):
        assert sign not in found.cleaned


def test_a_moving_picture_without_end_is_cut():
    found = files.examine(made.moving("GIF", 150), name="a.gif")

    assert Image.open(io.BytesIO(found.cleaned)).n_frames == LIMITS.frames
    assert "The picture moves for long; the cleaned copy holds its beginning." in found.problems


def test_a_document_of_ten_thousand_pages_is_counted_and_not_copied():
    found = files.examine(made.pdf_of_many_pages(10_000), name="a.pdf")

    assert found.pages == 10_000
    assert len(found.previews) == 3
    assert found.cleaned is None


def test_pages_that_refer_to_themselves_come_to_an_end():
    found = files.examine(made.pdf_with_a_loop(), name="a.pdf")

    assert found.pages == 1
    assert "The list of pages refers to itself, so their number may be wrong." in found.problems


def test_a_photograph_that_breaks_off_is_shown_as_far_as_it_goes():
    whole = made.saved(Image.effect_noise((400, 300), 60).convert("RGB"), "JPEG")

    found = files.examine(whole[: len(whole) // 2], name="a.jpg")

    assert found.problems == ("The end of the file is missing; what is there is shown.",)
    assert found.previews


def test_a_file_that_is_too_large_is_refused_before_anything_starts():
    with pytest.raises(files.CannotExamine, match="larger than we look into"):
        files.examine(bytes(11), name="a", limits=replace(LIMITS, content=10))


def test_a_time_that_runs_out_ends_the_process():
    with pytest.raises(files.CannotExamine, match="took too long"):
        files.examine(made.pdf(), name="a.pdf", limits=replace(LIMITS, seconds=0))


def test_memory_that_runs_out_is_said_in_one_sentence():
    large = made.saved(Image.new("RGB", (7000, 7000)), "PNG")

    with pytest.raises(files.CannotExamine, match="used too much memory"):
        files.examine(large, name="a.png", limits=replace(LIMITS, memory=300 * 1024 * 1024))


def test_two_hundred_megabytes_of_zeros_stay_within_bounds():
    start = time.monotonic()

    found = files.examine(bytes(200_000_000), name="a.mp4")

    assert found.type == "other"
    assert time.monotonic() - start < 30
