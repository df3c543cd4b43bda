"""What stands around every page: who runs it, the way out, the way on, and help.

Read from the force's profile alone, so that an error page needs no store and no request, and a
page stored at publication carries the same chrome as a live one.
"""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from safehold.design.words import day

PRACTICE: Final = "Practice site. Nobody reads this. In danger: call 999"


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chrome: a path of ours and the words that lead there."""

    path: str
    words: str


# Only pages that exist: tests/browser/test_chrome.py follows every one.
NAVIGATION: Final = (
    Link("/report/", "Tell us"),
    Link("/what-we-are-doing/", "What we are doing"),
)
FOOT: Final = (Link("/cookies/", "Cookies"),)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the staff side, shown to whoever the access table grants `permission`."""

    path: str
    words: str
    permission: str


SECTIONS: Final = (
    Section("/staff/", "My work", "see_work"),
    Section("/staff/reports/", "Reports", "see_inbox"),
    Section("/staff/places/", "Places", "see_places"),
    Section("/staff/hotspots/", "Hot spots", "see_hotspots"),
    Section("/staff/content/", "Public pages", "edit_pages"),
    Section("/staff/looks/", "Who looked", "see_looks"),
    Section("/staff/trouble/", "Trouble", "see_trouble"),
)


@dataclass(frozen=True, slots=True)
class Chrome:
    """Everything that a layout shows around its page."""

    force: str
    language: str
    practice: str
    exit_addresses: str
    phase: str
    version: str
    emergency: str
    non_emergency: str
    navigation: tuple[Link, ...]
    foot: tuple[Link, ...]
    sections: tuple[Section, ...]


def chrome() -> Chrome:
    """Read the chrome from the profile in force; pages call it as `chrome()`."""
    force = settings.FORCE
    return Chrome(
        force=force.name,
        language=force.languages[0],
        practice=PRACTICE if settings.DEMONSTRATION or force.demonstration else "",
        exit_addresses=" ".join((force.exit_url, *force.exit_fallbacks)),
        phase=force.phase.label,
        version=day(force.phase.version_date),
        emergency=force.phones.emergency,
        non_emergency=force.phones.non_emergency,
        navigation=NAVIGATION,
        foot=FOOT,
        sections=SECTIONS,
    )
