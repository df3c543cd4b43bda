"""Cases with deadlines, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from safehold.domain.deadlines import Unknown
from safehold.records.cases import operations as cases
from safehold.records.cases.models import Case, CaseKind
from safehold.records.deadlines import operations
from safehold.records.deadlines.models import Deadline
from safehold.records.deadlines.operations import Starting
from safehold.records.staff.models import StaffMember
from tests.desk import AT, REASON

UNKNOWN = Unknown("when it was served")


def case_of(
    owner: StaffMember | None, *, by: StaffMember | None = None, restricted: bool = False
) -> Case:
    """Open a case without an incident."""
    opens = by or owner
    assert opens is not None
    return cases.open_case(
        kind=CaseKind.PROTECTION,
        incident_ids=[],
        why=REASON,
        restricted=restricted,
        owner=owner,
        team="",
        by=opens,
        at=AT - timedelta(days=200),
    )


def deadline(
    case: Case,
    rule: str = "vc6_arrest",
    starts: datetime | Unknown = AT,
    *,
    by: StaffMember,
    at: datetime | None = None,
    **more: Any,
) -> Deadline:
    """Start a deadline of a case, at the moment with which it starts."""
    moment = AT if isinstance(starts, Unknown) else starts
    return operations.start(
        case_id=case.pk, starting=Starting(rule, starts, **more), by=by, at=at or moment
    )
