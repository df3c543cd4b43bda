"""What arrived: slips opened by the scheduler, with nobody watching, as soon as they are there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import OpeningKeys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.domain import feedback as feedback_words
from safehold.domain.access import Permission
from safehold.domain.flooding import shape_of
from safehold.domain.journey.ask import KIND as DVDS
from safehold.domain.journey.harm import KINDS as ABOUT_SOMEBODY
from safehold.domain.triage_slip import BadSlip, TriageSlip, from_mapping
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, Member, System
from safehold.records.feedback import arrivals as feedback
from safehold.records.intake import queries as intake
from safehold.records.intake.operations import coarse
from safehold.records.opening_keys import keys_for
from safehold.records.shares.operations import Who, must_not_receive
from safehold.records.staff.models import StaffMember
from safehold.records.triage import floods, queries, watching
from safehold.records.triage.models import State
from safehold.records.triage.models import TriageSlip as Row
from safehold.records.triage.openings import about
from safehold.records.triage.queries import ReportNotFound

SCHEDULER = System("scheduler")  # nobody asks for it: it runs by the clock
NOW = frozenset({"danger-now", "followed-now", "hurt-now"})
_BATCH = 100


class SlipSealed(Exception):
    """A slip could not be tried again; the message says why, for the supervisor."""


def open_new_slips(*, at: datetime, enough: Callable[[], bool] = lambda: False) -> int:
    """Open the slips of reports that arrived since the last time; return how many were new.

    Each is one transaction with its audit row. A slip that cannot be opened is kept as a row that
    says why, and the watch is alarmed as about danger. After any slip `enough` may say that the
    rest is left to the next time. Raises KeyFileRefused where the triage key is not here: nothing
    is passed over then.
    """
    keys = keys_for(Purpose.TRIAGE)
    count = 0
    for arrival in _arrivals():
        count += _keep_arrival(arrival, keys, at=at)
        if enough():
            break
    floods.gather_new(at=at)  # once, since it reads whole hours, and also what a fall left out
    return count


def are_more_to_open() -> bool:
    """Tell whether a report is there whose slip nobody has opened yet."""
    return bool(intake.sealed_reports_since(_last_arrival(), limit=1))


def _arrivals() -> Iterator[intake.Arrival]:
    while arrivals := intake.sealed_reports_since(_last_arrival(), limit=_BATCH):
        yield from arrivals


def _last_arrival() -> int:
    return max(queries.last_arrival(), feedback.last_arrival())


def _keep_arrival(arrival: intake.Arrival, keys: OpeningKeys, *, at: datetime) -> bool:
    row = Row(
        report_id=arrival.report_id,
        arrival=arrival.cursor,
        reference=arrival.reference,
        received_at=arrival.received_at,
    )
    slip = _fill(row, arrival.slip, keys, at=at)
    try:
        with transaction.atomic():
            if slip is not None and slip.kind == feedback_words.KIND:
                _keep_feedback(row, slip, by=SCHEDULER, at=coarse(at))
            else:
                row.save(force_insert=True)
                if slip is None:
                    watching.unread(row, at=at)
                else:
                    watching.begin(row, at=at)
                _list(row, at=coarse(at))
                _record_opening(row, by=SCHEDULER, at=coarse(at))
    except IntegrityError:
        known = Row.objects.filter(pk=arrival.report_id).exists()
        if not known and not feedback.is_kept(arrival.report_id):
            raise
        return False  # another scheduler was first
    return True


def _list(row: Row, *, at: datetime) -> None:
    """Put on the must-not-receive list, before anybody reads who it is, whoever it is about."""
    if row.kind == DVDS:
        must_not_receive(matter=row.report_id, who=Who.SUBJECT, at=at)
    elif row.kind in ABOUT_SOMEBODY:
        must_not_receive(matter=row.report_id, who=Who.SUSPECT, at=at)


def _keep_feedback(row: Row, slip: TriageSlip, *, by: Member | System, at: datetime) -> None:
    feedback.keep(
        report_id=row.report_id,
        arrival=row.arrival,
        reference=row.reference,
        received_at=row.received_at,
        slip=slip,
        at=coarse(at),
    )
    _record_opening(row, by=by, at=at, subject=feedback.about(row.report_id))


def try_slip_again(*, report_id: UUID, by: StaffMember, at: datetime) -> Row:
    """Try once more to open a slip that could not be opened; one of feedback goes to its list.

    Raises Refused, ReportNotFound, or SlipSealed where the key or the report is not there.
    """
    by.must(Permission.MEND_TROUBLE)
    if not Row.objects.filter(pk=report_id, state=State.SEALED).exists():
        queries.slip(report_id=report_id, by=by)  # opened meanwhile, and not for everybody
    try:
        keys = keys_for(Purpose.TRIAGE)
        sealed = intake.sealed_report(report_id)
    except (CryptoError, intake.NoSuchReport) as error:
        raise SlipSealed(str(error)) from error
    with transaction.atomic():
        row = locked(report_id)
        if row.state == State.SEALED:
            slip = _fill(row, sealed.slip, keys, at=at)
            if slip is not None and slip.kind == feedback_words.KIND:
                watching.no_longer_unread(report_id, at=at)
                Row.objects.filter(pk=report_id).delete()
                _keep_feedback(row, slip, by=by, at=at)
            else:
                row.save()
                if slip is not None:
                    watching.read_at_last(row, at=at)
                _list(row, at=coarse(at))
                _record_opening(row, by=by, at=at)
    floods.gather([row], at=at)
    return row


def _fill(row: Row, envelope: bytes, keys: OpeningKeys, *, at: datetime) -> TriageSlip | None:
    row.tried_at = coarse(at)
    try:
        slip = _read_slip(envelope, str(row.report_id), keys)
    except (CryptoError, BadSlip, ValueError) as error:
        row.state, row.problem = State.SEALED, str(error)[:200] or type(error).__name__
        return None
    row.state, row.problem, row.opened_at = State.NEW, "", coarse(at)
    row.kind, row.cell = slip.kind, slip.cell
    row.prompts = [{"prompt": one.prompt, "reason": one.reason} for one in slip.danger]
    row.danger = bool(slip.danger)
    row.danger_now = any(one.prompt in NOW for one in slip.danger)
    row.child_present, row.wants_reply = slip.child_present, slip.wants_reply
    row.party_is_police = slip.party_is_police
    row.team = watching.team_of(row)
    row.shape = shape_of(
        kind=slip.kind,
        cell=slip.cell,
        prompts=[one.prompt for one in slip.danger],
        said=(slip.child_present, slip.party_is_police, slip.wants_reply),
    )
    return slip


def _read_slip(envelope: bytes, report_id: str, keys: OpeningKeys) -> TriageSlip:
    content = json.loads(open_envelope(envelope, kind=Kind.SLIP, subject=report_id, keys=keys))
    if not isinstance(content, dict):
        raise BadSlip("What was opened is not a slip.")
    return from_mapping(content)


def _record_opening(
    row: Row, *, by: Member | System, at: datetime, subject: About | None = None
) -> None:
    opened = row.state != State.SEALED
    audit.append(
        action=Action.SLIP_OPENED if opened else Action.SLIP_SEALED,
        by=by,
        subject=subject or about(row.report_id),
        at=at,
        detail={} if opened else {"problem": row.problem},
    )


def locked(report_id: UUID) -> Row:
    """Return a slip whose row stays locked to the end of the transaction.

    Raises ReportNotFound, also for one that was destroyed: nothing is decided about it any more.
    """
    # Its key never changes, so whoever adds an opening that points at it need not wait: they hold
    # the audit's lock by then, and each would wait for the other.
    row = Row.objects.select_for_update(no_key=True).filter(pk=report_id).first()
    if row is None or row.destroyed_at is not None:
        raise ReportNotFound("There is no such report.")
    return row
