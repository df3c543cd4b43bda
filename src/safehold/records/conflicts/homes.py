"""Where a member lives, as a mark under the installation's key: compared, and never shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from safehold.domain import addresses
from safehold.domain.access import Permission
from safehold.records import row_security
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.conflicts.models import HomeMark
from safehold.records.people.models import Home
from safehold.records.staff.models import StaffMember


class NotAnAddress(ValueError):
    """What was typed is no address that can be compared."""


@transaction.atomic
def keep_home(
    *, member: StaffMember, line: str, postcode: str, by: StaffMember, at: datetime
) -> None:
    """Keep a mark of where a member lives, in the place of the one before.

    A member does it for themselves, professional standards for anybody. Raises Refused, or
    NotAnAddress.
    """
    if by.pk != member.pk:
        by.must(Permission.KEEP_CONFLICTS)
    if not line.strip() or not postcode.strip():
        raise NotAnAddress("Write the first line of the address and the postcode.")
    HomeMark.objects.update_or_create(
        member=member,
        defaults={"mark": _mark(addresses.key_of(line, postcode)), "at": at, "by": by},
    )
    audit.append(action=Action.HOME_MARKED, by=by, subject=About("member", str(member.pk)), at=at)


def is_known(member: StaffMember) -> bool:
    """Tell whether there is a mark of where a member lives."""
    return HomeMark.objects.filter(member=member).exists()


def people_at_home(member: StaffMember, people: Collection[UUID]) -> frozenset[UUID]:
    """Return those people who live or lived where a member does."""
    mark = HomeMark.objects.filter(member=member).values_list("mark", flat=True).first()
    if mark is None:
        return frozenset()
    rows = Home.objects.filter(person__identity__in=list(people))
    with row_security.as_system():  # a home that they may not read is still theirs
        lived = list(rows.values_list("person__identity", "address__key").distinct())
    return frozenset(identity for identity, key in lived if _mark(key) == mark)


def _mark(key: str) -> str:
    return salted_hmac("safehold.home", key, algorithm="sha256").hexdigest()
