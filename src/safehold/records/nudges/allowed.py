"""Whether a nudge may go now: by what she asked for, and by what was written down of her since.

She chose the way, the address and the hours for nudges. What an officer wrote down later of how to
reach her may only take from that: another hour, or an eye that sees it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from safehold.domain import sending
from safehold.domain.contact_profile import UNKNOWN, Terms
from safehold.domain.sending import Allowed, Refused, Way
from safehold.records.contacts import queries as contacts
from safehold.records.intake.nudges import Asked

_CHOSEN = "no"  # she chose an address that nobody else sees


def may_nudge(report_id: UUID, asked: Asked, *, at: datetime) -> Allowed | Refused:
    """Tell whether a nudge about a report may go now, by the rules of whatever is sent."""
    way = Way(asked.channel.value)
    chosen = Terms(method=way, week=asked.week, seen=_CHOSEN)
    return sending.may_send(
        [chosen, *_since(report_id, chosen)],
        way,
        at=at,
        zone=timezone.get_default_timezone(),
        read=True,  # what is sealed was read by whoever corrected it
    )


def _since(report_id: UUID, chosen: Terms) -> list[Terms]:
    """Return what was corrected of the same way since she told it, none where nothing was."""
    profile = contacts.of_report(report_id)
    if profile is None or profile.hidden:
        return []
    newest = contacts.versions(profile)[0]
    terms = contacts.terms_of(newest)
    if newest.number == 1 or terms.method != chosen.method:
        return []
    # Whether the person it was done to may be contacted is not said of whoever told.
    return [
        replace(
            terms,
            may_contact=UNKNOWN,
            seen=terms.seen or chosen.seen,
            week=terms.week if terms.week.known else chosen.week,
        )
    ]
