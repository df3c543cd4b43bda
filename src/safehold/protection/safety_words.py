"""The safety of a case in words: plans, actions, referrals, markers and children."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate

from safehold.design.words import day, moment
from safehold.domain import safety, sharing
from safehold.domain.safety import Standing, Urgency
from safehold.domain.sending import NOT_KNOWN, Refused, Way
from safehold.records.risk import acting
from safehold.records.risk import queries as risk
from safehold.records.safety.queries import Child, Marked, Plan, Safety
from safehold.records.safety.sending import may_send
from safehold.records.staff.queries import StaffMember

_NO_PLAN: Final = (0, "", "", "", "", "", "", False, (), (), 0)
_LABELS = {topic.key: topic.label for topic in safety.TOPICS}


@dataclass(frozen=True, slots=True)
class PlanWords:
    """The plan for one person as it stands."""

    identity: UUID
    name: str
    number: int
    made: str
    why_not: str
    own_words: str
    present: str
    written: str
    again: str
    again_over: bool
    lines: tuple[tuple[str, str, str], ...]  # topic, words, where to start an action
    copies: tuple[str, ...]
    earlier: int


@dataclass(frozen=True, slots=True)
class ActionWords:
    """One action. `level` is danger, soon or none; `closed` says how it ended."""

    action_id: UUID
    case_id: UUID
    reference: str
    what: str
    words: str
    who: str
    due: str
    level: str
    from_what: str
    closed: str


@dataclass(frozen=True, slots=True)
class ReferralWords:
    """One referral and what came of it."""

    referral_id: UUID
    name: str
    to: str
    purpose: str
    agreed: str
    basis: str
    why: str
    made: str
    waits: str
    late: bool
    answer: str


@dataclass(frozen=True, slots=True)
class MarkerWords:
    """One marker on an address."""

    marker_id: UUID
    label: str
    words: str
    where: str
    until: str
    holds: bool
    over: bool
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChildWords:
    """One child of a case."""

    identity: UUID
    name: str
    lives: str
    school: str
    told: str
    not_told: bool
    written: str


@dataclass(frozen=True, slots=True)
class Pathway:
    """Where the pathway of somebody who may harm themselves stands, and the case that has it."""

    says: str
    path: str = ""
    reference: str = ""


def plan_words(plans: Iterable[Plan], case_id: UUID, *, on: date) -> list[PlanWords]:
    """Say the plan for each person whom a case may protect."""
    return [_plan(plan, case_id, on=on) for plan in plans]


def action_words(
    actions: Iterable[Any], *, at: datetime, references: Mapping[UUID, str] | None = None
) -> list[ActionWords]:
    """Say actions, in the order that they come."""
    return [_action(each, at=at, references=references or {}) for each in actions]


def referral_words(found: Safety, *, on: date) -> list[ReferralWords]:
    """Say the referrals of a case, the newest first."""
    return [
        ReferralWords(
            referral_id=each.pk,
            name=found.names.get(each.person.identity, ""),
            to=each.to,
            purpose=each.purpose,
            agreed=safety.label("agreements", each.agreed),
            basis=sharing.bases()[each.basis].label,
            why=each.why,
            made=f"{each.made_by.name}, {moment(each.made_at)}",
            waits=day(each.answer_by),
            late=not each.answer and each.answer_by < on,
            answer=_answered(each),
        )
        for each in found.referrals
    ]


def marker_words(found: Sequence[Marked]) -> list[MarkerWords]:
    """Say markers on addresses that the member may read."""
    return [_marker(each) for each in found]


def at_the_door(found: Mapping[UUID, Sequence[Marked]]) -> dict[UUID, list[str]]:
    """Say the markers on addresses for the page of a person, by the address's key."""
    return {
        key: [
            f"{'Marker' if each.holds else 'Former marker'}: "
            f"{f'{each.label}: {each.words}' if each.words else each.label}. {each.until}."
            for each in marker_words(of_one)
        ]
        for key, of_one in found.items()
    }


def child_words(children: Iterable[Child]) -> list[ChildWords]:
    """Say what is known of the children of a case."""
    return [_child(each) for each in children]


def sending_words(identity: UUID, *, at: datetime) -> list[str]:
    """Say what may be sent to somebody now, way by way; one sentence where nothing is known."""
    found = {way: may_send(identity=identity, way=way, at=at) for way in (Way.POST, Way.EMAIL)}
    if all(answer == NOT_KNOWN for answer in found.values()):
        return [NOT_KNOWN.sentence]
    labels = {Way.POST: "A letter", Way.EMAIL: "An email"}
    return [
        f"{labels[way]}: {answer.sentence}"
        if isinstance(answer, Refused)
        else " ".join([f"{labels[way]}: it may be sent now.", *answer.with_care])
        for way, answer in found.items()
    ]


