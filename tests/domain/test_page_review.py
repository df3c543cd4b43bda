"""When a page may be published: somebody who knows has read it, and not too long ago."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold import rules
from safehold.domain.page_review import About, Review, needs_review, problems, warn_until

TODAY = date(2026, 11, 27)
SENSITIVE = (About.SAFETY, About.LEGAL, About.MEDICAL)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 12, 31))


def good(about: str = About.SAFETY) -> Review:
    return Review(about, "A. Reader, nurse", TODAY, TODAY + timedelta(days=180))


def test_a_general_page_needs_nobody() -> None:
    assert not needs_review(About.GENERAL)
    assert problems(Review(About.GENERAL), on=TODAY) == {}


@pytest.mark.parametrize("about", SENSITIVE)
def test_safety_law_and_health_need_a_name_and_two_days(about: About) -> None:
    assert set(problems(Review(about), on=TODAY)) == {"reviewed_by", "reviewed_on", "review_by"}
    assert problems(good(about), on=TODAY) == {}


def test_a_name_of_spaces_is_no_name() -> None:
    assert set(problems(Review("legal", "  ", TODAY, TODAY + timedelta(1)), on=TODAY)) == {
        "reviewed_by"
    }


@given(reviewed_on=days, review_by=days, about=st.sampled_from(SENSITIVE))
def test_a_page_is_published_only_between_its_two_days(
    reviewed_on: date, review_by: date, about: About
) -> None:
    longest = timedelta(days=rules.load("pages").tables["review"]["longest_days"])
    fine = reviewed_on <= TODAY < review_by <= reviewed_on + longest
    review = Review(about, "A. Reader, solicitor", reviewed_on, review_by)
    assert (problems(review, on=TODAY) == {}) is fine


def test_staff_are_told_a_month_before() -> None:
    assert warn_until(TODAY) == date(2026, 12, 27)
