"""What the time of a report depends on, gathered for many at once: days and words, no content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from safehold.domain import retention
from safehold.domain.journey.ask import KIND as DVDS
from safehold.domain.retention import Facts, Moment, Retention, Standing, Status
from safehold.records.cases import listing
from safehold.records.cases import queries as cases
from safehold.records.contacts.models import Due, Override, Version
from safehold.records.conversations.models import ReadUpTo
from safehold.records.dvds.models import Application
from safehold.records.incidents import queries as incident_queries
from safehold.records.incidents.models import CrimeDecision, Incident
from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import Said
from safehold.records.retention.models import Keep, LegalHold
from safehold.records.shares import queries as shares
from safehold.records.triage import name_requests
from safehold.records.triage.accounts import PLACE_REPORT
from safehold.records.triage.models import IdentityOpening, State, TriageSlip

AT_A_TIME = 500
# Whoever reads it may not know of the case: the words are the same for each, and name none.
OTHER_WORK = "other work rests on it and is not over"
_Ids = Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Looked:
    """One report with what its time depends on, and what follows from that today."""

    slip: TriageSlip
    facts: Facts
    found: Retention

    @property
    def is_due(self) -> bool:
        """Tell whether a person has to decide now."""
        return self.found.standing is Standing.DUE

    @property
    def until(self) -> date:
        """Return until when it is kept. Raises ValueError where no time is counted."""
        if self.found.until is None:
            raise ValueError("No time is counted.")
        return self.found.until


def look(report_ids: Iterable[UUID], *, today: date) -> dict[UUID, Looked]:
    """Say of each report until when it is kept, and why; one that was destroyed is left out."""
    ids = list(report_ids)
    slips = TriageSlip.objects.filter(pk__in=ids, destroyed_at=None).in_bulk()
    incidents = incident_queries.by_report(ids)
    applications = Application.objects.filter(report_id__in=ids).in_bulk(field_name="report_id")
    moments, waits = _moments(ids, incidents, applications), _waits(ids)
    holds: dict[UUID, list[str]] = defaultdict(list)
    for hold in LegalHold.objects.filter(report_id__in=ids, lifted_at=None).order_by("set_at"):
        holds[hold.report_id].append(hold.ground_label)
    keeps: dict[UUID, list[date]] = defaultdict(list)
    for report_id, until in Keep.objects.filter(report_id__in=ids).values_list(
        "report_id", "until"
    ):
        keeps[report_id].append(until)
    with_cases, looked = cases.hold_back(ids), {}
    for key, slip in slips.items():
        _of_slip(slip, moments[key], waits[key])
        closed = [each for each in with_cases.get(key, ()) if each.closed_at is not None]
        if len(closed) < len(with_cases.get(key, ())):
            waits[key].append(OTHER_WORK)
        facts = Facts(
            status=status_of(slip, incidents.get(key), applications.get(key)),
            arrived_on=timezone.localdate(slip.received_at),
            ended_on=timezone.localdate(slip.ended_at) if slip.ended_at else None,
            moments=tuple(moments[key]),
            holds=tuple(holds[key]),
            waits=tuple(waits[key]),
            keep_until=tuple(keeps[key]),
            with_case=tuple(listing.until_of(each) for each in closed),
        )
        looked[key] = Looked(slip, facts, retention.retention(facts, today=today))
    return looked


def over(*, today: date) -> Iterator[Looked]:
    """Give every report whose time is over, on hold and waiting ones too, some at a time."""
    rows = TriageSlip.objects.filter(destroyed_at=None)
    rows = rows.filter(Q(ended_at__isnull=False) | Q(state=State.SEALED)).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_A_TIME):
        for one in look(ids[start : start + AT_A_TIME], today=today).values():
            if one.found.standing in {Standing.DUE, Standing.WAITS, Standing.HELD}:
                yield one


def status_of(
    slip: TriageSlip, incident: Incident | None, application: Application | None
) -> Status | None:
    """Say what became of a report; None while that is not decided."""
    if slip.police_party:
        return Status.COLLEAGUE
    if slip.state == State.SEALED:
        return Status.SEALED
    if slip.state == State.SET_ASIDE:
        return Status.SET_ASIDE
    if slip.state != State.ACCEPTED:
        return None
    if application is not None or slip.kind == DVDS:
        return Status.TOLD if application is not None and application.told else Status.NOT_TOLD
    if incident is None or incident.crime_decision == CrimeDecision.NOT_YET:
        return None
    if incident.crime_decision == CrimeDecision.CRIME:
        return Status.CRIME
    return Status.PLACE if slip.kind == PLACE_REPORT else Status.NOT_CRIME


def _of_slip(slip: TriageSlip, moments: list[Moment], waits: list[str]) -> None:
    accepted = slip.state == State.ACCEPTED
    _add(moments, slip.closed_at, "when it was accepted" if accepted else "when it was set aside")
    _add(moments, slip.confirmed_at, "when it was confirmed that it stays set aside")
    if slip.state == State.SET_ASIDE and slip.danger and slip.confirmed_at is None:
        waits.append("nobody else has confirmed that it may stay set aside")


def _moments(
    ids: _Ids, incidents: dict[UUID, Incident], applications: dict[UUID, Application]
) -> dict[UUID, list[Moment]]:
    found: dict[UUID, list[Moment]] = defaultdict(list)
    for key, incident in incidents.items():
        _add(found[key], incident.crime_decided_at, "a decision on crime")
    for key, row in applications.items():
        for at in (row.opened_at, row.identity_at, row.abuser_at, row.decided_at, row.answered_at):
            _add(found[key], at, "work under Clare’s Law")
    said = Said.objects.using(INTAKE).filter(report_id__in=ids)
    for key, from_us, last in said.values_list("report_id", "from_us").annotate(Max("day")):
        words = "a message that we wrote" if from_us else "a message from whoever holds the code"
        found[key].append(Moment(last, words))
    for model, column, words in (
        (Version, "written_at", "how they may be reached"),
        (Due, "set_at", "a time by which to reach them"),
        (Due, "ended_at", "how they were reached"),
        (Override, "decided_at", "a decision to reach them another way"),
        (Override, "reviewed_at", "a look at how they were reached"),
    ):
        rows = model.objects.filter(profile__report_id__in=ids).exclude(**{column: None})
        last_ones = rows.values_list("profile__report_id").annotate(Max(column))
        for key, at in last_ones:
            _add(found[key], at, words)
    return found


def _waits(ids: _Ids) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for rows, column, words in (
        (
            Override.objects.filter(profile__report_id__in=ids, reviewed_at=None),
            "profile__report_id",
            "nobody has looked at whether another way was right",
        ),
        (
            Due.objects.filter(profile__report_id__in=ids, ended_at=None),
            "profile__report_id",
            "somebody has still to be reached",
        ),
        (
            IdentityOpening.objects.filter(slip_id__in=ids, reviewed_at=None),
            "slip_id",
            "nobody has looked at whether the hidden name was rightly opened",
        ),
        (
            Application.objects.filter(report_id__in=ids, answered_at=None).exclude(decision=""),
            "report_id",
            "it was decided whether to tell, and nobody was told in person",
        ),
    ):
        for key in set(rows.values_list(column, flat=True)):
            found[key].append(words)
    for key, waiting in shares.open_of(ids).items():
        found[key] += waiting
    for key in name_requests.asked_and_unanswered(ids):
        found[key].append("its hidden name was asked for, and no keeper has answered")
    read = dict(ReadUpTo.objects.filter(pk__in=ids).values_list("report_id", "number"))
    theirs = Said.objects.using(INTAKE).filter(report_id__in=ids, from_us=False)
    for key, newest in theirs.values_list("report_id").annotate(Max("number")):
        if newest > read.get(key, 0):
            found[key].append("nobody has read what they wrote last")
    return found


def _add(moments: list[Moment], at: datetime | None, what: str) -> None:
    if at is not None:
        moments.append(Moment(timezone.localdate(at), what))
