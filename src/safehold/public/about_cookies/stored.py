"""Everything that this site keeps on a device: what `/cookies/` shows, and tests hold us to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext, gettext_noop

from safehold.public import cookies
from safehold.public.report.drafts import idle_minutes
from safehold.records.intake.cookies import DRAFT_COOKIE, KEY_COOKIE


class Place(StrEnum):
    """Where a browser keeps something."""

    COOKIE = gettext_noop("Cookie")
    TAB = gettext_noop("Kept for one tab")


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
    drafting = gettext(
        "When you start a form, or open something with a code. Reading pages sets nothing."
    )
    lasts = gettext(
        "Until you close the browser. It opens nothing after %(minutes)s minutes without a page."
    ) % {"minutes": minutes}
    return (
        Stored(
            cookies.name(DRAFT_COOKIE),
            Place.COOKIE,
            gettext(
                "Finds the answers you are giving, or what a code opened, while you are at it."
            ),
            drafting,
            lasts,
            gettext("Removed, and your answers are destroyed."),
        ),
        Stored(
            cookies.name(KEY_COOKIE),
            Place.COOKIE,
            gettext(
                "Half of the key to those answers. We hold the other half; neither half opens them."
            ),
            drafting,
            lasts,
            gettext(
                "Removed at once, even with no connection, so that nobody can open the answers."
            ),
        ),
        Stored(
            cookies.name(cookies.FEEDBACK_COOKIE),
            Place.COOKIE,
            gettext(
                "Finds what you wrote as feedback where it needs another look, and the page to go "
                "back to. It is half of the key to that; we hold the other half."
            ),
            gettext(
                "When you press the button that sends feedback. Reading that page sets nothing."
            ),
            lasts,
            gettext("Removed at once, and what it leads to is destroyed."),
        ),
        Stored(
            cookies.name(cookies.SUPPORT_COOKIE),
            Place.COOKIE,
            gettext(
                "Holds what you look for under “Find support”, such as a language or a district. "
                "It is locked: only this site can read it."
            ),
            gettext("When you press “Find services”. Reading the page sets nothing."),
            gettext(
                "Until you close the browser or clear it. It opens nothing after %(minutes)s "
                "minutes without a list."
            )
            % {"minutes": minutes},
            gettext("Removed at once, even with no connection."),
        ),
        Stored(
            cookies.name(cookies.CHOICE_COOKIE),
            Place.COOKIE,
            gettext("Remembers what you chose about counting and settings. It holds two letters."),
            gettext("When you accept, reject or save a choice about cookies."),
            gettext("One year, or until you leave with “Leave this site”."),
            gettext("Removed. If you come back, we ask again."),
        ),
        Stored(
            cookies.name(cookies.SWITCH_COOKIE),
            Place.COOKIE,
            gettext("Remembers that you switched off the keys that leave. It holds the figure 1."),
            gettext("When you switch the keys off on the page “Leaving this site”."),
            gettext("Until you close the browser, or switch the keys on again."),
            gettext(
                "Kept, so that a key that you need for something else stays yours if you come back."
            ),
        ),
        Stored(
            cookies.name(cookies.LANGUAGE_COOKIE),
            Place.COOKIE,
            gettext("Remembers the language that you chose. It holds its short code."),
            gettext("When you choose a language, where this site offers more than one."),
            gettext(
                "Until you close the browser; for one year if you let us remember your settings."
            ),
            gettext("Removed. Choose your language again if you come back."),
        ),
        Stored(
            LEFT_MARK,
            Place.TAB,
            gettext(
                "Remembers that you left, so that the Back button does not show our pages again. "
                "It holds the figure 1 and nothing about you."
            ),
            gettext("When you use “Leave this site” or its keys."),
            gettext("Until you close the tab, or come back to this site in it."),
            gettext("Kept: it is what guards the Back button."),
        ),
    )
