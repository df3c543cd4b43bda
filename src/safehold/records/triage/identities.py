"""A hidden name: opened by someone apart from the unit, with a reason, and looked at afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import CryptoError
from safehold.design.words import moment
from safehold.domain import names
from safehold.domain.access import Permission, Refused, Role
from safehold.domain.contact_profile import Details, Terms
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.conflicts import recusals
from safehold.records.contacts import operations as contacts
from safehold.records.intake import queries as intake
from safehold.records.staff.models import StaffMember
from safehold.records.triage import envelopes, passing, queries
from safehold.records.triage.accounts import (
    AccountUnreadable,
    Answer,
    read_hidden_contact,
    read_identity,
)
from safehold.records.triage.models import IdentityOpening, NameRequest, TriageSlip
from safehold.records.triage.openings import about, must
from safehold.records.triage.reasons import meaningful


class IdentitySealed(Exception):
    """A hidden name could not be opened; the message says why, for whoever tried."""


class NothingToReview(LookupError):
    """No opening of a hidden name of this id waits to be looked at."""


class OwnOpening(Exception):
    """Somebody else has to look at it: this member opened the name."""


def is_hidden(report_id: UUID) -> bool:
    """Tell whether a report came with a hidden name; nothing of it is read."""
    return intake.has_identity(report_id)


def open_identity(
    *, report_id: UUID, reason: str, by: StaffMember, at: datetime
) -> tuple[Answer, ...]:
    """Record and commit who looks and why, then open a hidden name in memory.

    Whoever has read what was told does not open the name too, and professional standards open only
    those of reports about colleagues. Nothing of it is stored but, once, how to reach them, sealed
    to the keys of hidden names again. Where an officer waits for the name, the opening says so.
    Raises ReasonTooThin, Refused, ReportNotFound, or
    IdentitySealed, which is recorded too.
    """
    stated = meaningful(reason)
    must(Permission.OPEN_IDENTITY, report_id=report_id, by=by)
    slip = queries.slip(report_id=report_id, by=by)
    must_be_a_keeper(slip, by=by)
    if queries.last_opening(report_id=report_id, by=by) is not None:
        raise Refused("You have read what was told, so somebody else opens the name.")
    audit.record_look(by=by, reason=stated, subject=about(report_id), at=at)

    def record(action: Action, why: str) -> None:
        _record(action, report_id, why, by=by, at=at)

    found, contact = opened_name(
        partial(_payload, report_id, party=slip.party_is_police),
        slip=slip,
        reason=stated,
        record=record,
        by=by,
        at=at,
    )
    with transaction.atomic():
        waiting = NameRequest.objects.filter(slip_id=report_id, answer=NameRequest.Answer.WAITING)
        IdentityOpening.objects.create(
            slip_id=report_id, member=by, at=at, reason=stated, request=waiting.first()
        )
        if contact is not None:
            contacts.keep_hidden(
                report_id=report_id,
                terms=contact[0],
                details=contact[1],
                police_party=slip.police_party,
                by=by,
                at=at,
            )
        record(Action.IDENTITY_OPENED, stated)
    return found


def opened_name(
    payload_of: Callable[[], bytes],
    *,
    slip: TriageSlip,
    reason: str,
    record: Callable[[Action, str], None],
    by: StaffMember,
    at: datetime,
) -> tuple[tuple[Answer, ...], tuple[Terms, Details] | None]:
    """Open a name in memory for a look that is on record, and compare it, before any is shown.

    `record` appends the audit row. Raises IdentitySealed, or Refused where a name is met: both are
    recorded, the second as an opening, so that nothing can be inferred.
    """
    try:
        payload = payload_of()
        read = _read(payload)
        passing.compare(
            names.texts_of(json.loads(payload)),
            report_id=slip.pk,
            party=slip.party_is_police,
            about=about(slip.pk),
            by=by,
            at=at,
        )
    except IdentitySealed as error:
        with transaction.atomic():
            record(Action.IDENTITY_SEALED, str(error))
        raise
    except Refused:
        with transaction.atomic():
            record(Action.IDENTITY_OPENED, reason)
        raise
    return read


def payload_again(
    *, report_id: UUID, earlier: IdentityOpening, by: StaffMember, at: datetime
) -> bytes:
    """Open once more, in memory, a hidden name that the same keeper opened before, to pass it on.

    The reason given then is the reason now. Raises Refused, ReportNotFound, or IdentitySealed.
    """
    must(Permission.OPEN_IDENTITY, report_id=report_id, by=by)
    slip = queries.slip(report_id=report_id, by=by)
    must_be_a_keeper(slip, by=by)
    reason = f"To pass it on, opened {moment(earlier.at)} with this reason: {earlier.reason}"
    audit.record_look(by=by, reason=reason, subject=about(report_id), at=at)
    return _payload(report_id, party=slip.party_is_police)


def must_be_a_keeper(slip: TriageSlip, *, by: StaffMember) -> None:
    """Raise Refused for professional standards where a report is not about a colleague."""
    if by.role == Role.PROFESSIONAL_STANDARDS and not slip.police_party:
        raise Refused("A hidden name is opened by its keepers.")


def to_review(*, by: StaffMember, limit: int = 100) -> list[IdentityOpening]:
    """Return the openings that nobody has looked at yet, the oldest first. Raises Refused."""
    by.must(Permission.REVIEW_IDENTITY)
    waiting = _to_review(by)
    related = ("slip", "member", "request__asked_by", "request__answered_by")
    return list(waiting.select_related(*related).order_by("at", "pk")[:limit])


def waiting(*, by: StaffMember) -> QuerySet[IdentityOpening]:
    """Return the openings that wait to be looked at; none for whoever may not."""
    rows = _to_review(by)
    return rows if by.may(Permission.REVIEW_IDENTITY) else rows.none()


def _to_review(member: StaffMember) -> QuerySet[IdentityOpening]:
    waiting = IdentityOpening.objects.filter(reviewed_at__isnull=True)
    return waiting.exclude(slip_id__in=recusals.kept_from(member))


@transaction.atomic
def review_opening(
    *, opening_id: int, was_right: bool, review: str, by: StaffMember, at: datetime
) -> IdentityOpening:
    """Record whether a hidden name was rightly opened, once.

    Raises ReasonTooThin, Refused, NothingToReview, or OwnOpening.
    """
    stated = meaningful(review)
    by.must(Permission.REVIEW_IDENTITY)
    waiting = _to_review(by).select_for_update()
    opening = waiting.filter(pk=opening_id).first()
    if opening is None:
        raise NothingToReview("Somebody else has looked at this already.")
    if opening.member_id == by.pk:
        raise OwnOpening("You opened it yourself: another person looks at it.")
    opening.reviewed_by, opening.reviewed_at = by, at
    opening.was_right, opening.review = was_right, stated
    opening.save()
    audit.append(
        action=Action.IDENTITY_REVIEWED,
        by=by,
        subject=about(opening.slip_id),
        at=at,
        reason=stated,
        detail={"was right": was_right, "opened by": str(opening.member_id)},
    )
    return opening


def _payload(report_id: UUID, *, party: str) -> bytes:
    try:
        return envelopes.payload(report_id, Kind.IDENTITY, party=party)
    except envelopes.NoEnvelope as error:
        raise IdentitySealed(str(error)) from error
    except intake.NoSuchReport:
        raise IdentitySealed("The report is no longer in the intake store.") from None
    except CryptoError as error:
        raise IdentitySealed(str(error)) from error


def _read(payload: bytes) -> tuple[tuple[Answer, ...], tuple[Terms, Details] | None]:
    try:
        return read_identity(payload), read_hidden_contact(payload)
    except AccountUnreadable as error:
        raise IdentitySealed(str(error)) from error


def _record(action: Action, report_id: UUID, reason: str, *, by: StaffMember, at: datetime) -> None:
    audit.append(action=action, by=by, subject=about(report_id), at=at, reason=reason)
