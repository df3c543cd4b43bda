"""People who are put together and parted, for tests."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from safehold.records.people import facts, merging, operations, queries
from safehold.records.people.models import Contact, Merge, Person
from tests.desk import AT, REASON

SAID = operations.Origin("somebody", "the neighbour")
WHY = "Her passport has both names"
LATER = AT + timedelta(hours=2)


def person(by, name: str = "Ilka Brandreth", **more) -> UUID:
    made = operations.record_person(name=name, origin=SAID, by=by, at=AT, **more)
    look(by, made.identity)
    return made.identity


def look(by, *identities: UUID) -> None:
    for identity in identities:
        queries.look_at_person(identity=identity, reason=REASON, by=by, at=AT)


def merge(by, kept: UUID, folded: UUID) -> Merge:
    return merging.merge(kept=kept, folded=folded, why=WHY, by=by, at=AT)


def unmerge(by, made: Merge, at=LATER) -> None:
    merging.unmerge(merge_id=made.pk, why="She has a sister of that name", by=by, at=at)


def reach(by, identity: UUID, value: str, at=AT + timedelta(hours=1)) -> Contact:
    return facts.add_contact(
        identity=identity, kind="mobile", value=value, origin=SAID, by=by, at=at
    )


def clusters() -> set[frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for key, identity in Person.objects.values_list("pk", "identity"):
        found.setdefault(identity, set()).add(key)
    for identity, rows in found.items():
        assert identity in rows, "an identity is a row of its own"
    return {frozenset(rows) for rows in found.values()}
