"""A practice site's publication about places: invented reports of a quarter, and what was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from safehold.demonstration.earlier import ANSWERS, HOME, EarlierReport, invent_earlier
from safehold.demonstration.places import Place as Invented
from safehold.demonstration.world import World
from safehold.domain.quarters import last_full

if TYPE_CHECKING:  # these rooms need Django's apps, and this module is read before they are ready
    from safehold.records.places.models import Place
    from safehold.records.staff.models import StaffMember

ZONE = ZoneInfo("Europe/London")
WHO = "demonstration"
OFFICER, SUPERVISOR = "officer", "supervisor"
NOT_A_CRIME = "Practice: nothing in it is an offence"
FINGER = 25  # metres

Say = Callable[[str], None]


def publish_places(world: World, *, at: datetime, say: Say) -> None:
    """Accept the reports of the last full quarter, publish it and three answers; only once."""
    from django.db import transaction

    from safehold.config.stores import INTAKE
    from safehold.records.places_published import operations, preparing, queries
    from safehold.records.staff.models import StaffMember

    members = {one.username: one for one in StaffMember.objects.all()}
    if not {OFFICER, SUPERVISOR} <= members.keys() or queries.current() is not None:
        return
    officer, supervisor = members[OFFICER], members[SUPERVISOR]
    quarter = last_full(at.astimezone(ZONE).date())
    reports = invent_earlier(world.seed, quarter.first_day, quarter.last_day, world.places)
    with transaction.atomic(), transaction.atomic(using=INTAKE):
        places = _accept(reports, world, officer=officer, supervisor=supervisor, at=at)
        proposal = preparing.propose(by=supervisor, at=at)
        operations.publish(digest=proposal.digest, by=supervisor, at=at)
        answered = _answer(world, places, officer=officer, supervisor=supervisor, at=at)
    say(f"Places published: one quarter from {len(reports)} invented reports, {answered} answers.")


def _accept(
    reports: tuple[EarlierReport, ...],
    world: World,
    *,
    officer: StaffMember,
    supervisor: StaffMember,
    at: datetime,
) -> dict[str, Place]:
    from safehold.records.audit import operations as audit
    from safehold.records.audit.actions import Action
    from safehold.records.audit.actors import About, System
    from safehold.records.incidents import operations as incidents
    from safehold.records.incidents.models import Classification, CrimeDecision, TimePrecision

    known = {place.key: place for place in world.places}
    places: dict[str, Place] = {}
    for report in reports:
        day = datetime.combine(report.day, time(12), ZONE)
        if report.place not in places:
            places[report.place] = _place(known[report.place], report.kind, by=officer, at=day)
        incident = incidents.record_incident(
            report_id=None,
            place=places[report.place],
            happening=incidents.Happening(
                starts_at=None,
                ends_at=None,
                time_precision=TimePrecision.NOT_SAID,
                days=(),
                parts_of_day=(),
                environment=report.environment,
                behaviours=report.behaviours,
                changes=(),
                rules_version="2",
            ),
            classification=Classification.BEHAVIOUR
            if report.behaviours
            else Classification.ENVIRONMENT,
            note="",
            police_party=False,
            by=officer,
            at=day,
        )
        incidents.decide_crime(
            incident_id=incident.pk,
            decision=CrimeDecision.NOT_CRIME,
            reason=NOT_A_CRIME,
            by=supervisor,
            at=day,
        )
    audit.append(
        action=Action.DATA_IMPORTED,
        by=System(WHO),
        subject=About("practice reports", ""),
        at=at,
        detail={"reports": len(reports)},
    )
    return places


def _place(invented: Invented, kind: str, *, by: StaffMember, at: datetime) -> Place:
    from safehold.records.places import operations as places
    from safehold.records.places.queries import Precision

    longitude, latitude = invented.point
    return places.add_place(
        name=f"{HOME if kind == 'home' else invented.name}, {invented.town}",
        kind=kind,
        spot=places.Spot(longitude, latitude, FINGER, Precision.POINT),
        by=by,
        at=at,
    )


def _answer(
    world: World,
    places: dict[str, Place],
    *,
    officer: StaffMember,
    supervisor: StaffMember,
    at: datetime,
) -> int:
    from safehold.records.places.operations import answer_place
    from safehold.records.places_published.answers import publish_answer

    published = 0
    for answer in ANSWERS:
        hot = next(p for p in world.places if p.hot and p.kind == answer.place_kind)
        kept = answer_place(
            place_id=places[hot.key].pk,
            owner=answer.owner,
            status=answer.status,
            text=answer.text,
            by=officer,
            at=at,
        )
        if answer.published:
            published += publish_answer(answer_id=kept.pk, by=supervisor, at=at)
    return published
