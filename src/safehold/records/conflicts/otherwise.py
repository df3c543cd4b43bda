"""Who a search by a number, an address or a reference met and may not be known of: for sorting.

Nothing of it is for whoever searched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from safehold.domain import addresses, reachable
from safehold.records.cases.models import Case
from safehold.records.conflicts.asked import ADDRESS, CONTACT, RECORD
from safehold.records.incidents.models import Incident
from safehold.records.people import finding
from safehold.records.people.models import Contact, Home, Person
from safehold.records.staff.models import StaffMember

Met = tuple[str, UUID]


def met(kind: str, words: str, *, member: StaffMember) -> Iterator[Met]:
    """Give what a search was for, whether it is hidden or not: the kind and key of each."""
    if kind == CONTACT:
        key = reachable.key_of(words)
        yield from _people(Contact.objects.filter(key=key, ended_at=None), member)
    elif kind == ADDRESS:
        yield from _people(Home.objects.filter(_at(words), ended_at=None), member)
    elif kind == RECORD:
        reference = tidy(words)
        hidden = Person.objects.filter(reference=reference)
        yield from (("person", each) for each in hidden.values_list("pk", flat=True))
        for name, model in (("incident", Incident), ("case", Case)):
            rows: QuerySet[Any] = model._default_manager.filter(reference=reference)
            yield from ((name, each) for each in rows.values_list("pk", flat=True))


def tidy(reference: str) -> str:
    """Return a reference as ours are written."""
    said = "".join(each for each in reference.upper() if each.isalnum())
    return f"{said[:1]}-{said[1:5]}-{said[5:]}"


def _people(rows: QuerySet[Any], member: StaffMember) -> Iterator[Met]:
    hidden = rows.exclude(person__in=finding.visible_to(member))
    keys = hidden.values_list("person__identity", flat=True)
    yield from (("person", key) for key in dict.fromkeys(keys))


def _at(words: str) -> Q:
    """Match the homes of an address as it was typed, with a postcode after a comma or without."""
    line, _, postcode = words.rpartition(", ")
    whole = Q(address__key__startswith=addresses.key_of(words, ""))
    return whole | Q(address__key=addresses.key_of(line, postcode)) if line else whole
