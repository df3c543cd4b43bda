"""What the answers of an assessment say together, with what is known of the two otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from safehold.domain import risk
from safehold.domain.instruments import Instrument
from safehold.domain.risk import Answers, Prompt, Route, Suggestion, Tally
from safehold.records.risk import pairs, queries
from safehold.records.risk.models import Assessment
from safehold.records.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the answers of an assessment say, with those of the ones that follow it."""

    instrument: Instrument
    answers: Answers
    tally: Tally
    suggestion: Suggestion
    prompts: Sequence[Prompt]
    routes: Sequence[Route]
    called_for: Sequence[str]
    differ: Sequence[str]


def evaluate(
    assessment: Assessment, *, by: StaffMember, at: datetime, grade: str = ""
) -> Evaluation:
    """Return what the answers say. Nothing in it decides."""
    instrument, answers = queries.instrument_of(assessment), queries.answers_of(assessment)
    counted = risk.tally(instrument, answers)
    pair = pairs.history_of(assessment, by=by, at=at)
    following = queries.followers(assessment)
    others = [(queries.instrument_of(each), queries.answers_of(each)) for each in following]
    found = [risk.signs(*each) for each in ((instrument, answers), *others)]
    raised = risk.prompts(risk.together(*found, _known_otherwise(assessment, pair)))
    called = risk.called_for(instrument, answers)
    return Evaluation(
        instrument=instrument,
        answers=answers,
        tally=counted,
        suggestion=risk.suggestion(instrument, counted),
        prompts=raised,
        routes=risk.marac_routes(instrument, counted, raised, pair, grade=grade),
        called_for=[name for name in called if name not in {each.key for each, _ in others}],
        differ=[item for item, rows in answers.items() if len(rows) > 1],
    )


def _known_otherwise(assessment: Assessment, pair: risk.PairHistory) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if risk.escalates(pair):
        months = risk.ESCALATION_MONTHS
        found["escalation"] = (f"{pair.incidents} incidents of the two in {months} months",)
    if queries.is_flagged(assessment.victim.identity):
        found[risk.SUICIDE_SIGN] = ("A flag on the victim’s record",)
    return found
