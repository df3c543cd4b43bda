"""What went wrong that a person has to know of, in sentences for the top of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from safehold.design.words import counted, day, moment
from safehold.domain.access import Permission
from safehold.domain.page_review import warn_until
from safehold.records.conflicts import queries as conflicts
from safehold.records.duty import queries as duty
from safehold.records.feedback import queries as feedback
from safehold.records.jobs import queries as jobs
from safehold.records.keys import queries as keys
from safehold.records.nudges import queries as nudges
from safehold.records.services import register as services
from safehold.records.snapshots import queries as snapshots
from safehold.records.staff.queries import StaffMember, has_role
from safehold.records.triage import queries as triage

NOT_COMPARED = (
    "Names are not compared on arrival: a report that names a colleague reaches the unit. Reports "
    "are taken as before. See that scheduled work runs."
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence and where to go about it; no path where the member may do nothing."""

    says: str
    path: str = "/staff/trouble/"


def notices(member: StaffMember, *, at: datetime) -> list[Notice]:
    """List what a member who watches over the unit, or writes its pages, has to know."""
    edits = member.may(Permission.EDIT_PAGES)
    found = _pages_to_read_again(at, path="/staff/content/") if edits else []
    found += _services_to_ask_again(member, at)
    if not member.may(Permission.SEE_TROUBLE):
        return found
    if not edits:
        found += _pages_to_read_again(at, path="")
    found += [Notice(stalled_words(job)) for job in jobs.stalled(at=at)]
    found += _watch(member)
    found += [Notice(each.says) for each in nudges.failing(at=at)]
    if wanting := keys.trouble():
        found.append(Notice(wanting))
    if not conflicts.are_compared():
        found.append(Notice(NOT_COMPARED))
    if sealed := len(triage.sealed()):
        found.append(Notice(f"{counted(sealed, 'report')} cannot be opened."))
    return found + _for_professional_standards(at)


def _watch(member: StaffMember) -> list[Notice]:
    """Say where danger would alarm nobody: no watch is held, or it reaches nobody."""
    found = []
    for desk in duty.Desk:
        own = member.may(Permission.HOLD_WATCH) and desk == duty.desk_of(member)
        path = "/staff/watch/" if own else "/staff/trouble/"
        now = duty.standing(desk)
        name = f"{desk.label[:1].lower()}{desk.label[1:]}"
        if now.holder is None:
            found.append(Notice(f"Nobody holds the watch of {name}.", path))
        elif not now.reaches_holder:
            words = f"Whoever holds the watch of {name} cannot be reached away from the screen."
            found.append(Notice(words, path))
    return found


def _services_to_ask_again(member: StaffMember, at: datetime) -> list[Notice]:
    """Say how many support services have lapsed or soon will (rules/services.toml)."""
    lapsed, due = services.count_waiting(by=member, today=localdate(at))
    path, found = "/staff/services/", []
    if lapsed:
        said = "has lapsed and is not shown" if lapsed == 1 else "have lapsed and are not shown"
        words = f"{counted(lapsed, 'support service')} {said}: ask and say so."
        found.append(Notice(words, f"{path}?state=lapsed"))
    if due:
        words = f"{counted(due, 'support service')} {'lapses' if due == 1 else 'lapse'} soon."
        found.append(Notice(words, f"{path}?state=due"))
    return found


def _pages_to_read_again(at: datetime, *, path: str) -> list[Notice]:
    """Name the public pages whose review has lapsed or soon will (rules/pages.toml)."""
    today = localdate(at)
    return [
        Notice(_review_words(page, today), path)
        for page in snapshots.due_for_review(until=warn_until(today))
    ]


def _review_words(page: snapshots.Due, today: date) -> str:
    if page.review_by <= today:
        return (
            f"The review of a public page lapsed on {day(page.review_by)}: {page.title}. It is "
            "still shown, with that date. Have it read now, and publish it again."
        )
    return f"A public page has to be read again by {day(page.review_by)}: {page.title}."


def stalled_words(job: jobs.Stalled) -> str:
    """Say that scheduled work has stopped, and since when."""
    since = f"last done {moment(job.last_success)}" if job.last_success else "never done yet"
    return f"Scheduled work has stopped: {job.name}, {since}."


def _for_professional_standards(at: datetime) -> list[Notice]:
    """Say that what is about a colleague lies unread, late and without a number.

    Said at once, or counted, it would tell whoever it is about that something came, and when. That
    nobody reads it is said whether there is anything to read or not.
    """
    oldest = (
        ("A report", triage.oldest_for_professional_standards(at=at)),
        ("Feedback", feedback.oldest_for_professional_standards()),
    )
    found = [
        Notice(f"{what} has waited longer than two days for professional standards.")
        for what, since in oldest
        if since is not None and since <= at - triage.SAID_OF_STANDARDS_AFTER
    ]
    if not has_role("professional_standards"):
        found.append(Notice("Nobody here has the role of professional standards: give it now."))
    return found
