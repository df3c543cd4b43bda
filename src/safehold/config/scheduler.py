"""What runs by the clock, with nobody asking for it, in two processes.

`urgent` opens slips and alarms the watch; `scheduler` does all the rest, however long it takes. No
job of the one waits for a job of the other.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from safehold.config import case_jobs, insiders
from safehold.config.stopping import Stopping

if TYPE_CHECKING:
    from safehold.records.jobs.ticks import Job

log = logging.getLogger("safehold.scheduler")
LOOK_EVERY = 2.0  # seconds
OPENS_FOR = 5.0  # seconds at a time; then alarms come between
HOUSEKEEPING_EVERY = 60.0  # seconds, on the public site
NO_URGENT = (
    "No urgent process has run yet: without one no report comes in and nobody is alarmed. "
    "`safehold serve --only urgent` is one, and has a unit of its own, safehold-urgent."
)
HEARTBEAT = "housekeeping"  # a file in SAFEHOLD_DATA: the public site has no table for it
KEEP_TASKS = timedelta(days=14)


def clock() -> datetime:
    """Return the time; operations are given it and never ask themselves."""
    return datetime.now(UTC)


def _destroy_idle_drafts(at: datetime) -> None:
    from safehold.records.intake.calls import forget_over
    from safehold.records.intake.operations import destroy_idle_drafts
    from safehold.records.intake.saved import forget_expired

    try:
        forget_expired(at)
        forget_over(at)
    finally:
        destroy_idle_drafts(at=at)  # last: it clears what both leave on the disk


def _open_new_slips(at: datetime) -> str:
    from safehold.records.jobs.ticks import MORE
    from safehold.records.triage.arrivals import are_more_to_open, open_new_slips

    until = time.monotonic() + OPENS_FOR
    open_new_slips(at=at, enough=lambda: time.monotonic() >= until)
    return MORE if are_more_to_open() else ""


def _alarm(at: datetime) -> None:
    from safehold.records.deadlines import escalating
    from safehold.records.duty.operations import send_due
    from safehold.records.dvds import clocks as of_applications
    from safehold.records.triage.watching import escalate

    try:
        escalate(at=at)
    finally:
        try:
            escalating.escalate(at=at)
        finally:
            try:
                of_applications.escalate(at=at)
            finally:
                send_due(at=at)  # whatever a single report or deadline did to the others


def _start_clocks_of_messages(at: datetime) -> None:
    from safehold.records.conversations.waiting import start_clocks

    start_clocks(at=at)


def _keep_marks_of_names(at: datetime) -> None:
    from safehold.records.conflicts.operations import keep_marks

    keep_marks(at=at)


def _send_nudges(at: datetime) -> None:
    from safehold.records.nudges.operations import send_due

    send_due(at=at)


def _destroy_shared_files(at: datetime) -> None:
    from safehold.records.shares.following import destroy_files

    destroy_files(at=at)


def _destroy_exported_files(at: datetime) -> None:
    from safehold.records.exports.operations import destroy_files

    destroy_files(at=at)


def _look_for_people_alike(at: datetime) -> str:
    from safehold.records.jobs.ticks import MORE
    from safehold.records.people.alike import look

    return MORE if look(at=at) else ""


def _catch_up_with_passing(at: datetime) -> None:
    from safehold.records.triage.passing import catch_up

    catch_up()


def _forget_old_feedback(at: datetime) -> None:
    from safehold.records.feedback.operations import forget_old_feedback

    forget_old_feedback(at=at)


def _look_what_is_due(at: datetime) -> None:
    from safehold.records.calls.operations import forget_old_calls
    from safehold.records.intake.destroying import forget_spent_codes
    from safehold.records.retention.operations import note_what_is_due

    note_what_is_due(at=at)
    forget_old_calls(at=at)
    forget_spent_codes(at=at)


def _destroy_what_was_confirmed(at: datetime) -> None:
    from safehold.records.retention.certificates import keep_missing_files
    from safehold.records.retention.destroying import carry_out, destroy_again

    # First what came back with a backup: it may have come back half on its way.
    try:
        destroy_again(at=at)
    finally:
        try:
            carry_out(at=at)
        finally:
            keep_missing_files()


def _publish_audit_head(at: datetime) -> None:
    from safehold.records.audit.operations import publish_head

    publish_head(at=at)


def _verify_audit_chain(at: datetime) -> None:
    from safehold.records.audit.operations import verify_nightly

    verify_nightly(at=at)


def _check_keys(at: datetime) -> None:
    from django.conf import settings

    from safehold.crypto.key_files import copy_list
    from safehold.records.keys.operations import check_nightly

    check_nightly(at=at)
    copy_list(settings.KEYS_FOLDER, settings.SAFEHOLD_DATA)  # for the next backup


def _prune_tasks(at: datetime) -> None:
    from django.core.management import call_command

    call_command("prune_db_task_results", min_age_days=KEEP_TASKS.days, verbosity=0)


def _prune_sessions(at: datetime) -> None:
    from django.core.management import call_command

    call_command("clearsessions", verbosity=0)


def _forget_old_counts(at: datetime) -> None:
    from safehold.records.usage.operations import forget_old

    forget_old(at=at)


def _publish_scheduled_pages(at: datetime) -> None:
    from safehold.content.operations import publish_scheduled

    publish_scheduled()


def bring_pages_up_to_date(at: datetime) -> None:
    """Render every published page with this version's chrome, wherever it has changed.

    A practice site also follows this version's first words: nobody decides what it publishes.
    """
    from django.conf import settings

    from safehold.content.operations import republish_pages, seed_pages
    from safehold.records.audit.actors import System

    by = System("scheduler")
    try:
        if settings.DEMONSTRATION:
            seed_pages(force=settings.FORCE, by=by, at=at)
        else:
            republish_pages(by=by, at=at)
    except Exception:
        log.exception("published pages could not be brought up to date")  # the old ones stay


def urgent_jobs() -> list[Job]:
    """Return what somebody's life may wait for, and no other work.

    Names are compared here because a report that names a colleague must not be read by him
    meanwhile. It is the last: a slow round of it delays no slip that is there already.
    """
    from safehold.records.jobs.ticks import Job

    minute = timedelta(minutes=1)
    return [
        Job(name=name, every=every, run=run, lease=minute, urgent=True)
        for name, every, run in (
            ("open new slips", timedelta(seconds=10), _open_new_slips),
            ("alarm the watch", timedelta(seconds=10), _alarm),
            ("start clocks of messages", minute, _start_clocks_of_messages),
            ("compare names", minute, _keep_marks_of_names),
        )
    ]


def ordinary_jobs() -> list[Job]:
    """Return the rest of the scheduled work of a staff site, the most frequent first.

    None holds a store for longer than one report, or one batch, needs: SQLite has one writer, and
    the urgent process is one of those who wait for it.
    """
    from safehold.records.jobs.ticks import Job

    day, minute = timedelta(days=1), timedelta(minutes=1)
    return [
        Job(name="destroy idle drafts", every=minute, run=_destroy_idle_drafts, lease=minute),
        Job(name="catch up with what was passed on", every=minute, run=_catch_up_with_passing),
        Job(name="sort what was asked for", every=minute, run=insiders.sort_what_was_asked),
        Job(name="send nudges", every=minute, run=_send_nudges, lease=timedelta(minutes=5)),
        Job(name="destroy shared files", every=minute, run=_destroy_shared_files),
        Job(name="destroy files of exports", every=minute, run=_destroy_exported_files),
        *case_jobs.jobs(),
        Job(
            name="look for people who may be one",
            every=timedelta(minutes=10),
            run=_look_for_people_alike,
        ),
        Job(
            name="destroy what two people confirmed",
            every=timedelta(minutes=10),
            run=_destroy_what_was_confirmed,
            lease=timedelta(minutes=30),
        ),
        Job(
            name="look which reports are due",
            every=day,
            offset=timedelta(hours=4),
            run=_look_what_is_due,
            lease=timedelta(hours=1),
        ),
        Job(name="publish scheduled pages", every=minute, run=_publish_scheduled_pages),
        Job(name="publish audit head", every=timedelta(hours=1), run=_publish_audit_head),
        Job(
            name="verify audit chain",
            every=day,
            offset=timedelta(hours=2),
            run=_verify_audit_chain,
            lease=timedelta(hours=2),
        ),
        Job(
            name="compare people",
            every=day,
            offset=timedelta(hours=1),
            run=insiders.compare_people,
            lease=timedelta(hours=1),
        ),
        Job(
            name="look for unusual looking",
            every=day,
            offset=timedelta(hours=5),
            run=insiders.look_through_looks,
            lease=timedelta(hours=1),
        ),
        Job(
            name="check keys",
            every=day,
            offset=timedelta(hours=2, minutes=30),
            run=_check_keys,
            lease=timedelta(hours=1),
        ),
        Job(
            name="forget old feedback",
            every=day,
            offset=timedelta(hours=3),
            run=_forget_old_feedback,
        ),
        Job(name="forget old tasks", every=day, offset=timedelta(hours=3), run=_prune_tasks),
        Job(name="forget old counts", every=day, offset=timedelta(hours=3), run=_forget_old_counts),
        Job(name="forget old sessions", every=day, offset=timedelta(hours=3), run=_prune_sessions),
    ]


def jobs() -> list[Job]:
    """Return all the scheduled work of a staff site."""
    return [*urgent_jobs(), *ordinary_jobs()]


def heartbeat(data: Path) -> Path:
    """Name the file whose age tells whether the public site's housekeeping runs."""
    return data / HEARTBEAT


