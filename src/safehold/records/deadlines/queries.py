"""Questions about deadlines: a member meets those of the cases that they may know of, no others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case as When_
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from safehold.domain import deadline_rules
from safehold.domain.access import Permission
from safehold.domain.deadline_rules import Rule
from safehold.domain.deadlines import Due, NoDate, Unknown, reckon
from safehold.records.audit import queries as looks
from safehold.records.audit.actors import About as Looked
from safehold.records.cases import queries as cases
from safehold.records.cases.models import Case, CaseIncident, CaseMember, CaseParty, Relation
from safehold.records.deadlines.models import (
    About,
    Deadline,
    DeadlineAct,
    DeadlineRule,
    Views,
    What,
)
from safehold.records.incidents import queries as incidents
from safehold.records.people import finding
from safehold.records.staff.models import StaffMember

__all__ = ["About", "Deadline", "Views", "What"]
PER_PAGE = 50
GONE = "gone"  # in the place of the digest of a rule that there is no more


class DeadlineNotFound(LookupError):
    """There is no such deadline, or none that the member may know of."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much is due: of a member's own, and of all that a supervisor watches over."""

    late: int = 0
    today: int = 0
    unknown: int = 0
    late_all: int = 0
    nobodys: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """A deadline whose rule is another one now; `rule` is None where there is none any more."""

    deadline: Deadline
    rule: Rule | None
    digest: str
    anew: Due | NoDate | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a deadline of a case may be about."""

    about: About
    about_id: UUID | None
    words: str


def seen_by(member: StaffMember) -> QuerySet[Deadline]:
    """Return the deadlines that a member may know of: those of the cases that they may know of."""
    if not member.may(Permission.SEE_DEADLINES):
        return Deadline.objects.none()
    return Deadline.objects.filter(case__in=cases.seen_by(member))


def running(member: StaffMember) -> QuerySet[Deadline]:
    """Return those that run, each with the key of its `holder`: who has to see to it."""
    found = seen_by(member).filter(stopped_at=None, superseded_by=None)
    return found.annotate(holder=_holder())


def get(*, deadline_id: UUID, by: StaffMember) -> Deadline:
    """Return one deadline. Raises DeadlineNotFound."""
    found = seen_by(by).annotate(holder=_holder()).filter(pk=deadline_id)
    row = found.select_related("case", "rule", "made_by", "stopped_by").first()
    if row is None:
        raise DeadlineNotFound("There is no such deadline.")
    return row


def due(
    *, by: StaffMember, own: bool, after: UUID | None = None, limit: int | None = None
) -> tuple[list[Deadline], UUID | None]:
    """Return those that have a date, the longest late first, and where the next page begins.

    `after` is the last of the page before; one that is there no longer begins at the start.
    """
    found = _listed(by, own=own).exclude(due_at=None)
    last = seen_by(by).filter(pk=after).exclude(due_at=None).first() if after else None
    if last is not None:
        found = found.filter(Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk))
    limit = limit or PER_PAGE
    rows = list(found.order_by("due_at", "pk")[: limit + 1])
    return rows[:limit], rows[limit - 1].pk if len(rows) > limit else None


def late_by_holder(members: Collection[int], *, by: StaffMember, at: datetime) -> dict[int, int]:
    """Count what is late of each of these members, in one question."""
    late = running(by).filter(Q(holder__in=list(members)), due_at__lte=at)
    found = late.values(who=F("holder")).order_by("who").annotate(count=Count("pk"))
    return {row["who"]: row["count"] for row in found}


def late_of(member_id: int, *, by: StaffMember, at: datetime, limit: int) -> list[Deadline]:
    """Return what is late of a member, as far as whoever asks may know of it."""
    late = running(by).filter(Q(holder=member_id), due_at__lte=at).select_related("case", "rule")
    return list(late.order_by("due_at", "pk")[:limit])


def without_date(*, by: StaffMember, own: bool, limit: int = PER_PAGE) -> list[Deadline]:
    """Return those that have no date, the longest without one first."""
    found = _listed(by, own=own).filter(due_at=None)
    return list(found.order_by("made_at", "pk")[:limit])


def waiting(*, by: StaffMember, at: datetime, day_over: datetime) -> Waiting:
    """Count in one question what is late, due before the day is over, and without a date."""
    if not by.may(Permission.SEE_DEADLINES):
        return Waiting()
    watches = by.may(Permission.DECIDE_DEADLINES)
    rows = running(by) if watches else _touching(by)
    rows = rows.filter(Q(due_at__lt=day_over) | Q(due_at=None))
    mine, late = Q(holder=by.pk), Q(due_at__lte=at)
    found = rows.aggregate(
        late=Count("pk", filter=mine & late),
        today=Count("pk", filter=mine & Q(due_at__gt=at)),
        unknown=Count("pk", filter=mine & Q(due_at=None)),
        late_all=Count("pk", filter=late),
        nobodys=Count("pk", filter=Q(holder=None)),
    )
    return Waiting(**found) if watches else Waiting(found["late"], found["today"], found["unknown"])


def of_case(case_id: UUID, *, by: StaffMember) -> list[Deadline]:
    """Return the deadlines of a case: those that run, without a date first; then the others."""
    found = seen_by(by).filter(case_id=case_id, superseded_by=None).annotate(holder=_holder())
    rows = list(found.select_related("rule").order_by("due_at", "pk"))
    return sorted(rows, key=lambda row: (not row.runs, row.due_at is not None))


def alarmed(keys: QuerySet[Any, Any], *, by: StaffMember) -> list[Deadline]:
    """Return those of these keys that run and the member may know of, the soonest due first."""
    found = running(by).filter(pk__in=keys).select_related("case", "rule")
    return list(found.order_by(F("due_at").asc(nulls_first=True), "pk"))


def acts_of(deadline: Deadline) -> list[DeadlineAct]:
    """Return what was done to a deadline and to those that it stands in the place of."""
    keys = [deadline.pk]
    while earlier := Deadline.objects.filter(superseded_by=keys[-1]).values_list("pk", flat=True):
        keys.append(earlier[0])
    rows = DeadlineAct.objects.filter(deadline__in=keys).select_related("by")
    return list(rows.order_by("at", "pk"))


def changed(*, by: StaffMember, limit: int = PER_PAGE) -> list[Changed]:
    """Return those whose rule gives another time now, of which nobody has decided.

    Raises Refused.
    """
    by.must(Permission.DECIDE_DEADLINES)
    undecided = Q(pk__in=[])
    for old in _outdated():
        undecided |= Q(rule=old.pk) & ~Q(kept_digest=digest_now(old.key))
    found = running(by).filter(undecided).select_related("case", "rule")
    return [change_of(row) for row in found.order_by("due_at", "pk")[:limit]]


def change_of(row: Deadline) -> Changed:
    """Return what the rule of a deadline is now, and the date that it would give."""
    now = deadline_rules.every().get(row.rule.key)
    anew: Due | NoDate | None = None
    if now is not None:
        start = row.starts_at or Unknown(row.missing)
        rung = min(row.rung, max(0, len(now.ladder) - 1))
        try:
            length = now.length(enhanced=row.enhanced, number=row.number, rung=rung)
        except deadline_rules.NotThatLong as error:
            anew = NoDate(str(error))
        else:
            anew = reckon(start, length, calendar=deadline_rules.calendar())
    return Changed(row, now, digest_now(row.rule.key), anew)


def is_changed(row: Deadline) -> bool:
    """Tell whether the rule of one that runs gives another time now, and nobody has decided."""
    now = digest_now(row.rule.key)
    return row.runs and now not in {row.rule.digest, row.kept_digest}


def digest_now(key: str) -> str:
    """Return the digest of a rule as it is now."""
    rule = deadline_rules.every().get(key)
    return rule.digest if rule else GONE


def may_be_about(case: Case, *, by: StaffMember) -> list[Choice]:
    """Return what a deadline of a case may be about, as far as the member may know of it."""
    held = CaseIncident.objects.filter(case=case).values("incident_id")
    parties = CaseParty.objects.filter(finding.known_to(by, "person_id"), case=case)
    return [
        Choice(About.CASE, None, "The case as a whole"),
        *(
            Choice(About.INCIDENT, row.pk, f"Incident {row.reference}")
            for row in incidents.seen_by(by).filter(pk__in=held).order_by("recorded_at", "pk")
        ),
        *(
            Choice(
                About.PERSON,
                row.person.identity,
                f"{row.get_part_display()}: person {row.person.reference}",
            )
            for row in parties.select_related("person").order_by("added_at", "pk")
        ),
    ]


def opened_for(*, deadline_id: UUID, by: StaffMember, since: datetime) -> str:
    """Return why a member last looked at a deadline since a moment; empty where they did not."""
    subject = Looked("deadline", str(deadline_id))
    found = looks.last_look(subject=subject, by=by, since=since)
    return found[1] if found else ""


def about_colleagues() -> list[str]:
    """Return the keys of deadlines of cases that few may know of, as the audit has them."""
    hidden = Deadline.objects.filter(~Q(case__sealed_to="") | Q(case__restricted=True))
    return [str(key) for key in hidden.values_list("pk", flat=True)]


def _listed(member: StaffMember, *, own: bool) -> QuerySet[Deadline]:
    found = _touching(member).filter(Q(holder=member.pk)) if own else running(member)
    return found.select_related("case", "rule")


def _touching(member: StaffMember) -> QuerySet[Deadline]:
    """Return those that run and may be a member's own: found by their few cases, not by all."""
    owned = CaseMember.objects.filter(member=member, relation=Relation.OWNER, until=None)
    own = Q(owner=member) | Q(case_id__in=owned.values("case_id"))
    return running(member).filter(own)


def _holder() -> models.expressions.Combinable:
    works = CaseMember.objects.filter(case=OuterRef("case_id"), until=None)
    owner = works.filter(relation=Relation.OWNER).values("member_id")[:1]
    return When_(
        When(Exists(works.filter(member=OuterRef("owner_id"))), then=F("owner_id")),
        default=Subquery(owner),
        output_field=models.BigIntegerField(),
    )


def _outdated() -> list[DeadlineRule]:
    return [row for row in DeadlineRule.objects.all() if row.digest != digest_now(row.key)]
