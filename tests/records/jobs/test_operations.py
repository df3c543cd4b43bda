"""Serving ticks: once each, whatever falls over in between."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.config import scheduler
from safehold.config.stopping import Stopping
from safehold.records.jobs.models import ScheduledJob
from safehold.records.jobs.operations import claim, fail, finish, register, run_due
from safehold.records.jobs.queries import stalled, urgent_never_ran, urgent_stalled
from safehold.records.jobs.ticks import MORE, TRIES, Job, latest_tick

pytestmark = pytest.mark.database
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Killed(BaseException):
    """The process went away in the middle of a run."""


class Rig:
    """A clock that is moved by hand, and a job that notes when it ran."""

    def __init__(self) -> None:
        self.now = NOON
        self.next_run = "well"
        self.started: list[tuple[datetime, datetime]] = []  # (tick, when)
        self.how: list[str] = []
        self.completed: Counter[datetime] = Counter()
        self.job = Job(name="count", every=10 * MINUTE, lease=2 * MINUTE, run=self.run)

    def run(self, at: datetime) -> None:
        tick = ScheduledJob.objects.get(name="count").tick
        self.started.append((tick, at))
        self.how.append(self.next_run)
        if self.next_run == "killed":
            raise Killed
        if self.next_run == "fails":
            raise ValueError("what a person wrote")
        self.completed[tick] += 1

    def look(self) -> list[str]:
        try:
            return run_due(jobs=[self.job], clock=lambda: self.now)
        except Killed:
            return []


@pytest.mark.django_db
def test_a_tick_is_served_once_and_noted():
    rig = Rig()

    assert rig.look() == ["count"]
    assert rig.look() == []
    row = ScheduledJob.objects.get()
    assert (row.tick, row.started, row.finished, row.last_success) == (NOON, NOON, NOON, NOON)


@pytest.mark.django_db
def test_a_missed_tick_catches_up_once():
    rig = Rig()
    rig.look()
    rig.now += timedelta(hours=7, minutes=3)

    assert [rig.look(), rig.look(), rig.look()] == [["count"], [], []]
    assert ScheduledJob.objects.get().tick == NOON + timedelta(hours=7)


@pytest.mark.django_db
def test_a_run_that_was_killed_is_taken_up_after_its_lease():
    rig = Rig()
    rig.next_run = "killed"
    rig.look()
    rig.next_run = "well"

    assert rig.look() == []
    rig.now += 2 * MINUTE
    assert rig.look() == ["count"]
    assert rig.completed == {NOON: 1}


@pytest.mark.django_db
def test_a_failure_is_noted_by_its_type_and_tried_again():
    rig = Rig()
    rig.next_run = "fails"
    rig.look()

    row = ScheduledJob.objects.get()
    assert (row.error, row.finished, row.last_success) == ("ValueError", None, None)
    rig.next_run = "well"
    rig.now += 2 * MINUTE
    assert rig.look() == ["count"]
    assert ScheduledJob.objects.get().error == ""


@pytest.mark.django_db
def test_one_failing_job_does_not_stop_the_others():
    rig = Rig()
    rig.next_run = "fails"
    ran = []
    other = Job(name="other", every=MINUTE, run=ran.append)

    run_due(jobs=[rig.job, other], clock=lambda: NOON)

    assert ran == [NOON]


steps = st.lists(
    st.tuples(
        st.integers(0, 3_000),  # seconds that pass before the look
        st.sampled_from(["well", "well", "killed", "fails"]),
    ),
    max_size=25,
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps)
def test_whatever_falls_over_no_tick_is_completed_twice_and_none_runs_beside_itself(steps):
    ScheduledJob.objects.all().delete()
    rig = Rig()
    for seconds, how in steps:
        rig.now += timedelta(seconds=seconds)
        rig.next_run = how
        rig.look()

    assert all(count == 1 for count in rig.completed.values())
    per_tick = Counter(tick for tick, _ in rig.started)
    assert all(count <= TRIES for count in per_tick.values())
    for (tick, first), (newer, second), how in zip(
        rig.started, rig.started[1:], rig.how, strict=False
    ):
        over = rig.completed[tick] or (how == "fails" and newer > tick)
        assert over or second - first >= rig.job.lease

    # and once everything works again, the latest tick is served, once
    rig.next_run = "well"
    rig.now += timedelta(days=1)
    rig.look()
    rig.look()
    assert rig.completed[latest_tick(rig.job, rig.now)] == 1


def test_of_schedulers_that_look_at_once_one_gets_the_tick(committed_stores, request):
    job = Job(name="contested", every=10 * MINUTE, run=lambda at: None)
    barrier = Barrier(6)

    def look(at: datetime) -> bool:
        barrier.wait()
        try:
            return claim(job=job, at=at) is not None
        finally:
            connections.close_all()

    for at in (NOON, NOON + 10 * MINUTE, NOON + 20 * MINUTE):
        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(look, [at] * 6)) == 1


@pytest.mark.django_db
def test_a_claim_that_was_lost_changes_nothing_any_more():
    rig = Rig()
    lost = claim(job=rig.job, at=NOON)
    taken = claim(job=rig.job, at=NOON + 2 * MINUTE)

    finish(held=lost, at=NOON + 3 * MINUTE)
    fail(held=lost, error="late")
    row = ScheduledJob.objects.get()
    assert (row.finished, row.error) == (None, "")
    finish(held=taken, at=NOON + 3 * MINUTE)
    assert ScheduledJob.objects.get().finished == NOON + 3 * MINUTE


@pytest.mark.django_db
def test_a_job_that_no_longer_exists_is_forgotten_and_a_new_pace_is_noted():
    rig = Rig()
    rig.look()
    ScheduledJob.objects.create(
        name="gone", every=MINUTE, lease=MINUTE, first_seen=NOON, tick=NOON, started=NOON
    )

    register(jobs=[Job(name="count", every=3 * MINUTE, run=rig.run)], at=NOON)

    assert list(ScheduledJob.objects.values_list("name", "every")) == [("count", 3 * MINUTE)]


@pytest.mark.django_db
def test_a_scheduler_that_never_started_counts_as_stalled():
    assert [found.name for found in stalled(at=NOON)] == ["scheduler"]


@pytest.mark.django_db
def test_a_job_that_no_process_ever_ran_is_due_and_counts_as_stalled_by_its_process():
    rig = Rig()
    urgent = Job(name="urgent", every=MINUTE, run=rig.run, urgent=True)
    register(jobs=[rig.job, urgent], at=NOON)
    register(jobs=[rig.job, urgent], at=NOON + MINUTE)  # the other process

    assert rig.look() == ["count"]
    (found,) = stalled(at=rig.now)  # at once: it may have no process at all
    assert (found.name, found.last_success, found.processes) == ("urgent", None, ("urgent",))
    assert urgent_stalled(at=rig.now) == [found]
    assert run_due(jobs=[urgent], clock=lambda: rig.now) == ["urgent"]
    assert urgent_stalled(at=rig.now) == []


@pytest.mark.django_db
def test_a_job_that_became_urgent_is_named_until_an_urgent_process_ran_it():
    rig = Rig()
    rig.look()  # by the one process that an older version had
    urgent = Job(name="count", every=10 * MINUTE, run=rig.run, urgent=True)
    assert urgent_never_ran()

    register(jobs=[urgent], at=NOON)
    assert [found.name for found in urgent_stalled(at=NOON)] == ["count"]
    assert urgent_never_ran()

    run_due(jobs=[urgent], clock=lambda: NOON + 10 * MINUTE)
    register(jobs=[urgent], at=NOON + 10 * MINUTE)
    assert urgent_stalled(at=NOON + 10 * MINUTE) == []
    assert not urgent_never_ran()


@pytest.mark.django_db
def test_ordinary_work_says_at_its_start_that_no_urgent_process_has_run(caplog):
    stop = Stopping()
    stop.set()

    scheduler.run_jobs(stop, work=scheduler.urgent_jobs())
    assert caplog.text == ""
    scheduler.run_jobs(stop, work=scheduler.ordinary_jobs())
    assert "safehold-urgent" in caplog.text

    ScheduledJob.objects.filter(urgent=True).update(last_success=NOON)
    caplog.clear()
    scheduler.run_jobs(stop, work=scheduler.ordinary_jobs())
    assert caplog.text == ""


@pytest.mark.django_db
def test_a_stalled_job_is_named_with_its_last_success_and_error():
    rig = Rig()
    rig.look()
    assert stalled(at=NOON + 22 * MINUTE) == []

    rig.next_run = "fails"
    rig.now = NOON + 10 * MINUTE
    rig.look()
    (found,) = stalled(at=NOON + 23 * MINUTE)
    assert (found.name, found.last_success, found.error) == ("count", NOON, "ValueError")


@pytest.mark.django_db
def test_a_daily_job_is_named_by_its_first_failure():
    rig = Rig()
    rig.job = Job(name="count", every=timedelta(days=1), run=rig.run)
    rig.look()
    assert stalled(at=NOON + MINUTE) == []

    rig.next_run, rig.now = "fails", NOON + timedelta(days=1)
    rig.look()

    (found,) = stalled(at=rig.now + MINUTE)
    assert (found.name, found.error) == ("count", "ValueError")


@pytest.mark.django_db
def test_a_run_that_left_some_goes_on_at_the_next_look_and_lets_others_come_between():
    ran: list[str] = []

    def some(at: datetime) -> str:
        ran.append("some")
        return MORE if len(ran) < 4 else ""

    jobs = [
        Job(name="some", every=10 * MINUTE, run=some),
        Job(name="other", every=MINUTE, run=lambda at: ran.append("other")),
    ]
    for seconds in (0, 2, 60, 62, 64):
        moment = NOON + timedelta(seconds=seconds)
        run_due(jobs=jobs, clock=partial(datetime.fromtimestamp, moment.timestamp(), UTC))
    assert ran == ["some", "other", "some", "some", "other"]
    assert ScheduledJob.objects.get(name="some").tick == NOON
