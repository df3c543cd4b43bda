"""Looking at places, and adding one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from safehold.domain.access import Permission
from safehold.domain.place_answers import AnswerStatus, OwnerKind, trouble_with
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.places import queries
from safehold.records.places.models import Place, PlaceAnswer, PlaceKind, Precision
from safehold.records.staff.models import StaffMember


class BadAnswer(ValueError):
    """Words that could not stand before the public; the message says why."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a place is: degrees of WGS 84, None for words alone; `metres` is how far off."""

    longitude: float | None
    latitude: float | None
    metres: int | None
    precision: Precision


def look_at_place(*, place_id: UUID, by: StaffMember, at: datetime) -> Place:
    """Record the look, then return the place. Raises Refused, or PlaceNotFound."""
    by.must(Permission.SEE_PLACES)
    audit.record_look(
        by=by, reason=f"{by.role_label}: work on places", subject=about(place_id), at=at
    )
    return queries.get(place_id, by=by)


def add_place(*, name: str, kind: str, spot: Spot, by: StaffMember, at: datetime) -> Place:
    """Add a place inside the transaction, and under the audit row, of the act that needs it.

    Raises ValueError for a kind that is not one.
    """
    return Place.objects.create(
        name=name,
        longitude=spot.longitude,
        latitude=spot.latitude,
        metres=spot.metres,
        precision=spot.precision,
        kind=PlaceKind(kind),
        added_at=at,
        added_by=by,
    )


@transaction.atomic
def decide_kind(*, place_id: UUID, kind: str, by: StaffMember, at: datetime) -> Place:
    """Decide what sort of place it is; whether it may ever be published rests on that.

    Raises Refused, PlaceNotFound, or ValueError for a kind that is not one.
    """
    by.must(Permission.ACCEPT_REPORT)
    place = queries.get(place_id, by=by)
    earlier, place.kind = place.kind, PlaceKind(kind)
    if earlier == place.kind:
        return place
    place.save(update_fields=["kind"])
    audit.append(
        action=Action.PLACE_SORT_DECIDED,
        by=by,
        subject=about(place_id),
        at=at,
        detail={"sort": str(place.kind), "earlier": str(earlier)},
    )
    return place


@transaction.atomic
def answer_place(
    *, place_id: UUID, owner: str, status: str, text: str, by: StaffMember, at: datetime
) -> PlaceAnswer:
    """Keep what was done about a place; publishing it is another person's act, later.

    The same answer again is one answer. Raises Refused, PlaceNotFound, BadAnswer, or ValueError for
    an owner or a status that is not one.
    """
    by.must(Permission.ANSWER_PLACES)
    place = queries.get(place_id, by=by)
    if trouble := trouble_with(text):
        raise BadAnswer(trouble)
    given = (OwnerKind(owner), AnswerStatus(status), text.strip())
    earlier = queries.answers_at(place_id)
    of_owner = next((one for one in earlier if one.owner == given[0]), None)
    if of_owner is not None and (of_owner.owner, of_owner.status, of_owner.text) == given:
        return of_owner
    row = PlaceAnswer.objects.create(
        place=place,
        matter=of_owner.matter if of_owner else uuid4(),
        owner=given[0],
        status=given[1],
        text=given[2],
        answered_at=at,
        answered_by=by,
    )
    detail = {"owner": row.owner, "status": row.status, "answer": str(row.matter)}
    audit.append(action=Action.PLACE_ANSWERED, by=by, subject=about(place_id), at=at, detail=detail)
    return row


def about(place_id: UUID) -> About:
    """Name a place as the audit does: by a key that says nothing."""
    return About("place", str(place_id))
