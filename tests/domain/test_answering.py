"""Teams and times of reports: total, never late, sooner for what is more urgent."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold import rules
from safehold.domain import answering
from safehold.domain.answering import STANDARDS, Arrived, Stage, Urgency, Waits
from safehold.protection.presenters import KINDS

HOUR = timedelta(hours=1)
arrivals = st.builds(
    Arrived,
    kind=st.sampled_from([*KINDS, "some-kind-to-come"]),
    danger=st.booleans(),
    danger_now=st.booleans(),
    child=st.booleans(),
    wants_reply=st.booleans(),
    for_standards=st.booleans(),
)
moments = st.integers(0, 8 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(arrivals)
def test_every_report_has_a_team_that_exists(arrived):
    team = answering.team_of(arrived)
    assert team in {each.key for each in answering.teams()}
    assert (team == STANDARDS) is arrived.for_standards


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_we_know_is_some_teams_own(kind):
    taken = [key for key, team in _teams().items() if kind in team["kinds"]]
    assert len(taken) == 1


def _teams():
    tables = rules.load("triage").tables["teams"]
    return {key: team for key, team in tables.items() if key != "source"}


@given(arrivals, moments)
def test_no_clock_is_over_before_it_starts_and_none_is_shorter_than_an_hour(arrived, starts_at):
    for each in answering.clocks_of(arrived, starts_at=starts_at):
        assert each.due_at - each.starts_at >= HOUR


@given(arrivals, moments, st.integers(0, 59))
def test_a_clock_is_early_by_less_than_an_hour_and_never_late(arrived, came, minute):
    came = came.replace(minute=minute, second=0, microsecond=0)
    kept = came.replace(minute=0)
    for each in answering.clocks_of(arrived, starts_at=kept):
        promised = came + answering.length(each.waits, arrived)
        assert timedelta() <= promised - each.due_at < HOUR


@given(arrivals)
def test_what_is_more_urgent_is_never_answered_later(arrived):
    lengths = [
        [answering.length(waits, each) for each in _by_urgency(arrived.kind)] for waits in Waits
    ]
    for row in lengths:
        assert all(sooner <= later for sooner, later in pairwise(row))


def _by_urgency(kind):
    made = [
        Arrived(kind, danger=True, danger_now=True),
        Arrived(kind, danger=True),
        Arrived(kind, child=True),
        Arrived(kind),
    ]
    assert [answering.urgency(each) for each in made] == list(Urgency)
    return made


@given(arrivals, moments)
def test_only_who_asked_for_an_answer_has_a_clock_for_one(arrived, at):
    waits = {each.waits for each in answering.clocks_of(arrived, starts_at=at)}
    assert waits >= {Waits.OWNER, Waits.READ, Waits.DECIDED}
    assert (Waits.ANSWER in waits) is (arrived.wants_reply and arrived.kind != "dvds")
    assert (Waits.CRIME in waits) is (arrived.kind != "dvds")


def test_a_decision_on_crime_is_due_within_a_day_whatever_came():
    for arrived in (Arrived("place"), Arrived("home", danger=True), Arrived("sexual", child=True)):
        assert answering.length(Waits.CRIME, arrived) == timedelta(hours=24)


def test_after_a_report_of_rape_the_answer_is_due_in_twelve_hours():
    assert answering.length(Waits.ANSWER, Arrived("sexual", wants_reply=True)) == 12 * HOUR
    assert answering.length(Waits.ANSWER, Arrived("online", wants_reply=True)) == 48 * HOUR


@given(arrivals, moments, st.integers(-200, 200))
def test_the_stages_follow_each_other(arrived, starts_at, hours):
    for each in answering.clocks_of(arrived, starts_at=starts_at):
        order = list(Stage)
        at = starts_at + timedelta(hours=hours)
        now = answering.stage(starts_at=starts_at, due_at=each.due_at, at=at)
        later = answering.stage(starts_at=starts_at, due_at=each.due_at, at=at + HOUR)
        assert order.index(now) <= order.index(later)
        assert (now in {Stage.LATE, Stage.ALARMED}) is (at >= each.due_at)


def test_the_night_when_the_clocks_go_back_changes_nothing():
    starts_at = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    (due,) = {
        each.due_at
        for each in answering.clocks_of(Arrived("place"), starts_at=starts_at)
        if each.waits is Waits.CRIME
    }
    assert due - starts_at == timedelta(hours=24)


def test_an_alarm_is_sent_again_soon_and_never_stops():
    waits = [answering.next_alarm_after(sent) for sent in range(1, 100)]
    assert waits[0] == timedelta(minutes=5)
    assert max(waits) == timedelta(minutes=30)
    assert not answering.tells_everybody(0)
    assert answering.tells_everybody(2)


def test_what_goes_out_names_nobody_and_leads_nowhere():
    subject, text = answering.alarm_words()
    assert not set("@/:0123456789") & set(subject + text)


@given(arrivals, moments, st.timedeltas(timedelta(), timedelta(days=9)))
def test_the_clock_of_a_message_starts_within_the_hour_of_the_look_or_the_day_it_was_written(
    arrived, written, until_seen
):
    seen = written + until_seen
    day_over = written.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    clock = answering.clock_of_message(arrived, seen_at=seen, day_over=day_over)
    assert clock.waits is Waits.MESSAGE
    assert clock.starts_at <= seen  # never later than it was seen to be there
    assert clock.starts_at in {day_over, seen.replace(minute=0, second=0, microsecond=0)}
    assert clock.starts_at > written - HOUR  # early by less than an hour
    assert clock.due_at - clock.starts_at >= HOUR


@given(arrivals, moments)
def test_no_arrival_starts_the_clock_of_a_message(arrived, at):
    assert Waits.MESSAGE not in {each.waits for each in answering.clocks_of(arrived, starts_at=at)}
