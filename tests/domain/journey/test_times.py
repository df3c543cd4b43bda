"""When it was: never more exact than what was said, and never after it was said."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.place_questions import PLACE, RULES
from safehold.domain.journey.times import Precision, when_it_was
from safehold.domain.journey.walk import cleared
from tests.domain.journey.walks import whole_answers

LONDON = ZoneInfo("Europe/London")
AT = datetime(2026, 7, 2, 21, 30, tzinfo=UTC)  # 22:30 on a Thursday in London

INSTANTS = st.integers(min_value=0, max_value=4_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


def said(when: str, *parts: str, **rest: str) -> Answers:
    asked_on = rest.pop("asked_on", "2026-07-02")
    return Answers(
        {
            "when": {"when": when, "asked_on": asked_on},
            "date": rest,
            "days": {"days": ("fri",)},
            "part": {"parts": parts},
        }
    )


def local(answers: Answers) -> tuple[str, str, Precision]:
    when = when_it_was(answers, at=AT, zone=LONDON)
    start = when.start.astimezone(LONDON).isoformat(" ", "minutes")[:16] if when.start else "open"
    return start, when.end.astimezone(LONDON).isoformat(" ", "minutes")[:16], when.precision


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (said("today"), ("2026-07-02 00:00", "2026-07-02 22:30", Precision.DAY)),
        (said("today", "evening"), ("2026-07-02 18:00", "2026-07-02 22:00", Precision.HOURS)),
        (said("today", "late"), ("2026-07-02 22:00", "2026-07-02 22:30", Precision.HOURS)),
        (
            said("date", "late", date="2026-03-29"),
            ("2026-03-29 22:00", "2026-03-30 00:00", Precision.HOURS),
        ),
        (
            said("date", "afternoon", "evening", date="2026-03-07"),
            ("2026-03-07 12:00", "2026-03-07 22:00", Precision.HOURS),
        ),
        (
            said("date", "morning", "late", date="2026-03-07"),
            ("2026-03-07 00:00", "2026-03-08 00:00", Precision.DAY),
        ),
        (said("date"), ("open", "2026-07-02 22:30", Precision.NOT_SAID)),
        (said("this_week"), ("2026-06-25 00:00", "2026-07-02 22:30", Precision.WEEK)),
        (said("longer_ago"), ("open", "2026-06-25 00:00", Precision.BEFORE)),
        (said("often"), ("open", "2026-07-02 22:30", Precision.OFTEN)),
        (said("not_sure"), ("open", "2026-07-02 22:30", Precision.NOT_SAID)),
        (Answers(), ("open", "2026-07-02 22:30", Precision.NOT_SAID)),
    ],
)
def test_an_interval_is_as_exact_as_what_was_said(
    answers: Answers, expected: tuple[str, str, Precision]
) -> None:
    assert local(answers) == expected


def test_today_is_the_day_on_which_it_was_said() -> None:
    assert local(said("today", asked_on="2026-07-01")) == (
        "2026-07-01 00:00",
        "2026-07-02 00:00",
        Precision.DAY,
    )


def test_today_at_an_hour_still_to_come_is_only_today() -> None:
    morning = datetime(2026, 7, 2, 7, 0, tzinfo=UTC)
    when = when_it_was(said("today", "late"), at=morning, zone=LONDON)
    assert (when.end, when.precision) == (morning, Precision.DAY)


def test_the_parts_of_a_day_cover_it_once() -> None:
    spans = sorted((p["from"], p["to"]) for p in RULES.tables["parts_of_day"]["options"])
    assert spans[0][0] == 0
    assert spans[-1][1] == 24
    assert [end for _, end in spans[:-1]] == [start for start, _ in spans[1:]]


@pytest.mark.parametrize("when", ["today", "this_week", "longer_ago"])
@pytest.mark.parametrize("made_up", ["0001-01-01", "9999-12-31", "2026-01-01"])
def test_a_made_up_day_of_asking_is_the_day_of_sending(when: str, made_up: str) -> None:
    assert local(said(when, asked_on=made_up)) == local(said(when))


@settings(deadline=None)
@given(whole_answers(PLACE), INSTANTS)
def test_an_interval_never_ends_before_it_starts(answers: Answers, at: datetime) -> None:
    when = when_it_was(cleared(PLACE, answers), at=at, zone=LONDON)
    assert when.start is None or when.precision is Precision.WEEK or when.start <= when.end
    assert set(when.to_plain()) == {"start", "end", "precision", "days", "parts"}