def pathway_words(identity: UUID, *, by: StaffMember) -> Pathway | None:
    """Say where the pathway of somebody stands who may harm themselves; None without a flag."""
    if not risk.is_flagged(identity):
        return None
    found = acting.pathway_of(identity, by=by)
    if found is None:
        return Pathway("In no case that you can see. Open one, so that somebody owns it.")
    path = reverse("protection:safety", args=[found.case_id])
    if found.closed_at:
        return Pathway(f"{_closed(found)}.", path, f"Case {found.case.reference}")
    says = f"With {found.owner.name}, by {moment(found.due_at)}."
    return Pathway(says, path, f"Case {found.case.reference}")


def address_words(address: Any) -> str:
    """Say an address that the member may read, in one line."""
    return ", ".join(filter(None, (address.line, address.town, address.postcode)))


def _plan(plan: Plan, case_id: UUID, *, on: date) -> PlanWords:
    version = plan.version
    if version is None:
        return PlanWords(plan.protected.identity, plan.protected.name, *_NO_PLAN)
    start = reverse("protection:safety_action_new", args=[case_id])
    order = list(_LABELS)
    lines = sorted(version.lines.all(), key=lambda line: order.index(line.topic))
    over = version.next_look < on
    return PlanWords(
        identity=plan.protected.identity,
        name=plan.protected.name,
        number=version.number,
        made=safety.label("made_with", version.made_with),
        why_not=version.why_not,
        own_words=version.own_words,
        present=version.present,
        written=f"{version.written_by.name}, {moment(version.written_at)}",
        again=day(version.next_look),
        again_over=over,
        lines=tuple(
            (_LABELS[line.topic], line.words, f"{start}?line={line.pk}" if line.acted_on else "")
            for line in lines
        ),
        copies=tuple(
            f"{safety.label('copies', copy.how)}: “{copy.kept_safe}”. {copy.by.name}, "
            f"{moment(copy.at)}."
            for copy in version.copies.all()
        ),
        earlier=plan.earlier,
    )


def _action(each: Any, *, at: datetime, references: Mapping[UUID, str]) -> ActionWords:
    level = ""
    if each.closed_at is None:
        levels = {Urgency.LATE: "danger", Urgency.SOON: "soon"}
        level = levels.get(safety.urgency(each.due_at, at), "")
    who = each.owner.name
    if each.agency is not None:
        who = f"{each.agency.name}: {each.answers}. {each.owner.name} follows it up"
    return ActionWords(
        action_id=each.pk,
        case_id=each.case_id,
        reference=references.get(each.case_id, ""),
        what=safety.label("action_kinds", each.kind),
        words=each.words,
        who=who,
        due=moment(each.due_at),
        level=level,
        from_what=each.get_origin_display(),
        closed=_closed(each),
    )


def _closed(each: Any) -> str:
    if each.closed_at is None:
        return ""
    proof = f" ({safety.label('proofs', each.proof).partition(':')[0]})" if each.proof else ""
    return (
        f"{each.get_state_display()}{proof}: “{each.closed_words}”. "
        f"{each.closed_by.name}, {moment(each.closed_at)}."
    )


def _answered(each: Any) -> str:
    if not each.answer:
        return ""
    return (
        f"{safety.label('referral_answers', each.answer)}: “{each.answer_words}”. "
        f"{each.answered_by.name}, {moment(each.answered_at)}."
    )


def _marker(each: Marked) -> MarkerWords:
    row = each.marker
    details = [f"Set by {row.set_by.name}, {moment(row.set_at)}: “{row.reason}”."]
    details += [
        f"Looked at again by {look.by.name}, {moment(look.at)}, until {day(look.until)}: "
        f"“{look.why}”."
        for look in row.reviews.all()
    ]
    if row.ended_by is not None and row.ended_at is not None:
        details.append(f"Ended by {row.ended_by.name}, {moment(row.ended_at)}: “{row.ended_why}”.")
    until = {
        Standing.HOLDS: f"Until {day(row.expires)}",
        Standing.OVER: f"Its time was over on {day(row.expires)}: do not rely on it",
        Standing.ENDED: "Ended",
    }
    return MarkerWords(
        marker_id=row.pk,
        label=safety.label("markers", row.kind),
        words=row.words,
        where=address_words(each.address),
        until=until[each.standing],
        holds=each.standing is Standing.HOLDS,
        over=each.standing is Standing.OVER,
        details=tuple(details),
    )


def _child(each: Child) -> ChildWords:
    note = each.note
    if note is None:
        return ChildWords(
            each.protected.identity, each.protected.name, "Not known", "Not known", "", True, ""
        )
    return ChildWords(
        identity=each.protected.identity,
        name=each.protected.name,
        lives=_with(safety.label("lives", note.lives), note.lives_words),
        school=_with(safety.label("schools", note.school), note.school_words),
        told=_with(safety.label("children_told", note.told), note.told_words),
        not_told=note.told != safety.TOLD,
        written=f"{note.by.name}, {day(localdate(note.at))}",
    )


def _with(label: str, words: str) -> str:
    return f"{label}: {words}" if words else label
