"""Questions about feedback: what waits, what came of it, and what editors may know of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, Min, OuterRef, QuerySet

from safehold.domain.access import Permission, Subject
from safehold.domain.triage_slip import FOR_STANDARDS, MOVED
from safehold.records.conflicts import recusals
from safehold.records.feedback.models import Feedback, FeedbackState, Reading
from safehold.records.staff.models import StaffMember

PER_PAGE = 25
STATES = tuple(FeedbackState)
_URGENCY = ("-danger", "received_at", "arrival")
_POLICE_PARTY = Subject(police_party=True)


class FeedbackNotFound(LookupError):
    """No feedback has this key."""


def subject_of(feedback: Feedback) -> Subject:
    """Return feedback as the access table sees it."""
    return recusals.subject_of(feedback)


def listed(*, by: StaffMember, state: str = FeedbackState.NEW, page: int = 1) -> Page[Feedback]:
    """Return one page of what the member may see in a state: danger first, then the oldest."""
    ordered = _seen_by(by).filter(state=state).order_by(*_URGENCY)
    return Paginator(ordered.select_related("closed_by"), PER_PAGE).get_page(page)


def new(*, by: StaffMember) -> QuerySet[Feedback]:
    """Return the new feedback that the member may see."""
    return _seen_by(by).filter(state=FeedbackState.NEW)


def danger_unopened(*, by: StaffMember) -> QuerySet[Feedback]:
    """Return feedback with a danger prompt that nobody has opened, of what the member may see."""
    return _undecided_danger(by).exclude(_opened())


def danger_opened(*, by: StaffMember) -> QuerySet[Feedback]:
    """Return feedback with a danger prompt that was opened, and about which nobody has decided."""
    return _undecided_danger(by).filter(_opened())


def oldest_for_professional_standards() -> datetime | None:
    """Return since when feedback about a colleague waits, None where none does."""
    # Not what was passed on: whoever saw it go could tell from its hour which it was.
    waiting = Feedback.objects.filter(
        state=FeedbackState.NEW, party_is_police__in=FOR_STANDARDS - MOVED
    )
    oldest: datetime | None = waiting.aggregate(oldest=Min("received_at"))["oldest"]
    return oldest


def one(*, report_id: UUID, by: StaffMember) -> Feedback:
    """Return what the slip says. Raises FeedbackNotFound, or Refused."""
    found = Feedback.objects.select_related("closed_by").filter(pk=report_id).first()
    if found is None:
        raise FeedbackNotFound("There is no such feedback.")
    by.must(Permission.SEE_FEEDBACK, subject_of(found))
    return found


def last_reading(*, report_id: UUID, by: StaffMember) -> Reading | None:
    """Return when and why the member last opened feedback, None where never."""
    return Reading.objects.filter(feedback_id=report_id, member=by).order_by("-at", "-pk").first()


def notes(*, by: StaffMember, page: int = 1) -> Page[Feedback]:
    """Return what members noted on feedback that they read, the latest first.

    For whoever writes the pages: they see the note and the day, and nothing else of it. Raises
    Refused.
    """
    by.must(Permission.SEE_FEEDBACK_NOTES)
    read = Feedback.objects.filter(state=FeedbackState.READ).exclude(
        party_is_police__in=FOR_STANDARDS
    )
    noted = read.only("note", "closed_at", "arrival").order_by("-closed_at", "-arrival")
    return Paginator(noted, PER_PAGE).get_page(page)


def references_of(report_ids: Iterable[str], *, by: StaffMember) -> dict[str, str]:
    """Return the references of feedback by key, as text, of that which the member may know of."""
    rows = _seen_by(by) if by.may(Permission.SEE_FEEDBACK) else Feedback.objects.all()
    found = rows.filter(pk__in=list(report_ids)).values_list("pk", "reference")
    return {str(key): reference for key, reference in found}


def _undecided_danger(member: StaffMember) -> QuerySet[Feedback]:
    return new(by=member).filter(danger=True)


def _opened() -> Exists:
    return Exists(Reading.objects.filter(feedback=OuterRef("pk")))


def about_colleagues() -> list[str]:
    """Return the keys of what is for professional standards alone, as the audit writes them."""
    found = Feedback.objects.filter(party_is_police__in=FOR_STANDARDS).values_list("pk", flat=True)
    return [str(key) for key in found]


def _seen_by(member: StaffMember) -> QuerySet[Feedback]:
    rows = Feedback.objects.exclude(pk__in=recusals.kept_from(member))
    if not member.may(Permission.SEE_FEEDBACK):
        return rows.none()
    if member.may(Permission.SEE_FEEDBACK, _POLICE_PARTY):
        return rows
    return rows.exclude(party_is_police__in=FOR_STANDARDS)
