"""Questions about the watch and what it is alarmed about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from safehold.domain.access import Permission
from safehold.domain.nudging import Channel
from safehold.records.conflicts import recusals
from safehold.records.duty.models import Alarm, Because, Desk, Reach, Watch
from safehold.records.duty.operations import desk_of
from safehold.records.nudges.ways import transport
from safehold.records.staff.models import StaffMember

__all__ = [
    "Alarm",
    "Desk",
    "Standing",
    "desk_of",
    "open_alarms",
    "past_watches",
    "reach_of",
    "standing",
]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a desk stands: who holds its watch, and whether an alarm would reach anybody.

    `ways` says by what alarms go out of this installation: none of them, one, or both.
    """

    holder: StaffMember | None
    since: datetime | None
    reaches_holder: bool
    ways: tuple[Channel, ...]


def standing(desk: Desk) -> Standing:
    """Return how a desk stands now."""
    held = Watch.objects.select_related("member").filter(desk=desk, until=None).first()
    ways = tuple(channel for channel in Channel if transport(channel) is not None)
    if held is None:
        return Standing(None, None, False, ways)
    reach = Reach.objects.filter(pk=held.member_id).first()
    reached = {
        Channel.TEXT: bool(reach and reach.mobile),
        Channel.EMAIL: bool(reach and reach.email),
    }
    active = held.member.is_active
    return Standing(
        held.member, held.since, active and any(reached[channel] for channel in ways), ways
    )


def open_alarms(*, by: StaffMember) -> QuerySet[Alarm]:
    """Return the open alarms of the member's desk; none for whoever has none."""
    if not by.may(Permission.HOLD_WATCH):
        return Alarm.objects.none()
    found = Alarm.objects.filter(desk=desk_of(by), ended_at=None)
    return found.exclude(report_id__in=recusals.kept_from(by))


def dangers_open(*, by: StaffMember) -> QuerySet[Alarm]:
    """Return the alarms for reports with danger on the member's desk that nobody has taken."""
    return open_alarms(by=by).filter(because=Because.DANGER)


def past_watches(*, by: StaffMember, limit: int = 20) -> list[Watch]:
    """Return who held the watch of the member's desk, the latest first. Raises Refused."""
    by.must(Permission.HOLD_WATCH)
    held = Watch.objects.select_related("member").filter(desk=desk_of(by))
    return list(held.order_by("-since", "-pk")[:limit])


def reach_of(member: StaffMember) -> Reach | None:
    """Return where a member is told of alarms, None where nowhere."""
    return Reach.objects.filter(pk=member.pk).first()
