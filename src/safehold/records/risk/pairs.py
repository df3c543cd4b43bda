"""Two people together: who said what of whom, how often lately, and whether a MARAC heard of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.timezone import localtime

from safehold.domain import allegations, risk
from safehold.domain.allegations import Allegation, Reversed
from safehold.domain.risk import Met, PairHistory
from safehold.records.histories import queries as histories
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Incident, Part
from safehold.records.incidents.models import Role as InIncident
from safehold.records.risk import queries
from safehold.records.risk.models import Assessment, Started
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


def history_of(assessment: Assessment, *, by: StaffMember, at: datetime) -> PairHistory:
    """Return what is known of the two whom an assessment is about."""
    victim, accused = queries.identities(assessment)
    people = [key for key in (victim, accused) if key is not None]
    looked = {each.source.key: each for each in histories.looked_for(people)}
    since = queries.fresh_since(assessment)
    searched = looked["records"]
    marac = looked["marac"]
    fresh = marac.outcome if marac.at and marac.at >= since else ""
    referred, why = _referred(victim, accused, by, at, found=fresh, words=marac.words)
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
    victim: UUID, accused: UUID | None, by: StaffMember, at: datetime, *, found: str, words: str
) -> tuple[Met, str]:
    since = risk.months_before(at, risk.REPEAT_MONTHS)
    ours = Started.objects.filter(
        kind="marac_referral",
        started_at__gte=since,
        assessment__in=queries.seen_by(by).filter(victim__identity=victim),
    )
    if accused is not None:
        ours = ours.filter(assessment__accused__identity=accused)
    if ours.exists():
        return Met.YES, f"A referral was started here within {risk.REPEAT_MONTHS} months."
    if found == "found":
        return Met.YES, f"Found when it was searched: {words}"
    if found == "nothing":
        return Met.NO, "Searched, and nothing found."
    return Met.CANNOT_TELL, "Referrals to the MARAC were not searched."
