"""Which public pages need a reviewer before they are published, and for how long one is enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from safehold import rules

# Who is named on a page of a practice site: nobody has read it, and nobody is said to have.
PRACTICE_REVIEWER = "Practice reviewer (invented)"


class About(StrEnum):
    """What the words of a page could do if they were wrong."""

    GENERAL = "general"
    SAFETY = "safety"
    LEGAL = "legal"
    MEDICAL = "medical"


@dataclass(frozen=True, slots=True)
class Review:
    """Who read a page, on which day, and the day by which it is read again."""

    about: str
    reviewed_by: str = ""
    reviewed_on: date | None = None
    review_by: date | None = None


def needs_review(about: str) -> bool:
    """Tell whether a page about this may be published only with a review (rules/pages.toml)."""
    return about in rules.load("pages").tables["review"]["needed_for"]


def problems(review: Review, *, on: date, today: date | None = None) -> Mapping[str, str]:
    """Return one sentence for each field that keeps a page from being published on a day.

    `today` is the day of asking where the page goes out on a later one: nobody has read it on a day
    that is still to come. A page that needs no review may go without; what is filled in has to make
    sense all the same.
    """
    found: dict[str, str] = {}
    if needs_review(review.about):
        found |= _missing(review)
    longest = timedelta(days=rules.load("pages").tables["review"]["longest_days"])
    if review.reviewed_on and review.reviewed_on > (today or on):
        found["reviewed_on"] = "Give the day on which it was read: this one has not come yet."
    if review.review_by and review.review_by <= on:
        found["review_by"] = "This day has passed: have the page read again, then give a later day."
    if review.review_by and review.review_by > (review.reviewed_on or on) + longest:
        found["review_by"] = f"Give a day at most {longest.days} days after it was read."
    return found


def warn_until(today: date) -> date:
    """Return the last day whose reviews staff are told of today (rules/pages.toml)."""
    days: int = rules.load("pages").tables["review"]["warn_days"]
    return today + timedelta(days=days)


def _missing(review: Review) -> dict[str, str]:
    found = {}
    if not review.reviewed_by.strip():
        found["reviewed_by"] = (
            f"A page with {review.about} advice is published only when someone who knows the "
            "subject has read it: give that person's name and role."
        )
    if review.reviewed_on is None:
        found["reviewed_on"] = "Give the day on which it was read, such as 2026-11-27."
    if review.review_by is None:
        found["review_by"] = "Give the day by which it is read again, such as 2027-05-31."
    return found
