"""Questions about piles: reports that came in a flood, and that the list shows as one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When

from safehold.domain.access import Permission, Subject
from safehold.domain.flooding import samples_needed
from safehold.domain.journey.place import KIND as PLACE
from safehold.records.conflicts import recusals
from safehold.records.staff.models import StaffMember
from safehold.records.triage.listed import Listed
from safehold.records.triage.models import Flood, FloodState, Opening, State, TriageSlip

PER_PAGE = 25
MOST_SHOWN = 50
# A report about a place waits behind every one about a person, however long it has.
ABOUT_A_PLACE = Case(When(kind=PLACE, then=1), default=0)
# Danger now goes before other danger, whatever came earlier; then people; then the longest waiting.
URGENCY: tuple[Any, ...] = ("-danger", "-danger_now", ABOUT_A_PLACE, "received_at", "arrival")
# Nothing is known of one whose slip cannot be opened: it may be danger now.
_UNREAD = Q(state=State.SEALED)
URGENCY_OF_ANY: tuple[Any, ...] = (
    Case(When(_UNREAD | Q(danger=True), then=0), default=1),
    Case(When(_UNREAD | Q(danger_now=True), then=0), default=1),
    *URGENCY[2:],
)
# What is of one kind, or decided about and so no queue, is read in the order of an index.
BY_INDEX = ("-danger", "-danger_now", "received_at", "arrival")
# In the list and not in a pile; as a list of one, since SQLite finds no index for a bare NOT.
LISTED: dict[str, Any] = {"piled__in": [False]}
PILED: dict[str, Any] = {"piled__in": [True]}
_POLICE_PARTY = Subject(police_party=True)


class FloodNotFound(LookupError):
    """No pile that the member may know of has this id."""


@dataclass(frozen=True, slots=True)
class Pile:
    """A pile as the list shows it: how many are in it, and the most urgent of them."""

    flood: Flood
    count: int
    first: TriageSlip


def open_piles(*, by: StaffMember) -> list[Pile]:
    """Return the piles that wait for a decision and that the member may see, urgent first.

    There is at most one for each kind, with danger or without, on each side of the border to
    professional standards: they can fill no page.
    """
    waiting = TriageSlip.objects.filter(flood=OuterRef("pk"), state=State.NEW, **PILED)
    # All of a pile have danger, or none has.
    first = waiting.order_by("-danger_now", "received_at", "arrival").values("pk")[:1]
    count = waiting.order_by().values("flood").annotate(count=Count("pk")).values("count")
    floods = _seen_by(by).filter(state=FloodState.OPEN)
    rows = list(floods.annotate(first_id=Subquery(first), waits=Subquery(count)))
    slips = TriageSlip.objects.select_related("owner").in_bulk([row.first_id for row in rows])
    found = [Pile(row, row.waits, slips[row.first_id]) for row in rows if row.first_id in slips]
    return sorted(found, key=urgency)


def count_danger(found: Sequence[Pile]) -> int:
    """Count the piles with a danger prompt that wait: each alarms once, however many are in it."""
    return sum(pile.flood.danger for pile in found)


def to_confirm(*, by: StaffMember) -> list[Flood]:
    """Return the piles with danger that were set aside and that nobody else has confirmed.

    Empty for whoever may not confirm. Those that the member set aside are among them.
    """
    if not by.may(Permission.CONFIRM_SET_ASIDE):
        return []
    waiting = _seen_by(by).filter(state=FloodState.SET_ASIDE, danger=True, confirmed_at=None)
    return list(waiting.select_related("decided_by").order_by("decided_at", "pk"))


def decided(*, by: StaffMember) -> list[Flood]:
    """Return the newest piles that somebody has decided about; `goes_on` is not ended yet."""
    going_on = TriageSlip.objects.filter(flood=OuterRef("pk"), ended_at=None, **PILED)
    going_on = going_on.exclude(pk__in=recusals.kept_from(by))
    found = _seen_by(by).exclude(state=FloodState.OPEN).annotate(goes_on=Exists(going_on))
    return list(found.select_related("decided_by").order_by("-decided_at", "pk")[:MOST_SHOWN])


def flood(*, flood_id: UUID, by: StaffMember) -> Flood:
    """Return one pile. Raises FloodNotFound, also for one of the other side of the border."""
    related = _seen_by(by).select_related("decided_by", "confirmed_by")
    found = related.filter(pk=flood_id).first()
    if found is None:
        raise FloodNotFound("There is no such pile.")
    return found


def members(*, flood_id: UUID, by: StaffMember, page: int = 1) -> Page[TriageSlip]:
    """Return one page of what is in a pile, the most urgent first. Raises FloodNotFound."""
    rows = in_pile(flood(flood_id=flood_id, by=by)).order_by(*BY_INDEX)
    rows = rows.filter(destroyed_at=None).exclude(pk__in=recusals.kept_from(by))
    return Paginator(rows.select_related("owner"), PER_PAGE).get_page(page)


def count_ended(*, flood_id: UUID, by: StaffMember) -> int:
    """Count the reports of a pile on which the work has ended. Raises FloodNotFound."""
    rows = in_pile(flood(flood_id=flood_id, by=by)).filter(destroyed_at=None)
    return rows.exclude(pk__in=recusals.kept_from(by)).exclude(ended_at=None).count()


def last_in(flood: Flood) -> int:
    """Return the number of the newest arrival in a pile, 0 where it is empty."""
    newest = in_pile(flood).order_by("-arrival").values_list("arrival", flat=True).first()
    return newest or 0


def opened_of(*, flood_id: UUID, by: StaffMember) -> int:
    """Count how many reports of a pile the member has opened."""
    opened = Opening.objects.filter(slip__flood_id=flood_id, member=by)
    return opened.values("slip").distinct().count()


def still_to_open(*, flood: Flood, by: StaffMember) -> int:
    """Say how many more of a pile the member has to open who decides that it is set aside."""
    needed = samples_needed(in_pile(flood).count())
    return max(0, needed - opened_of(flood_id=flood.pk, by=by))


def about_colleagues() -> list[str]:
    """Return the keys of what is for professional standards alone, as the audit writes them."""
    found = Flood.objects.filter(police_party=True).values_list("pk", flat=True)
    return [str(key) for key in found]


def in_pile(flood: Flood) -> QuerySet[TriageSlip]:
    """Return what is in a pile now, not what has left it."""
    return flood.slips.filter(**PILED)


class Listing(Sequence[Any]):
    """New reports with each pile as one line, in the place of its most urgent report.

    Sliced as a page asks: only the rows of that page are read.
    """

    def __init__(self, slips: Listed, piles: Sequence[Pile]) -> None:
        self._slips, self._piles = slips, piles

    def __len__(self) -> int:
        return len(self._slips) + len(self._piles)

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> list[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, int):
            return self[at : at + 1][0]
        first, last = at.start or 0, at.stop if at.stop is not None else len(self)
        begins = max(0, first - len(self._piles))
        rows = self._slips[begins:last]
        # Piles that stand before the first row that was read are on an earlier page.
        before = sum(
            begins > 0 and bool(rows) and urgency(pile) < urgency(rows[0]) for pile in self._piles
        )
        lines: list[Any] = [*rows, *self._piles[before:]]
        lines.sort(key=urgency)
        offset = begins + before
        return lines[first - offset : last - offset]


def urgency(line: TriageSlip | Pile) -> tuple[Any, ...]:
    """Return by what a report, or a pile by its most urgent one, stands in a list.

    As the store orders them (URGENCY_OF_ANY).
    """
    slip = line.first if isinstance(line, Pile) else line
    unread = slip.state == State.SEALED
    return (
        not (slip.danger or unread),
        not (slip.danger_now or unread),
        slip.kind == PLACE,
        slip.received_at,
        slip.arrival,
    )


def _seen_by(member: StaffMember) -> QuerySet[Flood]:
    floods = Flood.objects.all()
    if not member.may(Permission.SEE_INBOX):
        return floods.none()
    if member.may(Permission.SEE_INBOX, _POLICE_PARTY):
        return floods
    return floods.exclude(police_party=True)
