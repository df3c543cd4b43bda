"""Names as they may be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.files import safe_name
from safehold.files.names import LONGEST


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("photo.jpg", "photo.jpg"),
        ("Foto från mötet.jpg", "Foto från mötet.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\0.jpg", "a.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\someone\\a.jpg", "a.jpg"),
        ("line\nbreak\t.txt", "line break .txt"),
        ("", "file without a name"),
        ("...", "file without a name"),
        ("/", "file without a name"),
        ('<img src="x">.png', "_img src=_x__.png"),
        ("\u2066a\u2069.pdf", "a.pdf"),
        ("a" + "\u0301\u0316" * 50 + ".jpg", "á\u0316\u0316\u0316.jpg"),
        ("ẹ\u0301 & ẹ\u0301.jpg", "ẹ\u0301 & ẹ\u0301.jpg"),
    ],
)
def test_a_name_is_shown_without_what_could_harm(name, shown):
    assert safe_name(name) == shown


def test_a_long_name_is_cut_in_its_middle():
    shown = safe_name("a" * 500 + ".jpeg")

    assert len(shown) == LONGEST
    assert shown.endswith("a….jpeg")


@given(st.text(max_size=400))
def test_whatever_the_name_what_is_shown_is_one_harmless_line(name):
    shown = safe_name(name)

    assert 0 < len(shown) <= LONGEST
    assert not set(shown) & set('/\\<>"\0\n')
    assert not [letter for letter in shown if unicodedata.category(letter).startswith("C")]
    assert shown == shown.strip(". ")
    shown.encode()


@given(st.text(max_size=400))
def test_a_name_made_safe_stays_as_it_is(name):
    assert safe_name(safe_name(name)) == safe_name(name)
