"""Filling in an instrument: begun in a case, saved answer by answer, submitted once checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import access, risk
from safehold.domain.access import Permission
from safehold.domain.case_access import Act, Part
from safehold.domain.instruments import Instrument
from safehold.domain.risk import Answer
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases import operations as case_acts
from safehold.records.cases import queries as cases
from safehold.records.cases import standing as case_standing
from safehold.records.cases.models import Case, CaseMember, CaseParty, Relation
from safehold.records.histories import operations as histories
from safehold.records.people import operations as people
from safehold.records.people.models import Person
from safehold.records.risk import acting, holding, instruments, queries
from safehold.records.risk.models import Assessment, Grade, ItemAnswer, Started
from safehold.records.risk.references import new_reference
from safehold.records.staff.models import StaffMember

NO_HISTORY = "Open the history first: what happened before is read before anything is assessed."


class NotAParty(ValueError):
    """The case is not about this person, or both parts are the same person's."""


class Submitted(Exception):
    """The assessment was submitted: what is new goes into another."""


class NotReady(Exception):
    """Something has to be done before; the message says what in one sentence."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to an item; `seen` holds the keys of the answers that its page showed."""

    item: str
    answer: Answer
    seen: tuple[UUID, ...] = ()


@transaction.atomic
def start(
    *,
    case_id: UUID,
    instrument: str,
    victim: UUID,
    accused: UUID | None,
    follows: UUID | None = None,
    by: StaffMember,
    at: datetime,
) -> Assessment:
    """Begin an assessment in a case, or go on with the one that was begun in this shift.

    A flag on the victim that they may harm themselves starts the suicide pathway at once. Raises
    Refused, CaseNotFound, Closed, NotAParty, NoSuchInstrument, or AssessmentNotFound.
    """
    by.must(Permission.ASSESS_RISK)
    case = _open_case(case_id, by)
    parties = _party(case, victim, by), _party(case, accused, by) if accused else None
    if victim == accused:
        raise NotAParty("Choose two different people.")
    before = queries.get(assessment_id=follows, by=by) if follows else None
    if before is not None and before.case_id != case.pk:
        raise queries.AssessmentNotFound("There is no such assessment.")
    kept = instruments.keep(instrument, at=at)
    begun = _begun(case, kept.key, before, by=by, at=at)
    for each in begun:
        if queries.identities(each) == (victim, accused):
            return each
    made = Assessment.objects.create(
        reference=new_reference(),
        case=case,
        instrument=kept,
        victim=parties[0],
        accused=parties[1],
        follows=before,
        started_at=at,
        started_by=by,
    )
    if queries.is_flagged(victim):
        start_suicide_pathway(made, "A flag on the victim’s record", by=by, at=at)
    audit.append(
        action=Action.ASSESSMENT_STARTED,
        by=by,
        subject=queries.about(made.pk),
        at=at,
        detail={"case": str(case.pk), "instrument": kept.key, "version": kept.version},
    )
    return made


def look_at(*, assessment_id: UUID, reason: str, by: StaffMember, at: datetime) -> Assessment:
    """Record the look with its reason, then return the assessment.

    Raises AssessmentNotFound, or ReasonNeeded.
    """
    queries.get(assessment_id=assessment_id, by=by)  # a look that is refused is not a look
    audit.record_look(by=by, reason=reason, subject=queries.about(assessment_id), at=at)
    return queries.get(assessment_id=assessment_id, by=by)


