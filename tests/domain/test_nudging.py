"""In which words a nudge goes, when, and to what; none of it tells a watcher anything."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold import rules
from safehold.domain import nudging
from safehold.domain.nudging import BadWordings, Channel, NotForNudges, Wording
from safehold.domain.safe_contact import DAYS, NOT_KNOWN, Week, next_window, week_of

LONDON = ZoneInfo("Europe/London")
PARTS = ("morning", "afternoon", "evening", "late", "night")
# What would make a watcher look twice: the matter, this site, a secret, somebody who waits.
TELLING = re.compile(
    r"\b(police|officer|report\w*|code|website|site|log ?in|message|abuse|help|safe|secret|private|"
    r"meet|call|ring|text|reply|answer|talk|chat|miss you|love|darling|see you|tonight|now|urgent|"
    r"please|must|hurry|today|tomorrow|appointment|order|parcel|delivery for|your|click|visit)\b",
    re.IGNORECASE,
)

weeks = st.builds(
    week_of,
    st.lists(st.sampled_from(DAYS), min_size=1, unique=True),
    st.lists(st.sampled_from(PARTS), unique=True),
)
short_days = st.integers(120, 1430).flatmap(
    lambda start: st.integers(start + 5, 1440).map(lambda end: ((start, end),))
)
odd_weeks = st.lists(short_days, min_size=7, max_size=7).map(lambda days: Week(tuple(days)))
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(week=weeks | odd_weeks, at=moments, part=st.floats(0, 1))
def test_a_moment_to_send_lies_in_a_safe_time_and_never_before_it_was_asked_for(week, at, part):
    moment = nudging.when(week, at, LONDON, part=part)

    assert moment is not None
    assert moment >= at
    window = next_window(week, moment, LONDON)
    assert window.start <= moment < window.end
    margin = min(timedelta(minutes=30), (window.end - window.start) / 2)
    assert moment <= window.end - margin
    assert nudging.safe_until(week, moment, LONDON) == window.end


@given(week=weeks, at=moments, part=st.floats(0, 1))
def test_what_waits_for_a_safe_time_is_sent_when_it_is_looked_at_then(week, at, part):
    moment = nudging.when(week, at, LONDON, part=part)

    if moment < next_window(week, moment, LONDON).end - timedelta(minutes=30):
        assert nudging.when(week, moment, LONDON, part=part) == moment


def test_without_a_safe_time_there_is_no_moment():
    assert nudging.when(NOT_KNOWN, datetime(2026, 12, 1, tzinfo=UTC), LONDON, part=0) is None


@pytest.mark.parametrize("channel", list(Channel))
def test_the_words_are_ordinary_and_tell_nothing(channel):
    found = nudging.wordings(channel)

    assert len(found) >= 8
    for one in found:
        said = f"{one.subject} {one.text}"
        assert not TELLING.search(said), one.key
        assert not re.search(r"[\d@/<>]|www|\w\.\w", said), one.key


@pytest.mark.parametrize("channel", list(Channel))
def test_the_words_differ_in_length_and_in_their_beginning(channel):
    found = nudging.wordings(channel)

    assert len({len(one.text) for one in found}) > len(found) / 2
    assert len({(one.subject or one.text)[:12] for one in found}) == len(found)
    assert len({one.subject for one in found}) in {1, len(found)}


def test_a_text_message_of_ours_is_one_message():
    assert all(len(one.text) <= 160 for one in nudging.wordings(Channel.TEXT))


@given(st.data())
def test_the_same_words_never_follow_each_other(data):
    channel = data.draw(st.sampled_from(list(Channel)))
    choices = nudging.wordings(channel)
    last = data.draw(st.sampled_from(choices)).key

    assert nudging.chosen(choices, last=last, choose=secrets.choice).key != last


@pytest.mark.parametrize(
    "spoilt",
    [
        {"text": "Look at example.org when it suits."},
        {"text": "Come by at 5."},
        {"text": "Two\nlines"},
        {"text": "x" * 301},
        {"text": ""},
        {"text": "One of ours", "subject": "A text message has none"},
        {"key": "k0"},
    ],
)
def test_a_list_of_the_forces_own_that_would_tell_something_is_refused(spoilt):
    options = [{"key": f"k{n}", "text": f"Fresh bread{'!' * n}"} for n in range(9)]
    options[8] |= spoilt

    if spoilt.get("text") == "":
        options[8]["text"] = options[7]["text"]
    with pytest.raises(BadWordings):
        nudging.wordings(Channel.TEXT, {"text": {"options": options}})


@pytest.mark.parametrize("tables", [{}, {"text": {}}, {"text": {"options": [1]}}, {"text": 1}])
def test_a_list_that_is_none_is_refused_in_a_sentence(tables):
    with pytest.raises(BadWordings, match="not a list of keys and texts"):
        nudging.wordings(Channel.TEXT, tables)


def test_a_list_of_the_forces_own_takes_the_place_of_ours():
    options = [{"key": f"k{n}", "text": f"Fresh bread{'!' * n}"} for n in range(9)]

    found = nudging.wordings(Channel.TEXT, {"text": {"options": options}})
    assert found[1] == Wording("k1", "", "Fresh bread!")


@given(st.integers(1, 10_000))
def test_the_waits_grow_and_end_at_the_longest(failures):
    assert nudging.wait_after(failures) <= nudging.wait_after(failures + 1) <= timedelta(hours=4)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700 900-123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("07624 400123", "+447624400123"),
        ("+353 85 012 3456", "+353850123456"),
        ("0048 601 234 567", "+48601234567"),
    ],
)
def test_a_number_is_kept_as_gateways_take_it(typed, kept):
    assert nudging.phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "01632 960123",
        "+44 1632 960123",
        "07612 345678",  # a pager
        "07012 345678",  # a number that forwards, at a price
        "7700 900123",
        "07700 9001234",
        "07700 90012",
        "+1234",
        "٠٧٧٠٠٩٠٠١٢٣",
        "07700 900123 x4",
        "999",
    ],
)
def test_what_takes_no_text_message_is_refused_with_one_sentence(typed):
    with pytest.raises(NotForNudges) as refused:
        nudging.phone(typed)

    assert refused.value.field == "address"
    assert refused.value.sentence == nudging.BAD_NUMBER


def test_her_own_words_are_used_as_they_are():
    assert nudging.own_text("  Milk’s run   out – Ben ") == "Milk’s run out – Ben"
    assert nudging.own_text("") == ""
    assert nudging.in_her_words("Milk").subject == "Milk"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("x" * 71, "Write at most 70 characters."),
        ("two\nlines", nudging.NOT_ONE_LINE),
        ("a\u200bmark", nudging.NOT_ONE_LINE),
        ("see example.org", nudging.NO_LINK),
        ("HTTP://x", nudging.NO_LINK),
        ("me@home", nudging.NO_LINK),
    ],
)
def test_words_that_cannot_go_are_refused_with_one_sentence(typed, sentence):
    with pytest.raises(NotForNudges) as refused:
        nudging.own_text(typed)

    assert (refused.value.field, refused.value.sentence) == ("own_text", sentence)


@given(st.text(max_size=100))
def test_words_are_one_printable_line_or_refused(typed):
    try:
        kept = nudging.own_text(typed)
    except NotForNudges:
        return
    assert kept.isprintable()
    assert len(kept) <= rules.load("nudges").tables["own_text"]["longest"]
