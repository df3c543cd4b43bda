"""Invented feedback on the site: complaints, thanks, and one call for help among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote, how long ago, from which page; `note` is what a member made of it."""

    ago: timedelta
    page: str
    wrong: str
    doing: str = ""
    ease: str = ""
    note: str = ""


def _days(days: int, hours: int = 0) -> timedelta:
    return timedelta(days=days, hours=hours)


FEEDBACK: tuple[Said, ...] = (
    Said(
        _days(19, 4),
        "/what-we-are-doing/",
        "Long words. My gran read it with me and we gave up at “partnership”.",
        "Find out who the unit is",
        "hard",
        "The page now says who the unit is in its first sentence, in shorter words.",
    ),
    Said(
        _days(12, 9),
        "/report/place/",
        "The map would not move on my phone. I used words instead and that was fine.",
        "Tell you about the underpass",
        "middling",
        "Nothing changes yet: the map moves by buttons, and we will make them larger.",
    ),
    Said(_days(6, 2), "/cookies/", "Thank you for not having a cookie banner.", ease="easy"),
    Said(
        _days(3, 7),
        "/report/",
        "There is no number here for deaf people who sign. Please add the BSL app at the top.",
        "Find a way to call",
        "gave_up",
    ),
    Said(
        _days(1, 5),
        "/leaving/",
        "I cannot do the form because he checks my phone and he follows me to work. Can the page "
        "look like something else?",
        "Fill in the form",
        "gave_up",
    ),
    Said(_days(0, 6), "/", "The text at the bottom is very small.", ease="middling"),
)
