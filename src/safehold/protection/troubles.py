"""What went wrong that a person has to know of, in sentences for the top of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safehold.design.words import counted, moment
from safehold.domain.access import Permission
from safehold.protection.presenters import age
from safehold.records.jobs import queries as jobs
from safehold.records.staff.queries import StaffMember, has_role
from safehold.records.triage import queries as triage


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence and where to go about it."""

    says: str
    path: str = "/staff/trouble/"


def notices(member: StaffMember, *, at: datetime) -> list[Notice]:
    """List what a member who watches over the unit has to know; nothing for anyone else."""
    if not member.may(Permission.SEE_TROUBLE):
        return []
    found = [Notice(stalled_words(job)) for job in jobs.stalled(at=at)]
    if sealed := len(triage.sealed()):
        found.append(Notice(f"{counted(sealed, 'report')} cannot be opened."))
    waiting = triage.oldest_for_professional_standards()
    if waiting is not None:
        found.append(Notice(_for_professional_standards(waiting, at)))
    return found


def stalled_words(job: jobs.Stalled) -> str:
    """Say that scheduled work has stopped, and since when."""
    since = f"last done {moment(job.last_success)}" if job.last_success else "never done yet"
    return f"Scheduled work has stopped: {job.name}, {since}."


def _for_professional_standards(since: datetime, at: datetime) -> str:
    says = f"A report has waited {age(since, at=at)} for professional standards."
    if has_role("professional_standards"):
        return says
    return f"{says} Nobody here has that role: give it to someone now."