@transaction.atomic
def save_answers(
    *, assessment_id: UUID, said: Sequence[Said], by: StaffMember, at: datetime
) -> list[ItemAnswer]:
    """Write down what is new among some answers, each a row of its own; nothing is overwritten.

    An answer stands in the place of those that its author saw. One that was written meanwhile stays
    beside it. A sign of suicide starts its pathway at once. Raises Refused, AssessmentNotFound,
    NotReady before the history was opened, Submitted, or KeyError for an item that there is not.
    """
    by.must(Permission.ASSESS_RISK)
    found = locked(assessment_id, by)
    refuse_submitted(found)
    refuse_without_history(found, by, at)
    instrument = queries.instrument_of(found)
    standing = defaultdict(list, queries.standing(found))
    rows = [_row(found, each, standing[instrument.item(each.item).key], by) for each in said]
    made = [row for row in rows if row is not None]
    for row in made:
        row.at, row.by = at, by
        row.save()
    if not made:
        return []
    heed_suicide(found, instrument, made, by=by, at=at)
    items = sorted({row.item for row in made})
    audit.append(
        action=Action.ASSESSMENT_ANSWERED,
        by=by,
        subject=queries.about(found.pk),
        at=at,
        detail={"items": items},
    )
    return made


@transaction.atomic
def submit(*, assessment_id: UUID, by: StaffMember, at: datetime) -> None:
    """Submit an assessment: what was not answered stays not answered.

    Raises Refused, AssessmentNotFound, Submitted, or NotReady before the history was opened and
    every source was searched or it was said why not.
    """
    by.must(Permission.ASSESS_RISK)
    found = locked(assessment_id, by)
    refuse_submitted(found)
    if why := not_ready(found, by=by, at=at):
        raise NotReady(why)
    if queries.is_flagged(found.victim.identity):
        start_suicide_pathway(found, "A flag on the victim’s record", by=by, at=at)
    found.submitted_at, found.submitted_by = at, by
    found.save(update_fields=["submitted_at", "submitted_by"])
    audit.append(action=Action.ASSESSMENT_SUBMITTED, by=by, subject=queries.about(found.pk), at=at)


@transaction.atomic
def record_check(
    *, assessment_id: UUID, source: str, outcome: str, words: str, by: StaffMember, at: datetime
) -> None:
    """Record of a source that it was searched for all whom an assessment is about, or why not.

    What was recorded before in the same words is left. Raises Refused, AssessmentNotFound,
    NotASource, or WordsNeeded.
    """
    by.must(Permission.ASSESS_RISK)
    found = queries.get(assessment_id=assessment_id, by=by)
    case_standing.must(found.case, by, Part.RISK, Act.CHANGE)
    said = (source, outcome, words.strip())
    if said in [(each.source.key, each.outcome, each.words) for each in queries.checks(found)]:
        return
    for identity in filter(None, queries.identities(found)):
        histories.record_search(
            identity=identity, source=source, outcome=outcome, words=words, by=by, at=at
        )


def not_ready(assessment: Assessment, *, by: StaffMember, at: datetime) -> str:
    """Say in one sentence what has to be done before submitting, nothing where all is done."""
    if not queries.history_opened(assessment, by=by, at=at):
        return NO_HISTORY
    if waits := holding.waits_for(assessment.pk):
        return waits
    missing = [each.source.label for each in queries.checks(assessment) if not each.outcome]
    if not missing:
        return ""
    named = "; ".join(missing)
    return f"Record of each source that it was searched, or why not. Not said yet: {named}."


def start_suicide_pathway(
    assessment: Assessment, why: str, *, by: StaffMember, at: datetime
) -> None:
    """Start the pathway at once, once for an assessment and those that follow it."""
    first = assessment.follows_id or assessment.pk
    family = Started.objects.filter(kind=risk.SUICIDE_KIND)
    if family.filter(assessment__pk=first).exists():
        return
    if family.filter(assessment__follows_id=first).exists():
        return
    start_one(assessment, None, risk.suicide_pathway(), why, by=by, at=at)


def start_one(
    assessment: Assessment,
    grade: Grade | None,
    what: risk.Starts,
    why: str,
    *,
    owner: StaffMember | None = None,
    by: StaffMember,
    at: datetime,
) -> Started:
    """Start something with a time and an owner: the case's, where nobody else is named.

    It is an action of the case from the same moment (`acting`).
    """
    made = Started.objects.create(
        assessment=assessment,
        grade=grade,
        kind=what.kind,
        due_at=at + what.due,
        owner=owner or owner_of(assessment.case_id) or by,
        why=why,
        started_at=at,
        started_by=by,
    )
    acting.act_on(made, by=by, at=at)
    return made


