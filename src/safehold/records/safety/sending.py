"""Whether something may be sent to a person: every message out to somebody we protect asks here.

Of what goes out today: a copy of a safety plan asks. A nudge asks by the same rules what its
receiver chose for it and what was corrected since (`nudges/allowed.py`), and says nothing. A reply
by code is fetched by whoever holds the code, and nothing is sent. An alarm goes to members, a share
is a file that a member fetches. Another sender, or another file that can be taken away, is found by
tests/records/safety/test_what_is_sent.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils import timezone

from safehold.domain import sending
from safehold.domain.contact_profile import UNKNOWN, Terms
from safehold.domain.sending import Allowed, Refused, Way
from safehold.records.contacts import of_people
from safehold.records.contacts import queries as contacts
from safehold.records.contacts.models import Profile
from safehold.records.incidents.models import IncidentReport, Part, Role

_NOT_SAFE: Final = frozenset({"no", "not_sure"})


def may_send(*, identity: UUID, way: Way, at: datetime, read: bool = False) -> Allowed | Refused:
    """Tell whether something may be sent to a person now by one way, and what to keep to.

    `read` tells that whoever sends has opened what is sealed of how they are reached.
    """
    zone = timezone.get_default_timezone()
    return sending.may_send(terms_of(identity), way, at=at, zone=zone, read=read)


def terms_of(identity: UUID) -> list[Terms]:
    """Return what is known in clear of how a person is reached: of their own, and of each report.

    Their own is what an officer wrote down of them, or an import. A report is theirs where it is
    the one report of an incident and they are tied to the part that told us. Where somebody else
    told us, only that it is not known to be safe to contact them is taken from it. A report whose
    name is hidden is tied to nobody.
    """
    roles = Role.objects.filter(person__identity=identity, part__in=[Part.VICTIM, Part.REPORTER])
    found = [terms for profile in of_people.standing(identity) for terms in _of(profile)]
    for incident_id, part in roles.order_by("pk").values_list("incident_id", "part"):
        reports = IncidentReport.objects.filter(incident_id=incident_id)
        keys = list(reports.values_list("pk", flat=True)[:2])
        others_told = part == Part.VICTIM and _told_by_somebody_else(incident_id)
        newest = _newest(keys)
        if others_told or len(keys) > 1:
            found += [terms for terms in newest if terms.may_contact in _NOT_SAFE]
        else:
            # Whether the person it was done to may be contacted is not said of whoever told.
            found += [replace(terms, may_contact=UNKNOWN) for terms in newest]
    return found


def _told_by_somebody_else(incident_id: UUID) -> bool:
    return Role.objects.filter(incident_id=incident_id, part=Part.REPORTER).exists()


def _newest(report_ids: list[UUID]) -> list[Terms]:
    profiles = Profile.objects.filter(report_id__in=report_ids, hidden=False)
    return [terms for profile in profiles.order_by("made_at", "pk") for terms in _of(profile)]


def _of(profile: Profile) -> list[Terms]:
    return [contacts.terms_of(version) for version in contacts.versions(profile)[:1]]
