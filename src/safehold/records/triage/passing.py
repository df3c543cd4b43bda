"""Passing a report on: by hand, or because a name in it was met when somebody opened it.

Whoever had it is refused from the moment of the commit, by the same sentence as of any report that
is not for them. What they have may be opened again by nobody but who has it now.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from safehold.crypto.errors import CryptoError
from safehold.domain.access import Hidden, Permission, Refused, Role, Subject, table
from safehold.domain.triage_slip import FOR_STANDARDS, Said
from safehold.records import row_security
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.conflicts import comparing, recusals
from safehold.records.contacts import passing as contacts
from safehold.records.dvds import passing as dvds
from safehold.records.exhibits import content as exhibits
from safehold.records.feedback import arrivals as feedback
from safehold.records.incidents import operations as incidents
from safehold.records.intake import passed
from safehold.records.retention import passing as retention
from safehold.records.shares import passing as shares
from safehold.records.staff.models import StaffMember
from safehold.records.triage import envelopes, queries, watching
from safehold.records.triage.models import Passing, State, TriageSlip
from safehold.records.triage.reasons import meaningful

PASS = Permission.PASS_REPORT
log = logging.getLogger(__name__)
_Shifted = tuple[Any, Any]  # what came off the lists, and what nobody here could seal again


class NotPassed(Exception):
    """A report could not be passed on; the message says why, for whoever tried."""


def not_for_you() -> Refused:
    """Return the one refusal that there is for a report which is not for its reader."""
    return Hidden(table().police_party_sentence)


@transaction.atomic
def pass_to_standards(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> None:
    """Pass a report that the member has read to professional standards.

    Raises ReasonTooThin, Refused, ReportNotFound, or NotPassed.
    """
    row = _readable(report_id, by)
    if row.police_party:
        raise NotPassed("Professional standards have this report already.")
    _by_hand(row, Said.PASSED, reason, by=by, at=at)


@transaction.atomic
def pass_to_unit(*, report_id: UUID, reason: str, by: StaffMember, at: datetime) -> None:
    """Pass a report that is not professional standards' to the unit, as one of them who read it.

    Names are not compared again for it but those of whoever opens it. Raises as
    `pass_to_standards` does.
    """
    row = _readable(report_id, by)
    if by.role != Role.PROFESSIONAL_STANDARDS or not row.police_party:
        raise NotPassed("The unit has this report already.")
    _by_hand(row, Said.NOT_OURS, reason, by=by, at=at)


def pass_together(
    report_ids: Iterable[UUID], *, to: Said, reason: str, by: StaffMember, at: datetime
) -> None:
    """Pass reports with the incidents that they are in, which stay whole, inside the caller's act.

    Who may, and why, the caller has settled. Raises NotPassed where one cannot be opened here.
    """
    keys = sorted(report_ids, key=str)
    for key in keys:
        retention.lock_list_of(key)
    list(TriageSlip.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    with row_security.as_system():
        found = {key: _shift(key, to, reason, by=by, at=at, whole=True) for key in keys}
    shifted = {key: told for key, told in found.items() if told is not None}
    for key, told in shifted.items():
        _tell(key, to, reason, told, about=About("report", str(key)), by=by, at=at)


def compare(
    texts: Iterable[str],
    *,
    report_id: UUID,
    party: str,
    about: About,
    by: StaffMember,
    at: datetime,
) -> None:
    """Hold what was opened, before anything of it is shown, against the register of the moment.

    A name that is met makes the report professional standards', and one of the reader's own keeps
    this reader from it. Raises Refused, with a sentence that tells neither.
    """
    read = tuple(texts)
    own = comparing.meets_own(read, member=by)
    settled = party in FOR_STANDARDS or party == Said.NOT_OURS
    if settled and own:
        with transaction.atomic():
            let_go_of(report_id, by, at=at)
            recusals.recuse(report_id=report_id, member=by, at=at)
            audit.append(
                action=Action.READER_RECUSED,
                by=by,
                subject=about,
                at=at,
            )
        raise not_for_you()
    if not settled and (own or comparing.meets_anybody(read)):
        try:
            with transaction.atomic():
                _move(report_id, Said.NAME_LATER, "", about=about, by=by, at=at)
        except NotPassed:
            log.exception("A report could not be passed on; it was refused all the same")
        raise not_for_you()


def how_it_came(*, report_id: UUID, by: StaffMember) -> list[Passing]:
    """Return each time that a report was passed on, the first first.

    The unit learns of those that standards passed to it alone: from another it could be inferred
    whose name was met. Raises Refused, or ReportNotFound.
    """
    slip = queries.slip(report_id=report_id, by=by)
    by.must(Permission.PASS_REPORT, queries.subject_of(slip))
    rows = Passing.objects.filter(report_id=report_id).select_related("by")
    if not by.may(Permission.PASS_REPORT, Subject(police_party=True)):
        rows = rows.filter(to=Said.NOT_OURS)
    return list(rows.order_by("turn"))


def _readable(report_id: UUID, by: StaffMember) -> TriageSlip:
    retention.lock_list_of(report_id)
    rows = TriageSlip.objects.select_for_update(no_key=True)
    row = rows.filter(pk=report_id, destroyed_at=None).first()
    if row is None:
        raise queries.ReportNotFound("There is no such report.")
    by.must(Permission.PASS_REPORT, queries.subject_of(row))
    if queries.last_opening(report_id=report_id, by=by) is None:
        raise NotPassed("You have not opened this account. Open it with a reason first.")
    return row


def _by_hand(row: TriageSlip, to: Said, reason: str, *, by: StaffMember, at: datetime) -> None:
    about = About("report", str(row.pk))
    _move(row.pk, to, meaningful(reason), about=about, by=by, at=at)


def let_go_of(report_id: UUID, member: StaffMember, *, at: datetime) -> bool:
    """Let a report wait for another owner where its own is kept from it, inside that act.

    Tells whether it was theirs.
    """
    row = TriageSlip.objects.select_for_update(no_key=True).filter(pk=report_id).first()
    if row is None or row.owner_id != member.pk:
        return False
    row.owner, row.taken_at = None, None
    row.save(update_fields=["owner", "taken_at"])
    if row.ended_at is None and row.state in {State.NEW, State.ACCEPTED}:
        watching.let_go(row, at=at)
    return True


def _move(
    report_id: UUID, to: Said, reason: str, *, about: About, by: StaffMember, at: datetime
) -> None:
    retention.lock_list_of(report_id)
    with row_security.as_system():  # whoever passes it on may not see it afterwards
        told = _shift(report_id, to, reason, by=by, at=at)
    if told is not None:
        _tell(report_id, to, reason, told, about=about, by=by, at=at)


def _shift(
    report_id: UUID,
    to: Said,
    reason: str,
    *,
    by: StaffMember,
    at: datetime,
    whole: bool = False,
) -> _Shifted | None:
    """Give a report and all that hangs on it to the other side, None where it is there already."""
    row = TriageSlip.objects.select_for_update(no_key=True).filter(pk=report_id).first()
    party = row.party_is_police if row else feedback.party_of(report_id)
    to_standards = to in FOR_STANDARDS
    if (party in FOR_STANDARDS) == to_standards:
        return None  # somebody else was first
    turn = Passing.objects.filter(report_id=report_id).count() + 1
    try:
        off = retention.pass_on(report_id, for_standards=to_standards, at=at)
        left = envelopes.seal_again(report_id, party=party, to_standards=to_standards, turn=turn)
        contacts.pass_on(report_id, for_standards=to_standards, by=by, at=at)
        exhibits.pass_on(report_id, for_standards=to_standards)
        if reason and "account" in left:
            raise NotPassed("The account cannot be opened here, so nobody else could open it.")
    except CryptoError as error:
        raise NotPassed(str(error)) from error
    Passing.objects.create(report_id=report_id, turn=turn, to=to, reason=reason, by=by, at=at)
    if row is not None:
        _give(row, to)
        shares.pass_on(report_id, for_standards=to_standards)
    feedback.pass_on(report_id, party=to)
    split = incidents.pass_on(report_id, for_standards=to_standards, whole=whole)
    dvds.pass_on(report_id, for_standards=to_standards)
    if row is not None:
        watching.passed_on(row, decide_again=split, at=at)
    return off, left


def _give(row: TriageSlip, to: Said) -> None:
    row.party_is_police, row.owner, row.taken_at = to, None, None
    row.piled, row.team = False, watching.team_of(row)
    row.handed_by, row.handed_at, row.handed_reason = None, None, ""  # the other side's words
    row.save(
        update_fields=[
            "party_is_police",
            "owner",
            "taken_at",
            "piled",
            "team",
            "handed_by",
            "handed_at",
            "handed_reason",
        ]
    )


def _tell(
    report_id: UUID,
    to: Said,
    reason: str,
    told: _Shifted,
    *,
    about: About,
    by: StaffMember,
    at: datetime,
) -> None:
    off, left = told
    retention.record(off, by=by, at=at)
    audit.append(
        action=Action.REPORT_PASSED,
        by=by,
        subject=about,
        at=at,
        reason=reason,
        detail={"to": str(to), "still sealed to others": left},
    )
    # The stores share no transaction: only what is certain here may be said there. What a crash in
    # between leaves out is caught up with.
    transaction.on_commit(lambda: _tell_intake(report_id), robust=True)


def catch_up() -> int:
    """Have messages sealed to whoever has a report now, where the intake store says otherwise.

    Return how many were corrected.
    """
    said = passed.known()  # before what is true: that changes first
    true = dict(Passing.objects.order_by("turn").values_list("report_id", "to"))
    differing = set(said.keys() - true.keys())
    differing |= {key for key, to in true.items() if said.get(key) != (to in FOR_STANDARDS)}
    for report_id in differing:
        _tell_intake(report_id)
    return len(differing)


def _tell_intake(report_id: UUID) -> None:
    turns = Passing.objects.filter(report_id=report_id).order_by("-turn")
    to = turns.values_list("to", flat=True).first()
    passed.pass_on(report_id, for_standards=None if to is None else to in FOR_STANDARDS)
