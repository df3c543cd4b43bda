"""Questions about retention: what is due, on hold, proposed, and what was destroyed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, Model, Prefetch, QuerySet
from django.utils import timezone

from safehold.domain.access import Permission, Role, Subject
from safehold.domain.retention import Standing
from safehold.records.conflicts import recusals
from safehold.records.retention import facts
from safehold.records.retention.facts import Looked
from safehold.records.retention.models import (
    Certificate,
    Destruction,
    DueReport,
    Keep,
    LegalHold,
    Run,
    State,
)
from safehold.records.staff.models import StaffMember
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.queries import ReportNotFound

PER_PAGE = 25
M = TypeVar("M", bound=Model)
_COLLEAGUE = Subject(police_party=True)


class NotFound(LookupError):
    """No list or certificate has this id."""


def of_report(*, report_id: UUID, by: StaffMember, at: datetime) -> Looked:
    """Say until when a report is kept and why, as of now. Raises ReportNotFound, or Refused."""
    found = facts.look([report_id], today=timezone.localdate(at)).get(report_id)
    if found is None:
        raise ReportNotFound("There is no such report.")
    if report_id in recusals.kept_from(by):
        raise ReportNotFound("There is no such report.")
    _must_see(by, recusals.subject_of(found.slip))
    return found


def _must_see(by: StaffMember, subject: Subject) -> None:
    """Raise Refused unless a member may see what is kept how long.

    An auditor sees all of it but what they are kept from, and never what was told.
    """
    theirs = subject.police_party and by.role != Role.AUDITOR
    by.must(Permission.SEE_RETENTION, replace(subject, police_party=theirs))


def due(*, by: StaffMember, page: int = 1) -> Page[DueReport]:
    """Return one page of what the last look found due, the longest over first. Raises Refused."""
    by.must(Permission.SEE_RETENTION)
    rows = _of_reports(by, DueReport.objects.filter(standing=Standing.DUE))
    rows = rows.exclude(report_id__in=_on_lists()).order_by("until", "report_id")
    return Paginator(rows, PER_PAGE).get_page(page)


def waiting(*, by: StaffMember, limit: int = 100) -> list[DueReport]:
    """Return what would be due but waits for somebody else's act. Raises Refused."""
    by.must(Permission.SEE_RETENTION)
    rows = _of_reports(by, DueReport.objects.filter(standing=Standing.WAITS))
    return list(rows.order_by("until", "report_id")[:limit])


def to_decide(*, by: StaffMember) -> QuerySet[DueReport]:
    """Return what waits for a decision; none for whoever may not decide."""
    if not by.may(Permission.REVIEW_RETENTION):
        return DueReport.objects.none()
    return _of_reports(by, DueReport.objects.filter(standing=Standing.DUE)).exclude(
        report_id__in=_on_lists()
    )


def to_confirm(*, by: StaffMember) -> QuerySet[Run]:
    """Return the lists that wait for this member to confirm them."""
    if not by.may(Permission.DESTROY_REPORT):
        return Run.objects.none()
    return _seen_by(by, _open_runs().filter(confirmed_at=None)).exclude(proposed_by=by)


def open_runs(*, by: StaffMember) -> list[Run]:
    """Return the lists that are proposed or on their way, the oldest first. Raises Refused."""
    by.must(Permission.SEE_RETENTION)
    rows = _seen_by(by, _open_runs()).select_related("proposed_by", "confirmed_by")
    own_side = _of_reports(by, Destruction.objects.filter(police_party=F("run__police_party")))
    rows = rows.prefetch_related(Prefetch("reports", own_side))
    return list(rows.order_by("proposed_at", "pk"))


def run(*, run_id: UUID, by: StaffMember) -> Run:
    """Return one list. Raises NotFound, or Refused."""
    found = Run.objects.select_related("proposed_by", "confirmed_by").filter(pk=run_id).first()
    if found is None:
        raise NotFound("There is no such list.")
    _must_see(by, Subject(police_party=found.police_party))
    return found


