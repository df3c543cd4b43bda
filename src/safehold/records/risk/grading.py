"""A grade is a person's, with a rationale; a lower one is two people's."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import risk
from safehold.domain.access import Permission
from safehold.domain.allegations import Reversed
from safehold.domain.case_access import Act, Part
from safehold.domain.instruments import GRADES
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases import queries as cases
from safehold.records.cases import standing as case_standing
from safehold.records.risk import evaluation, holding, instruments, operations, pairs, queries
from safehold.records.risk.models import Aggressor, Assessment, Grade, GradeAgreement
from safehold.records.risk.operations import NotReady
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

PARAPHRASE = (
    "It stands here in our own words, and can be filled in. It is graded once the force has loaded "
    "the wording that it is licensed to use."
)


class WordingNeeded(Exception):
    """The instrument is a paraphrase, and this is not practice."""


class NotAGrade(ValueError):
    """The grade, the owner, or who is the primary aggressor is not said, or not as it can be."""


class GradeNotFound(LookupError):
    """There is no such grade that waits for a second person, or none that the member may see."""


class NotSecond(PermissionError):
    """Whoever lowered a grade does not agree to it themselves."""


class GradedSince(Exception):
    """Another grade was given since; the earlier one that was shown stands no longer."""


class DecidedAlready(Exception):
    """Somebody has agreed or not agreed before."""


@transaction.atomic
def grade(
    *,
    assessment_id: UUID,
    grade: str,
    rationale: str,
    aggressor: str = "",
    owner: StaffMember | None = None,
    by: StaffMember,
    at: datetime,
) -> Grade:
    """Grade a submitted assessment, and start what the grade starts.

    A grade lower than one that stands of the two holds, and starts something, only once a second
    person has agreed. Raises Refused, AssessmentNotFound, ReasonTooThin, NotAGrade, NotReady before
    it was submitted or the history opened, or WordingNeeded.
    """
    stated = meaningful(rationale)
    by.must(Permission.ASSESS_RISK)
    found = _of_victim_locked(assessment_id, by)
    _refuse_early(found, by, at)
    if grade not in GRADES:
        raise NotAGrade("Choose a grade.")
    if owner and not cases.seen_by(owner).filter(pk=found.case_id).exists():
        raise NotAGrade("Choose somebody who may work on this case.")
    victim, accused = queries.identities(found)
    _refuse_aggressor(aggressor, pairs.aggressor_question(victim=victim, accused=accused, by=by))
    standing = queries.standing_grades(victim=victim, accused=accused, by=by)
    above = queries.highest(standing)
    lowers = above if above and risk.is_lower(grade, above.grade) else None
    said = evaluation.evaluate(found, by=by, at=at, grade=grade)
    made = Grade.objects.create(
        assessment=found,
        grade=grade,
        rationale=stated,
        aggressor=aggressor,
        indicators=len(said.tally.yes),
        asked=said.tally.asked,
        left_open=len(said.tally.left_open),
        suggested=said.suggestion.by_count,
        prompts=[asdict(prompt) for prompt in said.prompts],
        routes=[asdict(route) for route in said.routes],
        rules_version=risk.VERSION,
        lowers=lowers,
        instead_of=[str(each.pk) for each in standing],
        at=at,
        by=by,
    )
    if lowers is None:
        _start(made, owner=owner, by=by, at=at)
    audit.append(
        action=Action.RISK_GRADED,
        by=by,
        subject=queries.about(found.pk),
        at=at,
        detail={"grade": grade, "waits": lowers is not None},
    )
    return made


@transaction.atomic
def agree(
    *,
    grade_id: UUID,
    agreed: bool,
    rationale: str,
    shown: str,
    by: StaffMember,
    at: datetime,
) -> GradeAgreement:
    """Agree to a lower grade or not, as a second person who was shown the earlier rationale.

    `shown` is the key of the grade whose rationale the page showed. Until somebody agrees the
    higher grade stands. Raises Refused, GradeNotFound, NotSecond, ReasonTooThin, DecidedAlready, or
    GradedSince.
    """
    stated = meaningful(rationale)
    by.must(Permission.AGREE_DOWNGRADE)
    found = waiting(grade_id=grade_id, by=by)
    _of_victim_locked(found.assessment_id, by)
    if GradeAgreement.objects.filter(pk=found.pk).exists():
        raise DecidedAlready("Somebody has decided this before you.")
    if found.by_id == by.pk:
        raise NotSecond("You lowered it: somebody else has to agree.")
    _refuse_overtaken(found, shown, by)
    kept = GradeAgreement.objects.create(grade=found, agreed=agreed, rationale=stated, at=at, by=by)
    if agreed:
        _start(found, owner=None, by=by, at=at)
    audit.append(
        action=Action.DOWNGRADE_DECIDED,
        by=by,
        subject=queries.about(found.assessment_id),
        at=at,
        detail={"agreed": agreed, "grade": found.grade},
    )
    return kept


def waiting(*, grade_id: UUID, by: StaffMember) -> Grade:
    """Return a lower grade, decided or not. Raises GradeNotFound."""
    rows = Grade.objects.filter(pk=grade_id, lowers__isnull=False)
    related = ("by", "assessment", "assessment__case", "lowers", "lowers__by")
    seen = rows.filter(assessment__in=queries.seen_by(by))
    found: Grade | None = seen.select_related(*related).first()
    if found is None:
        raise GradeNotFound("There is no such grade.")
    return found


def _of_victim_locked(assessment_id: UUID, by: StaffMember) -> Assessment:
    """Return an assessment while nobody else grades its victim, to whoever may change its case."""
    found = queries.get(assessment_id=assessment_id, by=by)
    case_standing.must(found.case, by, Part.RISK, Act.CHANGE)
    of_victim = Assessment.objects.filter(victim__identity=found.victim.identity)
    list(of_victim.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    return found


def _refuse_early(assessment: Assessment, by: StaffMember, at: datetime) -> None:
    if assessment.follows_id is not None:
        raise NotReady("It belongs to another assessment, and is graded with that one.")
    if not instruments.may_be_graded(queries.instrument_of(assessment)):
        raise WordingNeeded(PARAPHRASE)
    if assessment.submitted_at is None:
        raise NotReady("Submit it first: checks and history come before a grade.")
    if not queries.history_opened(assessment, by=by, at=at):
        raise NotReady(operations.NO_HISTORY)
    for each in (assessment, *queries.followers(assessment)):
        if waits := holding.waits_for(each.pk):
            raise NotReady(waits)


def _refuse_aggressor(said: str, question: Reversed | None) -> None:
    if question is None:
        if said:
            raise NotAGrade("No allegation goes the other way here.")
        return
    if said not in {Aggressor.ACCUSED, Aggressor.VICTIM, Aggressor.NOT_CLEAR}:
        raise NotAGrade("Say first whom you take for the primary aggressor.")


def _refuse_overtaken(grade: Grade, shown: str, by: StaffMember) -> None:
    victim, accused = queries.identities(grade.assessment)
    standing = queries.standing_grades(victim=victim, accused=accused, by=by)
    newer = [
        each for each in standing if each.at > grade.at and risk.is_lower(grade.grade, each.grade)
    ]
    if shown != str(grade.lowers_id) or grade.lowers not in standing or newer:
        raise GradedSince("Another grade was given since. Read it, and grade anew if need be.")


def _start(made: Grade, *, owner: StaffMember | None, by: StaffMember, at: datetime) -> None:
    why = f"Graded {risk.GRADE_LABELS[made.grade].lower()}"
    for what in risk.started_by(made.grade):
        operations.start_one(made.assessment, made, what, why, owner=owner, by=by, at=at)
