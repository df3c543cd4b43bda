"""Nudges: one waits when there is something new, is sent in a safe time or given up, is forgotten.

A piece of news is followed by one nudge at most. So the row says that it went before it is handed
over: a process that falls in between loses a nudge, and sends none twice.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from safehold.crypto.opening import OpeningKeys
from safehold.crypto.recipients import Purpose
from safehold.domain import nudging
from safehold.domain.nudging import Wording
from safehold.domain.sending import Refused
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.intake import nudges as intake
from safehold.records.intake.nudges import Asked, NothingAsked
from safehold.records.nudges.allowed import may_nudge
from safehold.records.nudges.models import Due, Problem
from safehold.records.nudges.sealing import NudgeSealed, asked_for
from safehold.records.nudges.transports import NotDelivered, Transport, Unanswered
from safehold.records.nudges.ways import transport, words
from safehold.records.opening_keys import keys_for

_SCHEDULER = System("scheduler")
# The scheduler does one thing at a time, and slips of danger wait behind this.
_AT_A_TIME = 5
_SECONDS = 15


@transaction.atomic
def something_new(*, report_id: UUID, at: datetime) -> None:
    """Have whoever sent a report told that there is news, where they asked for it.

    Inside the caller's transaction. While one nudge waits, more news changes nothing.
    """
    if not intake.has_nudges(report_id):
        return
    due, _ = Due.objects.select_for_update().get_or_create(
        report_id=report_id, defaults={"not_before": at}
    )
    if due.because_at is None:
        due.because_at, due.not_before = at, max(due.not_before, at)
        due.failures, due.problem = 0, ""
        due.save()


@transaction.atomic
def seen(*, report_id: UUID) -> None:
    """Let a nudge that waits go unsent: whoever sent the report has seen what is new."""
    Due.objects.filter(pk=report_id).update(because_at=None, failures=0, problem="")


def forget(*, report_id: UUID) -> None:
    """Destroy where and when to send nudges about a report, and what became of earlier ones.

    To be called when it is closed. The address goes first: if the rest fails, nothing is sent.
    """
    intake.stop_nudges(report_id)
    Due.objects.filter(pk=report_id).delete()


def forget_any(*, report_ids: Iterable[UUID]) -> None:
    """Do the same for many reports, most of which asked for nothing."""
    for report_id in intake.with_nudges(report_ids):
        forget(report_id=report_id)


def send_due(*, at: datetime) -> int:
    """Send the nudges whose time has come, a few at a time; return how many went.

    Raises KeyFileRefused where the triage key is not here: all of them wait then.
    """
    waiting = Due.objects.filter(because_at__isnull=False, not_before__lte=at)
    rows = list(waiting.order_by("not_before")[:_AT_A_TIME])
    if not rows:
        return 0
    keys, sent, enough = keys_for(Purpose.TRIAGE), 0, time.monotonic() + _SECONDS
    for due in rows:
        sent += _looked_at(due, keys, at=at)
        if time.monotonic() > enough:
            break
    return sent


def _looked_at(due: Due, keys: OpeningKeys, *, at: datetime) -> bool:
    if due.because_at is not None and due.because_at <= at - nudging.tried_for():
        return _give_up(due, Problem.TOO_LATE, at=at)
    try:
        asked = asked_for(due.report_id, keys)
    except NothingAsked:
        seen(report_id=due.report_id)
        return False
    except NudgeSealed:
        return _give_up(due, Problem.SEALED, at=at)
    zone = timezone.get_default_timezone()
    part = secrets.randbelow(1_000) / 1_000
    moment = nudging.when(asked.week, at, zone, part=part)
    if moment is None:
        return _give_up(due, Problem.SEALED, at=at)
    if moment > at:
        _waiting_as(due).update(not_before=moment)
        return False
    way = transport(asked.channel)
    if way is None:
        return _failed(due, Problem.NO_WAY, for_good=False, at=at)
    if isinstance(may_nudge(due.report_id, asked, at=at), Refused):
        return _held_back(due, at=at)
    until = nudging.safe_until(asked.week, at, zone)
    return _send(due, asked, way, until=until, at=at)


def _send(due: Due, asked: Asked, way: Transport, *, until: datetime, at: datetime) -> bool:
    message = _message(asked, last=due.last_text)
    claimed = _waiting_as(due).update(
        because_at=None, tried_at=at, not_before=at + nudging.least_time(), last_text=message.key
    )
    if not claimed:
        return False  # another scheduler was first, or there is no news any more
    answered = True
    try:
        way.send(asked.address, message.subject, message.text, until=until)
    except NotDelivered as error:
        problem = Problem.REFUSED if error.for_good else Problem.NOT_DELIVERED
        return _failed(due, problem, for_good=error.for_good, at=at)
    except Unanswered:
        answered = False  # it may have arrived, and a second one would be one too many
    _note_sent(due.report_id, answered=answered, at=at)
    return True


def _message(asked: Asked, *, last: str) -> Wording:
    if asked.own_text:
        return nudging.in_her_words(asked.own_text)
    return nudging.chosen(words(asked.channel), last=last, choose=secrets.choice)


@transaction.atomic
def _note_sent(report_id: UUID, *, answered: bool, at: datetime) -> None:
    rows = Due.objects.filter(pk=report_id)
    rows.update(sent_at=at)
    rows.filter(because_at=None).update(failures=0, problem="")
    audit.append(
        action=Action.NUDGE_SENT,
        by=_SCHEDULER,
        subject=About("report", str(report_id)),
        at=at,
        detail={} if answered else {"answered": False},
    )


@transaction.atomic
def _failed(due: Due, problem: Problem, *, for_good: bool, at: datetime) -> bool:
    row = Due.objects.select_for_update().filter(pk=due.pk).first()
    if row is None:
        return False  # forgotten meanwhile
    row.tried_at, row.problem, row.last_text = at, problem, due.last_text
    row.failures = due.failures + 1
    row.not_before = at + nudging.wait_after(row.failures)
    if not for_good:
        row.because_at = due.because_at
    row.save()
    return False


def _held_back(due: Due, *, at: datetime) -> bool:
    """Look again later: what was written down of how to reach her may be corrected."""
    later = at + nudging.wait_after(1)
    _waiting_as(due).update(tried_at=at, not_before=later, problem=Problem.NOT_SAFE)
    return False


def _give_up(due: Due, problem: Problem, *, at: datetime) -> bool:
    _waiting_as(due).update(because_at=None, tried_at=at, failures=0, problem=problem)
    return False


def _waiting_as(due: Due) -> QuerySet[Due]:
    return Due.objects.filter(pk=due.pk, because_at=due.because_at, not_before=due.not_before)
