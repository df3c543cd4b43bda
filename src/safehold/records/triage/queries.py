"""Questions about what has arrived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Min, Q, QuerySet

from safehold.domain.access import Permission, Subject
from safehold.domain.triage_slip import FOR_STANDARDS, MOVED
from safehold.records.conflicts import recusals
from safehold.records.incidents import queries as incidents
from safehold.records.staff.models import StaffMember
from safehold.records.triage.listed import Listed
from safehold.records.triage.models import Opening, Passing, State, TriageSlip
from safehold.records.triage.piles import (
    BY_INDEX,
    LISTED,
    PER_PAGE,
    URGENCY,
    Listing,
    Pile,
    open_piles,
)

STATES = (State.NEW, State.ACCEPTED, State.SET_ASIDE)
SAID_OF_STANDARDS_AFTER = timedelta(days=2)
# Whoever has left has nothing.
NOBODY_HAS = Q(owner=None) | Q(owner__is_active=False)
_BATCH = 5_000  # ids in one question
_POLICE_PARTY = Subject(police_party=True)


class ReportNotFound(LookupError):
    """No slip has this report's id."""


def subject_of(slip: TriageSlip) -> Subject:
    """Return the slip as the access table sees it."""
    return recusals.subject_of(slip)


def inbox(*, by: StaffMember, state: str = State.NEW, team: str = "", page: int = 1) -> Page[Any]:
    """Return one page of what the member may see in a state, the most urgent first.

    `team` is the key of one team, or empty for all. Among the new ones of all teams a pile is one
    line, in the place of its most urgent report; what was set aside together stands with its pile.
    """
    order = URGENCY if state == State.NEW else BY_INDEX
    ordered = _seen_by(by).filter(state=state, destroyed_at=None, **LISTED).order_by(*order)
    if team:
        ordered = ordered.filter(team=team)
    piles = open_piles(by=by) if state == State.NEW and not team else []
    return Paginator(Listing(Listed(ordered), piles), PER_PAGE).get_page(page)


def seen_by(member: StaffMember) -> QuerySet[TriageSlip]:
    """Return the slips that a member may see; none for whoever may not see what arrives."""
    return _seen_by(member)


def most_urgent(*, by: StaffMember, piles: Sequence[Pile], limit: int) -> list[Any]:
    """Return the new reports, and of their `piles`, to look at first."""
    new = _seen_by(by).filter(state=State.NEW, destroyed_at=None, **LISTED).order_by(*URGENCY)
    return Listing(Listed(new), piles)[:limit]


def owned(*, by: StaffMember) -> list[TriageSlip]:
    """Return the new reports that the member has taken."""
    return Listed(_seen_by(by).filter(state=State.NEW, owner=by).order_by(*URGENCY))[:]


def worked_on(*, by: StaffMember) -> QuerySet[TriageSlip]:
    """Return the accepted reports that a member owns and on which the work goes on."""
    return _seen_by(by).filter(state=State.ACCEPTED, owner=by, ended_at=None, destroyed_at=None)


def about_colleagues_new(*, by: StaffMember, limit: int) -> list[TriageSlip]:
    """Return the new reports about colleagues to look at first; none for whoever may not know."""
    if not by.may(Permission.SEE_INBOX, _POLICE_PARTY):
        return []
    found = _seen_by(by).filter(state=State.NEW, party_is_police__in=FOR_STANDARDS)
    return list(found.select_related("owner").order_by(*URGENCY)[:limit])


def oldest_new(kinds: Iterable[str], *, by: StaffMember) -> TriageSlip | None:
    """Return the new report of these kinds that has waited longest, None where there is none."""
    waiting = _seen_by(by).filter(state=State.NEW, kind__in=list(kinds))
    return waiting.order_by("received_at", "arrival").first()


def new(*, by: StaffMember) -> QuerySet[TriageSlip]:
    """Return the new reports that the member may see."""
    return _seen_by(by).filter(state=State.NEW)


def danger_without_owner(*, by: StaffMember) -> QuerySet[TriageSlip]:
    """Return the new reports with danger that nobody has or only whoever left, but for piles."""
    return new(by=by).filter(NOBODY_HAS, danger=True, **LISTED)


def danger_set_aside(*, by: StaffMember) -> list[TriageSlip]:
    """Return the reports with a danger prompt that were set aside and that nobody else confirmed.

    Empty for whoever may not confirm. Those that the member set aside are among them; a pile that
    was set aside together is confirmed together.
    """
    if not by.may(Permission.CONFIRM_SET_ASIDE):
        return []
    alone = _seen_by(by).filter(state=State.SET_ASIDE, destroyed_at=None, **LISTED)
    waiting = alone.filter(danger=True, confirmed_at=None)
    return list(waiting.select_related("owner", "closed_by").order_by("closed_at", "pk"))


def slip(*, report_id: UUID, by: StaffMember) -> TriageSlip:
    """Return one slip. Raises ReportNotFound, or Refused where the member may not see it."""
    found = (
        TriageSlip.objects.select_related(
            "owner", "closed_by", "confirmed_by", "handed_by", "flood"
        )
        .filter(pk=report_id)
        .first()
    )
    if found is None:
        raise ReportNotFound("There is no such report.")
    by.must(Permission.SEE_INBOX, subject_of(found))
    return found


