"""Opening two accounts side by side, and deciding what they are to each other.

Nothing is merged by it. A report found to tell of the same happening can be taken into the incident
of the other by a further act of a person, or become one of its own.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission
from safehold.domain.journey.harm import KINDS as HARM_KINDS
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.beside import queries
from safehold.records.beside.models import Comparison, Verdict
from safehold.records.incidents import operations as incidents
from safehold.records.incidents import queries as incident_queries
from safehold.records.incidents.models import Incident
from safehold.records.incidents.operations import NotAlike as NotAlike
from safehold.records.staff.models import StaffMember
from safehold.records.triage import operations as triage
from safehold.records.triage.accounts import Account
from safehold.records.triage.openings import (
    about,
    must_not_know_the_name,
    open_account,
    open_to_accept,
    read_by,
)
from safehold.records.triage.queries import ReportNotFound as ReportNotFound
from safehold.records.triage.reasons import meaningful


class MayNotBeTied(Exception):
    """Two reports of which one may not be tied to a person; the message says so."""


def open_both(
    *, report_id: UUID, other_id: UUID, reason: str, by: StaffMember, at: datetime
) -> tuple[Account, Account]:
    """Record and commit a look at each of two accounts, then open both in memory.

    Whether the member may see each is asked before either is opened. Raises ReasonTooThin, Refused,
    ReportNotFound, or AccountSealed.
    """
    stated = meaningful(reason)
    queries.pair(report_id=report_id, other_id=other_id, by=by)
    for key in (report_id, other_id):
        must_not_know_the_name(report_id=key, by=by)
    beside = f"To put two reports side by side: {stated}"
    one = open_account(report_id=report_id, reason=beside, by=by, at=at)
    return one, open_account(report_id=other_id, reason=beside, by=by, at=at)


@transaction.atomic
def decide(
    *, report_id: UUID, other_id: UUID, verdict: str, reason: str, by: StaffMember, at: datetime
) -> Comparison:
    """Keep what somebody who has read both decided about two reports; earlier decisions stay.

    The same decision sent twice is one. Raises ReasonTooThin, Refused, ReportNotFound, NotReadYet,
    MayNotBeTied, or ValueError for what is no decision.
    """
    stated, decided = meaningful(reason), Verdict(verdict)
    queries.pair(report_id=report_id, other_id=other_id, by=by)
    for key in (report_id, other_id):
        read_by(report_id=key, by=by)
    pair = queries.ordered(report_id, other_id)
    for key in pair:
        triage.locked(key)
    tied = decided is Verdict.PERSON
    if tied and not queries.may_be_tied(pair):
        raise MayNotBeTied(
            "Not both may be tied to a person: each has to be accepted, and its reporter has to "
            "have given a name openly or chosen it."
        )
    known = queries.history(report_id=report_id, other_id=other_id, by=by)
    if known and _is_again(known[0], decided, stated, by):
        return known[0]
    kept = Comparison.objects.create(
        one_id=pair[0],
        other_id=pair[1],
        verdict=decided,
        one_link_id=pair[0] if tied else None,
        other_link_id=pair[1] if tied else None,
        reason=stated,
        decided_at=at,
        decided_by=by,
    )
    for key, beside in ((pair[0], pair[1]), (pair[1], pair[0])):
        audit.append(
            action=Action.REPORTS_COMPARED,
            by=by,
            subject=about(key),
            at=at,
            reason=stated,
            detail={"other": str(beside), "decision": str(decided)},
        )
    return kept


def _is_again(last: Comparison, verdict: Verdict, reason: str, by: StaffMember) -> bool:
    return (last.verdict, last.reason, last.decided_by_id) == (verdict, reason, by.pk)


def join(*, report_id: UUID, other_id: UUID, note: str, by: StaffMember, at: datetime) -> Incident:
    """Take a report into the incident of another that tells of the same happening.

    Only whoever opened its account may, after somebody decided that the two are the same; the
    account is opened again in memory for it. Sent twice it is one act. Raises Refused,
    ReportNotFound, NotReadYet, AccountSealed, AlreadyAccepted, or NotAlike, which says why not.
    """
    slip, other = queries.pair(report_id=report_id, other_id=other_id, by=by)
    by.must(Permission.ACCEPT_REPORT)
    into = incident_queries.of_report(other_id)
    mine = incident_queries.of_report(report_id)
    if mine is not None and mine == into:
        return mine
    if mine is not None:
        raise triage.AlreadyAccepted(mine)
    if into is None:
        raise NotAlike("The other report is in no incident yet.")
    known = queries.history(report_id=report_id, other_id=other_id, by=by)
    if not known or known[0].verdict != Verdict.SAME:
        raise NotAlike("Decide first that both tell of the same happening.")
    if (slip.kind in HARM_KINDS) != (other.kind in HARM_KINDS):
        raise NotAlike(
            "One is about a place, the other about what was done to somebody: each is an incident "
            "of its own."
        )
    account = open_to_accept(report_id=report_id, by=by, at=at)
    return _join(account, into, note.strip(), by=by, at=at)


@transaction.atomic
def _join(
    account: Account, into: Incident, note: str, *, by: StaffMember, at: datetime
) -> Incident:
    triage.locked(account.report_id)
    incidents.lock_to_join(incident_id=into.pk, report_id=account.report_id)
    triage.close_into_incident(report_id=account.report_id, by=by, at=at)
    incident = incidents.add_report(
        incident_id=into.pk,
        report_id=account.report_id,
        roles=account.roles,
        basis=account.basis,
        note=note,
        by=by,
        at=at,
    )
    audit.append(
        action=Action.REPORT_JOINED,
        by=by,
        subject=about(account.report_id),
        at=at,
        detail={"incident": str(incident.pk)},
    )
    return incident
