"""Names that people mean to be the same have the same key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import place_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St Peter's Street", "ST. PETERS ST"),
        ("Saint Peter’s Street", "st peters street"),
        ("Queen'S Road", "queens rd"),
        ("High St", "high street"),
        ("St Albans Road", "saint albans rd"),
        ("The Maltings", "the  maltings"),
        ("Bishop's Stortford", "Bishops-Stortford".replace("-", " ")),
        ("Marks & Spencer", "marks and spencer"),
        ("Café Close", "cafe cl"),
        ("London-Colney", "london colney"),
    ],
)
def test_spellings_that_mean_one_place_share_a_key(one: str, other: str) -> None:
    assert place_names.search_key(one) == place_names.search_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("High Street", "High Road"), ("Park Lane", "Lane Park"), ("A1", "A10")]
)
def test_different_names_do_not(one: str, other: str) -> None:
    assert place_names.search_key(one) != place_names.search_key(other)


@given(st.text(max_size=300))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = place_names.search_key(text)
    assert place_names.search_key(key) == key


@pytest.mark.parametrize("text", ["", "   ", "''", "\x00\x01", "!!!", "北京"])
def test_what_cannot_be_compared_has_no_key(text: str) -> None:
    assert place_names.search_key(text) == ""


@pytest.mark.parametrize(
    ("name", "tidied"),
    [
        ("St Peter'S  Street", "St Peter's Street"),
        ("King’S Meadow", "King’s Meadow"),
        ("'S", "'S"),
        ("O'Sullivan Way", "O'Sullivan Way"),
    ],
)
def test_a_name_is_written_as_people_write_it(name: str, tidied: str) -> None:
    assert place_names.tidy(name) == tidied