def owner_of(case_id: UUID) -> StaffMember | None:
    """Return who owns a case, None where nobody does."""
    rows = CaseMember.objects.filter(case_id=case_id, relation=Relation.OWNER, until=None)
    row = rows.select_related("member").first()
    return row.member if row else None


def _open_case(case_id: UUID, by: StaffMember) -> Case:
    case = cases.get(case_id=case_id, by=by)
    case_standing.must(case, by, Part.RISK, Act.CHANGE)
    if case.closed_at is not None:
        raise case_acts.Closed("This case is closed.")
    return case


def _party(case: Case, identity: UUID, by: StaffMember) -> Person:
    if not CaseParty.objects.filter(case=case, person__identity=identity).exists():
        raise NotAParty("Choose somebody whom the case is about.")
    return people.standing(identity, by=by)


def _begun(
    case: Case, key: str, before: Assessment | None, *, by: StaffMember, at: datetime
) -> list[Assessment]:
    found = queries.seen_by(by).filter(
        case=case,
        instrument__key=key,
        follows=before,
        submitted_at=None,
        started_at__gte=at - access.table().shift,
    )
    return list(found.select_related("victim", "accused").order_by("started_at", "pk"))


def locked(assessment_id: UUID, by: StaffMember) -> Assessment:
    """Return an assessment while nobody else changes it, to whoever may change it.

    Raises AssessmentNotFound, or Refused.
    """
    found = queries.get(assessment_id=assessment_id, by=by)
    case_standing.must(found.case, by, Part.RISK, Act.CHANGE)
    Assessment.objects.select_for_update(no_key=True).get(pk=assessment_id)
    return queries.get(assessment_id=assessment_id, by=by)


def refuse_submitted(assessment: Assessment) -> None:
    """Raise Submitted where an assessment was."""
    if assessment.submitted_at is not None:
        raise Submitted("It was submitted. What is new goes into another assessment.")


def refuse_without_history(assessment: Assessment, by: StaffMember, at: datetime) -> None:
    """Raise NotReady where a member has not opened the history in this shift."""
    if not queries.history_opened(assessment, by=by, at=at):
        raise NotReady(NO_HISTORY)


def _row(
    assessment: Assessment, said: Said, standing: Sequence[ItemAnswer], by: StaffMember
) -> ItemAnswer | None:
    """Return the row of an answer, None where it says nothing that its author did not see.

    Whoever writes has seen what they wrote themselves, whatever their page showed.
    """
    of_item = ItemAnswer.objects.filter(assessment=assessment, item=said.item)
    shown = list(of_item.filter(pk__in=said.seen))
    own = [row for row in standing if row.by_id == by.pk and row not in shown]
    seen = own or shown
    same = [row for row in seen if queries.as_answer(row) == said.answer]
    if len(seen) <= 1 and same:
        return None
    if said.answer == Answer("") and len(seen) != 1:
        return None  # nothing chosen, of nothing or of several that differ
    if not seen and any(queries.as_answer(row) == said.answer for row in standing):
        return None
    return ItemAnswer(
        assessment=assessment,
        item=said.item,
        given=said.answer.given,
        options=list(said.answer.options),
        words=said.answer.words,
        instead_of=[str(row.pk) for row in {*shown, *own}],
    )


def heed_suicide(
    assessment: Assessment,
    instrument: Instrument,
    made: Sequence[ItemAnswer],
    *,
    by: StaffMember,
    at: datetime,
) -> None:
    """Start the pathway at once where one of some answers is a sign of suicide."""
    for row in made:
        item = instrument.item(row.item)
        if risk.SUICIDE_SIGN in risk.signs_of(item, queries.as_answer(row)):
            start_suicide_pathway(assessment, item.asked, by=by, at=at)
            return
