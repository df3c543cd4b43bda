"""Ending the work on all of a pile that was set aside, but for what needs an end of its own.

Setting a pile aside decided of each report that it is no crime, with the reason that stands there;
this decides nothing more. What a report of its own could not be ended for, it is left out for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import QuerySet

from safehold.domain import flooding
from safehold.domain.access import Permission, Subject
from safehold.domain.triage_slip import Said
from safehold.records.audit.actions import Action
from safehold.records.conflicts import recusals
from safehold.records.staff.models import StaffMember
from safehold.records.triage import endings, floods, piles
from safehold.records.triage.models import Flood, FloodState, TriageSlip
from safehold.records.triage.reasons import meaningful

_AT_ONCE = 400  # in one transaction: nobody else waits longer than for these


class NotSetAside(Exception):
    """Nobody has set this pile aside, so no work on it can be over."""


class NothingToEnd(Exception):
    """There is no report in the pile on which the work could be ended with the others."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A report on which the work is not ended with that on its pile, and why."""

    report_id: UUID
    reference: str
    why: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What the end of the work on a pile would reach: how many now, how many it has already."""

    flood: Flood
    ends: int
    ended: int
    left_out: tuple[LeftOut, ...]

    @property
    def count(self) -> int:
        """Return how many reports of the pile there are, as far as the member may know."""
        return self.ends + self.ended + len(self.left_out)

    def page(self, number: int) -> Page[LeftOut]:
        """Return one page of what is left out."""
        return Paginator(self.left_out, piles.PER_PAGE).get_page(number)


def look(*, flood_id: UUID, by: StaffMember) -> Ending:
    """Say what ending the work on a pile would do, by reports. Raises Refused, or FloodNotFound."""
    flood = piles.flood(flood_id=flood_id, by=by)
    _must(flood, by)
    rows = _of(flood, by)
    going_on = _ids(rows.filter(ended_at=None))
    left_out: list[LeftOut] = []
    for start in range(0, len(going_on), _AT_ONCE):
        some = list(rows.filter(pk__in=going_on[start : start + _AT_ONCE]).order_by("arrival"))
        why = _why_left_out(some)
        left_out += [LeftOut(row.pk, row.reference, why[row.pk]) for row in some if row.pk in why]
    ended = rows.exclude(ended_at=None).count()
    return Ending(flood, len(going_on) - len(left_out), ended, tuple(left_out))


def end_pile(
    *,
    flood_id: UUID,
    reason: str,
    enough: Callable[[], bool] = lambda: False,
    by: StaffMember,
    at: datetime,
) -> int:
    """End the work on all of a pile but what is left out; return on how many it was ended.

    Some at a time, each time with its audit rows, until there are none or `enough` says so: the
    next call goes on with the rest. Raises ReasonTooThin, Refused, FloodNotFound, NotSetAside, or
    NothingToEnd.
    """
    stated = meaningful(reason)
    flood = piles.flood(flood_id=flood_id, by=by)
    _must(flood, by)
    _must_be_aside(flood)
    going_on = _ids(_of(flood, by).filter(ended_at=None))
    ended = 0
    for start in range(0, len(going_on), _AT_ONCE):
        if ended and enough():
            break
        some = going_on[start : start + _AT_ONCE]
        ended += _end(flood_id, some, reason=stated, by=by, at=at)
    if not ended:
        raise NothingToEnd("There is nothing in this pile that can be ended with the others now.")
    return ended


@transaction.atomic
def _end(
    flood_id: UUID, report_ids: Sequence[UUID], *, reason: str, by: StaffMember, at: datetime
) -> int:
    """End the work on some, unless somebody has put the pile back or worked on one since."""
    flood = floods.locked(flood_id, by)
    _must_be_aside(flood)
    held = _of(flood, by).filter(pk__in=report_ids, ended_at=None)
    rows = list(held.order_by("pk").select_for_update(no_key=True))
    why = _why_left_out(rows)
    going = [row for row in rows if row.pk not in why]
    if going:
        endings.end_together(going, reason=reason, by=by, at=at)
        keys = [row.pk for row in going]
        floods.record(Action.PILE_ENDED, flood, reason, keys, by=by, at=at)
    return len(going)


def _must(flood: Flood, by: StaffMember) -> None:
    by.must(Permission.END_REPORT, Subject(police_party=flood.police_party))


def _must_be_aside(flood: Flood) -> None:
    if flood.state != FloodState.SET_ASIDE:
        raise NotSetAside("This pile was not set aside, or it was put back: no work on it is over.")


def _of(flood: Flood, by: StaffMember) -> QuerySet[TriageSlip]:
    # One that the member is kept from is neither counted nor listed: they would learn of it.
    kept_from = recusals.kept_from(by)
    return piles.in_pile(flood).filter(destroyed_at=None).exclude(pk__in=kept_from)


def _ids(rows: QuerySet[TriageSlip]) -> list[UUID]:
    return list(rows.order_by("arrival").values_list("pk", flat=True))


def _why_left_out(rows: Sequence[TriageSlip]) -> dict[UUID, str]:
    alone = {
        row.pk: says
        for row in rows
        if (
            says := flooding.ended_alone(
                danger=row.danger, child=row.child_present in {Said.YES, Said.NOT_SURE}
            )
        )
    }
    others = [row for row in rows if row.pk not in alone]
    return alone | (endings.still_to_do_of(others) if others else {})
