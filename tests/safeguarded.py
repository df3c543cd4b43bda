"""A case for tests: whom it protects, a child, and whoever is said to have done it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from safehold.records.cases import operations as cases
from safehold.records.cases.models import Case, CaseKind
from safehold.records.incidents.models import Part
from safehold.records.people import facts
from safehold.records.people import operations as people
from safehold.records.safety import actions, markers, plans, referrals
from safehold.records.safety.actions import Owner
from safehold.records.safety.models import AddressMarker, PlanVersion, Referral, SafetyAction
from safehold.records.safety.plans import Draft
from safehold.records.safety.referrals import Wanted
from safehold.records.staff.models import StaffMember
from tests.desk import AT, REASON

SAID = people.Origin("themselves", "at the counter")
SHE, HE, CHILD = "Ilka Brandreth", "Doran Brandreth", "Wren Brandreth"
TODAY = AT.date()
DUE = AT + timedelta(days=1)
PROOF = "The lock was changed, and she showed it"


@dataclass(frozen=True)
class Safeguarded:
    """A case and the three people it is about."""

    case: Case
    she: UUID
    he: UUID
    child: UUID

    @property
    def pk(self) -> UUID:
        """Return the key of the case."""
        return self.case.pk


def safeguarded(by: StaffMember, *, at: datetime = AT, restricted: bool = False) -> Safeguarded:
    """Open a case that a member owns."""
    case = cases.open_case(
        kind=CaseKind.PROTECTION,
        incident_ids=[],
        why=REASON,
        restricted=restricted,
        owner=by,
        team=by.team,
        by=by,
        at=at,
    )
    found = []
    for name, part in ((SHE, Part.VICTIM), (HE, Part.SUSPECT), (CHILD, Part.CHILD)):
        made = people.record_person(name=name, origin=SAID, by=by, at=at)
        cases.add_party(case_id=case.pk, identity=made.identity, part=part, by=by, at=at)
        found.append(made.identity)
    return Safeguarded(case, *found)


def draft(**changes: Any) -> Draft:
    """Give a version of a plan that says enough."""
    given: dict[str, Any] = {
        "lines": {
            "home": "The back door sticks: oil it",
            "phone": "A second phone at her sister’s",
        },
        "acted_on": ["home"],
        "made_with": "yes",
        "next_look": date(2026, 12, 22),
        "own_words": "I want to sleep through a night",
    }
    return Draft(**(given | changes))


def write(of: Safeguarded, by: StaffMember, *, shown: int = 0, **changes: Any) -> PlanVersion:
    """Write a version of her plan."""
    return plans.write_plan(
        case_id=of.pk, identity=of.she, draft=draft(**changes), shown=shown, by=by, at=AT
    )


def start(of: Safeguarded, by: StaffMember, **changes: Any) -> SafetyAction:
    """Start an action."""
    given: dict[str, Any] = {
        "kind": "home_security",
        "words": "Change the lock",
        "owner": Owner(by),
        "due_at": DUE,
        "at": AT,
    }
    return actions.start(case_id=of.pk, by=by, **(given | changes))


def refer(of: Safeguarded, by: StaffMember, *, to: UUID) -> Referral:
    """Refer her to an agency, as she agreed."""
    wanted = Wanted(purpose=REASON, agreed="yes", answer_by=TODAY, agency_id=to)
    return referrals.refer(case_id=of.pk, identity=of.she, wanted=wanted, by=by, at=AT)


def mark(of: Safeguarded, by: StaffMember) -> AddressMarker:
    """Mark the address where she lives."""
    home = facts.add_home(identity=of.she, line="14 Alder Row", origin=SAID, by=by, at=AT)
    return markers.set_marker(
        case_id=of.pk,
        address_id=home.address_id,
        kind="urgent",
        words="",
        reason=REASON,
        expires=TODAY + timedelta(days=7),
        by=by,
        at=AT,
    )
