"""Partner agencies for practice, with keys of their own, and a share that waits for a supervisor.

The secret halves lie beside the practice members' credentials, so that somebody who practises can
open what was shared as the agency would.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:  # these rooms need Django's apps, and this module is read before they are ready
    from safehold.records.agencies.models import Agency
    from safehold.records.staff.models import StaffMember

FILE = "demo-partner-keys.json"
OFFICER, ENTERS, CONFIRMS = "officer", "supervisor", "supervisor2"
# Invented, as all of the practice force is.
AGENCIES = (
    ("Mereshire Lantern", "idva", "Practice: 01632 960101, the duty worker"),
    ("Eastmere Homes", "housing", "Practice: 01632 960102, the safeguarding lead"),
)
CAME = "Practice: with a letter from their office"
WHOM = "Practice: their duty worker"
WHY_OPENED = "Practice: first triage of an invented report"
SAID = "Practice: invented, to show how it is written down"


def fill(data: Path, *, at: datetime, say: Callable[[str], None]) -> None:
    """Add the invented agencies and one share, once, where the practice members are there."""
    from safehold.records.agencies.models import Agency
    from safehold.records.staff.queries import by_username

    officer, enters, confirms = (by_username(name) for name in (OFFICER, ENTERS, CONFIRMS))
    if officer is None or enters is None or confirms is None or Agency.objects.exists():
        return
    secrets, added = {}, []
    for name, kind, contact in AGENCIES:
        agency, secret = _add(name, kind, contact, enters=enters, confirms=confirms, at=at)
        secrets[name] = secret
        added.append(agency)
    _write(data / FILE, secrets)
    say(f"Agencies added: {len(added)}, all invented; their secret keys are in {data / FILE}.")
    if _ask_to_share(added[-1], by=officer, at=at):
        say("Shares asked for: 1, which waits for a supervisor.")


def _add(
    name: str, kind: str, contact: str, *, enters: StaffMember, confirms: StaffMember, at: datetime
) -> tuple[Agency, str]:
    from safehold.crypto import age_files
    from safehold.records.agencies import operations

    agency = operations.add(name=name, kind=kind, contact=contact, by=enters, at=at)
    secret, public = age_files.new_pair()
    key = operations.enter_key(agency_id=agency.pk, public=public, came=CAME, by=enters, at=at)
    operations.confirm_key(
        key_id=key.pk,
        read_out=public[-age_files.READ_OUT :],
        how="call",
        whom=WHOM,
        by=confirms,
        at=at,
    )
    return agency, secret


def _ask_to_share(agency: Agency, *, by: StaffMember, at: datetime) -> bool:
    """Ask to share the oldest report of what was done to somebody that the officer may read."""
    from safehold.domain import sharing
    from safehold.domain.journey.harm import KINDS
    from safehold.records.shares import choosing
    from safehold.records.shares import sharing as operations
    from safehold.records.triage import operations as triage
    from safehold.records.triage import queries

    new = queries.oldest_new(KINDS, by=by)
    if new is None:
        return False
    report_id, basis = new.pk, "safeguarding"
    triage.open_account(report_id=report_id, reason=WHY_OPENED, by=by, at=at)
    opened = choosing.open_to_share(
        report_id=report_id, agency_id=agency.pk, basis=basis, by=by, at=at
    )
    matter = [part.key for part in opened.parts if part.key not in sharing.ABOUT_THEM]
    if not matter:
        return False
    plan = choosing.Plan(
        agency_id=agency.pk,
        basis=basis,
        purpose="Practice: to find a safe room",
        told="Practice: that we would ask for a room",
        parts=tuple(matter[:2]),
        statements={one.key: SAID for one in opened.basis.states},
        answers={person.key: SAID for person in opened.people},
    )
    seen = sharing.fingerprint(choosing.ready(plan, opened).parts)
    operations.share(report_id=report_id, plan=plan, seen=seen, once=uuid4(), by=by, at=at)
    return True


def _write(path: Path, secrets: dict[str, str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(secrets, file, indent=1)
