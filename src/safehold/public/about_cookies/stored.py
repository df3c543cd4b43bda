"""Everything that this site keeps on a device: what `/cookies/` shows, and tests hold us to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from safehold.public.report import device
from safehold.public.report.drafts import idle_minutes
from safehold.records.intake.cookies import DRAFT_COOKIE, KEY_COOKIE


class Place(StrEnum):
    """Where a browser keeps something."""

    COOKIE = "Cookie"
    TAB = "Kept for one tab"


LEFT_MARK: Final = "x"


@dataclass(frozen=True, slots=True)
class Stored:
    """One thing kept on a device, in the words of the page."""

    name: str
    place: Place
    purpose: str
    set_when: str
    lasts: str
    on_leaving: str


def stored() -> tuple[Stored, ...]:
    """List everything that we keep on a device; nothing else is ever set."""
    minutes = idle_minutes()
    drafting = "When you start to tell us about a place. Reading pages sets nothing."
    lasts = f"Until you close the browser. It opens nothing after {minutes} minutes without a page."
    return (
        Stored(
            device.name(DRAFT_COOKIE),
            Place.COOKIE,
            "Finds the answers you are giving, while you give them.",
            drafting,
            lasts,
            "Removed, and your answers are destroyed.",
        ),
        Stored(
            device.name(KEY_COOKIE),
            Place.COOKIE,
            "Half of the key to those answers. We hold the other half; neither half opens them.",
            drafting,
            lasts,
            "Removed at once, even with no connection, so that nobody can open the answers.",
        ),
        Stored(
            LEFT_MARK,
            Place.TAB,
            "Remembers that you left, so that the Back button does not show our pages again. "
            "It holds the figure 1 and nothing about you.",
            "When you use “Leave this site” or its keys.",
            "Until you close the tab, or come back to this site in it.",
            "Kept: it is what guards the Back button.",
        ),
    )
