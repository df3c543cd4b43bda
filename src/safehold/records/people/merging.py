"""Deciding that two records are one person, taking that back, and deciding that they are two.

Nothing here is automatic, and no fact is rewritten: a merge gives the rows of one identity the
other's. Every merge is of two rows that stand for themselves, so those that hold make trees, and a
row's identity is the root of its tree. Taking a merge back cuts the branch off below `folded`: it
gives back exactly the rows that came by it and were not parted since, whatever came later.

Whoever changes which rows are one person holds the lock of their root.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from safehold.domain import access
from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.incidents.models import Part
from safehold.records.incidents.models import Role as InIncident
from safehold.records.people import finding, queries
from safehold.records.people.models import Alike, Apart, Merge, Person
from safehold.records.people.operations import PersonNotFound, about
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

_DONE_TO = Q(part=Part.VICTIM) | Q(category="victim")
_SAID_TO_HAVE = Q(part=Part.SUSPECT) | Q(category__in=["suspect", "convicted"])


class NotLookedAt(PermissionError):
    """Whoever decides about two people has looked at both within the shift."""


class NeverOne(Exception):
    """The two cannot be put together; the message says why."""


class DecidedMeanwhile(Exception):
    """Somebody else decided first, so nothing was done; the message says so."""


class MergeNotFound(LookupError):
    """There is no such merge, or none that the member may know of."""


@transaction.atomic
def merge(*, kept: UUID, folded: UUID, why: str, by: StaffMember, at: datetime) -> Merge:
    """Decide that two are one person, known from now on by the identity that is kept.

    Raises ReasonTooThin, Refused, PersonNotFound, NotLookedAt, NeverOne, or DecidedMeanwhile.
    """
    stated = meaningful(why)
    by.must(Permission.MERGE_PEOPLE)
    _lock_roots(kept, folded, by=by)
    _must_have_looked(kept, folded, by=by, at=at)
    _may_be_one(kept, folded)
    moved = queries.rows_of(folded)
    made = Merge.objects.create(
        kept=kept,
        folded=folded,
        moved=sorted(map(str, moved)),
        why=stated,
        at=at,
        by=by,
    )
    Person.objects.filter(pk__in=moved).update(identity=kept)
    audit.append(
        action=Action.PERSONS_MERGED,
        by=by,
        subject=about(kept),
        at=at,
        reason=stated,
        detail={"merge": str(made.pk), "folded": str(folded), "rows": len(moved)},
    )
    return made


@transaction.atomic
def unmerge(*, merge_id: UUID, why: str, by: StaffMember, at: datetime) -> Merge:
    """Take a merge back: the rows that came by it, and no others, have their own identity again.

    What was recorded meanwhile stays with whom it was recorded of: `histories.meanwhile` lists it.
    Raises ReasonTooThin, Refused, MergeNotFound, or DecidedMeanwhile.
    """
    stated = meaningful(why)
    by.must(Permission.MERGE_PEOPLE)
    found = merge_of(merge_id, by=by)
    root = Person.objects.values_list("identity", flat=True).get(pk=found.folded)
    _lock([root])
    row = Merge.objects.select_for_update(no_key=True, of=("self",)).get(pk=merge_id)
    if row.undone_at is not None:
        raise DecidedMeanwhile("This was taken back already.")
    if not Person.objects.filter(pk=row.folded, identity=root).exists():
        raise DecidedMeanwhile("Somebody decided about these people just now. Look again.")
    row.undone_at, row.undone_by, row.undone_why = at, by, stated
    row.save(update_fields=["undone_at", "undone_by", "undone_why"])
    branch = _below(row.folded, root)
    Person.objects.filter(pk__in=branch).update(identity=row.folded)
    audit.append(
        action=Action.PERSONS_PARTED,
        by=by,
        subject=about(row.folded),
        at=at,
        reason=stated,
        detail={"merge": str(row.pk), "kept": str(root), "rows": len(branch)},
    )
    return row


@transaction.atomic
def say_apart(*, one: UUID, other: UUID, why: str, by: StaffMember, at: datetime) -> Apart:
    """Decide that two are two people: they are not offered again, whatever either is merged with.

    Raises ReasonTooThin, Refused, PersonNotFound, NotLookedAt, or DecidedMeanwhile.
    """
    stated = meaningful(why)
    by.must(Permission.MERGE_PEOPLE)
    _lock_roots(one, other, by=by)
    _must_have_looked(one, other, by=by, at=at)
    first, second = sorted((one, other), key=str)
    try:
        with transaction.atomic():
            made = Apart.objects.create(one=first, other=second, why=stated, at=at, by=by)
    except IntegrityError:
        raise DecidedMeanwhile("Somebody has already said that these are two people.") from None
    Alike.objects.filter(
        Q(one__identity=one, other__identity=other) | Q(one__identity=other, other__identity=one)
    ).delete()
    audit.append(
        action=Action.PERSONS_KEPT_APART,
        by=by,
        subject=about(one),
        at=at,
        reason=stated,
        detail={"other": str(other)},
    )
    return made


def merge_of(merge_id: UUID, *, by: StaffMember) -> Merge:
    """Return one merge of people whom the member may know of. Raises MergeNotFound."""
    found = Merge.objects.select_related("by", "undone_by").filter(pk=merge_id).first()
    if found is None or not finding.visible_to(by).filter(pk=found.folded).exists():
        raise MergeNotFound("There is no such decision.")
    return found


def merges_of(identity: UUID) -> list[Merge]:
    """Return what was decided to put somebody together, the newest first, taken back or not."""
    rows = Person.objects.filter(identity=identity).values("pk")
    found = Merge.objects.filter(Q(kept__in=rows) | Q(folded__in=rows))
    return list(found.select_related("by", "undone_by").order_by("-at", "pk"))


def apart_of(one: UUID, other: UUID) -> Apart | None:
    """Return the decision that two are two people, None where nobody found so."""
    mine, theirs = queries.rows_of(one), queries.rows_of(other)
    rows = Apart.objects.filter(
        Q(one__in=mine, other__in=theirs) | Q(one__in=theirs, other__in=mine)
    )
    return rows.select_related("by").order_by("-at", "pk").first()


def apart_from(identity: UUID) -> set[UUID]:
    """Return everybody who was found to be another person than this one, as they are now."""
    mine = queries.rows_of(identity)
    pairs = Apart.objects.filter(Q(one__in=mine) | Q(other__in=mine)).values_list("one", "other")
    keys = {key for pair in pairs for key in pair} - set(mine)
    return set(Person.objects.filter(pk__in=keys).values_list("identity", flat=True))


def _lock(roots: Iterable[UUID]) -> set[UUID]:
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=list(roots)).order_by("pk")
    return {row.pk for row in rows if row.pk == row.identity}


def _lock_roots(one: UUID, other: UUID, *, by: StaffMember) -> None:
    """Lock two identities in the order of their keys, and hold them to be two that stand."""
    known = dict(finding.visible_to(by).filter(pk__in=[one, other]).values_list("pk", "identity"))
    if len(known) < 2:
        raise PersonNotFound("There is no such person.")
    if _lock([one, other]) != {one, other}:
        raise DecidedMeanwhile("Somebody decided about one of these people just now. Look again.")


def _must_have_looked(one: UUID, other: UUID, *, by: StaffMember, at: datetime) -> None:
    since = at - access.table().shift
    for identity in (one, other):
        if queries.opened_for(identity=identity, by=by, since=since) is None:
            raise NotLookedAt("Whoever decides about two people has looked at both in this shift.")


def _may_be_one(one: UUID, other: UUID) -> None:
    rows = Person.objects.filter(identity__in=[one, other])
    if rows.values_list("sealed_to", flat=True).distinct().count() > 1:
        raise NeverOne("One of them is known to one role alone, so they stay two.")
    if _stand_against(one, other) or _stand_against(other, one):
        raise NeverOne(
            "In one incident one of them is whom it was done to, and the other is said to have "
            "done it. They are two people, or one of these parts is wrong: put that right first."
        )


def _stand_against(victim: UUID, accused: UUID) -> bool:
    done_to = InIncident.objects.filter(_DONE_TO, person__identity=victim).values("incident_id")
    against = InIncident.objects.filter(_SAID_TO_HAVE, person__identity=accused)
    return against.filter(incident_id__in=done_to).exists()


def _below(folded: UUID, root: UUID) -> list[UUID]:
    """Return the rows that came to a root by one that was folded, this one among them."""
    rows = queries.rows_of(root)
    into = dict(Merge.objects.filter(folded__in=rows, undone_at=None).values_list("folded", "kept"))
    branch = {folded}
    while more := {row for row, kept in into.items() if kept in branch} - branch:
        branch |= more
    return sorted(branch, key=str)
