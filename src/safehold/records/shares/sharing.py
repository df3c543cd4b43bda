"""Making a share: asked for, agreed to where somebody has to, and made into a file."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from safehold.crypto import age_files
from safehold.domain import sharing
from safehold.domain.access import Permission
from safehold.domain.sharing import Eyes, NotShared
from safehold.records.agencies import queries as agencies
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, Member, System
from safehold.records.conflicts import recusals
from safehold.records.intake.references import ALPHABET, GROUP
from safehold.records.shares import must_not, queries
from safehold.records.shares.choosing import Opened, Plan, Ready, file_of, open_to_share, ready
from safehold.records.shares.models import Share
from safehold.records.shares.must_not import OnTheList
from safehold.records.shares.queries import ShareNotFound
from safehold.records.staff.models import StaffMember
from safehold.records.triage import openings
from safehold.records.triage.reasons import meaningful

__all__ = ["NotShared", "OnTheList", "ShareNotFound"]


class OtherThanShown(Exception):
    """What would go is not what was shown: somebody has to look again."""


class OwnShare(Exception):
    """Somebody else has to decide about it: this member wants to share it."""


class NotWaiting(Exception):
    """The share does not wait for this; the message says so."""


def about(share_id: UUID) -> About:
    """Name a share as the audit does."""
    return About("share", str(share_id))


def share(
    *, report_id: UUID, plan: Plan, seen: str, once: UUID, by: StaffMember, at: datetime
) -> Share:
    """Share parts of a report: make the file, or ask a supervisor where the basis needs one.

    `seen` is the fingerprint of what was shown, and `once` makes a form that is sent twice one
    share. Raises NotShared, OtherThanShown, OnTheList, which is recorded, or as `open_to_share`.
    """
    known = Share.objects.filter(once=once, report_id=report_id, asked_by=by).first()
    if known is not None:
        return known
    with stopped_by_the_list(report_id, by=by, at=at):
        opened = open_to_share(
            report_id=report_id, agency_id=plan.agency_id, basis=plan.basis, by=by, at=at
        )
        checked = _as_shown(plan, opened, seen)
        with transaction.atomic():
            slip = _still_allowed(report_id, plan.agency_id, checked)
            row = Share(
                reference=_reference(),
                once=once,
                report_id=report_id,
                police_party=slip.police_party,
                agency=checked.key.agency,
                basis=checked.basis.key,
                rules_version=sharing.version(),
                statements=dict(checked.statements),
                purpose=checked.purpose,
                told=checked.told,
                parts=[part.key for part in checked.parts],
                answers=dict(checked.answers),
                asked_by=by,
                asked_at=at,
            )
            if checked.basis.eyes is Eyes.BEFORE:
                row.save(force_insert=True)
                record(Action.SHARE_ASKED, row, checked.purpose, by=by, at=at)
            else:
                _make(row, checked, by=by, at=at)
    return row


@transaction.atomic
def agree(*, share_id: UUID, agreed: bool, why: str, by: StaffMember, at: datetime) -> Share:
    """Say whether something may be shared without their agreement, before its file is made.

    Until then a supervisor may take what was agreed to back: the audit keeps that it was.
    Raises ReasonTooThin, Refused, ShareNotFound, OwnShare, NotWaiting, or OnTheList.
    """
    stated = meaningful(why)
    row = locked(share_id, Permission.AGREE_SHARE, by)
    takes_back = row.agreed is True and not agreed
    if row.made_at is not None or (row.agreed is not None and not takes_back):
        raise NotWaiting("Nobody has to agree to this any more.")
    if row.asked_by_id == by.pk:
        raise OwnShare("You want to share it yourself: another supervisor decides.")
    if agreed:
        must_not.must_be_allowed(report_id=row.report_id, agency_id=row.agency_id)
    row.agreed, row.agreed_by, row.agreed_at, row.agreed_why = agreed, by, at, stated
    row.save()
    action = Action.SHARE_AGREED if agreed else Action.SHARE_NOT_AGREED
    record(action, row, stated, by=by, at=at)
    return row


def open_agreed(*, share_id: UUID, by: StaffMember, at: datetime) -> Ready:
    """Open once more what somebody agreed to, so that its file can be made.

    Raises Refused, ShareNotFound, NotWaiting, NotShared, or as `open_to_share` does.
    """
    row = _agreed(queries.one(share_id, by=by), by)
    with stopped_by_the_list(row.report_id, by=by, at=at):
        opened = open_to_share(
            report_id=row.report_id, agency_id=row.agency_id, basis=row.basis, by=by, at=at
        )
    return ready(_plan_of(row), opened)


def make_agreed(*, share_id: UUID, seen: str, by: StaffMember, at: datetime) -> Share:
    """Make the file of a share that somebody agreed to. Raises as `open_agreed` and `share` do."""
    checked = open_agreed(share_id=share_id, by=by, at=at)
    if sharing.fingerprint(checked.parts) != seen:
        raise OtherThanShown(CHANGED)
    report_id = queries.one(share_id, by=by).report_id
    with stopped_by_the_list(report_id, by=by, at=at), transaction.atomic():
        must_not.lock_cases_of(report_id)
        must_not.locked(report_id)
        row = _agreed(locked(share_id, Permission.SHARE_REPORT, by), by)
        _still_allowed(row.report_id, row.agency_id, checked)
        return _make(row, checked, by=by, at=at)


CHANGED = "What would go has changed since you looked. Look again, then decide."


def _as_shown(plan: Plan, opened: Opened, seen: str) -> Ready:
    checked = ready(plan, opened)
    if sharing.fingerprint(checked.parts) != seen:
        raise OtherThanShown(CHANGED)
    return checked


def _make(row: Share, checked: Ready, *, by: StaffMember, at: datetime) -> Share:
    text = file_of(checked, reference=row.reference, at=at)
    row.file = age_files.encrypt(text.encode(), key=checked.key.public)
    row.digest = hashlib.sha256(row.file).hexdigest()
    row.key, row.made_at, row.until = checked.key, at, at + sharing.file_stays()
    row.save()
    record(
        Action.SHARE_MADE,
        row,
        checked.purpose,
        by=by,
        at=at,
        detail={"sha256": row.digest, "parts": row.parts},
    )
    return row


def _still_allowed(report_id: UUID, agency_id: UUID, checked: Ready) -> Any:
    """Check the list and the key once more, now that neither can change.

    Whoever was put on the list meanwhile has no answer yet.
    """
    must_not.lock_cases_of(report_id)
    slip = must_not.locked(report_id)
    must_not.must_be_allowed(report_id=report_id, agency_id=agency_id)
    if {person.key for person in must_not.people(report_id)} - set(checked.answers):
        raise OtherThanShown("Somebody was put on the must-not-receive list meanwhile. Look again.")
    key = agencies.key_of(agency_id)
    if key is None or key.pk != checked.key.pk:
        raise OtherThanShown("The agency's key was changed meanwhile. Look again.")
    return slip


@contextmanager
def stopped_by_the_list(report_id: UUID, *, by: StaffMember, at: datetime) -> Iterator[None]:
    """Put on record that the list stopped somebody, apart from what was undone by it."""
    try:
        yield
    except OnTheList:
        with transaction.atomic():
            audit.append(
                action=Action.SHARE_STOPPED, by=by, subject=openings.about(report_id), at=at
            )
        raise


def _agreed(row: Share, by: StaffMember) -> Share:
    if row.agreed is not True or row.made_at is not None:
        raise NotWaiting("This does not wait for its file.")
    if row.asked_by_id != by.pk:
        raise NotWaiting("Whoever asked to share it makes the file.")
    return row


def _plan_of(row: Share) -> Plan:
    return Plan(
        agency_id=row.agency_id,
        basis=row.basis,
        purpose=row.purpose,
        told=row.told,
        parts=tuple(row.parts),
        statements=row.statements,
        answers=row.answers,
    )


def locked(share_id: UUID, permission: Permission, by: StaffMember) -> Share:
    """Return a share locked to the end of the transaction. Raises Refused, or ShareNotFound."""
    queries.one(share_id, by=by)
    row = Share.objects.select_for_update(no_key=True).get(pk=share_id)
    by.must(permission, recusals.subject_of(row))
    return row


def _reference() -> str:
    first, second = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(2))
    return f"S-{first}-{second}"


def record(
    action: Action,
    row: Share,
    reason: str,
    *,
    by: Member | System,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the audit row of an act on a share."""
    audit.append(
        action=action,
        by=by,
        subject=about(row.pk),
        at=at,
        reason=reason,
        detail={
            "report": str(row.report_id),
            "agency": str(row.agency_id),
            "basis": row.basis,
            **(detail or {}),
        },
    )
