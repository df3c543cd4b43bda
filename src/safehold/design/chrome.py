"""What stands around every page: who runs it, the way out, the way on, and help.

Read from the force's profile alone, so that an error page needs no store and no request, and a
page stored at publication carries the same chrome as a live one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_noop
from markupsafe import Markup, escape

from safehold.design import languages
from safehold.design.languages import Offered
from safehold.design.made_once import MadeOnce
from safehold.design.words import day

PRACTICE: Final = gettext_noop("Practice site. Nobody reads this. In danger: call 999")
# As `domain.force` says it where the force has confirmed nothing.
READING_UNKNOWN: Final = gettext_noop(
    "We cannot say yet when reports sent here are read. In danger, call %(emergency)s. "
    "To speak to the police, call %(non_emergency)s."
)
PHASES: Final = (gettext_noop("Alpha"), gettext_noop("Beta"), gettext_noop("Live"))


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chrome: a path of ours and the words that lead there."""

    path: str
    words: str


# Only pages that exist: tests/browser/test_chrome.py follows every one.
NAVIGATION: Final = (
    Link("/report/", gettext_noop("Tell us")),
    Link("/support/", gettext_noop("Find support")),
    Link("/advice/", gettext_noop("Advice")),
    Link("/what-we-are-doing/", gettext_noop("What we are doing")),
)
FOOT: Final = (
    Link("/leaving/", gettext_noop("How leaving works")),
    Link("/places/", gettext_noop("Places people told us about")),
    Link("/our-strategy/", gettext_noop("Our strategy")),
    Link("/how-you-can-help/", gettext_noop("How you can help")),
    Link("/campaigns/", gettext_noop("Campaigns")),
    Link("/transparency/", gettext_noop("Transparency")),
    Link("/privacy/", gettext_noop("Privacy")),
    Link("/cookies/", gettext_noop("Cookies")),
    Link("/accessibility/", gettext_noop("Accessibility")),
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the staff side, shown to whoever the access table grants `permission`."""

    path: str
    words: str
    permission: str


SECTIONS: Final = (
    Section("/staff/", "My work", "see_work"),
    Section("/staff/reports/", "Reports", "see_inbox"),
    Section("/staff/watch/", "The watch", "hold_watch"),
    Section("/staff/crime-decisions/", "Crime decisions", "see_crime_decisions"),
    Section("/staff/feedback/", "Feedback", "see_feedback"),
    Section("/staff/feedback/notes/", "Feedback notes", "see_feedback_notes"),
    Section("/staff/people/", "People", "search_people"),
    Section("/staff/cases/", "Cases", "see_cases"),
    Section("/staff/incidents/new/", "Record an incident", "record_incidents"),
    Section("/staff/imports/", "Imports", "import_records"),
    Section("/staff/downgrades/", "Lower grades", "agree_downgrade"),
    Section("/staff/phones/", "Phones", "assess_risk"),
    Section("/staff/deadlines/", "What is due", "see_deadlines"),
    Section("/staff/actions/", "Actions", "see_safety"),
    Section("/staff/orders/", "Orders", "see_orders"),
    Section("/staff/places/", "Places", "see_places"),
    Section("/staff/publication/", "Publication", "prepare_places"),
    Section("/staff/hotspots/", "Hot spots", "see_hotspots"),
    Section("/staff/content/", "Public pages", "edit_pages"),
    Section("/staff/shares/", "Shares", "see_shares"),
    Section("/staff/exports/", "Exports", "see_exports"),
    Section("/staff/agencies/", "Agencies", "keep_agencies"),
    Section("/staff/services/", "Services", "edit_services"),
    Section("/staff/usage/", "Use", "see_usage"),
    Section("/staff/clares-law/", "Clare’s Law", "handle_dvds"),
    Section("/staff/calls/", "Type a report", "type_report"),
    Section("/staff/hidden-names/", "Hidden names", "review_identity"),
    Section("/staff/linked/", "Linked people", "keep_conflicts"),
    Section("/staff/emergencies/", "Emergencies", "review_glass"),
    Section("/staff/kept/", "Kept from people", "keep_conflicts"),
    Section("/staff/attempts/", "Attempts", "keep_conflicts"),
    Section("/staff/overrides/", "Reached another way", "review_override"),
    Section("/staff/retention/", "How long kept", "see_retention"),
    Section("/staff/looks/", "Who looked", "see_looks"),
    Section("/staff/looks/unusual/", "Unusual looking", "review_looks"),
    Section("/staff/trouble/", "Trouble", "see_trouble"),
    Section("/staff/team/", "The team", "see_team"),
    Section("/staff/clares-law/figures/", "Clare’s Law in figures", "see_dvds_figures"),
)


@dataclass(frozen=True, slots=True)
class Chrome:
    """Everything that a layout shows around its page."""

    force: str
    language: Offered
    languages: tuple[Offered, ...]
    wanted: Offered | None
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
    """Give the chrome of the profile in force; pages call it as `chrome()`."""
    return _made.of("", _read)


def _read() -> Chrome:
    force, spoken = settings.FORCE, languages.now()
    return Chrome(
        force=force.name,
        language=spoken.language,
        languages=languages.offered(),
        wanted=spoken.wanted,
        practice=languages.said(PRACTICE) if settings.DEMONSTRATION or force.demonstration else "",
        exit_addresses=" ".join((force.exit_url, *force.exit_fallbacks)),
        phase=languages.said(force.phase.label),
        version=day(force.phase.version_date),
        emergency=force.phones.emergency,
        non_emergency=force.phones.non_emergency,
        navigation=_in_words(NAVIGATION),
        foot=_in_words(FOOT),
        sections=SECTIONS,
    )


_made: Final[MadeOnce[Chrome]] = MadeOnce()


def reading_sentence() -> Markup:
    """Say when reports are read: in the force's own words, or that it is not known."""
    force = settings.FORCE
    if force.when_reports_are_read:
        return languages.own(force.when_reports_are_read)
    numbers = {
        "emergency": force.phones.emergency,
        "non_emergency": force.phones.non_emergency,
    }
    return escape(languages.said(READING_UNKNOWN) % numbers)


def _in_words(links: tuple[Link, ...]) -> tuple[Link, ...]:
    if languages.is_english():
        return links
    return tuple(Link(link.path, languages.said(link.words)) for link in links)
