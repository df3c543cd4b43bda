"""Two people together: who said what of whom, how often lately, and whether a MARAC heard of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate, localtime

from safehold.domain import allegations, risk
from safehold.domain.access import Permission
from safehold.domain.allegations import Allegation, Reversed
from safehold.domain.risk import Met, PairHistory
from safehold.records.cases.models import CaseParty
from safehold.records.histories import queries as histories
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Incident, Part
from safehold.records.incidents.models import Role as InIncident
from safehold.records.people import finding
from safehold.records.risk import queries, repeating
from safehold.records.risk.models import Assessment
from safehold.records.staff.models import StaffMember


def aggressor_question(*, victim: UUID, accused: UUID | None, by: StaffMember) -> Reversed | None:
    """Return what asks "primary aggressor?" of two people, None where nothing goes both ways.

    Of what the member may see: incidents in which both have a part, and assessments.
    """
    if accused is None:
        return None
    known = [*_of_incidents(victim, accused, by), *_of_assessments(victim, accused, by)]
    return allegations.primary_aggressor(known, victim=str(victim), accused=str(accused))


def aggressor_question_in(*, incident_id: UUID, by: StaffMember) -> Reversed | None:
    """Return what asks "primary aggressor?" before an incident is decided on, or None."""
    roles = list(
        InIncident.objects.filter(incident_id=incident_id, incident__in=incidents.seen_by(by))
        .exclude(person=None)
        .select_related("person")
    )
    pairs = [
        (victim.person.identity, accused.person.identity)
        for victim in roles
        for accused in roles
        if victim.part == Part.VICTIM and accused.part == Part.SUSPECT
        if victim.person and accused.person
    ]
    asked = [aggressor_question(victim=one, accused=other, by=by) for one, other in pairs]
    return next(filter(None, asked), None)


def ways_of(identities: Iterable[UUID], *, by: StaffMember) -> set[tuple[UUID, UUID]]:
    """Return who is said to have done something to whom among some people: (accused, victim).

    Of what the member may see: incidents in which both have a part, and assessments.
    """
    people = list(dict.fromkeys(identities))
    rows = InIncident.objects.filter(
        incident__in=incidents.seen_by(by),
        person__identity__in=people,
        part__in=[Part.VICTIM, Part.SUSPECT],
    ).values_list("incident_id", "part", "person__identity")
    parts: dict[UUID, dict[str, set[UUID]]] = {}
    for incident_id, part, identity in rows:
        parts.setdefault(incident_id, {}).setdefault(part, set()).add(identity)
    assessed = queries.seen_by(by).filter(victim__identity__in=people, accused__identity__in=people)
    ways = set(assessed.values_list("accused__identity", "victim__identity"))
    for of in parts.values():
        victims = of.get(Part.VICTIM, set())
        ways |= {(one, other) for one in of.get(Part.SUSPECT, ()) for other in victims}
    return {(one, other) for one, other in ways if one != other}


def both_ways(identities: Iterable[UUID], *, by: StaffMember) -> set[frozenset[UUID]]:
    """Return the pairs among some people of whom each is said to have done it to the other."""
    ways = ways_of(identities, by=by)
    return {frozenset(way) for way in ways if (way[1], way[0]) in ways}


def in_case(case_id: UUID, *, by: StaffMember) -> list[tuple[UUID, UUID]]:
    """Return the pairs of a victim and an accused whom a case is about, in the order of adding.

    None for whoever may not assess risk.
    """
    if not by.may(Permission.ASSESS_RISK):
        return []
    rows = CaseParty.objects.filter(case_id=case_id, person__in=finding.visible_to(by))
    of: dict[str, list[UUID]] = {Part.VICTIM: [], Part.SUSPECT: []}
    columns = rows.order_by("added_at", "pk").values_list("part", "person__identity")
    for part, identity in columns:
        if part in of:
            of[part].append(identity)
    pairs = [(one, other) for one in of[Part.VICTIM] for other in of[Part.SUSPECT] if one != other]
    return list(dict.fromkeys(pairs))


def asked_in(incident_ids: Iterable[UUID], *, by: StaffMember) -> set[UUID]:
    """Return those of some incidents of a list before which "primary aggressor?" is asked.

    Two of those who have a part in one are said, there or elsewhere, to have done it to each other.
    """
    rows = InIncident.objects.filter(
        incident__in=list(incident_ids), part__in=[Part.VICTIM, Part.SUSPECT]
    ).exclude(person=None)
    inside: dict[UUID, dict[str, set[UUID]]] = {}
    for incident_id, part, identity in rows.values_list("incident_id", "part", "person__identity"):
        inside.setdefault(incident_id, {}).setdefault(part, set()).add(identity)
    known = {key: of for key, of in inside.items() if len(of) > 1}
    if not known:
        return set()
    people = {key for of in known.values() for part in of.values() for key in part}
    pairs = both_ways(people, by=by)
    return {
        key
        for key, of in known.items()
        if any(
            frozenset((one, other)) in pairs
            for one in of[Part.VICTIM]
            for other in of[Part.SUSPECT]
        )
    }


def history_of(assessment: Assessment, *, by: StaffMember, at: datetime) -> PairHistory:
    """Return what is known of the two whom an assessment is about."""
    victim, accused = queries.identities(assessment)
    people = [key for key in (victim, accused) if key is not None]
    looked = {each.source.key: each for each in histories.looked_for(people)}
    since = queries.fresh_since(assessment)
    searched = looked["records"]
    marac = looked["marac"]
    fresh = marac.outcome if marac.at and marac.at >= since else ""
    referred, why = _referred(assessment, by=by, at=at, found=fresh, words=marac.words)
    return PairHistory(
        incidents=_incidents(victim, accused, by, at),
        records_searched=bool(
            searched.at and searched.at >= since and searched.outcome in {"found", "nothing"}
        ),
        referred=referred,
        referred_why=why,
    )


def _of_incidents(one: UUID, other: UUID, by: StaffMember) -> list[Allegation]:
    roles = InIncident.objects.filter(
        incident__in=incidents.seen_by(by),
        person__identity__in=[one, other],
        part__in=[Part.VICTIM, Part.SUSPECT],
    ).select_related("person", "incident")
    parts: dict[UUID, tuple[Incident, dict[str, set[str]]]] = {}
    for role in roles:
        if role.person is None:
            continue
        _, of = parts.setdefault(role.incident_id, (role.incident, {}))
        of.setdefault(role.part, set()).add(str(role.person.identity))
    return [
        Allegation(accused, victim, localtime(incident.starts_at).date())
        if incident.starts_at
        else Allegation(accused, victim, None)
        for incident, of in parts.values()
        for accused in of.get(Part.SUSPECT, ())
        for victim in of.get(Part.VICTIM, ())
    ]


def _of_assessments(one: UUID, other: UUID, by: StaffMember) -> list[Allegation]:
    rows = queries.seen_by(by).filter(
        victim__identity__in=[one, other], accused__identity__in=[one, other]
    )
    columns = rows.values_list("accused__identity", "victim__identity", "started_at")
    return [
        Allegation(str(accused), str(victim), localtime(at).date())
        for accused, victim, at in columns
        if victim == other  # the other way round alone: those of this direction are one filling
    ]


def _incidents(victim: UUID, accused: UUID | None, by: StaffMember, at: datetime) -> int:
    if accused is None:
        return 0
    since = risk.months_before(at, risk.ESCALATION_MONTHS)
    found = incidents.seen_by(by).filter(recorded_at__lte=at)
    for identity in (victim, accused):
        roles = InIncident.objects.filter(person__identity=identity)
        found = found.filter(pk__in=roles.values("incident_id"))
    rows = found.values_list("starts_at", "recorded_at")
    return sum(1 for started, recorded in rows if (started or recorded) >= since)


def _referred(
    assessment: Assessment, *, by: StaffMember, at: datetime, found: str, words: str
) -> tuple[Met, str]:
    """Tell whether it has happened again since a MARAC: what somebody found says it first."""
    victim, accused = queries.identities(assessment)
    if found == "found":
        return Met.YES, f"Found when it was searched: {words}"
    on = localdate(at)
    if accused is None:
        met = Met.CANNOT_TELL
        why = repeating.of_unknown(victim, on=on, by=by, without=assessment.pk)
    else:
        now = [repeating.Happened(localdate(assessment.started_at), None)]
        told = repeating.of_pair(victim, accused, on=on, by=by, also=now, without=assessment.pk)
        met, why = told.met, told.why
    if met is Met.CANNOT_TELL and found == "nothing":
        return Met.NO, "Searched, and nothing found."
    return met, why
