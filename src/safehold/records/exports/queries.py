"""Questions about exports of cases: a member meets those that they may know of."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from safehold.domain.access import Permission, Role
from safehold.records.cases import queries as cases
from safehold.records.cases.models import Case
from safehold.records.exports.models import CaseExport
from safehold.records.incidents.models import Incident, IncidentReport
from safehold.records.shares import queries as lists
from safehold.records.staff.models import StaffMember

PER_PAGE = 25


class ExportNotFound(LookupError):
    """There is no such export, or none that the member may know of."""


def one(export_id: UUID, *, by: StaffMember) -> CaseExport:
    """Return one export. Raises Refused, or ExportNotFound."""
    by.must(Permission.SEE_EXPORTS)
    people = ("case", "agency", "key", "asked_by", "agreed_by", "reviewed_by")
    found = seen_by(by).filter(pk=export_id).select_related(*people).first()
    if found is None:
        raise ExportNotFound("There is no such export.")
    return found


def page_of(*, by: StaffMember, page: int) -> Page[CaseExport]:
    """Return one page of what the member may see, the newest first. Raises Refused."""
    by.must(Permission.SEE_EXPORTS)
    rows = seen_by(by).select_related("case", "agency", "asked_by", "agreed_by")
    return Paginator(rows.order_by("-asked_at", "-pk"), PER_PAGE).get_page(page)


def to_agree(*, by: StaffMember) -> list[CaseExport]:
    """Return what waits until this member agrees, the oldest first."""
    return _oldest(_to_agree(by))


def agreed_to(*, by: StaffMember) -> list[CaseExport]:
    """Return what this member may make a file of, now that somebody has agreed."""
    return _oldest(_agreed_to(by))


def waiting(*, by: StaffMember) -> dict[str, QuerySet[CaseExport]]:
    """Return what waits for this member, each sort by its name, to be counted together."""
    return {"exports_to_agree": _to_agree(by), "exports_agreed": _agreed_to(by)}


def to_look_at(*, by: StaffMember) -> list[CaseExport]:
    """Return what was made and nobody apart has looked at, the oldest first."""
    if not by.may(Permission.REVIEW_EXPORT):
        return []
    return _oldest(seen_by(by).exclude(made_at=None).filter(reviewed_at=None))


def seen_by(member: StaffMember) -> QuerySet[CaseExport]:
    """Return the exports that a member may see: their own, of whoever agrees those of their cases.

    An auditor sees that a case left and why, and nothing of the case, whoever it is about.
    """
    rows = CaseExport.objects.defer("file")
    if member.role == Role.AUDITOR:
        return rows
    # A probe of each row's case, and not a list of all cases.
    rows = rows.filter(Exists(cases.seen_by(member).filter(pk=OuterRef("case"))))
    return rows if member.may(Permission.AGREE_EXPORT) else rows.filter(asked_by=member)


def reports_in(case: Case) -> list[UUID]:
    """Return every report that a case holds something of, in the order of their keys."""
    incidents = case.incidents.values("incident_id")
    joined = IncidentReport.objects.filter(incident_id__in=incidents).values_list("pk", flat=True)
    first = Incident.objects.filter(pk__in=incidents).exclude(report_id=None)
    keys = {*joined, *(key for key in first.values_list("report_id", flat=True) if key)}
    return sorted(keys, key=str)


def must_not_receive(case: Case) -> tuple[list[str], int]:
    """Return the agencies that must get nothing of a case, and how many people must not."""
    reports = reports_in(case)
    agencies = {name for key in reports for name in lists.listed_agencies(key)}
    people = sum(len(lists.listed(key)) + lists.count_listed_people(key) for key in reports)
    return sorted(agencies), people


def references_of(export_ids: Iterable[str], *, by: StaffMember) -> dict[str, str]:
    """Return the references of exports by key, as text, of those that the member may know of."""
    if not by.may(Permission.SEE_EXPORTS):
        return {}
    found = seen_by(by).filter(pk__in=list(export_ids)).values_list("pk", "reference")
    return {str(key): reference for key, reference in found}


def about_colleagues() -> list[str]:
    """Return the keys of exports of cases that are sealed or restricted, as the audit has them."""
    hidden = Q(case__restricted=True) | ~Q(case__sealed_to="")
    return [str(key) for key in CaseExport.objects.filter(hidden).values_list("pk", flat=True)]


def made_of(report_ids: Iterable[UUID]) -> list[str]:
    """Return the keys of exports of cases with any of these reports, as the audit writes them."""
    keys = list(report_ids)
    joined = IncidentReport.objects.filter(pk__in=keys).values("incident_id")
    found = CaseExport.objects.filter(
        Q(case__incidents__incident_id__in=joined)
        | Q(case__incidents__incident__report_id__in=keys)
    )
    return [str(key) for key in found.values_list("pk", flat=True).distinct()]


def _to_agree(by: StaffMember) -> QuerySet[CaseExport]:
    rows = seen_by(by).filter(agreed=None).exclude(asked_by=by)
    return rows if by.may(Permission.AGREE_EXPORT) else rows.none()


def _agreed_to(by: StaffMember) -> QuerySet[CaseExport]:
    rows = seen_by(by).filter(asked_by=by, agreed=True, made_at=None)
    return rows if by.may(Permission.EXPORT_CASE) else rows.none()


def _oldest(rows: QuerySet[CaseExport]) -> list[CaseExport]:
    return list(rows.select_related("case", "agency", "asked_by").order_by("asked_at", "pk"))
