"""Keeping members from people of their own name, or of a name close to them, in both directions.

A person's new name is looked up among the keys of the register; a new name on the register among
the names of people. Either is one question for many names, so that an import of a million is
compared as it comes. A name alone may be another person's: it keeps that one member alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import transaction

from safehold.domain import kept_names, spelling
from safehold.records import row_security
from safehold.records.conflicts.models import LinkedParty
from safehold.records.conflicts.models_of_people import PersonRecusal, RegisterKey
from safehold.records.people.models import NamePair, PersonName
from safehold.records.staff.models import StaffMember

_AT_ONCE = 2_000  # keys of one question, rows of one insertion
_Owner = tuple[int, UUID | None]  # a member, and the entry of the register, None for own name
_Key = tuple[int, int, UUID | None]


def compare_people(names: Sequence[PersonName]) -> None:
    """Keep members from people whose names are new, inside the transaction that writes them."""
    named: dict[int, set[UUID]] = {}
    for name in names:
        for key in spelling.pairs_of(name.written):
            named.setdefault(key, set()).add(name.person_id)
    if not names:
        return
    at = max(name.recorded_at for name in names)
    met: set[tuple[UUID, _Owner]] = set()
    for keys in _parts(named):
        rows = RegisterKey.objects.filter(key__in=keys).values_list("key", "member_id", "linked_id")
        for key, member_id, linked_id in rows:
            met |= {(person_id, (member_id, linked_id)) for person_id in named[key]}
    _keep(met, at=at)


@transaction.atomic
def enter(*, at: datetime, member: StaffMember | None = None) -> int:
    """Bring the keys of the register up to date, of one member or of all; tell how many were new.

    People whose names are met by what is new are kept from whom it belongs to.
    """
    rows = (
        RegisterKey.objects.all() if member is None else RegisterKey.objects.filter(member=member)
    )
    known = set(rows.values_list("key", "member_id", "linked_id"))
    wanted = set(_wanted(member))
    if gone := known - wanted:
        columns = rows.values_list("pk", "key", "member_id", "linked_id")
        for old in _parts(pk for pk, *key in columns if tuple(key) in gone):
            RegisterKey.objects.filter(pk__in=old).delete()
    new = sorted(wanted - known, key=str)
    RegisterKey.objects.bulk_create(
        [RegisterKey(key=key, member_id=who, linked_id=linked) for key, who, linked in new],
        batch_size=_AT_ONCE,
    )
    _compare_register(new, at=at)
    return len(new)


@transaction.atomic
def compare_all(*, at: datetime) -> int:
    """Hold the whole register against all names again: what two writers missed of one another."""
    enter(at=at)
    keys = list(RegisterKey.objects.values_list("key", "member_id", "linked_id"))
    return _compare_register(keys, at=at)


def _wanted(member: StaffMember | None) -> Iterator[_Key]:
    members = [member] if member else list(StaffMember.objects.all())
    linked = list(LinkedParty.objects.filter(ended_at=None))
    of_member: dict[int, list[LinkedParty]] = {}
    of_name: list[tuple[frozenset[int], LinkedParty]] = []
    for row in linked:
        if row.colleague_id is not None:
            of_member.setdefault(row.colleague_id, []).append(row)
        else:  # who may have come to sign in here since
            of_name.append((kept_names.wanted_keys(row.colleague_name), row))
    for each in members:
        own = spelling.pairs_of(each.name)
        theirs = [row for keys, row in of_name if not keys.isdisjoint(own)]
        yield from ((key, each.pk, None) for key in kept_names.wanted_keys(each.name))
        for row in chain(of_member.get(each.pk, ()), theirs):
            yield from ((key, each.pk, row.pk) for key in kept_names.wanted_keys(row.name))


def _compare_register(keys: Iterable[_Key], *, at: datetime) -> int:
    owners: dict[int, set[_Owner]] = {}
    for key, member_id, linked_id in keys:
        owners.setdefault(key, set()).add((member_id, linked_id))
    met: set[tuple[UUID, _Owner]] = set()
    for some in _parts(owners):
        rows = NamePair.objects.filter(key__in=some).values_list("key", "name__person_id")
        with row_security.as_system():  # whoever adds a name may not know of those it meets
            for key, person_id in rows.iterator(chunk_size=_AT_ONCE):
                met |= {(person_id, owner) for owner in owners[key]}
    return _keep(met, at=at)


def _keep(met: Iterable[tuple[UUID, _Owner]], *, at: datetime) -> int:
    rows = [
        PersonRecusal(person_id=person_id, member_id=member_id, linked_id=linked_id, at=at)
        for person_id, (member_id, linked_id) in sorted(met, key=str)
    ]
    # One that is there stays as it is: what standards lifted is not kept again by the same name.
    PersonRecusal.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_AT_ONCE)
    return len(rows)


def _parts(keys: Iterable[int]) -> Iterator[list[int]]:
    all_of_them = list(keys)
    return (all_of_them[start : start + _AT_ONCE] for start in range(0, len(all_of_them), _AT_ONCE))
