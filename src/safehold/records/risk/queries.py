"""Questions about assessments: seen through their case alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from safehold.domain import access, instruments, risk
from safehold.domain.access import Permission
from safehold.domain.instruments import Instrument
from safehold.domain.risk import Answer, Answers
from safehold.domain.sources import Source
from safehold.records.audit import queries as looks
from safehold.records.audit.actors import About
from safehold.records.cases import queries as cases
from safehold.records.cases.models import CaseParty
from safehold.records.histories import queries as histories
from safehold.records.incidents.models import Part
from safehold.records.people import finding
from safehold.records.people import queries as people
from safehold.records.people.models import Home, PersonFlag
from safehold.records.risk import instruments as kept
from safehold.records.risk.models import Aggressor, Assessment, Grade, ItemAnswer, Started
from safehold.records.staff.models import StaffMember

__all__ = ["Aggressor"]


class AssessmentNotFound(LookupError):
    """There is no such assessment, or none that the member may know of."""


@dataclass(frozen=True, slots=True)
class Check:
    """One source: what came of searching it for this assessment, empty where nobody said."""

    source: Source
    outcome: str
    words: str
    at: datetime | None
    by: str


def about(assessment_id: UUID | str) -> About:
    """Name an assessment as the audit does: by a key that says nothing."""
    return About("assessment", str(assessment_id))


def seen_by(member: StaffMember) -> QuerySet[Assessment]:
    """Return the assessments that a member may know of: of cases and people they may know of."""
    if not member.may(Permission.ASSESS_RISK):
        return Assessment.objects.none()
    # A probe of each row's case and people, and not a list of all of them.
    return Assessment.objects.filter(
        Q(accused=None) | finding.known_to(member, "accused_id"),
        Exists(cases.seen_by(member).filter(pk=OuterRef("case_id"))),
        finding.known_to(member, "victim_id"),
    )


def get(*, assessment_id: UUID, by: StaffMember) -> Assessment:
    """Return one assessment. Raises AssessmentNotFound."""
    related = ("case", "instrument", "victim", "accused", "started_by", "submitted_by", "follows")
    found = seen_by(by).select_related(*related).filter(pk=assessment_id).first()
    if found is None:
        raise AssessmentNotFound("There is no such assessment.")
    return found


def of_case(case_id: UUID, *, by: StaffMember) -> list[Assessment]:
    """Return the assessments of a case, the newest first."""
    related = ("instrument", "victim", "accused", "started_by", "submitted_by", "follows")
    found = seen_by(by).filter(case_id=case_id).select_related(*related)
    return list(found.order_by("-started_at", "pk"))


def earlier(assessment: Assessment, *, by: StaffMember) -> list[Assessment]:
    """Return what else was filled in about the same victim before, the newest first."""
    victim, _ = identities(assessment)
    found = seen_by(by).filter(victim__identity=victim, started_at__lte=assessment.started_at)
    found = found.exclude(pk=assessment.pk).select_related("instrument", "accused", "started_by")
    return list(found.order_by("-started_at", "pk"))


def identities(assessment: Assessment) -> tuple[UUID, UUID | None]:
    """Return who the victim is and who is said to do it, None where that is not known."""
    accused = assessment.accused.identity if assessment.accused else None
    return assessment.victim.identity, accused


def children_in(assessment: Assessment, *, by: StaffMember) -> list[UUID]:
    """Return the children whom the case of an assessment is about."""
    rows = CaseParty.objects.filter(
        finding.known_to(by, "person_id"), case_id=assessment.case_id, part=Part.CHILD
    )
    return sorted(set(rows.values_list("person__identity", flat=True)), key=str)


def addresses_of(identity: UUID, *, by: StaffMember) -> list[tuple[UUID, str]]:
    """Return the addresses of somebody that a member may read, each once with its line."""
    open_to_all = Q(address__protected=False)
    homes = Home.objects.filter(
        open_to_all | Q(address__readers__member=by, address__readers__ended_at=None),
        person__identity=identity,
        ended_at=None,
    )
    return sorted(set(homes.values_list("address_id", "address__line")), key=lambda row: row[1])


def reason_within(
    *, assessment: Assessment, by: StaffMember, at: datetime
) -> tuple[datetime, str] | None:
    """Return when a member last looked at an assessment or its case in this shift, and why."""
    since = at - access.table().shift
    for subject in (about(assessment.pk), About("case", str(assessment.case_id))):
        if found := looks.last_look(subject=subject, by=by, since=since):
            return found
    return None


def history_opened(assessment: Assessment, *, by: StaffMember, at: datetime) -> str:
    """Return the reason with which a member opened the history of all concerned in this shift.

    Empty where they did not.
    """
    since, reason = at - access.table().shift, ""
    for identity in filter(None, identities(assessment)):
        found = people.opened_for(identity=identity, by=by, since=since)
        if found is None:
            return ""
        reason = reason or found[1]
    return reason


def fresh_since(assessment: Assessment) -> datetime:
    """Return from when a search counts for an assessment: one of last year is none."""
    return assessment.started_at - access.table().shift


def checks(assessment: Assessment) -> list[Check]:
    """Return every source, with what came of searching it for this assessment."""
    since = fresh_since(assessment)
    concerned = [key for key in identities(assessment) if key is not None]
    return [
        Check(each.source, each.outcome, each.words, each.at, each.by)
        if each.at and each.at >= since
        else Check(each.source, "", "", None, "")
        for each in histories.looked_for(concerned)
    ]


def standing(assessment: Assessment) -> dict[str, list[ItemAnswer]]:
    """Return the answers that stand, by item: several where two wrote without seeing each other's.

    Two that say the same are one.
    """
    rows = list(assessment.answers.select_related("by").order_by("at", "pk"))
    replaced = {key for row in rows for key in row.instead_of}
    found: dict[str, list[ItemAnswer]] = {}
    for row in rows:
        if str(row.pk) in replaced:
            continue
        of_item = found.setdefault(row.item, [])
        if as_answer(row) not in [as_answer(each) for each in of_item]:
            of_item.append(row)
    return found


def written(assessment: Assessment, item: str) -> list[ItemAnswer]:
    """Return every answer that was ever given to an item, the newest first."""
    rows = assessment.answers.filter(item=item).select_related("by")
    return list(rows.order_by("-at", "pk"))


def as_answer(row: ItemAnswer) -> Answer:
    """Return a stored answer as the engine reads it."""
    return Answer(row.given, tuple(row.options), row.words)


def answers_of(assessment: Assessment) -> Answers:
    """Return what stands of each item, as the engine reads it."""
    return {item: [as_answer(row) for row in rows] for item, rows in standing(assessment).items()}


def instrument_of(assessment: Assessment) -> Instrument:
    """Return the instrument as it was when this was filled in."""
    return kept.of(assessment.instrument)


def followers(assessment: Assessment) -> list[Assessment]:
    """Return what the answers of an assessment called for and somebody began."""
    return list(assessment.followers.select_related("instrument").order_by("started_at", "pk"))


def highest_in(case_ids: Collection[UUID], *, by: StaffMember) -> dict[UUID, str]:
    """Return the highest grade that stands in each of some cases, in one question."""
    rows = Grade.objects.filter(
        assessment__case__in=list(case_ids), assessment__in=seen_by(by).values("pk")
    ).select_related("agreement", "assessment")
    holding = [row for row in rows if holds(row)]
    replaced = {key for row in holding for key in row.instead_of}
    by_case: dict[UUID, list[Grade]] = {}
    for row in holding:
        if str(row.pk) not in replaced:
            by_case.setdefault(row.assessment.case_id, []).append(row)
    return {key: found.grade for key, some in by_case.items() if (found := highest(some))}


def begun_by(members: Collection[int], *, by: StaffMember) -> list[Assessment]:
    """Return what these members began to assess and nobody has graded, the oldest first."""
    rows = seen_by(by).filter(started_by__in=list(members), follows=None, grades=None)
    rows = rows.filter(case__closed_at=None)
    return list(rows.select_related("case").order_by("started_at", "pk"))


def standing_grades(*, victim: UUID, accused: UUID | None, by: StaffMember) -> list[Grade]:
    """Return the grades of a pair that hold and that no other stands in place of, newest first.

    Those given while nobody knew who it was are of the pair too.
    """
    of_pair = Q(assessment__accused=None)
    if accused is not None:
        of_pair |= Q(assessment__accused__identity=accused)
    rows = Grade.objects.filter(
        of_pair, assessment__victim__identity=victim, assessment__in=seen_by(by)
    )
    related = rows.select_related("by", "agreement", "agreement__by", "assessment", "lowers")
    holding = [row for row in related.order_by("-at", "pk") if holds(row)]
    replaced = {key for row in holding for key in row.instead_of}
    return [row for row in holding if str(row.pk) not in replaced]


def highest(grades: Iterable[Grade]) -> Grade | None:
    """Return the highest of some grades, the newest of several, None of none."""
    return max(grades, key=lambda row: (instruments.GRADES.index(row.grade), row.at), default=None)


def holds(grade: Grade) -> bool:
    """Tell whether a grade holds: a lower one only once a second person has agreed."""
    agreement = getattr(grade, "agreement", None)
    return grade.lowers_id is None or (agreement is not None and agreement.agreed)


def grades_of(assessment: Assessment) -> list[Grade]:
    """Return the grades that were given on an assessment, the newest first."""
    related = ("by", "agreement", "agreement__by", "lowers", "lowers__by")
    return list(assessment.grades.select_related(*related).order_by("-at", "pk"))


def waiting_to_be_agreed(*, by: StaffMember) -> list[Grade]:
    """Return the lower grades that wait for a second person, the oldest first."""
    rows = Grade.objects.filter(
        assessment__in=seen_by(by), lowers__isnull=False, agreement=None
    ).select_related("by", "lowers", "assessment", "assessment__case")
    return list(rows.order_by("at", "pk"))


def started_in(assessments: Iterable[Assessment]) -> list[Started]:
    """Return what was started by assessments that were given out, the first due first."""
    rows = Started.objects.filter(assessment__in=list(assessments)).select_related("owner")
    return list(rows.order_by("due_at", "pk"))


def is_flagged(victim: UUID) -> bool:
    """Tell whether somebody's record says that they may harm themselves."""
    flags = PersonFlag.objects.filter(person__identity=victim, kind=risk.SUICIDE_FLAG)
    return flags.filter(ended_at=None).exists()


def references_of(assessment_ids: Iterable[str], *, by: StaffMember) -> dict[str, str]:
    """Return the references of assessments by key, of those that the member may know of."""
    rows = seen_by(by) if by.may(Permission.ASSESS_RISK) else Assessment.objects.all()
    found = rows.filter(pk__in=list(assessment_ids)).values_list("pk", "reference")
    return {str(key): reference for key, reference in found}


def about_colleagues() -> list[str]:
    """Return the keys of assessments of cases that are hidden, as the audit writes them."""
    hidden = Assessment.objects.filter(~Q(case__sealed_to="") | Q(case__restricted=True))
    return [str(key) for key in hidden.values_list("pk", flat=True)]