def is_housekeeping_stalled(data: Path, now: float) -> bool:
    """Tell whether the public site's housekeeping has missed three turns."""
    try:
        return now - heartbeat(data).stat().st_mtime > 3 * HOUSEKEEPING_EVERY
    except OSError:
        return True


def run_housekeeping(data: Path, stop: Stopping, destroy: Callable[..., object]) -> None:
    """Destroy idle and expired drafts every minute until asked to stop: all a public site may."""
    while True:
        try:
            destroy(clock())
        except Exception:
            log.exception("housekeeping failed")
        else:
            heartbeat(data).touch()
        if stop.wait(HOUSEKEEPING_EVERY):
            return


def run_jobs(
    stop: Stopping, *, work: list[Job], first: Callable[[], object] = lambda: None
) -> None:
    """Run `first`, then what is due of some work every two seconds until asked to stop.

    A job in hand is finished first. All work is registered by either process: that the other has
    never started shows too.
    """
    from django.db import close_old_connections

    from safehold.records.jobs.operations import register, run_due
    from safehold.records.jobs.queries import urgent_never_ran

    register(jobs=jobs(), at=clock())
    if urgent_never_ran() and not any(job.urgent for job in work):
        log.error(NO_URGENT)
    first()
    while not stop.is_set():
        close_old_connections()
        try:
            run_due(jobs=work, clock=clock)
        except Exception:
            log.exception("the scheduler could not look")  # a store that is away comes back
        stop.wait(LOOK_EVERY)


def run() -> None:
    """Run ordinary work until a signal; on a public site, its housekeeping."""
    stop = _started()
    from django.conf import settings

    if settings.SITE == "public":
        run_housekeeping(settings.SAFEHOLD_DATA, stop, _destroy_idle_drafts)
    else:
        run_jobs(stop, work=ordinary_jobs(), first=lambda: bring_pages_up_to_date(clock()))


def run_urgent() -> None:
    """Run urgent work until a signal."""
    run_jobs(_started(), work=urgent_jobs())


def _started() -> Stopping:
    import django

    django.setup()
    from safehold.config.startup import refuse_unless_ready

    refuse_unless_ready()
    stop = Stopping()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
