"""Whether what happened between two people is a repeat of their last referral to a MARAC.

The months run from the last referral, of an import or started here; which definition holds is in
`rules/marac.toml`. Where the months are not all here, nobody can tell: that is never a no.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import localdate

from safehold.design.words import day
from safehold.domain import repeats
from safehold.domain.repeats import Answer
from safehold.domain.risk import Met
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import CrimeDecision, Part
from safehold.records.incidents.models import Role as InIncident
from safehold.records.marac.models import Referral
from safehold.records.marac.queries import CannotTell, last_referral
from safehold.records.risk import queries
from safehold.records.risk.models import Started
from safehold.records.staff.models import StaffMember

NOBODY_KNOWN = "Who it is is not known: nothing can be held against a referral."
NONE = "Every referral of these twelve months is here, and none is of these two."
_CRIMES = {CrimeDecision.CRIME.value: True, CrimeDecision.NOT_CRIME.value: False}
_MARAC = "marac_referral"
MOST = 4  # pairs of one case that are told of


@dataclass(frozen=True, slots=True)
class Happened:
    """Something between two people: on which day, and whether it is decided to be a crime."""

    on: date
    criminal: bool | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """Whether it is a repeat between a victim and an accused, and why it is said so."""

    victim: UUID
    accused: UUID
    met: Met
    why: str


def of_pair(
    victim: UUID,
    accused: UUID,
    *,
    on: date,
    by: StaffMember,
    also: Iterable[Happened] = (),
    without: UUID | None = None,
) -> Repeat:
    """Tell whether anything between a pair is a repeat, by what the member may see of them.

    `also` happened beside the incidents that are here; `without` is an assessment whose own
    referral is not counted against it.
    """
    referred = _referred(victim, accused, on=on, by=by, without=without)
    if isinstance(referred, CannotTell):
        return Repeat(victim, accused, Met.CANNOT_TELL, referred.why.value)
    if referred is None:
        return Repeat(victim, accused, Met.NO, NONE)
    happened = [*_between(victim, accused, by), *also]
    return Repeat(victim, accused, *_held(referred, [each for each in happened if each.on <= on]))


def of_pairs(pairs: Iterable[tuple[UUID, UUID]], *, on: date, by: StaffMember) -> list[Repeat]:
    """Tell the same of several pairs of a victim and an accused, of the first few."""
    return [of_pair(*each, on=on, by=by) for each in list(dict.fromkeys(pairs))[:MOST]]


def of_two(one: UUID, other: UUID, *, on: date, by: StaffMember) -> list[Repeat]:
    """Tell it of two people in each way round in which something or a referral is here.

    Where nothing says who did it to whom, of either way.
    """
    ways = [(one, other), (other, one)]
    known = [way for way in ways if _is_known(*way, by)]
    return of_pairs(known or ways, on=on, by=by)


def of_unknown(victim: UUID, *, on: date, by: StaffMember, without: UUID) -> str:
    """Say what is here of a victim of whom nobody knows who did it: it can never be told."""
    ours = _started(victim, None, by).exclude(assessment=without)
    days = [localdate(each) for each in ours.values_list("started_at", flat=True)]
    days += Referral.objects.filter(victim__identity=victim).values_list("referred_on", flat=True)
    within = [each for each in days if repeats.first_day(on) <= each <= on]
    return f"Referred {day(max(within))}. {NOBODY_KNOWN}" if within else NOBODY_KNOWN


def _referred(
    victim: UUID, accused: UUID, *, on: date, by: StaffMember, without: UUID | None
) -> date | CannotTell | None:
    """Return the day of the last referral: of an import, or started here."""
    imported = last_referral(victim, accused, on=on)
    ours = _started(victim, accused, by).exclude(assessment=without)
    moments = ours.order_by("-started_at").values_list("started_at", flat=True)
    days = [localdate(each) for each in moments]
    within = [each for each in days if repeats.first_day(on) <= each <= on]
    if isinstance(imported, Referral):
        within.append(imported.referred_on)
    if within:
        return max(within)
    return imported if isinstance(imported, CannotTell) else None


def _started(victim: UUID, accused: UUID | None, by: StaffMember) -> QuerySet[Started]:
    seen = queries.seen_by(by).filter(victim__identity=victim)
    if accused is not None:
        seen = seen.filter(accused__identity=accused)
    return Started.objects.filter(kind=_MARAC, assessment__in=seen)


def _between(victim: UUID, accused: UUID, by: StaffMember) -> list[Happened]:
    done_to = InIncident.objects.filter(part=Part.VICTIM, person__identity=victim)
    done_by = InIncident.objects.filter(part=Part.SUSPECT, person__identity=accused)
    found = incidents.seen_by(by).filter(pk__in=done_to.values("incident_id"), set_aside=False)
    rows = found.filter(pk__in=done_by.values("incident_id")).values_list(
        "starts_at", "recorded_at", "crime_decision"
    )
    return [
        Happened(localdate(started or recorded), _CRIMES.get(crime))
        for started, recorded, crime in rows
    ]


def _is_known(victim: UUID, accused: UUID, by: StaffMember) -> bool:
    if _between(victim, accused, by):
        return True
    return Referral.objects.filter(
        victim__identity=victim, accused__person__identity=accused
    ).exists()


def _held(referred: date, happened: Sequence[Happened]) -> tuple[Met, str]:
    answers = [repeats.is_repeat(referred, each.on, criminal=each.criminal) for each in happened]
    said = f"Referred {day(referred)}"
    if count := answers.count(Answer.YES):
        of = "the newest of them" if count > 1 else "it"
        newest = max(
            each.on for each, answer in zip(happened, answers, strict=True) if answer is Answer.YES
        )
        return Met.YES, f"{said}; {count} since within the months, {of} of {day(newest)}."
    if Answer.CANNOT_TELL in answers:
        return Met.CANNOT_TELL, f"{said}; whether what happened since is a crime is not decided."
    until = day(repeats.last_day(referred))
    return Met.NO, f"{said}; nothing between them since is here. To {until} anything is a repeat."
