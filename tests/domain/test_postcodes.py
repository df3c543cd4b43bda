"""A postcode is recognised however it is typed, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import postcodes

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("AL1 1AA", "AL1 1AA"),
        ("al11aa", "AL1 1AA"),
        (" Al 1 1 aA ", "AL1 1AA"),
        ("SW1A-1AA", "SW1A 1AA"),
        ("m1 1ae", "M1 1AE"),
        ("wd17\u00a02ba", "WD17 2BA"),
        ("SG1 OAB", "SG1 0AB"),
        ("SG1 IAB", "SG1 1AB"),
    ],
)
def test_a_postcode_however_typed(typed: str, written: str) -> None:
    assert postcodes.normalise(typed) == written


@pytest.mark.parametrize(
    "typed",
    ["", "AL1", "1AA", "High Street", "AL1 1A", "AL1 1AAA", "ALL1 1AA", "12345", "A" * 10**6],
)
def test_anything_else_is_not_a_postcode(typed: str) -> None:
    assert postcodes.normalise(typed) is None


@given(st.text(max_size=40))
def test_what_is_normalised_stays_as_it_is(typed: str) -> None:
    written = postcodes.normalise(typed)
    assert written is None or postcodes.normalise(written) == written


@given(
    area=st.text(LETTERS, min_size=1, max_size=2),
    district=st.integers(1, 99),
    sector=st.integers(0, 9),
    unit=st.text(LETTERS, min_size=2, max_size=2),
    gaps=st.lists(st.sampled_from(["", " ", "  ", "."]), min_size=2, max_size=2),
)
def test_case_and_spaces_never_matter(
    area: str, district: int, sector: int, unit: str, gaps: list[str]
) -> None:
    typed = f"{area}{gaps[0]}{district}{gaps[1]}{sector}{unit}".lower()
    assert postcodes.normalise(typed) == f"{area}{district} {sector}{unit}"
    assert postcodes.outward(f"{area}{district} {sector}{unit}") == f"{area}{district}"
