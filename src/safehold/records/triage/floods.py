"""Floods: what is over goes into a pile, and a person decides about the pile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from safehold.domain.access import Permission, Subject
from safehold.domain.flooding import LIMITS, Seen, piled
from safehold.domain.triage_slip import FOR_STANDARDS
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.intake.operations import coarse
from safehold.records.nudges import operations as nudges
from safehold.records.staff.models import StaffMember
from safehold.records.triage import piles, watching
from safehold.records.triage.models import Flood, FloodState, State, TriageSlip
from safehold.records.triage.piles import FloodNotFound as FloodNotFound
from safehold.records.triage.reasons import meaningful

_AT_ONCE = 500
_NAMED_AT_ONCE = 80  # in one audit row
_FEWEST = min(LIMITS.shape_more_than, LIMITS.kind_more_than)
_SCHEDULER = System("scheduler")


class NothingInIt(Exception):
    """There is nothing in the pile to decide about."""


class NotSampled(Exception):
    """Too few of the pile were opened; the message says how many more."""


class NotSetAsideTogether(Exception):
    """There is nothing to confirm about this pile."""


class SamePersonAgain(Exception):
    """A second person has to confirm, and this is the first."""


def about(flood_id: UUID) -> About:
    """Name a pile as the audit does: by a key that says nothing."""
    return About("pile", str(flood_id))


def gather_new(*, at: datetime) -> int:
    """Put what floods the hours of the slips that were opened lately into piles.

    Not those of one look alone: a process may have fallen between the slips and their pile.
    """
    lately = coarse(at) - timedelta(hours=1)
    rows = TriageSlip.objects.filter(state=State.NEW, owner=None, flood=None, opened_at__gte=lately)
    told = rows.exclude(shape="").values_list("received_at", "kind", "danger", "party_is_police")
    hours = {(*each[:3], each[3] in FOR_STANDARDS) for each in told.order_by().distinct()}
    return _gather_hours(hours, at=at)


def gather(rows: Iterable[TriageSlip], *, at: datetime) -> int:
    """Put what floods the hours of these new slips into piles; return how many went.

    What somebody has taken or opened stays in the list, and so does what was in a pile before.
    """
    hours = {(row.received_at, row.kind, row.danger, row.police_party) for row in rows if row.shape}
    return _gather_hours(hours, at=at)


def _gather_hours(hours: Iterable[tuple[datetime, str, bool, bool]], *, at: datetime) -> int:
    return sum(
        _gather(received_at, kind, danger=danger, police_party=police_party, at=coarse(at))
        for received_at, kind, danger, police_party in sorted(hours)
    )


def _gather(
    received_at: datetime, kind: str, *, danger: bool, police_party: bool, at: datetime
) -> int:
    hour = TriageSlip.objects.filter(received_at=received_at, kind=kind, danger=danger)
    side = hour.filter(party_is_police__in=FOR_STANDARDS)
    rows = side if police_party else hour.exclude(party_is_police__in=FOR_STANDARDS)
    if rows.count() <= _FEWEST:
        return 0
    over = piled(Seen(*each) for each in rows.values_list("arrival", "shape") if each[1])
    free = rows.filter(state=State.NEW, owner=None, flood=None, openings=None)
    going = [arrival for arrival in free.values_list("arrival", flat=True) if arrival in over]
    return _put(going, kind, danger=danger, police_party=police_party, at=at) if going else 0


@transaction.atomic
def _put(arrivals: list[int], kind: str, *, danger: bool, police_party: bool, at: datetime) -> int:
    flood, new = Flood.objects.select_for_update(no_key=True).get_or_create(
        kind=kind,
        danger=danger,
        police_party=police_party,
        state=FloodState.OPEN,
        defaults={"opened_at": at},
    )
    moved: list[UUID] = []
    for start in range(0, len(arrivals), _AT_ONCE):
        free = TriageSlip.objects.select_for_update(no_key=True).filter(
            arrival__in=arrivals[start : start + _AT_ONCE],
            state=State.NEW,
            owner=None,
            flood=None,
        )
        keys = list(free.order_by("pk").values_list("pk", flat=True))
        TriageSlip.objects.filter(pk__in=keys).update(flood=flood, piled=True)
        moved += keys
    watching.piled(moved, flood, at=at)
    if new:
        audit.append(
            action=Action.PILE_BEGUN, by=_SCHEDULER, subject=about(flood.pk), at=at, detail={}
        )
    return len(moved)


@transaction.atomic
def put_back(*, flood_id: UUID, reason: str, by: StaffMember, at: datetime) -> Flood:
    """Put everything that is in a pile back into the list, also what was set aside with it.

    It is never put into a pile again. Raises ReasonTooThin, Refused, FloodNotFound, NothingInIt.
    """
    stated = meaningful(reason)
    flood = _decidable(flood_id, by)
    rows = piles.in_pile(flood).filter(ended_at=None)
    keys = _held(rows)
    if not keys:
        raise NothingInIt("There is nothing in this pile any more.")
    _change(
        keys,
        piled=False,
        state=State.NEW,
        closed_by=None,
        closed_at=None,
        set_aside_reason="",
        confirmed_by=None,
        confirmed_at=None,
        confirmed_reason="",
    )
    flood.confirmed_by, flood.confirmed_at, flood.confirmed_reason = None, None, ""
    watching.put_back(keys, flood, by=by, at=at)
    _decide(flood, FloodState.PUT_BACK, stated, by=by, at=at)
    record(Action.PILE_PUT_BACK, flood, stated, keys, by=by, at=at)
    return flood


@transaction.atomic
def set_aside_together(
    *, flood_id: UUID, until: int, reason: str, by: StaffMember, at: datetime
) -> Flood:
    """Set aside what is in a pile, up to the arrival `until` that the member was shown.

    What came later stays, in a pile of its own. Each keeps the reason and can be accepted or put
    back. One with danger waits for a second person. Raises ReasonTooThin, Refused, FloodNotFound,
    NothingInIt, or NotSampled where the member has opened too few of it.
    """
    stated = meaningful(reason)
    flood = _decidable(flood_id, by)
    if flood.state != FloodState.OPEN:
        raise NothingInIt("Somebody has decided about this pile.")
    more = piles.still_to_open(flood=flood, by=by)
    if more:
        raise NotSampled(f"Open {more} more of them first: whoever decides has read some.")
    going = piles.in_pile(flood).filter(arrival__lte=until)
    keys = _held(going)
    if not keys:
        raise NothingInIt("There is nothing in this pile any more.")
    _change(keys, state=State.SET_ASIDE, closed_by=by, closed_at=at, set_aside_reason=stated)
    _decide(flood, FloodState.SET_ASIDE, stated, by=by, at=at)
    later = _keep_later(flood, until)
    watching.set_aside_together(keys, flood, later, reason=stated, by=by, at=at)
    nudges.forget_any(report_ids=keys)
    record(Action.PILE_SET_ASIDE, flood, stated, keys, by=by, at=at)
    return flood


@transaction.atomic
def confirm(*, flood_id: UUID, reason: str, by: StaffMember, at: datetime) -> Flood:
    """Confirm that a pile with danger stays set aside, as someone else who has read some of it.

    Raises ReasonTooThin, Refused, FloodNotFound, NotSetAsideTogether, SamePersonAgain, NotSampled.
    """
    stated = meaningful(reason)
    flood = locked(flood_id, by)
    by.must(Permission.CONFIRM_SET_ASIDE, Subject(police_party=flood.police_party))
    if flood.state != FloodState.SET_ASIDE or not flood.danger:
        raise NotSetAsideTogether("This is not a pile with a danger prompt that was set aside.")
    if flood.decided_by_id == by.pk:
        raise SamePersonAgain("You set this aside yourself: another person confirms it.")
    more = piles.still_to_open(flood=flood, by=by)
    if more:
        raise NotSampled(f"Open {more} more of them first: whoever confirms has read some.")
    if flood.confirmed_at is None:
        flood.confirmed_by, flood.confirmed_at, flood.confirmed_reason = by, at, stated
        flood.save(update_fields=["confirmed_by", "confirmed_at", "confirmed_reason"])
        keys = _held(piles.in_pile(flood))
        _change(keys, confirmed_by=by, confirmed_at=at, confirmed_reason=stated)
        record(Action.PILE_CONFIRMED, flood, stated, keys, by=by, at=at)
    return flood


def _change(keys: list[UUID], **values: Any) -> None:
    """Change what was locked, some at a time: a statement takes only so many keys."""
    for start in range(0, len(keys), _AT_ONCE):
        TriageSlip.objects.filter(pk__in=keys[start : start + _AT_ONCE]).update(**values)


def _held(rows: QuerySet[TriageSlip]) -> list[UUID]:
    """Lock what is in a pile, so that what somebody takes meanwhile is not decided with it."""
    locked = rows.order_by("pk").select_for_update(no_key=True)
    return list(locked.values_list("pk", flat=True))


def _keep_later(flood: Flood, until: int) -> Flood | None:
    later = piles.in_pile(flood).filter(arrival__gt=until)
    if not later.exists():
        return None
    made = Flood.objects.create(
        kind=flood.kind,
        danger=flood.danger,
        police_party=flood.police_party,
        opened_at=flood.opened_at,
    )
    later.update(flood=made)
    return made


def _decide(flood: Flood, state: FloodState, reason: str, *, by: StaffMember, at: datetime) -> None:
    flood.state, flood.reason = state, reason
    flood.decided_by, flood.decided_at = by, at
    flood.save()


def _decidable(flood_id: UUID, by: StaffMember) -> Flood:
    flood = locked(flood_id, by)
    by.must(Permission.DECIDE_FLOOD, Subject(police_party=flood.police_party))
    return flood


def locked(flood_id: UUID, by: StaffMember) -> Flood:
    """Return a pile whose row stays locked to the end of the transaction. Raises FloodNotFound."""
    piles.flood(flood_id=flood_id, by=by)
    return Flood.objects.select_for_update(no_key=True).get(pk=flood_id)


def record(
    action: Action, flood: Flood, reason: str, keys: list[UUID], *, by: StaffMember, at: datetime
) -> None:
    """Write which reports an act took with it, in as many rows as hold them; one where none did."""
    for start in range(0, max(len(keys), 1), _NAMED_AT_ONCE):
        some = keys[start : start + _NAMED_AT_ONCE]
        audit.append(
            action=action,
            by=by,
            subject=about(flood.pk),
            at=at,
            reason=reason,
            detail={"reports": len(keys), "from": start + 1, "which": [str(key) for key in some]},
        )
