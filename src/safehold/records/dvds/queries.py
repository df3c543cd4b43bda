"""Questions about applications under Clare's Law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from safehold import rules
from safehold.domain.access import Permission, Subject
from safehold.records.conflicts import recusals
from safehold.records.dvds.models import Abuser, Application, Decision, Route, Told
from safehold.records.staff.models import StaffMember

__all__ = ["Abuser", "Application", "Decision", "Route", "Told"]


class ApplicationNotFound(LookupError):
    """No application has this id."""


def one(*, application_id: UUID, by: StaffMember) -> Application:
    """Return an application. Raises ApplicationNotFound, or Refused."""
    members = ("opened_by", "identity_by", "abuser_by", "decided_by", "told_by")
    found = Application.objects.select_related(*members).filter(pk=application_id).first()
    if found is None:
        raise ApplicationNotFound("There is no such application.")
    by.must(Permission.HANDLE_DVDS, recusals.subject_of(found))
    return found


def of_report(report_id: UUID) -> Application | None:
    """Return the application that a report was opened as, None where it was not."""
    return Application.objects.filter(report_id=report_id).first()


def unanswered(*, by: StaffMember, limit: int = 200) -> list[Application]:
    """Return the applications that wait for an act, those that were asked first at the top."""
    waiting = _seen_by(by).exclude(decision=Decision.NOT_TELL).filter(told=Told.NOBODY)
    return list(waiting.order_by("asked_at", "pk")[:limit])


def answer_by(application: Application) -> date:
    """Return the day by which an answer is due, by the rule; the rule may be to be confirmed."""
    days: int = rules.load("dvds").tables["days"]["answer"]
    return timezone.localdate(application.asked_at) + timedelta(days=days)


def made_of(report_ids: Iterable[UUID]) -> list[str]:
    """Return the keys of what was made of these reports, as the audit writes them."""
    found = Application.objects.filter(report_id__in=list(report_ids)).values_list("pk", flat=True)
    return [str(key) for key in found]


def about_colleagues() -> list[str]:
    """Return the keys of what is for professional standards alone, as the audit writes them."""
    found = Application.objects.filter(police_party=True).values_list("pk", flat=True)
    return [str(key) for key in found]


def _seen_by(member: StaffMember) -> QuerySet[Application]:
    rows = Application.objects.all()
    if kept_from := recusals.kept_from(member):
        rows = rows.filter(Q(report_id=None) | ~Q(report_id__in=kept_from))
    if not member.may(Permission.HANDLE_DVDS):
        return rows.none()
    if member.may(Permission.HANDLE_DVDS, Subject(police_party=True)):
        return rows
    return rows.exclude(police_party=True)
