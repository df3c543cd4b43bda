"""Easy words, captions, and which part of a film a browser asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.other_forms import NotEasy, has_captions, part_sent, read_easy

EASY = """
title = "If you are in danger"
[[line]]
says = "Call 999."
picture = "1.png"
[[line]]
says = "You can tap the screen."
"""


def test_easy_words_are_lines_with_perhaps_a_picture() -> None:
    easy = read_easy(EASY)
    assert [(line.says, line.picture) for line in easy.lines] == [
        ("Call 999.", "1.png"),
        ("You can tap the screen.", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title = 'x'",
        "title = 'x'\nline = []",
        "title = 1\n[[line]]\nsays = 'x'",
        "title = 'x'\n[[line]]\nsays = 1",
        "title = 'x'\n[[line]]\nsays = 'x'\nmore = 1",
        "title = 'x'\n[[line]]\nsays = 'x'\npicture = '../../keys/1.png'",
        "title = 'x'\n[[line]]\nsays = 'x'\npicture = 'bruise.png'",
        "not toml",
    ],
)
def test_what_cannot_be_shown_is_refused(text: str) -> None:
    with pytest.raises(NotEasy):
        read_easy(text)


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("WEBVTT\n\n00:00.000 --> 00:02.000\nCall 999.\n", True),
        ("\ufeffWEBVTT\n\n00:00.000 --> 00:02.000\nCall 999.\n", True),
        ("WEBVTT\n", False),
        ("00:00.000 --> 00:02.000\n", False),
        ("", False),
    ],
)
def test_captions_are_captions(text: str, some: bool) -> None:
    assert has_captions(text) is some


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("", None),
        ("bytes=0-", (0, 99)),
        ("bytes=0-9", (0, 9)),
        ("bytes=990-2000", (990, 999)),
        ("bytes=-10", (990, 999)),
        ("bytes=-5000", (0, 99)),
        ("bytes=9-3", None),
        ("bytes=0-1,5-6", None),
        ("bytes=-", None),
        ("items=0-1", None),
        ("bytes=٠-٩", None),
    ],
)
def test_a_range_is_read_as_the_standard_says(asked: str, sent: tuple[int, int] | None) -> None:
    assert part_sent(asked, 1000, 100) == sent


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_past_the_end_is_refused(asked: str) -> None:
    with pytest.raises(ValueError, match="past the end"):
        part_sent(asked, 1000, 100)


@given(st.text(max_size=30) | st.from_regex(r"bytes=\d*-\d*", fullmatch=True), st.integers(1, 9999))
def test_no_range_leads_outside_the_file(asked: str, size: int) -> None:
    try:
        part = part_sent(asked, size, 512)
    except ValueError:
        return
    assert part is None or (0 <= part[0] <= part[1] < size and part[1] - part[0] < 512)
