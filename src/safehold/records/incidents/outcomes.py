"""What came of an incident that was decided to be a crime: given by somebody, never changed.

Whoever may decide whether it is a crime gives the outcome too: it ends the same record, is counted
with it, and so is checked by the same people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from safehold.domain import outcomes
from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.conflicts import recusals
from safehold.records.incidents import queries
from safehold.records.incidents.models import CrimeDecision, Incident
from safehold.records.incidents.models_of_outcomes import IncidentOutcome
from safehold.records.incidents.operations import about
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NotACrime(Exception):
    """The incident is not decided to be a crime, so it can have no outcome."""


class NotAnOutcome(ValueError):
    """What was said is no outcome; `where` names the box, the message says what is wrong."""

    def __init__(self, where: str, says: str) -> None:
        super().__init__(says)
        self.where = where


class GivenMeanwhile(Exception):
    """Somebody gave an outcome since the page was drawn; the message says so."""


@dataclass(frozen=True, slots=True)
class Given:
    """An outcome as somebody gives it; the two lists are for types that ask, and may be empty."""

    outcome: str
    given_on: date
    source: str
    why: str
    no_support_why: tuple[str, ...] = ()
    would_have_helped: tuple[str, ...] = ()


@transaction.atomic
def give_outcome(
    *, incident_id: UUID, said: Given, shown: str | None = None, by: StaffMember, at: datetime
) -> IncidentOutcome:
    """Give an incident an outcome; what it had stays, and this one stands in its place.

    `shown` is `stamp` of what the member was shown, None where nothing was. "Not yet assigned"
    takes an outcome back. Raises Refused, IncidentNotFound, NotACrime, NotAnOutcome,
    GivenMeanwhile, or ReasonTooThin.
    """
    stated = meaningful(said.why)
    Incident.objects.select_for_update(no_key=True).filter(pk=incident_id).first()
    incident = queries.get(incident_id=incident_id, by=by)
    by.must(Permission.DECIDE_CRIME, recusals.subject_of(incident))
    _must_be_crime(incident)
    standing = latest(incident)
    if shown is not None and shown != stamp(standing):
        raise GivenMeanwhile(
            "Somebody else gave an outcome since you opened the page, and yours is not recorded. "
            "Read what stands now; press again to record yours in its place."
        )
    kind = _checked(said, standing, at=at)
    kept = IncidentOutcome(
        incident=incident,
        number=standing.number + 1 if standing else 1,
        outcome=kind.code,
        given_on=said.given_on,
        source=said.source,
        why=stated,
        no_support_why=list(said.no_support_why) if kind.asks_why else [],
        would_have_helped=list(said.would_have_helped) if kind.asks_why else [],
        rules_version=outcomes.RULES.version,
        recorded_at=at,
        recorded_by=by,
    )
    kept.save()
    audit.append(
        action=Action.OUTCOME_GIVEN,
        by=by,
        subject=about(incident_id),
        at=at,
        reason=stated,
        detail={"outcome": kind.code, "earlier": standing.outcome if standing else ""},
    )
    return kept


def latest(incident: Incident) -> IncidentOutcome | None:
    """Return the outcome that was given last to an incident that was given out, None for none."""
    return next(iter(all_of(incident)), None)


def all_of(incident: Incident) -> list[IncidentOutcome]:
    """Return every outcome of an incident that was given out, the last first."""
    return list(incident.outcomes.select_related("recorded_by").order_by("-number"))


def stamp(outcome: IncidentOutcome | None) -> str:
    """Return what tells one outcome from another, empty before there is one."""
    return str(outcome.pk) if outcome else ""


def may_have_one(incident: Incident) -> bool:
    """Tell whether an incident can have an outcome: it is a crime, and its report not set aside."""
    return incident.crime_decision == CrimeDecision.CRIME and not incident.set_aside


def _must_be_crime(incident: Incident) -> None:
    if incident.set_aside:
        raise NotACrime("Its report was set aside. Accept the report first, then give an outcome.")
    if incident.crime_decision != CrimeDecision.CRIME:
        raise NotACrime("Only a crime has an outcome: decide first that it is one.")


def _checked(
    said: Given, standing: IncidentOutcome | None, *, at: datetime
) -> outcomes.OutcomeType:
    kind = outcomes.TYPES.get(said.outcome)
    if kind is None:
        raise NotAnOutcome("outcome", "Choose an outcome from the list.")
    if not kind.counts and (standing is None or standing.outcome == kind.code):
        raise NotAnOutcome(
            "outcome", "It has no outcome as it is. This one only takes an earlier one back."
        )
    if said.given_on > localdate(at):
        raise NotAnOutcome("given_on", "An outcome cannot be given in the future.")
    if said.source not in outcomes.keys("sources"):
        raise NotAnOutcome("source", "Choose who decided it.")
    _on_the_list("no_support_why", said.no_support_why)
    _on_the_list("would_have_helped", said.would_have_helped)
    return kind


def _on_the_list(name: str, chosen: Sequence[str]) -> None:
    if set(chosen) - set(outcomes.keys(name)):
        raise NotAnOutcome(name, "Choose from the list.")
