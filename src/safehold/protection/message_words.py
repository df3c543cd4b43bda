"""What holders of codes wrote and nobody has read, as whoever has to read it meets it first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from safehold.design.words import day
from safehold.domain.access import Permission
from safehold.domain.answering import Waits
from safehold.protection import clock_words
from safehold.protection.clock_words import ClockRow
from safehold.records.conversations import operations as conversations
from safehold.records.conversations import unread
from safehold.records.conversations.unread import Unread
from safehold.records.staff.queries import StaffMember
from safehold.records.triage import queries as triage
from safehold.records.triage import waiting as clocks

MOST_OF_NOBODY = 25  # on a supervisor's first page, whatever else there is


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One report with something unread, in words; `clock` is None until the next look at it."""

    report_id: UUID
    reference: str
    says: str
    owner: str
    clock: ClockRow | None


def waiting(member: StaffMember, *, at: datetime, shown: int) -> dict[str, object]:
    """Return what the first page says of unread messages, and of how many reports.

    The member's own first, then those that nobody owns, then those of others: of each a closed
    code first, then the oldest. Of a supervisor those come first that nobody owns, or whose owner
    has left, and more of them: there is nobody else.
    """
    supervises = member.may(Permission.END_REPORT)
    keys = conversations.unread(by=member)
    found, slips = unread.unread_of(keys), triage.by_key(keys, by=member)
    ordered = sorted(
        (key for key in keys if key in found and key in slips),
        key=lambda key: (
            supervises and not _of_nobody(slips[key]),
            slips[key].owner_id != member.pk,
            not _of_nobody(slips[key]),
            not found[key].closed,
            found[key].since,
        ),
    )
    if supervises:
        of_nobody = sum(_of_nobody(slips[key]) for key in ordered)
        shown = max(shown, min(of_nobody, MOST_OF_NOBODY))
    running = clocks.running(ordered[:shown])
    rows = [
        MessageRow(
            report_id=key,
            reference=slips[key].reference,
            says=_words(found[key], today=timezone.localdate(at)),
            owner=_whose(slips[key], member),
            clock=clock_words.next_clock(
                (each for each in running.get(key, ()) if each.waits == Waits.MESSAGE), at=at
            ),
        )
        for key in ordered[:shown]
    ]
    first = "Those that nobody has" if supervises else "Yours"
    then = "yours" if supervises else "those without an owner"
    return {
        "wrote_again": rows,
        "wrote_again_count": len(ordered),
        "wrote_again_order": f"{first} are shown first, then {then}.",
    }


def _of_nobody(slip: Any) -> bool:
    return slip.owner is None or not slip.owner.is_active


def _whose(slip: Any, member: StaffMember) -> str:
    if slip.owner is None:
        return "nobody yet"
    if not slip.owner.is_active:
        return f"nobody now, since {slip.owner.name} has left"
    return "you" if slip.owner_id == member.pk else str(slip.owner.name)


def standing(member: StaffMember, report_id: UUID) -> conversations.Standing | None:
    """Say how a report's messages stand, to whoever may answer; None where nobody took a code."""
    if not member.may(Permission.ANSWER_REPORTER):
        return None
    found = conversations.standing(report_id=report_id, by=member)
    return found if found.has_code or found.entries else None


def _words(found: Unread, *, today: date) -> str:
    when = _day_words(found.since, today=today)
    if not found.closed:
        return f"written {when}" if found.count == 1 else f"{found.count}, the first {when}"
    before = "" if found.count == 1 else f", with more unread before it, the first {when}"
    says = f"closed the code: somebody else may have had it{before or f', {when}'}"
    return f"{says}. Think of their safety before you write"


def _day_words(since: date, *, today: date) -> str:
    """Say a day as its age: days are all that is kept of when somebody wrote."""
    ago = (today - since).days
    if ago <= 0:
        return "today"
    return "yesterday" if ago == 1 else f"{ago} days ago, {day(since)}"
