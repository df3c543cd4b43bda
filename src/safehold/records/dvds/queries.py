"""Questions about applications under Clare's Law."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet

from safehold.domain.access import Permission, Subject
from safehold.records.cases import queries as cases
from safehold.records.conflicts import recusals
from safehold.records.dvds.models import (
    Abuser,
    Application,
    Characteristics,
    Clock,
    Correction,
    Decision,
    FirstContact,
    Link,
    Plan,
    Proposal,
    Route,
    Search,
    Telling,
    Told,
    View,
)
from safehold.records.people import finding
from safehold.records.staff.models import StaffMember

__all__ = ["Abuser", "Application", "Decision", "Route", "Told"]


_STEPS = ("firstcontact", "search", "view", "plan", "characteristics")


class ApplicationNotFound(LookupError):
    """There is no such application, or none that the member may know of."""


@dataclass(frozen=True, slots=True)
class Late:
    """How many steps of applications are late, and how many soon are."""

    late: int = 0
    soon: int = 0


@dataclass(frozen=True, slots=True)
class Steps:
    """What was recorded on an application, the newest of each first."""

    links: Sequence[Link]
    firstcontact: Sequence[FirstContact]
    search: Sequence[Search]
    view: Sequence[View]
    plan: Sequence[Plan]
    characteristics: Sequence[Characteristics]
    proposals: Sequence[Proposal]
    corrections: Sequence[Correction]
    telling: Telling | None


def one(*, application_id: UUID, by: StaffMember) -> Application:
    """Return an application. Raises ApplicationNotFound, or Refused."""
    members = ("opened_by", "identity_by", "abuser_by", "decided_by", "told_by")
    known = links_known_to(by).select_related(*members)
    found = known.filter(pk=application_id).first()
    if found is None:
        raise ApplicationNotFound("There is no such application.")
    by.must(Permission.HANDLE_DVDS, recusals.subject_of(found))
    return found


def of_report(report_id: UUID) -> Application | None:
    """Return the application that a report was opened as, None where it was not."""
    return Application.objects.filter(report_id=report_id).first()


def unanswered(*, by: StaffMember, limit: int = 200) -> list[Application]:
    """Return the applications that wait for an act, each with its clocks: the soonest due first.

    `next_due` is when the first of its clocks that run is over.
    """
    running = Q(clocks__stopped_at=None)
    waiting = seen_by(by).filter(answered_at=None, told=Told.NOBODY)
    waiting = waiting.annotate(next_due=Min("clocks__due_at", filter=running))
    rows = waiting.prefetch_related(Prefetch("clocks", _clocks()), "proposal_rows__second")
    return list(rows.order_by(F("next_due").asc(nulls_last=True), "asked_at", "pk")[:limit])


def clocks_of(row: Application) -> list[Clock]:
    """Return the clocks of an application, the first due first."""
    return list(_clocks().filter(application=row))


def count_late(*, by: StaffMember, at: datetime) -> Late:
    """Count the steps of applications that are late, and those that soon are."""
    if not by.may(Permission.HANDLE_DVDS):
        return Late()
    running = Clock.objects.filter(stopped_at=None, escalates_at__lte=at)
    found = list(running.values_list("application_id", "due_at"))
    seen = _seen_of({key for key, _ in found}, by)
    due = [due_at for key, due_at in found if key in seen]
    late = sum(1 for due_at in due if due_at <= at)
    return Late(late, len(due) - late)


def waiting_second(*, by: StaffMember) -> list[Proposal]:
    """Return the decisions that wait for this member as a second person, the oldest first.

    Those that could not wait are among them: somebody looks at those afterwards.
    """
    if not by.may(Permission.AGREE_DVDS):
        return []
    rows = Proposal.objects.filter(second=None).exclude(by=by).select_related("by", "application")
    found = list(rows.order_by("at", "pk"))
    seen = _seen_of({row.application_id for row in found}, by)
    return [row for row in found if row.application_id in seen]


def steps_of(row: Application) -> Steps:
    """Return everything that was recorded on an application, the newest of each first."""
    newest: dict[str, Any] = {}
    for name in _STEPS:
        rows = getattr(row, f"{name}_rows").select_related("by").order_by("-at", "pk")
        newest[name] = list(rows)
    proposals = Proposal.objects.filter(application=row).order_by("-at", "pk")
    return Steps(
        links=list(row.link_rows.select_related("case", "person", "by").order_by("at", "pk")),
        proposals=list(proposals.select_related("by", "second", "second__by")),
        corrections=list(row.correction_rows.select_related("by", "was_by").order_by("at", "pk")),
        telling=row.telling_rows.select_related("by").first(),
        **newest,
    )


def contacts_of(row: Application) -> QuerySet[FirstContact]:
    """Return the contacts that stand, the newest first: none up to one that was put right."""
    wrong = row.correction_rows.filter(act="first", reopened=True).aggregate(upto=Max("was_at"))
    rows = row.firstcontact_rows.order_by("-at", "-danger", "pk")
    return rows.filter(at__gt=wrong["upto"]) if wrong["upto"] else rows


def made_of(report_ids: Iterable[UUID]) -> list[str]:
    """Return the keys of what was made of these reports, as the audit writes them."""
    found = Application.objects.filter(report_id__in=list(report_ids)).values_list("pk", flat=True)
    return [str(key) for key in found]


def about_colleagues() -> list[str]:
    """Return the keys of what is for professional standards alone, as the audit writes them."""
    found = Application.objects.filter(police_party=True).values_list("pk", flat=True)
    return [str(key) for key in found]


def seen_by(member: StaffMember) -> QuerySet[Application]:
    """Return the applications that a member may know of.

    Not one whose report they are kept from, nor one that is linked to a case or a person that they
    may not know of.
    """
    if not member.may(Permission.HANDLE_DVDS):
        return Application.objects.none()
    rows = links_known_to(member)
    if kept_from := recusals.kept_from(member):
        rows = rows.filter(Q(report_id=None) | ~Q(report_id__in=kept_from))
    if member.may(Permission.HANDLE_DVDS, Subject(police_party=True)):
        return rows
    return rows.exclude(police_party=True)


def links_known_to(member: StaffMember) -> QuerySet[Application]:
    """Return the applications none of whose links is to what a member may not know of."""
    links = Link.objects.filter(application=OuterRef("pk"))
    person = Exists(finding.visible_to(member).filter(pk=OuterRef("person_id")))
    case = Exists(cases.seen_by(member).filter(pk=OuterRef("case_id")))
    hidden = links.filter(~Q(person=None) & ~Q(person) | ~Q(case=None) & ~Q(case))
    return Application.objects.filter(~Exists(hidden))


def _seen_of(keys: Iterable[UUID], member: StaffMember) -> set[UUID]:
    # Asked by themselves: inside another question they are more than SQLite can read.
    some = list(keys)
    return set(seen_by(member).filter(pk__in=some).values_list("pk", flat=True)) if some else set()


def _clocks() -> QuerySet[Clock]:
    return Clock.objects.select_related("rule").order_by("due_at", "pk")
