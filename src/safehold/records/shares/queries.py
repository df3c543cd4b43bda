"""Questions about who must not receive, and about what was shared."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, OuterRef, QuerySet, When

from safehold.domain import sharing
from safehold.domain.access import Permission, Role, Subject
from safehold.domain.sharing import Eyes
from safehold.records.conflicts import recusals
from safehold.records.shares.models import Act, ListEntry, MustNotReceive, Share, ShareAct, Who
from safehold.records.staff.models import StaffMember

__all__ = ["Who", "listed", "may_receive"]

PER_PAGE = 25
_POLICE_PARTY = Subject(police_party=True)
_NEWEST = ("-asked_at", "-pk")


class ShareNotFound(LookupError):
    """There is no such share, or none that the member may see."""


def listed(matter: UUID) -> list[MustNotReceive]:
    """Return everybody who must receive nothing of a matter, by their part in it."""
    return list(MustNotReceive.objects.filter(matter=matter).order_by("pk"))


def may_receive(*, matter: UUID, who: Who) -> bool:
    """Tell whether somebody may be told anything of a matter."""
    return not MustNotReceive.objects.filter(matter=matter, who=who).exists()


def listed_agencies(matter: UUID) -> list[str]:
    """Return the names of the agencies that must receive nothing of a matter."""
    live = ListEntry.objects.filter(matter=matter, ended_at=None).exclude(agency=None)
    return list(live.order_by("since", "pk").values_list("agency__name", flat=True))


def count_listed_people(matter: UUID) -> int:
    """Count the people whom the list of a matter names."""
    return ListEntry.objects.filter(matter=matter, ended_at=None, agency=None).count()


def of_report(report_id: UUID) -> list[Share]:
    """Return what was shared of a report, or is to be, the newest first."""
    rows = Share.objects.filter(report_id=report_id).defer("file")
    return list(rows.select_related("agency", "asked_by").order_by(*_NEWEST))


def one(share_id: UUID, *, by: StaffMember) -> Share:
    """Return one share. Raises Refused, or ShareNotFound where the member may not see it."""
    by.must(Permission.SEE_SHARES)
    people = ("agency", "key", "asked_by", "agreed_by", "reviewed_by")
    found = _seen_by(by).filter(pk=share_id).select_related(*people).first()
    if found is None:
        raise ShareNotFound("There is no such share.")
    return found


def acts_of(share: Share) -> list[ShareAct]:
    """Return what became of a share, the oldest first."""
    return list(share.acts.select_related("by").order_by("at", "pk"))


def page_of(*, by: StaffMember, page: int) -> Page[Share]:
    """Return one page of what the member may see, the newest first. Raises Refused."""
    by.must(Permission.SEE_SHARES)
    rows = _seen_by(by).select_related("agency", "asked_by").order_by(*_NEWEST)
    return Paginator(rows, PER_PAGE).get_page(page)


def to_agree(*, by: StaffMember) -> list[Share]:
    """Return what waits until this member agrees, the oldest first."""
    return _oldest(_to_agree(by))


def to_review(*, by: StaffMember) -> list[Share]:
    """Return what could not wait and nobody else has looked at, the oldest first."""
    return _oldest(_to_review(by))


def agreed_to(*, by: StaffMember) -> list[Share]:
    """Return what this member may make a file of, now that somebody has agreed."""
    return list(_agreed_to(by).select_related("agency").order_by("agreed_at", "pk"))


def waiting(*, by: StaffMember) -> dict[str, QuerySet[Share]]:
    """Return what waits for this member, each sort by its name, to be counted together."""
    return {
        "shares_to_agree": _to_agree(by),
        "shares_to_review": _to_review(by),
        "shares_agreed": _agreed_to(by),
    }


def open_of(report_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Say, for each report of which a share waits for somebody, which and for what, in words."""
    rows = Share.objects.filter(report_id__in=list(report_ids)).defer("file")
    rows = rows.annotate(
        was_fetched=Exists(ShareAct.objects.filter(share=OuterRef("pk"), act=Act.FETCHED)),
        is_here=Case(When(file__isnull=False, then=True), default=False),
    )
    found: dict[UUID, list[str]] = {}
    for row in rows.order_by("asked_at", "pk"):
        if waits := _waits_for(row):
            found.setdefault(row.report_id, []).append(f"share {row.reference} {waits}")
    return found


def _waits_for(row: Share) -> str:
    basis = sharing.bases().get(row.basis)  # None where the rules have it no more
    if row.made_at is None:
        if row.agreed is None:
            return "waits for a supervisor to agree or not"
        return "was agreed to, and its file is not made" if row.agreed else ""
    is_here, was_fetched = row.is_here, row.was_fetched  # type: ignore[attr-defined]  # annotated
    if is_here and not was_fetched:
        return "waits to be fetched"
    if basis and basis.eyes is Eyes.AFTER and row.reviewed_at is None:
        return "could not wait, and nobody else has said whether that was right"
    return ""


def made_of(report_ids: Iterable[UUID]) -> list[str]:
    """Return the keys of what was made of these reports, as the audit writes them."""
    found = Share.objects.filter(report_id__in=list(report_ids)).values_list("pk", flat=True)
    return [str(key) for key in found]


def about_colleagues() -> list[str]:
    """Return the keys of what is for professional standards alone, as the audit writes them."""
    found = Share.objects.filter(police_party=True).values_list("pk", flat=True)
    return [str(key) for key in found]


def references_of(share_ids: Iterable[str], *, by: StaffMember) -> dict[str, str]:
    """Return the references of shares by key, as text, of those that the member may know of."""
    if not by.may(Permission.SEE_SHARES):
        return {}
    found = _seen_by(by).filter(pk__in=list(share_ids)).values_list("pk", "reference")
    return {str(key): reference for key, reference in found}


def _to_agree(by: StaffMember) -> QuerySet[Share]:
    return _of_others(by, Eyes.BEFORE).filter(agreed=None, made_at=None)


def _to_review(by: StaffMember) -> QuerySet[Share]:
    return _of_others(by, Eyes.AFTER).filter(reviewed_at=None)


def _agreed_to(by: StaffMember) -> QuerySet[Share]:
    mine = _seen_by(by).filter(asked_by=by, agreed=True, made_at=None)
    return mine if by.may(Permission.SHARE_REPORT) else mine.none()


def _of_others(by: StaffMember, eyes: Eyes) -> QuerySet[Share]:
    bases = [key for key, basis in sharing.bases().items() if basis.eyes is eyes]
    rows = _seen_by(by).filter(basis__in=bases).exclude(asked_by=by)
    return rows if by.may(Permission.AGREE_SHARE) else rows.none()


def _oldest(rows: QuerySet[Share]) -> list[Share]:
    return list(rows.select_related("agency", "asked_by").order_by("asked_at", "pk"))


def _seen_by(member: StaffMember) -> QuerySet[Share]:
    """Return what a member may see: who shares, their own; who watches over it, every one.

    An auditor sees that it was shared and never what was said, whoever it is about.
    """
    rows = Share.objects.defer("file").exclude(report_id__in=recusals.kept_from(member))
    if not member.may(Permission.SEE_SHARES, _POLICE_PARTY) and member.role != Role.AUDITOR:
        rows = rows.filter(police_party=False)
    watches = member.may(Permission.AGREE_SHARE) or not member.may(Permission.SHARE_REPORT)
    return rows if watches else rows.filter(asked_by=member)