def reports_of(run: Run, *, by: StaffMember) -> list[Destruction]:
    """Return the reports of a list, by the day until which they were kept.

    One that was passed on since, or that the member is kept from, is not among them.
    """
    rows = _of_reports(by, run.reports.filter(police_party=run.police_party))
    return list(rows.order_by("until", "reference"))


def open_run_of(report_id: UUID) -> Destruction | None:
    """Return where a report stands on a list, None where it is on none."""
    open_ones = Destruction.objects.exclude(state=State.CALLED_OFF)
    return open_ones.select_related("run").filter(report_id=report_id).first()


def holds_of(report_id: UUID) -> list[LegalHold]:
    """Return the holds of a report, lifted ones too, the newest first."""
    rows = LegalHold.objects.select_related("set_by", "lifted_by").filter(report_id=report_id)
    return list(rows.order_by("-set_at", "pk"))


def keeps_of(report_id: UUID) -> list[Keep]:
    """Return the decisions to keep a report longer, the newest first."""
    rows = Keep.objects.select_related("decided_by").filter(report_id=report_id)
    return list(rows.order_by("-decided_at", "pk"))


def held(*, by: StaffMember, limit: int = 200) -> list[tuple[LegalHold, str]]:
    """Return the holds that stand, the oldest first, each with its reference. Raises Refused."""
    by.must(Permission.SEE_RETENTION)
    holds = list(
        LegalHold.objects.select_related("set_by").filter(lifted_at=None).order_by("set_at", "pk")
    )
    slips = TriageSlip.objects.in_bulk([hold.report_id for hold in holds])
    everything, kept_from = _sees_all(by), set(recusals.kept_from(by))
    seen = [
        (hold, slips[hold.report_id].reference)
        for hold in holds
        if hold.report_id in slips
        and hold.report_id not in kept_from
        and (everything or not slips[hold.report_id].police_party)
    ]
    return seen[:limit]


def certificates(*, by: StaffMember, page: int = 1) -> Page[Certificate]:
    """Return one page of what was destroyed, the newest first. Raises Refused."""
    by.must(Permission.SEE_RETENTION)
    rows = _of_reports(by, Certificate.objects.order_by("-destroyed_on", "pk"))
    return Paginator(rows, PER_PAGE).get_page(page)


def certificate(*, certificate_id: UUID, by: StaffMember) -> Certificate:
    """Return one certificate. Raises NotFound, or Refused."""
    found: Certificate | None = Certificate.objects.filter(pk=certificate_id).first()
    if found is None:
        raise NotFound("There is no such certificate.")
    _must_see(by, recusals.subject_of(found))
    return found


def certificate_of(report_id: UUID) -> Certificate | None:
    """Return the certificate of a report that was destroyed, None where it was not."""
    found: Certificate | None = Certificate.objects.filter(report_id=report_id).first()
    return found


def _open_runs() -> QuerySet[Run]:
    return Run.objects.filter(closed_at=None)


def _on_lists() -> QuerySet[Any, Any]:
    return Destruction.objects.exclude(state=State.CALLED_OFF).values("report_id")


def _sees_all(member: StaffMember) -> bool:
    return member.role == Role.AUDITOR or member.may(Permission.SEE_RETENTION, _COLLEAGUE)


def _seen_by(member: StaffMember, rows: QuerySet[M]) -> QuerySet[M]:
    return rows if _sees_all(member) else rows.exclude(police_party=True)


def _of_reports(member: StaffMember, rows: QuerySet[M]) -> QuerySet[M]:
    return _seen_by(member, rows).exclude(report_id__in=recusals.kept_from(member))


def said_by(found: Certificate) -> dict[str, Any]:
    """Return what a certificate says, as plain values."""
    said: dict[str, Any] = json.loads(found.content)
    return said
