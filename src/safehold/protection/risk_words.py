"""Assessments in words: what was answered, counted and prompted, and what a person made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from safehold.design.words import counted, moment
from safehold.domain import risk
from safehold.domain.access import Permission
from safehold.domain.instruments import Instrument, Item
from safehold.domain.risk import Answers
from safehold.protection import pair_words
from safehold.records.people import finding
from safehold.records.risk import acting, queries
from safehold.records.risk.evaluation import Evaluation
from safehold.records.staff.queries import StaffMember

MET = {"yes": "Yes", "no": "No", "cannot_tell": "Cannot tell"}


@dataclass(frozen=True, slots=True)
class Row:
    """One assessment of a list, in words."""

    path: str
    reference: str
    title: str
    victim: str
    accused: str
    state: str
    grade: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """Something that was started: what, by when, who owns it, and why."""

    label: str
    due: str
    late: bool
    owner: str
    why: str
    ended: str


@dataclass(frozen=True, slots=True)
class CaseRisk:
    """What a case's page shows of risk: see `protection/case_risk.html`."""

    rows: Sequence[Row]
    begun: Sequence[Begun]
    grades: Sequence[tuple[str, str, str]]
    pairs: pair_words.Pairs
    path: str
    may: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One section with how far it is answered."""

    path: str
    title: str
    progress: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the answers say together, in words."""

    count: str
    suggested: str
    left_open: Sequence[str]
    high: Sequence[str]
    prompts: Sequence[risk.Prompt]
    routes: Sequence[tuple[str, str, str]]
    differ: Sequence[str]


@dataclass(frozen=True, slots=True)
class Change:
    """One item that an earlier filling answers in another way."""

    asked: str
    before: str
    now: str


def case_risk(case_id: UUID, *, by: StaffMember, at: datetime) -> CaseRisk:
    """Return what the page of a case shows of risk, to whoever may assess it."""
    found = queries.of_case(case_id, by=by)
    names = names_in(found)
    return CaseRisk(
        rows=[row_of(each, names) for each in found],
        begun=begun_rows(queries.started_in(found), at=at),
        grades=_standing(found, names, by),
        pairs=pair_words.of_case(case_id, by=by),
        path=reverse("protection:assessments", args=[case_id]),
        may=by.may(Permission.ASSESS_RISK),
    )


def names_in(found: Iterable[Any]) -> dict[UUID, str]:
    """Return the names of everybody whom some assessments are about."""
    keys = {key for each in found for key in queries.identities(each) if key is not None}
    return {key: names[0] for key, names in finding.names_of(keys).items() if names}


def row_of(assessment: Any, names: dict[UUID, str]) -> Row:
    """Say one assessment of a list."""
    victim, accused = queries.identities(assessment)
    grades = queries.grades_of(assessment)
    newest = grades[0] if grades else None
    return Row(
        path=path_of(assessment),
        reference=assessment.reference,
        title=queries.instrument_of(assessment).label,
        victim=names.get(victim, ""),
        accused=names.get(accused, "") if accused else "not known",
        state=_state(assessment),
        grade=_graded(newest) if newest else "",
        waits=newest is not None and _waits(newest),
    )


def path_of(assessment: Any, page: str = "assessment", **more: Any) -> str:
    """Return the address of a page of an assessment."""
    keys = {"case_id": assessment.case_id, "assessment_id": assessment.pk}
    return reverse(f"protection:{page}", kwargs={**keys, **more})


def begun_rows(started: Iterable[Any], *, at: datetime) -> list[Begun]:
    """Say what was started, the first due first, and how it ended where it did."""
    rows = list(started)
    made = acting.actions_of(rows)
    return [_begun(row, made.get(row.pk), at=at) for row in rows]


def _begun(row: Any, action: Any, *, at: datetime) -> Begun:
    going = action or row
    ended = bool(action and action.closed_at)
    return Begun(
        label=risk.label_of(row.kind),
        due="at once" if going.due_at == row.started_at else f"by {moment(going.due_at)}",
        late=not ended and going.due_at < at,
        owner=going.owner.name,
        why=row.why,
        ended=f"{action.get_state_display()} {moment(action.closed_at)}" if ended else "",
    )


