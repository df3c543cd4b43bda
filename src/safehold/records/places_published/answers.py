"""Bring an answer before the public once a person has read it, and take it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from safehold.domain import public_places
from safehold.domain.access import Permission
from safehold.domain.place_answers import trouble_with
from safehold.domain.quarters import quarter_of
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.incidents.models import Incident
from safehold.records.places.models import Place, PlaceAnswer
from safehold.records.places_published import queries
from safehold.records.places_published.models import PublishedAnswer
from safehold.records.places_published.operations import ReasonNeeded
from safehold.records.places_published.preparing import area_of, where_in_area
from safehold.records.places_published.queries import STORE, Shown
from safehold.records.staff.models import StaffMember


class AnswerNotReady(Exception):
    """An answer that may not be published, or not yet; the message says why."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that nobody has published; `why_not` is empty where somebody may."""

    answer: PlaceAnswer
    area: str
    why_not: str


def waiting(*, by: StaffMember) -> list[Waiting]:
    """List the answers that wait for somebody to read and publish them, the oldest first."""
    by.must(Permission.PREPARE_PLACES)
    stands = queries.current()
    rows = PlaceAnswer.objects.filter(published_at__isnull=True).select_related("place")
    return [
        Waiting(row, _area(row.place), why_not(row, stands)) for row in rows.order_by("answered_at")
    ]


def why_not(answer: PlaceAnswer, stands: Shown | None) -> str:
    """Say why an answer may not be published, empty where it may.

    One that came before the quarter of its reports was published would tell when they were made.
    """
    place = answer.place
    later = PlaceAnswer.objects.filter(matter=answer.matter, answered_at__gt=answer.answered_at)
    if later.exists():
        return "A newer answer to the same was written: read that one."
    trouble = public_places.why_not_public(
        kind=place.kind,
        pointed=place.longitude is not None,
        metres=place.metres,
        police_party=False,
    )
    if trouble:
        return f"{trouble}: nothing about it is published."
    reports = Incident.objects.filter(place=place, police_party=False)
    first = reports.order_by("recorded_at").values_list("recorded_at", flat=True).first()
    if first is None:
        return "Nobody has told us about this place in a report that may be counted."
    if stands is None or quarter_of(localtime(first).date()).key > stands.quarter:
        return "It waits until the quarter of its first report is published."
    return trouble_with(answer.text)


def publish_answer(*, answer_id: UUID, by: StaffMember, at: datetime) -> bool:
    """Publish an answer that a person has read; return whether it was not published before.

    The cell is named only where the release in force names it, else the area alone. Raises Refused,
    AnswerNotReady, or PlaceAnswer.DoesNotExist.
    """
    by.must(Permission.PUBLISH_PLACES)
    stands = queries.current()
    with transaction.atomic(), transaction.atomic(using=STORE):
        row = PlaceAnswer.objects.select_for_update().get(pk=answer_id)
        if row.published_at is not None:
            return False
        if trouble := why_not(row, stands):
            raise AnswerNotReady(trouble)
        _published(row, stands, by=by, at=at).save(using=STORE)
        row.published_at, row.published_by = at, by
        row.save(update_fields=["published_at", "published_by"])
        audit.append(
            action=Action.ANSWER_PUBLISHED,
            by=by,
            subject=About("answer", str(row.matter)),
            at=at,
            detail={"owner": row.owner, "status": row.status, "place": str(row.place_id)},
        )
    return True


def withdraw_answer(*, matter: UUID, reason: str, by: StaffMember, at: datetime) -> bool:
    """Take every version of an answer from the public; return whether any was there.

    Raises Refused, or ReasonNeeded.
    """
    by.must(Permission.PUBLISH_PLACES)
    if not reason.strip():
        raise ReasonNeeded("Say why it is taken away.")
    with transaction.atomic(), transaction.atomic(using=STORE):
        gone, _ = PublishedAnswer.objects.using(STORE).filter(answer=matter).delete()
        if not gone:
            return False
        public = PlaceAnswer.objects.filter(matter=matter, published_at__isnull=False)
        public.update(withdrawn_at=at)
        audit.append(
            action=Action.ANSWER_WITHDRAWN,
            by=by,
            subject=About("answer", str(matter)),
            at=at,
            reason=reason.strip(),
        )
    return True


def _published(
    row: PlaceAnswer, stands: Shown | None, *, by: StaffMember, at: datetime
) -> PublishedAnswer:
    cell = _cell(row.place)
    named = stands is not None and stands.cell(cell) is not None
    where = where_in_area(cell) if named else public_places.Whereabouts("", 0)
    return PublishedAnswer(
        answer=row.matter,
        area=area_of(cell),
        cell=cell if named else "",
        bearing=where.bearing,
        metres=where.metres,
        owner=row.owner,
        status=row.status,
        text=row.text,
        published_at=at,
        published_by=by.username,
    )


def _cell(place: Place) -> str:
    if place.longitude is None or place.latitude is None:
        return ""
    return public_places.cell_of((place.longitude, place.latitude))


def _area(place: Place) -> str:
    cell = _cell(place)
    return area_of(cell) if cell else ""