def by_reference(*, reference: str, by: StaffMember) -> UUID:
    """Return the report with exactly this reference, of those that the member may see.

    Raises ReportNotFound, which does not tell whether there is one for somebody else.
    """
    found = _seen_by(by).exclude(reference="").filter(reference=reference).first()
    if found is None:
        raise ReportNotFound("No report that you may see has this reference.")
    return found.pk


def seen_among(report_ids: Iterable[UUID], *, by: StaffMember) -> list[UUID]:
    """Return those reports that the member may see, the oldest first."""
    ids = list(report_ids)
    found: list[tuple[datetime, UUID]] = []
    for start in range(0, len(ids), _BATCH):
        some = _seen_by(by).filter(pk__in=ids[start : start + _BATCH])
        found += some.values_list("received_at", "pk")
    return [report_id for _, report_id in sorted(found)]


def last_opening(*, report_id: UUID, by: StaffMember) -> Opening | None:
    """Return when and why the member last opened an account, None where never."""
    return Opening.objects.filter(slip_id=report_id, member=by).order_by("-at", "-pk").first()


def standing_reason(*, incident_id: UUID, by: StaffMember) -> str:
    """Say why a member's work needs this incident, empty where only they can say.

    It rests on what they did or have to do, so it is true. Raises IncidentNotFound, or Refused.
    """
    handling = incidents.handling(incident_id=incident_id, by=by)
    report_id = handling.report_id
    if handling.recorded_by_id == by.pk and not _went_to_another(report_id, by):
        did = "Accepted it as an incident" if report_id else "Recorded it"
        return f"{did}, and works on it"
    if report_id and TriageSlip.objects.filter(pk=report_id, owner=by).exists():
        return "Owner of the report that it came from"
    if incidents.decided_by(incident_id, by):
        return "Decided whether it is a crime"
    subject = recusals.subject_of(handling)
    if not handling.decided and by.may(Permission.DECIDE_CRIME, subject):
        return "To decide whether it is a crime, which nobody has done yet"
    return ""


def references_of(report_ids: Iterable[str], *, by: StaffMember) -> dict[str, str]:
    """Return the references of reports by key, as text, of those that the member may know of.

    Whoever checks the audit knows every reference, which says nothing; of whoever works with
    reports, only those may that the report is for.
    """
    slips = _seen_by(by) if by.may(Permission.SEE_INBOX) else TriageSlip.objects.all()
    found = slips.filter(pk__in=list(report_ids)).values_list("pk", "reference")
    return {str(key): reference for key, reference in found}


def by_key(report_ids: Iterable[UUID], *, by: StaffMember) -> dict[UUID, TriageSlip]:
    """Return those reports that the member may see, by their key."""
    return _seen_by(by).select_related("owner").in_bulk(list(report_ids))


def waiting_since(*, by: StaffMember) -> tuple[int, datetime | None]:
    """Count the new reports that the member may see; since when the oldest waits, None for none."""
    found = (
        _seen_by(by).filter(state=State.NEW).aggregate(count=Count("pk"), since=Min("received_at"))
    )
    return found["count"], found["since"]


def sealed() -> list[TriageSlip]:
    """Return the slips that could not be opened, oldest first."""
    rows = TriageSlip.objects.filter(state=State.SEALED, destroyed_at=None)
    return list(rows.order_by("received_at", "pk"))


def oldest_for_professional_standards(*, at: datetime) -> datetime | None:
    """Return since when a report about a colleague waits, None where none does.

    Everyone who watches over the unit may know that one waits, so that none is forgotten; only
    professional standards may know anything else of it. One that was passed on counts from then,
    and for the first days not at all: whoever saw it go could tell which it was.
    """
    waiting = TriageSlip.objects.filter(state=State.NEW, party_is_police__in=FOR_STANDARDS)
    arrived = waiting.exclude(party_is_police__in=MOVED)
    since: datetime | None = arrived.aggregate(oldest=Min("received_at"))["oldest"]
    passed = Passing.objects.filter(
        report_id__in=waiting.filter(party_is_police__in=MOVED).values("pk"),
        at__lte=at - SAID_OF_STANDARDS_AFTER,
    )
    moved: datetime | None = passed.aggregate(oldest=Min("at"))["oldest"]
    return min((each for each in (since, moved) if each is not None), default=None)


def last_arrival() -> int:
    """Return the number of the last arrival that has a row here, 0 where none has."""
    last: int | None = TriageSlip.objects.aggregate(last=Max("arrival"))["last"]
    return last or 0


def about_colleagues() -> list[str]:
    """Return the keys of what is for professional standards alone, as the audit writes them."""
    found = TriageSlip.objects.filter(party_is_police__in=FOR_STANDARDS).values_list(
        "pk", flat=True
    )
    return [str(key) for key in found]


def _went_to_another(report_id: UUID | None, member: StaffMember) -> bool:
    if report_id is None:
        return False
    # Since it was accepted: one that a colleague owned then is still worked on by both.
    slips = TriageSlip.objects.filter(pk=report_id, state=State.ACCEPTED).exclude(owner=member)
    return slips.filter(Q(owner=None) | Q(taken_at__gt=F("closed_at"))).exists()


def _seen_by(member: StaffMember) -> QuerySet[TriageSlip]:
    slips = TriageSlip.objects.exclude(pk__in=recusals.kept_from(member))
    if not member.may(Permission.SEE_INBOX):
        return slips.none()
    if member.may(Permission.SEE_INBOX, _POLICE_PARTY):
        return slips
    return slips.exclude(party_is_police__in=FOR_STANDARDS)
