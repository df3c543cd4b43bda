"""What may be the same has a reason in words; what has none is not shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import h3
from hypothesis import given
from hypothesis import strategies as st

from safehold import rules
from safehold.domain.alike import (
    DAYS,
    FEWEST_LETTERS,
    Sketch,
    kinds_with,
    plain_words,
    reasons,
    squares_near,
)
from safehold.domain.journey.harm import KINDS

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
CELL = str(h3.latlng_to_cell(54.1, 2.1, 9))
NEXT = next(cell for cell in squares_near(CELL) if cell != CELL)
FAR = str(h3.latlng_to_cell(54.3, 2.1, 9))
ONE = Sketch("stalking", CELL, AT)
SKETCHES = st.builds(
    Sketch,
    kind=st.sampled_from([*KINDS, "place", "something new"]),
    cell=st.sampled_from(["", CELL, NEXT, FAR]),
    received_at=st.integers(-30, 30).map(lambda days: AT + timedelta(days=days)),
    marks=st.sampled_from([frozenset(), frozenset({"a"}), frozenset({"a", "b"})]),
    classification=st.sampled_from(["", "stalking"]),
    place=st.sampled_from(["", "p"]),
    starts_at=st.sampled_from([None, AT]),
    ends_at=st.sampled_from([None, AT + timedelta(hours=2)]),
    to_the_hour=st.booleans(),
)


def test_a_reason_is_said_in_words():
    two_days = replace(ONE, received_at=AT + timedelta(days=2))
    assert reasons(ONE, two_days) == (
        "Same square of about 350 m, received two days apart, both about following",
    )
    place = Sketch("place", NEXT, AT)
    assert reasons(ONE, place) == (
        "Next square of about 350 m, received within a day, about following and a place that feels"
        " unsafe",
    )


def test_far_late_or_of_another_kind_is_no_reason():
    for other in (
        replace(ONE, cell=FAR),
        replace(ONE, cell=""),
        replace(ONE, received_at=AT + DAYS + timedelta(hours=1)),
        replace(ONE, kind="spiking"),
    ):
        assert reasons(ONE, other) == ()


def test_the_same_words_are_a_reason_wherever_and_whenever():
    marked = replace(ONE, marks=frozenset({"m"}))
    other = Sketch("home", "", AT + timedelta(days=900), frozenset({"n", "m"}))
    assert "letter for letter" in reasons(marked, other)[0]


def test_accepted_reports_meet_where_their_times_do():
    accepted = replace(
        ONE,
        cell="",
        classification="stalking",
        starts_at=AT,
        ends_at=AT + timedelta(hours=2),
        to_the_hour=True,
    )
    assert "hours may be the same" in reasons(accepted, accepted)[0]
    week = replace(accepted, to_the_hour=False)
    assert reasons(accepted, week) == ()
    assert "same place" in reasons(replace(week, place="p"), replace(week, place="p"))[0]
    later = timedelta(days=4)
    assert not reasons(accepted, replace(accepted, starts_at=AT + later, ends_at=AT + 2 * later))


@given(SKETCHES, SKETCHES)
def test_whichever_is_looked_at_first_they_are_alike_or_they_are_not(one, other):
    assert len(reasons(one, other)) == len(reasons(other, one))


@given(SKETCHES)
def test_a_report_of_which_nothing_is_known_is_like_nothing(other):
    nothing = Sketch("unsure", "", AT)
    assert reasons(nothing, other) == ()


@given(st.text(max_size=200))
def test_few_letters_are_never_compared(text):
    words = plain_words(text)
    assert words == "" or len(words) >= FEWEST_LETTERS
    assert plain_words(f"  {text}\n") == words


def test_case_and_spaces_do_not_tell_two_texts_apart():
    text = "He stood at the gate of the school, and followed me to the corner shop."
    assert plain_words(text.upper().replace(" ", "\n")) == plain_words(text) != ""


def test_every_kind_has_words_and_goes_with_itself():
    words = rules.load("alike").tables["kinds"]["words"]
    assert set(words) >= {"place", *KINDS} - {"other", "unsure"}
    assert all(kind in kinds_with(kind) for kind in KINDS)
