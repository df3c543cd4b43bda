"""A birth is typed as it is known, and an age is a range where the birth is one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import births

ON = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("typed", "earliest", "latest"),
    [
        ("1991", date(1991, 1, 1), date(1991, 12, 31)),
        ("1990 to 1992", date(1990, 1, 1), date(1992, 12, 31)),
        ("1990 or 1991", date(1990, 1, 1), date(1991, 12, 31)),
        ("2/3/1991", date(1991, 3, 2), date(1991, 3, 2)),
        ("02.03.1991", date(1991, 3, 2), date(1991, 3, 2)),
        ("1991-03-02", date(1991, 3, 2), date(1991, 3, 2)),
        (" 2  march 1991 ", date(1991, 3, 2), date(1991, 3, 2)),
        ("2 Mar 1991", date(1991, 3, 2), date(1991, 3, 2)),
        ("Sept 1991", date(1991, 9, 1), date(1991, 9, 30)),
        ("2026", date(2026, 1, 1), ON),
        ("29 February 2024", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_what_an_officer_types_is_understood(typed: str, earliest: date, latest: date) -> None:
    assert births.read(typed, on=ON) == (earliest, latest)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "30",
        "91",
        "31/2/1991",
        "3/13/1991",
        "2027",
        "1992 to 1990",
        "1700",
        "0000",
        "about 200",
        "29 Feb 2023",
        "x 1991",
    ],
)
def test_what_is_no_birth_is_refused_in_one_sentence(typed: str) -> None:
    with pytest.raises(births.NotABirth) as refused:
        births.read(typed, on=ON)
    assert str(refused.value).count(".") == 1


@given(st.text(max_size=30))
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    try:
        earliest, latest = births.read(typed, on=ON)
    except births.NotABirth:
        return
    assert births.EARLIEST <= earliest <= latest <= ON


@given(st.dates(births.EARLIEST, ON), st.dates(births.EARLIEST, ON))
def test_an_age_is_never_negative_and_the_range_is_in_order(one: date, other: date) -> None:
    born = min(one, other), max(one, other)
    least, most = births.ages(born, on=ON)
    assert 0 <= least <= most


@given(st.integers(0, 110))
def test_whoever_is_about_an_age_may_be_that_age(age: int) -> None:
    least, most = births.ages(births.read(f"about {age}", on=ON), on=ON)
    assert least <= age <= most
    assert most - least <= 2 * births.SLACK_YEARS


@given(st.dates(births.EARLIEST, ON - timedelta(days=1)))
def test_a_birthday_makes_one_year_older_and_a_day_before_does_not(born: date) -> None:
    if (born.month, born.day) == (2, 29):
        return
    birthday = born.replace(year=born.year + 20)
    assert births.ages((born, born), on=birthday) == (20, 20)
    assert births.ages((born, born), on=birthday - timedelta(days=1)) == (19, 19)


def test_a_birth_is_said_as_exactly_as_it_is_known() -> None:
    def said(typed: str) -> str:
        return births.in_words(births.read(typed, on=ON), on=ON)

    assert said("2/3/1991") == "2 March 1991, 35"
    assert said("March 1991") == "March 1991, 35"
    assert said("1991") == "1991, 34 to 35"
    assert said("about 30") == "between 1993 and 1998, 28 to 32"
