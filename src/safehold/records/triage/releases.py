"""A hidden name that the unit may see: released by what the slip says, or passed on by a keeper."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import open_envelope
from safehold.domain.access import Permission
from safehold.domain.triage_slip import Cause
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.contacts import operations as contacts
from safehold.records.intake import queries as intake
from safehold.records.opening_keys import keys_to_open
from safehold.records.staff.models import StaffMember
from safehold.records.triage import queries
from safehold.records.triage.accounts import Answer
from safehold.records.triage.identities import IdentitySealed, opened_name
from safehold.records.triage.models import Ground, IdentityOpening, NameRequest, TriageSlip
from safehold.records.triage.openings import about, must
from safehold.records.triage.reasons import meaningful

_KEPT = {
    Cause.DANGER: "danger",
    Cause.CHILD: "a child",
}


class NotReleased(Exception):
    """The unit may not see this name; the message says so, and whom to ask."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a name that the member may see is sealed, and why they may."""

    ground: Ground
    subject: str
    envelope: bytes = field(repr=False)
    request: NameRequest | None = None


def released_by(slip: TriageSlip) -> tuple[Cause, ...]:
    """Return why the hidden name of a report is released to the unit; empty where it is not.

    Both have to hold: the slip says it, and an envelope for the unit came with the report. The
    envelope was sealed by what the slip said then, so nobody can add a prompt later. Once the work
    is over nobody needs it any more: a keeper opens it then, or the work begins again.
    """
    if slip.ended_at is not None:
        return ()
    return slip.releases_name if intake.has_release(slip.pk) else ()


def words_of(causes: tuple[Cause, ...]) -> str:
    """Say in one phrase what released a name: danger, a child, or both."""
    return " and ".join(_KEPT[cause] for cause in causes)


def passed_on_to(slip: TriageSlip, *, by: StaffMember) -> NameRequest | None:
    """Return the last request of a member by which a keeper passed the name on to them."""
    mine = slip.name_requests.filter(asked_by=by, answer=NameRequest.Answer.PASSED_ON)
    found: NameRequest | None = mine.order_by("-answered_at", "pk").first()
    return found


def open_released_name(
    *, report_id: UUID, reason: str, by: StaffMember, at: datetime
) -> tuple[Answer, ...]:
    """Record and commit who looks and why, then open in memory a name that the unit may see.

    Whoever has read what was told may. The first opening of a name that the slip releases keeps how
    to reach them, for the unit. Raises ReasonTooThin, Refused, ReportNotFound, NotReleased, or
    IdentitySealed, which is recorded too.
    """
    stated = meaningful(reason)
    must(Permission.OPEN_RELEASED_NAME, report_id=report_id, by=by)
    slip = queries.slip(report_id=report_id, by=by)
    source = _source(slip, by=by)
    audit.record_look(by=by, reason=stated, subject=about(report_id), at=at)

    def record(action: Action, why: str) -> None:
        _record(action, slip, why, by=by, at=at, source=source)

    found, contact = opened_name(
        partial(_payload, source), slip=slip, reason=stated, record=record, by=by, at=at
    )
    with transaction.atomic():
        IdentityOpening.objects.create(
            slip=slip,
            member=by,
            at=at,
            reason=stated,
            ground=source.ground,
            request=source.request,
        )
        if contact is not None and source.ground == Ground.RELEASED:
            contacts.keep_released(
                report_id=report_id,
                terms=contact[0],
                details=contact[1],
                why=f"As they told it: the name is released, {words_of(slip.releases_name)}",
                by=by,
                at=at,
            )
        record(Action.IDENTITY_OPENED, stated)
    return found


def _source(slip: TriageSlip, *, by: StaffMember) -> _Source:
    if released_by(slip):
        envelope = intake.sealed_report(slip.pk).release or b""
        return _Source(Ground.RELEASED, str(slip.pk), envelope)
    request = passed_on_to(slip, by=by)
    if request is None:
        raise NotReleased("This name is hidden from you. Ask a keeper of hidden names for it.")
    return _Source(Ground.PASSED_ON, str(request.pk), bytes(request.sealed or b""), request)


def _payload(source: _Source) -> bytes:
    try:
        keys = keys_to_open(Kind.RELEASE, for_standards=False)
        payload = open_envelope(
            source.envelope, kind=Kind.RELEASE, subject=source.subject, keys=keys
        )
    except CryptoError as error:
        raise IdentitySealed(str(error)) from error
    if not json.loads(payload):
        raise IdentitySealed("When it arrived, its slip held no prompt: no name was released.")
    return payload


def _record(
    action: Action,
    slip: TriageSlip,
    reason: str,
    *,
    by: StaffMember,
    at: datetime,
    source: _Source,
) -> None:
    audit.append(
        action=action,
        by=by,
        subject=about(slip.pk),
        at=at,
        reason=reason,
        detail={"ground": str(source.ground)},
    )