def parts(assessment: Any, instrument: Instrument, answers: Answers) -> list[Part]:
    """Say of each section how far it is answered."""
    return [
        Part(
            path=path_of(assessment, "assessment_part", number=number),
            title=section.title,
            progress=f"{_answered(section.items, answers)} of {len(section.items)} answered",
        )
        for number, section in enumerate(instrument.sections, 1)
    ]


def evaluated(said: Evaluation) -> Evaluated:
    """Say what the answers say together: a count with what it is of, and no grade."""
    tally, instrument = said.tally, said.instrument
    return Evaluated(
        count=f"{counted(len(tally.yes), 'indicator')} said yes of {tally.asked} asked",
        suggested=_suggested(said),
        left_open=[instrument.item(key).asked for key in tally.left_open],
        high=[instrument.item(key).asked for key in tally.high],
        prompts=said.prompts,
        routes=[(route.label, MET[route.met], route.why) for route in said.routes],
        differ=[instrument.item(key).asked for key in said.differ],
    )


def answer_words(item: Item, rows: Iterable[Any]) -> list[str]:
    """Say the answers that stand of an item, each with who and when."""
    return [f"{_with_words(item, row)} {row.by.name}, {moment(row.at)}." for row in rows]


def changes(instrument: Instrument, earlier: Answers, later: Answers) -> list[Change]:
    """Say how an earlier filling differs."""
    return [
        Change(item.asked, _said(item, before), _said(item, now))
        for item, before, now in risk.differences(instrument, earlier, later)
    ]


def _state(assessment: Any) -> str:
    if assessment.submitted_at:
        return f"Submitted {moment(assessment.submitted_at)} by {assessment.submitted_by.name}"
    return f"Begun {moment(assessment.started_at)} by {assessment.started_by.name}, not submitted"


def _waits(grade: Any) -> bool:
    return grade.lowers_id is not None and getattr(grade, "agreement", None) is None


def _graded(grade: Any) -> str:
    said = f"Graded {grade.get_grade_display().lower()} by {grade.by.name}, {moment(grade.at)}"
    agreement = getattr(grade, "agreement", None)
    if grade.lowers_id is None:
        return said
    if agreement is None:
        return f"{said}: waits for a second person, until then {_higher(grade)} stands"
    if agreement.agreed:
        return f"{said}, agreed by {agreement.by.name}"
    return f"{said}, not agreed by {agreement.by.name}: {_higher(grade)} stands"


def _higher(grade: Any) -> str:
    return str(grade.lowers.get_grade_display()).lower()


def _standing(
    found: Iterable[Any], names: dict[UUID, str], by: StaffMember
) -> list[tuple[str, str, str]]:
    lines = []
    for victim, accused in dict.fromkeys(queries.identities(each) for each in found):
        grades = queries.standing_grades(victim=victim, accused=accused, by=by)
        if highest := queries.highest(grades):
            other = names.get(accused, "") if accused else "somebody not known"
            lines.append((names.get(victim, ""), other, _graded(highest)))
    return lines


def _answered(items: Iterable[Item], answers: Answers) -> int:
    return sum(1 for item in items if any(each.given for each in answers.get(item.key, ())))


def _suggested(said: Evaluation) -> str:
    by_count, at_most = said.suggestion.by_count, said.suggestion.at_most
    if not by_count:
        return "This one has no bands: the count suggests nothing."
    label = risk.GRADE_LABELS[by_count].lower()
    words = (
        f"By the count alone: {label} (bands of version {said.suggestion.version}, to be "
        "confirmed). A suggestion: what is not asked here can raise it, and nothing lowers it."
    )
    if at_most != by_count:
        more = counted(len(said.tally.left_open), "item has", "items have")
        words += f" {more} no yes and no no: it could be {risk.GRADE_LABELS[at_most].lower()}."
    return words


def _with_words(item: Item, row: Any) -> str:
    answer = queries.as_answer(row)
    said = risk.in_words(item, answer)
    return f"{said}: “{answer.words}”." if answer.words else f"{said}."


def _said(item: Item, answers: Sequence[risk.Answer]) -> str:
    return " / ".join(risk.in_words(item, each) for each in answers) or "No answer"
