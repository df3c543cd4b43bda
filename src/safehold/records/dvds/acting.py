"""What every act on an application shares: its row locked, its clocks settled, its audit row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.conflicts import recusals
from safehold.records.dvds import clocks, queries
from safehold.records.dvds.models import Application
from safehold.records.staff.models import StaffMember


class DoneBefore(Exception):
    """This act was done: by whom and when stands on the page."""


class TooEarly(Exception):
    """Something has to be done before; the message says what."""


class NotSecond(PermissionError):
    """Whoever decided does not agree with themselves."""


def about(application_id: UUID) -> About:
    """Name an application as the audit does: by a key that says nothing."""
    return About("application", str(application_id))


def locked(application_id: UUID, by: StaffMember) -> Application:
    """Return an application, locked. Raises Refused, or ApplicationNotFound."""
    rows = Application.objects.select_for_update(no_key=True).filter(pk=application_id)
    row = rows.first()
    if row is None or not queries.links_known_to(by).filter(pk=application_id).exists():
        raise queries.ApplicationNotFound("There is no such application.")
    by.must(Permission.HANDLE_DVDS, recusals.subject_of(row))
    return row


def saved(
    row: Application,
    action: Action,
    *,
    by: StaffMember,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, object] | None = None,
) -> Application:
    """Save what an act changed, settle what it ends of the clocks, and write the audit row last."""
    row.save()
    clocks.settle(row, at=at)
    record(action, row, by=by, at=at, reason=reason, detail=detail)
    return row


def record(
    action: Action,
    row: Application,
    *,
    by: StaffMember,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Append the audit row of an act."""
    audit.append(
        action=action, by=by, subject=about(row.pk), at=at, reason=reason, detail=detail or {}
    )
