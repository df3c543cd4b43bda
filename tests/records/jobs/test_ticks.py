"""When a job is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from safehold.records.jobs.ticks import TRIES, Job, Past, due_tick, is_stalled, latest_tick

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOURLY = Job(name="hourly", every=timedelta(hours=1), run=lambda at: None)

moments = st.timedeltas(timedelta(0), timedelta(days=60 * 365)).map(lambda later: NOON + later)
jobs = st.builds(
    lambda every, offset: Job(
        name="job",
        every=timedelta(seconds=every),
        offset=timedelta(seconds=offset),
        run=lambda at: None,
    ),
    every=st.integers(1, 40 * 86_400),
    offset=st.integers(0, 86_400),
)


@given(job=jobs, at=moments)
def test_the_latest_tick_is_on_the_grid_and_less_than_one_step_ago(job, at):
    tick = latest_tick(job, at)

    assert tick <= at < tick + job.every
    assert latest_tick(job, tick) == tick


@given(job=jobs, at=moments, later=st.timedeltas(timedelta(0), timedelta(days=400)))
def test_ticks_never_run_backwards(job, at, later):
    assert latest_tick(job, at) <= latest_tick(job, at + later)


def test_an_offset_moves_the_grid():
    nightly = Job(name="n", every=timedelta(days=1), offset=timedelta(hours=2), run=lambda at: None)

    assert latest_tick(nightly, NOON) == NOON.replace(hour=2)
    assert latest_tick(nightly, NOON.replace(hour=1)) == NOON.replace(day=21, hour=2)


def past(**changes) -> Past:
    values = {"tick": NOON, "tries": 1, "started": NOON, "finished": NOON}
    return Past(**(values | changes))


def test_a_job_never_seen_is_due_at_once():
    assert due_tick(HOURLY, None, NOON) == NOON


def test_a_served_tick_is_not_due_again():
    assert due_tick(HOURLY, past(), NOON + timedelta(minutes=59)) is None


def test_of_several_missed_ticks_only_the_latest_is_due():
    assert due_tick(HOURLY, past(), NOON + timedelta(hours=9)) == NOON + timedelta(hours=9)


def test_a_run_that_may_still_go_on_is_left_alone():
    assert due_tick(HOURLY, past(finished=None), NOON + timedelta(minutes=9)) is None


def test_a_lost_run_is_taken_up_again_after_its_lease():
    assert due_tick(HOURLY, past(finished=None), NOON + timedelta(minutes=10)) == NOON


def test_after_a_failure_the_next_tick_does_not_wait_for_the_lease():
    job = Job(name="j", every=timedelta(seconds=10), run=print, lease=timedelta(minutes=1))
    later = NOON + timedelta(seconds=10)

    assert due_tick(job, past(finished=None, failed=True), NOON + timedelta(seconds=9)) is None
    assert due_tick(job, past(finished=None, failed=True), later) == later
    assert due_tick(job, past(finished=None), later) is None


def test_a_tick_that_failed_too_often_waits_for_the_next():
    worn = past(finished=None, tries=TRIES)

    assert due_tick(HOURLY, worn, NOON + timedelta(minutes=30)) is None
    assert due_tick(HOURLY, worn, NOON + timedelta(hours=1)) == NOON + timedelta(hours=1)


def test_a_clock_set_back_serves_nothing_twice():
    assert due_tick(HOURLY, past(), NOON - timedelta(hours=5)) is None


def test_a_job_stalls_when_two_ticks_passed_without_it():
    lease = timedelta(minutes=10)

    def stalled(later: timedelta) -> bool:
        return is_stalled(every=HOURLY.every, lease=lease, last=NOON, at=NOON + later)

    assert not stalled(timedelta(hours=2, minutes=10))
    assert stalled(timedelta(hours=2, minutes=10, seconds=1))
